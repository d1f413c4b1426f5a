// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support
import Testing

/// Profiles by name and version (6.7, 6.8.2.1).
struct ProfileTests {
    private func profile(_ name: String, _ type: String) -> String { "profile: '\(name)'\nnode_types: { \(type): {} }" }

    private func design(_ name: String, _ type: String) -> String {
        "imports: [ { profile: '\(name)', namespace: n } ]\nnode_types: { T: { derived_from: 'n:\(type)' } }"
    }

    @Test func `a profile is found at any depth of a folder, in files of any name`() throws {
        let files = [
            "p/a.yaml": profile("a", "A"), "p/x/profile.yml": Workshop.version + profile("b:1.0", "B"),
            "p/x/y/c.yaml": "# a comment\n" + profile("c", "C"), "p/not-yaml.yaml": "profile: [",
            "t.yaml":
                "imports: [ { profile: a }, { profile: 'b:1.0' }, { profile: c } ]\nnode_types: { T: { derived_from: C } }",
        ]
        try Workshop.with(files) { workshop in
            try #expect(workshop.problems("t.yaml", profiles: [workshop["p"]]) == [])
        }
    }

    @Test func `the first folder with a profile counts`() throws {
        let files = ["p/a.yaml": profile("a", "First"), "q/a.yaml": profile("a", "Second"), "t.yaml": design("a", "First")]
        try Workshop.with(files) { workshop in
            try #expect(workshop.problems("t.yaml", profiles: [workshop["p"], workshop["q"]]) == [])
            try #expect(workshop.problems("t.yaml", profiles: [workshop["q"], workshop["p"]]).count == 1)
        }
    }

    @Test(arguments: [
        ("a:1.2", "N13"), ("a:1.3", "N13"), ("a:1.3.0", "N13"), ("a:1", "N13"), ("a:v1.1", "N13"), ("a:2.0", "N2"),
        ("a:2", "N2"),
    ]) func `a newer profile of the same first number stands in, the newest of them`(name: String, type: String) throws {
        let files = [
            "p/12.yaml": profile("a:1.2.9", "N129"), "p/13.yaml": profile("a:1.3", "N13"),
            "p/9.yaml": profile("a:1.0.9", "N109"),
            "p/2.yaml": profile("a:2.0", "N2"), "p/b.yaml": profile("b:1.9", "B"), "p/c.yaml": profile("a", "None"),
            "t.yaml": design(name, type),
        ]
        try Workshop.with(files) { workshop in
            try #expect(workshop.problems("t.yaml", profiles: [workshop["p"]]) == [])
        }
    }

    @Test(arguments: ["a:1.4", "a:3", "a:0.9", "a:x", "a:1.x", "a:", "c"])
    func `an older profile, or one of another first number, doesn't stand in`(name: String) throws {
        let files = ["p/13.yaml": profile("a:1.3", "N"), "p/2.yaml": profile("a:2.0", "N"), "t.yaml": design(name, "N")]
        try Workshop.with(files) { workshop in
            let problems = try workshop.problems("t.yaml", profiles: [workshop["p"]])
            #expect(problems.first == "tosca.unknown-profile: there is no profile ‘\(name)’")
        }
    }
}
