// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Testing

/// How changes are shown.
@Suite struct ChangeDiffTests {
    private let a = ID.shop("a"), b = ID.shop("b")
    private let person = Provenance(.person, "ann", time: 2)
    private let design = Provenance(.design, "shop", time: 1)

    private func value(_ value: Value?, by provenance: Provenance? = nil, sensitive: Bool = false) -> Property {
        Property(
            value: value, preparer: sensitive ? Property.sensitivePreparer(for: nil) : nil, provenance: provenance ?? design)
    }

    private func text(_ made: Graph, _ wanted: Graph, _ present: Graph) -> String {
        ChangeDiff(ChangeSet(comparing: made, wanted: wanted, present: present)).text
    }

    @Test func `every category has its sign, and says what becomes of it`() {
        let made = Graph([
            a: ["x": value(1), "limit": value(1), "size": value(1)], b: [:], .shop("gone"): [:], .shop("lost"): ["x": value(1)],
            .shop("tuned"): ["x": value(1)],
        ])
        var wanted = Graph([
            a: ["x": value(2), "limit": value(1), "size": value(3)], .shop("gone"): [:], .shop("lost"): ["x": value(2)],
        ])
        var novel = Vertex(EntityHeader(.shop("new")), classes: [.type("Web.Server")])
        var waiting = Property(updater: .own("port"), provenance: design)
        waiting.status = .pending(Problem("floria.pending", "the port isn't known yet"))
        novel.properties = ["name": value("web"), "port": value(80), "text": value("80"), "url": waiting]
        wanted.insert(novel)
        let present = Graph([
            a: ["x": value(1), "limit": value(50, by: person), "size": value(60, by: person)], b: [:], .shop("by hand"): [:],
            .shop("tuned"): ["x": value(9, by: person)],
        ])
        #expect(
            text(made, wanted, present) == #"""
                ! shop/a
                  = limit  50  set by hand, stays; the design wants 1
                  ! size   60  set by hand, stays; the design now wants 3
                    x      1 → 2
                - shop/b
                = shop/by hand  not of the design, stays
                = shop/gone  removed by hand, is not made again
                ! shop/lost  removed by hand, and the design has changed it; is not made again
                + shop/new  Web.Server
                    name  web
                    port  80
                    text  "80"
                    url   (at apply)
                ! shop/tuned
                  ! x  9  set by hand, stays; the design wants none

                """#)
    }

    @Test func `within maps, lists and texts only what differs is shown`() {
        let old = Graph([
            a: [
                "environment": value(["PORT": "80", "HOME": "/", "OLD": 1, "deep": ["a": 1, "b": 2]]),
                "script": value("set -e\none\ntwo\nthree\nfour\nfive\nsix\n"),
                "arguments": value(.list((0..<12).map { .text("argument \($0)") })), "short": value([1, 2]),
            ]
        ])
        var items = (0..<12).map { Value.text("argument \($0)") }
        items[5] = "another"
        let new = Graph([
            a: [
                "environment": value(["PORT": "81", "HOME": "/", "NEW": "x", "deep": ["a": 1, "b": 3]]),
                "script": value("set -e\none\ntwo\nthree\n4\nfive\nsix\n"), "arguments": value(.list(items)),
                "short": value([1, 3]),
            ]
        ])
        #expect(
            text(old, new, old) == #"""
                ~ shop/a
                    arguments
                      …
                      argument 4
                    - argument 5
                    + another
                      argument 6
                      …
                    environment
                    + NEW  x
                    - OLD  1
                    ~ PORT  "80" → "81"
                      deep
                      ~ b  2 → 3
                    script
                      …
                      three
                    - four
                    + 4
                      five
                      …
                    short        [1,2] → [1,3]

                """#)
    }

    @Test func `what is sensitive is never shown`() {
        let old = Graph([a: ["password": value("canary", sensitive: true), "hand": value(1, sensitive: true)]])
        let present = Graph([
            a: ["password": value("canary", sensitive: true), "hand": value("canary", by: person, sensitive: true)]
        ])
        let new = Graph([a: ["password": value("canary 2", sensitive: true), "hand": value("canary 3", sensitive: true)]])
        let diff = ChangeDiff(ChangeSet(comparing: old, wanted: new, present: present))
        #expect(!JSON.encode(diff.document).contains("canary"))
        #expect(
            diff.text == """
                ! shop/a
                  ! hand      (sensitive)  set by hand, stays; the design now wants (sensitive)
                    password  (sensitive) → (sensitive)

                """)
    }

    @Test func `nothing in a value can drive a terminal or begin a new line`() {
        let nasty = "\u{1b}[2Jx\u{202e}\r\u{2028}y"
        let new = Graph([a: [nasty: value(.text(nasty)), "lines": value("one\n\u{1b}[31mtwo")]])
        let changes = ChangeSet(comparing: nil, wanted: new, present: nil)
        var old = new
        old.set(value("one\nthree"), PropertyReference(a, "lines"))
        for text in [ChangeDiff(changes).text, self.text(old, new, old)] {
            for scalar in text.unicodeScalars where scalar != "\n" {
                #expect(![.control, .format, .lineSeparator].contains(scalar.properties.generalCategory))
            }
            #expect(text.split(separator: "\n").allSatisfy { $0.count < 200 })
        }
    }
}
