// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension PureFunction {
    /// The functions of lists, maps and sets.
    static let collections: [String: PureFunction] = [
        "has_suffix": part("has_suffix", { $0.hasSuffix($1) }) { list, end in
            list.count >= end.count && zip(list.suffix(end.count), end).allSatisfy(Comparison.equal)
        },
        "has_prefix": part("has_prefix", { $0.hasPrefix($1) }) { list, start in
            list.count >= start.count && zip(list, start).allSatisfy(Comparison.equal)
        },
        "contains": part("contains", { $0.contains($1) }) { list, part in
            list.count >= part.count
                && (0...(list.count - part.count)).contains { start in
                    zip(list[start...], part).allSatisfy(Comparison.equal)
                }
        },
        "has_entry": PureFunction { arguments throws(Problem) in
            .boolean(has(arguments[1], in: try entries("has_entry", arguments[0])))
        },
        "has_key": PureFunction { arguments throws(Problem) in
            .boolean(has(arguments[1], in: try keys("has_key", arguments[0])))
        },
        "has_all_entries": quantified("has_all_entries", entries, all: true),
        "has_all_keys": quantified("has_all_keys", keys, all: true),
        "has_any_entry": quantified("has_any_entry", entries, all: false),
        "has_any_key": quantified("has_any_key", keys, all: false),
        "union": PureFunction { arguments throws(Problem) in
            var result: [Value] = []
            for argument in arguments {
                for item in try list("union", argument) where !has(item, in: result) { result.append(item) }
            }
            return .list(result)
        },
        "intersection": PureFunction { arguments throws(Problem) in
            var result: [Value] = []
            var lists: [[Value]] = []
            for argument in arguments { lists.append(try list("intersection", argument)) }
            for item in lists[0] where !has(item, in: result) && lists.allSatisfy({ has(item, in: $0) }) { result.append(item) }
            return .list(result)
        },
    ]

    private static func part(
        _ name: String, _ ofText: @escaping @Sendable (String, String) -> Bool,
        _ ofList: @escaping @Sendable ([Value], [Value]) -> Bool
    ) -> PureFunction {
        PureFunction { arguments throws(Problem) in
            switch (arguments[0], arguments[1]) {
            case (.text(let whole), .text(let part)): .boolean(part.isEmpty || ofText(whole, part))
            case (.list(let whole), .list(let part)): .boolean(ofList(whole, part))
            default: throw wrong(name, arguments[0], "two texts or two lists")
            }
        }
    }

    private static func quantified(
        _ name: String, _ parts: @escaping @Sendable (String, Value) throws(Problem) -> [Value], all: Bool
    ) -> PureFunction {
        PureFunction { arguments throws(Problem) in
            let present = try parts(name, arguments[0])
            let wanted = try list(name, arguments[1])
            return .boolean(all ? wanted.allSatisfy { has($0, in: present) } : wanted.contains { has($0, in: present) })
        }
    }

    private static func has(_ value: Value, in list: [Value]) -> Bool { list.contains { Comparison.equal($0, value) } }

    @Sendable private static func entries(_ name: String, _ value: Value) throws(Problem) -> [Value] {
        if let map = value.map { return map.map(\.value) }
        return try list(name, value)
    }

    @Sendable private static func keys(_ name: String, _ value: Value) throws(Problem) -> [Value] {
        guard let map = value.map else { throw wrong(name, value, "a map") }
        return map.map(\.key)
    }

    static func list(_ name: String, _ value: Value) throws(Problem) -> [Value] {
        guard let list = value.list else { throw wrong(name, value, "a list") }
        return list
    }
}
