// SPDX-License-Identifier: Apache-2.0 OR MIT

/// The objects of one reserved key that stand in JSON and YAML for what these languages lack.
enum ReservedForm {
    /// What a form's content has to be, for messages.
    static let shapes = [
        "$bytes": "base64 text", "$map": "a list of [key, value] lists with different keys",
        "$call": "a map of ‘function’ (plugin:name), ‘arguments’ (a list) and ‘mode’ (normal, eager or lazy)",
        "$custom": "a map of ‘kind’ (text) and ‘value’", "$float": "‘nan’, ‘inf’ or ‘-inf’",
    ]

    /// Why a form is not accepted, without a place.
    struct Failure: Error {
        var message: String
        var hint: String?
    }

    /// The value that stands in a form. The content is decoded already.
    static func decode(_ key: String, _ content: Value) throws(Failure) -> Value {
        guard let shape = shapes[key] else {
            throw Failure(
                message: "‘\(key)’ is not a reserved key",
                hint: "a map whose only key begins with ‘$’ is written {\"$map\": [[\"\(key)\", …]]}")
        }
        let value: Value? =
            switch key {
            case "$bytes": content.text.flatMap(Base64.decode).map(Value.blob)
            case "$map": map(content)
            case "$call": call(content)
            case "$custom": custom(content)
            default: float(content)
            }
        guard let value else { throw Failure(message: "the content of ‘\(key)’ is not \(shape)", hint: nil) }
        return value
    }

    /// Whether a map must be written in the `$map` form.
    static func isNeeded(for map: ValueMap) -> Bool {
        for (key, _) in map {
            guard case .text(let text) = key else { return true }
            if map.count == 1 { return text.utf8.first == UInt8(ascii: "$") }
        }
        return false
    }

    /// The form of a value that has no other: its key and its content, which may hold such values in turn.
    /// Nil for all other values.
    static func encode(_ value: Value) -> (key: String, content: Value)? {
        switch value {
        case .float(let number) where !number.isFinite:
            ("$float", .text(number.isNaN ? "nan" : number < 0 ? "-inf" : "inf"))
        case .blob(let bytes):
            ("$bytes", .text(base64(bytes)))
        case .map(let map) where isNeeded(for: map):
            ("$map", .list(map.map { .list([$0.key, $0.value]) }))
        case .custom(let kind, let inner):
            ("$custom", ["kind": .text(kind), "value": inner])
        case .call(let call):
            ("$call", encode(call))
        default: nil
        }
    }

    private static func encode(_ call: Call) -> Value {
        var content: Value = ["function": .text(call.function.description)]
        if !call.arguments.isEmpty { content["arguments"] = .list(call.arguments) }
        if call.mode != .normal { content["mode"] = .text(call.mode.rawValue) }
        return content
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        var output: [UInt8] = []
        Base64.encode(bytes, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    private static func map(_ content: Value) -> Value? {
        guard let entries = content.list else { return nil }
        var pairs: [(Value, Value)] = []
        pairs.reserveCapacity(entries.count)
        for entry in entries {
            guard let pair = entry.list, pair.count == 2 else { return nil }
            pairs.append((pair[0], pair[1]))
        }
        let map = ValueMap(pairs)
        return map.count == pairs.count ? .map(map) : nil
    }

    private static func call(_ content: Value) -> Value? {
        guard let map = content.map, let name = map["function"]?.text, let function = FunctionName(name) else { return nil }
        var call = Call(function)
        var known = 1
        if let arguments = map["arguments"] {
            guard let list = arguments.list else { return nil }
            call.arguments = list
            known += 1
        }
        if let text = map["mode"] {
            guard let mode = text.text.flatMap(Call.Mode.init(rawValue:)) else { return nil }
            call.mode = mode
            known += 1
        }
        return map.count == known ? .call(call) : nil
    }

    private static func custom(_ content: Value) -> Value? {
        guard let map = content.map, map.count == 2, let kind = map["kind"]?.text, let inner = map["value"] else { return nil }
        return .custom(kind: kind, value: inner)
    }

    private static func float(_ content: Value) -> Value? {
        switch content.text {
        case "nan": .float(.nan)
        case "inf": .float(.infinity)
        case "-inf": .float(-.infinity)
        default: nil
        }
    }
}
