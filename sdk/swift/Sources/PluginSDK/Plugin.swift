// SPDX-License-Identifier: Apache-2.0 OR MIT

/// A plugin: its description and its functions.
///
/// A plugin defines the function that registers them, which is called once in every instance:
/// ```swift
/// import PluginSDK
///
/// @c(plugin_main) public func main() {
///     Plugin.describe(["name": "greeting", "version": "0.1.0"])
///     Plugin.function("greet", "Greets whom it is told to") { arguments, site throws(PluginError) in
///         guard let name = arguments.first?.text else { throw PluginError("greeting.no-name", "nobody to greet") }
///         return .text("Hello, \(name)")
///     }
/// }
/// ```
public enum Plugin {
    /// What a function does: it gets its arguments and the site of the call.
    public typealias Function = ([JSON], Site) throws(PluginError) -> JSON

    struct Registration {
        var name: String
        var description: String
        var function: Function
    }

    nonisolated(unsafe) private static var document: JSON = [:]
    nonisolated(unsafe) private static var registrations: [Registration] = []

    /// Gives the plugin's description: `name`, `version`, `handlers`, `grants`. Its `functions` are added.
    public static func describe(_ description: JSON) { document = description }

    /// Registers a function.
    public static func function(_ name: String, _ description: String = "", _ function: @escaping Function) {
        registrations.append(Registration(name: name, description: description, function: function))
    }

    /// Registers an operation: a function that gets one map, the operation's inputs, and gives one, its outputs.
    public static func operation(
        _ name: String, _ description: String = "", _ operation: @escaping (JSON, Site) throws(PluginError) -> JSON
    ) {
        function(name, description) { arguments, site throws(PluginError) in try operation(arguments.first ?? [:], site) }
    }

    /// Registers a handler: a function that gets an event. The handler's own arguments stand before it and are left out.
    public static func handler(
        _ name: String, _ description: String = "", _ handler: @escaping (JSON, Site) throws(PluginError) -> Void
    ) {
        function(name, description) { arguments, site throws(PluginError) in
            try handler(arguments.last ?? .null, site)
            return .null
        }
    }

    static func description() -> JSON {
        var functions = document["functions"] ?? [:]
        for registration in registrations where functions[registration.name] == nil {
            functions[registration.name] = ["description": .text(registration.description)]
        }
        var description = document
        description["functions"] = functions
        return description
    }

    static func dispatch(_ name: String, _ arguments: JSON, _ site: Site) throws(PluginError) -> JSON {
        guard let registration = registrations.first(where: { $0.name == name }) else {
            throw PluginError("plugin.unknown-function", "the plugin has no function ‘\(name)’")
        }
        return try registration.function(arguments.list ?? [], site)
    }
}
