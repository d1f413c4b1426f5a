// SPDX-License-Identifier: Apache-2.0 OR MIT
import CPluginRuntime

/// What the host does for a plugin, as `sdk/wit/plugin.wit` and `docs/plugin-interface.md` describe it.
/// All but ``log(_:_:)`` and ``now()`` need a grant; without it they throw `plugin.not-granted`.
public enum Host {
    /// How important a line of the log is.
    public enum Level: UInt32 { case debug, info, warning, error }

    /// Writes a line to the host's log.
    public static func log(_ level: Level, _ message: String) {
        Boundary.lend(message) { host_log(level.rawValue, $0.bytes, $0.count) }
    }

    /// The time in milliseconds since 1970 UTC.
    public static func now() -> UInt64 { host_now() }

    /// Waits for some milliseconds. The deadline of the call goes on.
    public static func sleep(milliseconds: UInt64) { host_sleep(milliseconds) }

    /// Evaluates an expression at a site, for example a ``JSON/call(_:_:)`` of another plugin's function.
    public static func evaluate(_ expression: JSON, site: Site) throws(PluginError) -> JSON {
        try Boundary.lend(site) { site throws(PluginError) in
            try Boundary.request(expression) { bytes, count, result in
                host_evaluate(
                    bytes, count, site.id.kind, site.id.directory, site.id.directory_count, site.id.name.bytes,
                    site.id.name.count,
                    site.has_property ? 1 : 0, site.property.bytes, site.property.count, result)
            }
        }
    }

    /// Reads an entity's document; nil if there is none.
    public static func get(_ id: ID) throws(PluginError) -> JSON? {
        let entity = try Boundary.lend(Site(id)) { site throws(PluginError) in
            try Boundary.result {
                host_get(site.id.kind, site.id.directory, site.id.directory_count, site.id.name.bytes, site.id.name.count, $0)
            }
        }
        // Not a conditional expression: there ‘nil’ would be read as the JSON null, which is a value.
        if entity.isNull { return Optional.none }
        return entity
    }

    /// Reads the documents of the entities that a scan selects.
    public static func query(_ scan: JSON) throws(PluginError) -> [JSON] {
        try Boundary.request(scan) { host_query($0, $1, $2) }.list ?? []
    }

    /// Changes the graph whole or not at all; a conflict is the problem `store.conflict`.
    @discardableResult
    public static func commit(_ changes: JSON) throws(PluginError) -> JSON {
        try Boundary.request(changes) { host_commit($0, $1, $2) }
    }

    /// Makes an event.
    @discardableResult
    public static func emit(_ event: JSON) throws(PluginError) -> JSON { try Boundary.request(event) { host_emit($0, $1, $2) } }

    /// Runs a short command and gives `{"status", "output", "error"}`.
    public static func run(_ command: JSON) throws(PluginError) -> JSON {
        try Boundary.request(command) { host_run($0, $1, $2) }
    }

    /// Starts a supervised process, or finds it running.
    public static func spawn(_ process: JSON) throws(PluginError) -> JSON {
        try Boundary.request(process) { host_spawn($0, $1, $2) }
    }

    /// How a supervised process is.
    public static func status(_ process: JSON) throws(PluginError) -> JSON {
        try Boundary.request(process) { host_status($0, $1, $2) }
    }

    /// Sends a signal to a supervised process, or to its whole tree.
    @discardableResult
    public static func signal(_ process: JSON) throws(PluginError) -> JSON {
        try Boundary.request(process) { host_signal($0, $1, $2) }
    }

    /// Waits until a supervised process has ended, at most some milliseconds.
    public static func wait(_ process: JSON) throws(PluginError) -> JSON {
        try Boundary.request(process) { host_wait($0, $1, $2) }
    }

    /// Forgets a supervised process that has ended, and removes what the supervisor keeps of it.
    @discardableResult
    public static func forget(_ process: JSON) throws(PluginError) -> JSON {
        try Boundary.request(process) { host_forget($0, $1, $2) }
    }

    /// The sockets that listen on the host and who holds them.
    public static func listeners() throws(PluginError) -> [JSON] { try Boundary.result { host_listeners($0) }.list ?? [] }

    /// Makes an HTTP request and gives `{"status", "headers", "body"}`.
    public static func http(_ request: JSON) throws(PluginError) -> JSON {
        try Boundary.request(request) { host_http($0, $1, $2) }
    }

    /// Tries a TCP connection and gives `{"open"}`.
    public static func connect(_ request: JSON) throws(PluginError) -> JSON {
        try Boundary.request(request) { host_connect($0, $1, $2) }
    }

    /// Works on files.
    @discardableResult
    public static func file(_ request: JSON) throws(PluginError) -> JSON {
        try Boundary.request(request) { host_file($0, $1, $2) }
    }

    /// Opens a secret that was granted, `{"secret": NAME or REFERENCE}`, and gives `{"value"}`. What only passes a secret on, into
    /// an environment or a file, passes the reference on.
    public static func secret(_ request: JSON) throws(PluginError) -> JSON {
        try Boundary.request(request) { host_secret($0, $1, $2) }
    }
}
