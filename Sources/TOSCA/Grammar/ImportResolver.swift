// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Tells where imports lead (6.8.2), and reports those that lead nowhere.
struct ImportResolver {
    let diagnostics: Diagnostics
    let profiles: ProfileFinder
    let addresses: any AddressResolver

    /// Where an import leads, and the node that says so; nil if that was reported, or the grammar has reported it.
    func place(of item: YAMLNode, in file: SourceFile) -> (FilePlace, YAMLNode)? {
        guard item.isMapping else { return named(item, in: file) }
        switch (item["url"], item["profile"]) {
        case (let url?, nil):
            guard let repository = item["repository"] else { return named(url, in: file) }
            return named(url, in: repository, file)
        case (nil, let profile?):
            if let repository = item["repository"] {
                diagnostics.report(
                    "tosca.malformed-import", "a profile lies in no repository: it is known by its name",
                    at: repository.location, hint: "leave ‘repository’ out, or import a file by its ‘url’")
            }
            return known(profile)
        default:
            diagnostics.report("tosca.malformed-import", "an import has either ‘url’ or ‘profile’", at: item.location)
            return nil
        }
    }

    /// What says that a server can't be reached, which is no mistake of the file.
    private static let unreachable: Set = ["fetch.unreachable", "fetch.timeout"]

    /// Reports why an import failed.
    func report(_ problem: Problem, _ node: YAMLNode) {
        if Self.unreachable.contains(problem.code) {
            let isChecked = diagnostics.purpose == .validating
            diagnostics.report(
                "tosca.unreachable",
                isChecked ? "what this imports was not checked: \(problem.message)" : "cannot import it: \(problem.message)",
                at: node.location, hint: problem.hint, severity: isChecked ? .warning : .error)
            return
        }
        diagnostics.report(
            "tosca.cannot-import", "cannot import ‘\(node.text ?? "")’: \(problem.message)", at: node.location,
            hint: problem.hint)
    }

    /// The file that a path or an address names.
    private func named(_ node: YAMLNode, in file: SourceFile) -> (FilePlace, YAMLNode)? {
        guard let url = node.text, !url.isEmpty else { return nil }
        return place(at: url, file.place, node)
    }

    /// The file that a path names in a repository.
    private func named(_ node: YAMLNode, in repository: YAMLNode, _ file: SourceFile) -> (FilePlace, YAMLNode)? {
        guard let url = node.text, !url.isEmpty, let name = repository.text else { return nil }
        if let scheme = Path.scheme(of: url) {
            diagnostics.report(
                "tosca.malformed-import", "an address that begins with ‘\(scheme):’ is in no repository", at: node.location,
                hint: "give the path in the repository, or leave ‘repository’ out")
            return nil
        }
        guard let (found, owner) = Repositories.find(name, in: file) else {
            Repositories.report(name, repository, in: file, diagnostics)
            return nil
        }
        guard let base = found["url"]?.text ?? found.text, !base.isEmpty else { return nil }
        return place(at: Repositories.address(of: url, in: base), owner.place, node)
    }

    private func place(at address: String, _ referrer: FilePlace, _ node: YAMLNode) -> (FilePlace, YAMLNode)? {
        do throws(Problem) {
            return (try referrer.resolve(address, by: addresses), node)
        } catch {
            report(error, node)
            return nil
        }
    }

    private func known(_ node: YAMLNode) -> (FilePlace, YAMLNode)? {
        guard let name = node.text else { return nil }
        if let path = profiles.path(of: name) { return (FilePlace(path: path), node) }
        diagnostics.report(
            "tosca.unknown-profile", "there is no profile ‘\(name)’", at: node.location,
            hint: Suggestion.hint(for: name, among: profiles.names, noun: "profiles"))
        return nil
    }
}
