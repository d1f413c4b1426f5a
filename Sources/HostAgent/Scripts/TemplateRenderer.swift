// SPDX-License-Identifier: Apache-2.0 OR MIT
import Mustache
import Support

/// Renders mustache templates strictly: a key that the model lacks is a problem, and nothing is escaped as HTML.
enum TemplateRenderer {
    /// Renders a template.
    ///
    /// - Throws: `template.malformed`; `template.missing-key`, which names every missing key.
    static func render(_ template: String, with model: Value) throws(Problem) -> String {
        for (mark, what) in [("{{>", "partials"), ("{{<", "inheritance"), ("{{$", "blocks")] where template.contains(mark) {
            throw Problem("template.not-supported", "a template uses \(what) (‘\(mark)’), which are not supported")
        }
        let parsed: MustacheTemplate
        do {
            parsed = try MustacheTemplate(string: "{{% CONTENT_TYPE:TEXT}}" + template)
        } catch {
            throw Problem("template.malformed", "a template cannot be read: \(error)")
        }
        let misses = Misses()
        let text = parsed.render(MapModel(map: model.map ?? ValueMap(), misses: misses))
        let missing = misses.all
        guard missing.isEmpty else {
            let names = missing.map { "‘\($0)’" }.joined(separator: ", ")
            throw Problem(
                "template.missing-key", "a template uses \(names), which the model lacks",
                hint: "the model has \((model.map ?? ValueMap()).compactMap(\.key.text).joined(separator: ", "))")
        }
        return text
    }
}

/// The keys that were looked for in vain. A key is looked for in the innermost map first and then in those around it, so
/// a miss counts only once the search is known to have ended without success.
private final class Misses {
    private var found: [String] = []
    private var last: String?

    func note(_ name: String, isFound: Bool) {
        if last != name { settle() }
        last = isFound ? nil : name
    }

    private func settle() {
        if let name = last, !found.contains(name) { found.append(name) }
        last = nil
    }

    var all: [String] {
        settle()
        return found
    }
}

private struct MapModel: MustacheParent {
    let map: ValueMap
    let misses: Misses

    func child(named name: String) -> Any? {
        let value = map[name]
        misses.note(name, isFound: value != nil)
        return value.map { model(of: $0) }
    }

    private func model(of value: Value) -> Any {
        switch value {
        case .null: NullModel()
        case .boolean(let flag): flag
        case .integer(let number): number
        case .unsigned(let number): number
        case .float(let number): number
        case .text(let text): text
        case .list(let items): items.map(model)
        case .map(let map): MapModel(map: map, misses: misses)
        case .custom(_, let inner): model(of: inner)
        case .blob, .call: JSON.encode(value)
        }
    }
}

private struct NullModel: MustacheCustomRenderable {
    var renderText: String { "" }
    var isNull: Bool { true }
}
