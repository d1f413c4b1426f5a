// SPDX-License-Identifier: Apache-2.0 OR MIT
import CWasmtime
import Floria
import Support

/// The functions that plugins import, which find the call that they belong to through its store.
///
/// Wasmtime's linkers may be used from all threads once everything is defined.
final class HostImports: @unchecked Sendable {
    let linker: OpaquePointer

    private static let interface = "khutulun:plugin/host@0.1.0"

    init(_ engine: EngineHandle) throws(Problem) {
        guard let linker = wasmtime_component_linker_new(engine.pointer) else {
            throw Problem("plugin.engine", "Wasmtime's linker could not be made")
        }
        self.linker = linker
        // The handles of instances lock the linker until they are deleted.
        let root = wasmtime_component_linker_root(linker)
        defer { wasmtime_component_linker_instance_delete(root) }
        var instance: OpaquePointer?
        try Self.check(
            wasmtime_component_linker_instance_add_instance(root, Self.interface, Self.interface.utf8.count, &instance))
        defer { wasmtime_component_linker_instance_delete(instance) }
        try Self.define("log", in: instance, Self.log)
        try Self.define("now", in: instance, Self.now)
        try Self.define("sleep", in: instance, nil, Self.sleep)
        for function in HostFunction.allCases {
            try Self.define(function.rawValue, in: instance, function, Self.callback(function))
        }
    }

    deinit { wasmtime_component_linker_delete(linker) }

    private static func define(
        _ name: String, in instance: OpaquePointer?, _ callback: wasmtime_component_func_callback_t
    ) throws(Problem) {
        try check(wasmtime_component_linker_instance_add_func(instance, name, name.utf8.count, callback, nil, nil))
    }

    private static func define(
        _ name: String, in instance: OpaquePointer?, _ function: HostFunction?,
        _ callback: wasmtime_component_func_async_callback_t
    ) throws(Problem) {
        let box = Unmanaged.passRetained(FunctionBox(function)).toOpaque()
        try check(
            wasmtime_component_linker_instance_add_func_async(instance, name, name.utf8.count, callback, box) { box in
                if let box { Unmanaged<FunctionBox>.fromOpaque(box).release() }
            })
    }

    private static func check(_ error: OpaquePointer?) throws(Problem) {
        if let error { throw Problem("plugin.engine", "a host function could not be defined: \(Problem.takeMessage(error))") }
    }

    private static let log: wasmtime_component_func_callback_t = { _, context, _, arguments, _, _, _ in
        guard let arguments, let call = PluginCall.of(context) else { return nil }
        call.log(String(arguments[0].of.enumeration), arguments[1].text)
        return nil
    }

    private static let now: wasmtime_component_func_callback_t = { _, context, _, _, _, results, _ in
        guard let results, let call = PluginCall.of(context) else { return nil }
        results[0] = .unsigned(call.now())
        return nil
    }

    private static let sleep: wasmtime_component_func_async_callback_t = {
        _, context, _, arguments, _, _, _, _, continuation in
        guard let arguments, let continuation, let call = PluginCall.of(context) else { return }
        call.suspend(for: .sleep(milliseconds: arguments[0].of.u64), results: nil, continuation)
    }

    /// The callbacks differ only in how the request is read.
    private static func callback(_ function: HostFunction) -> wasmtime_component_func_async_callback_t {
        switch function {
        case .evaluate:
            { environment, context, _, arguments, _, results, _, _, continuation in
                HostImports.suspend(environment, context, results, continuation) { (limit) throws(Problem) in
                    guard let arguments else { return (.null, nil) }
                    return (try HostImports.document(arguments[0], limit), try arguments[1].readSite())
                }
            }
        case .get:
            { environment, context, _, arguments, _, results, _, _, continuation in
                HostImports.suspend(environment, context, results, continuation) { (_) throws(Problem) in
                    guard let arguments else { return (.null, nil) }
                    return (.text(try arguments[0].readID().documentText), nil)
                }
            }
        case .listeners:
            { environment, context, _, _, _, results, _, _, continuation in
                HostImports.suspend(environment, context, results, continuation) { (_) throws(Problem) in (.null, nil) }
            }
        default:
            { environment, context, _, arguments, _, results, _, _, continuation in
                HostImports.suspend(environment, context, results, continuation) { (limit) throws(Problem) in
                    guard let arguments else { return (.null, nil) }
                    return (try HostImports.document(arguments[0], limit), nil)
                }
            }
        }
    }

    private static func document(_ value: wasmtime_component_val_t, _ limit: Int) throws(Problem) -> Value {
        guard value.textSize <= limit else {
            throw Problem(
                "plugin.output", "a document of \(value.textSize) bytes for the host is over the limit of \(limit) bytes")
        }
        return try JSON.decode(value.bytes)
    }

    private static func suspend(
        _ environment: UnsafeMutableRawPointer?, _ context: OpaquePointer?,
        _ results: UnsafeMutablePointer<wasmtime_component_val_t>?,
        _ continuation: UnsafeMutablePointer<wasmtime_async_continuation_t>?,
        _ read: (Int) throws(Problem) -> (Value, CallSite?)
    ) {
        guard let environment, let continuation, let call = PluginCall.of(context),
            let function = Unmanaged<FunctionBox>.fromOpaque(environment).takeUnretainedValue().function
        else { return }
        do throws(Problem) {
            let (document, site) = try read(call.limits.output)
            call.suspend(for: .call(function, document, site), results: results, continuation)
        } catch {
            call.suspend(for: .refuse(error), results: results, continuation)
        }
    }
}

private final class FunctionBox: Sendable {
    let function: HostFunction?
    init(_ function: HostFunction?) { self.function = function }
}
