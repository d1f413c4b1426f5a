// SPDX-License-Identifier: Apache-2.0 OR MIT
import CWasmtime
import Floria
import Support

/// One call of a plugin: a store with a fresh instance. It belongs to one task and ends with it.
///
/// Wasmtime runs the instance on a stack of its own. When a host function is called, the instance is suspended with a
/// request, the task awaits the host, and the instance goes on with the answer: no thread is blocked meanwhile.
final class PluginCall {
    /// What an instance waits for.
    enum Request {
        case sleep(milliseconds: UInt64)
        case call(HostFunction, Value, CallSite?)
        case refuse(Problem)
    }

    let limits: PluginLimits
    private let engine: PluginEngine
    private let host: any PluginHost
    private let deadline: ContinuousClock.Instant
    private let context: OpaquePointer
    private let store: OpaquePointer
    private var computed = Duration.zero
    private var request: Request?
    private var results: UnsafeMutablePointer<wasmtime_component_val_t>?
    private var answer: (text: String, isOK: Bool)?

    init(_ engine: PluginEngine, _ host: any PluginHost, _ limits: PluginLimits) throws(Problem) {
        self.engine = engine
        self.host = host
        self.limits = limits
        deadline = .now + limits.time
        guard let store = wasmtime_store_new(engine.handle.pointer, nil, nil), let context = wasmtime_store_context(store)
        else {
            throw Problem("plugin.engine", "Wasmtime's store could not be made")
        }
        self.store = store
        self.context = context
        wasmtime_context_set_data(context, Unmanaged.passUnretained(self).toOpaque())
        wasmtime_store_limiter(
            store, Int64(limits.memory), Self.tableLimit, Self.instanceLimit, Self.instanceLimit, Self.instanceLimit)
        wasmtime_context_set_epoch_deadline(context, 1)
        wasmtime_context_epoch_deadline_async_yield_and_update(context, 1)
    }

    deinit { wasmtime_store_delete(store) }

    private static let tableLimit: Int64 = 100_000
    private static let instanceLimit: Int64 = 100
    private static let logLimit = 16 << 10

    /// The call that a store belongs to.
    static func of(_ context: OpaquePointer?) -> PluginCall? {
        context.flatMap { wasmtime_context_get_data($0) }.map { Unmanaged.fromOpaque($0).takeUnretainedValue() }
    }

    // What the instance calls

    func log(_ level: String, _ message: String) {
        let short = message.utf8.count <= Self.logLimit ? message : String(message.prefix(Self.logLimit / 4)) + "…"
        host.log(LogLevel(rawValue: level) ?? .info, short)
    }

    func now() -> UInt64 { host.now() }

    func suspend(
        for request: Request, results: UnsafeMutablePointer<wasmtime_component_val_t>?,
        _ continuation: UnsafeMutablePointer<wasmtime_async_continuation_t>
    ) {
        self.request = request
        self.results = results
        answer = nil
        continuation.pointee = wasmtime_async_continuation_t(
            callback: { environment in
                guard let environment else { return true }
                return Unmanaged<PluginCall>.fromOpaque(environment).takeUnretainedValue().resume()
            },
            environment: Unmanaged.passUnretained(self).toOpaque(), finalizer: nil)
    }

    /// Gives the instance the answer; false if there is none yet.
    private func resume() -> Bool {
        guard let answer else { return false }
        results?.pointee = .result(answer.text, isOK: answer.isOK)
        self.answer = nil
        return true
    }

    // What the task does

    /// Makes the instance and calls a function of it with a value that it takes over.
    func run(
        _ component: ComponentHandle, _ export: ExportHandle, _ arguments: [wasmtime_component_val_t]
    ) async throws(Problem) -> wasmtime_component_val_t {
        let cells = CallCells(arguments)
        defer { cells.free() }
        try await finish(
            wasmtime_component_linker_instantiate_async(
                engine.imports.linker, context, component.pointer, cells.instance, cells.error), cells)
        guard wasmtime_component_instance_get_func(cells.instance, context, export.pointer, cells.function) else {
            throw Problem("plugin.incompatible", "the plugin lacks a function of the plugin interface")
        }
        try await finish(
            wasmtime_component_func_call_async(
                cells.function, context, cells.arguments, arguments.count, cells.result, 1, cells.error), cells)
        return cells.takeResult()
    }

    private func finish(_ future: OpaquePointer?, _ cells: CallCells) async throws(Problem) {
        defer { wasmtime_call_future_delete(future) }
        while true {
            let start = ContinuousClock.now
            engine.clockwork.begin()
            let isDone = wasmtime_call_future_poll(future)
            engine.clockwork.end()
            computed += ContinuousClock.now - start
            if isDone { break }
            try await wait()
        }
        if let error = cells.takeError() { throw Problem.trap(Problem.takeMessage(error), limits) }
    }

    private func wait() async throws(Problem) {
        if let request {
            self.request = nil
            try await perform(request)
        } else {
            if computed > limits.cpu {
                throw Problem(
                    "plugin.cpu", "it computed for longer than \(limits.cpu.milliseconds) ms",
                    hint: "it may be in an endless loop")
            }
            await Task.yield()
        }
        if Task.isCancelled { throw Problem("plugin.cancelled", "the call was cancelled") }
        if ContinuousClock.now >= deadline { throw timeout }
    }

    private var timeout: Problem { Problem("plugin.timeout", "it took longer than \(limits.time.milliseconds) ms") }

    private func perform(_ request: Request) async throws(Problem) {
        let host = self.host
        let answer: (text: String, isOK: Bool)?
        switch request {
        case .refuse(let problem): answer = (JSON.encode(problem.value), false)
        case .sleep(let milliseconds):
            answer = await Race.run(until: deadline, engine.clockwork) {
                await host.sleep(milliseconds: milliseconds)
                return ("", true)
            }
        case .call(let function, let document, let site):
            answer = await Race.run(until: deadline, engine.clockwork) {
                do throws(Problem) {
                    return (JSON.encode(try await host.call(function, document, site: site)), true)
                } catch {
                    return (JSON.encode(error.value), false)
                }
            }
        }
        guard let answer else {
            throw Task.isCancelled ? Problem("plugin.cancelled", "the call was cancelled") : timeout
        }
        self.answer = answer
    }
}

/// The memory that Wasmtime writes to while a call goes on, at addresses that don't change.
private struct CallCells {
    let instance = UnsafeMutablePointer<wasmtime_component_instance_t>.allocate(capacity: 1)
    let function = UnsafeMutablePointer<wasmtime_component_func_t>.allocate(capacity: 1)
    let error = UnsafeMutablePointer<OpaquePointer?>.allocate(capacity: 1)
    let result = UnsafeMutablePointer<wasmtime_component_val_t>.allocate(capacity: 1)
    let arguments: UnsafeMutablePointer<wasmtime_component_val_t>
    private let argumentCount: Int

    init(_ arguments: [wasmtime_component_val_t]) {
        argumentCount = arguments.count
        self.arguments = .allocate(capacity: max(1, arguments.count))
        self.arguments.initialize(from: arguments, count: arguments.count)
        instance.initialize(to: wasmtime_component_instance_t())
        function.initialize(to: wasmtime_component_func_t())
        error.initialize(to: nil)
        result.initialize(to: wasmtime_component_val_t())
    }

    func takeError() -> OpaquePointer? {
        defer { error.pointee = nil }
        return error.pointee
    }

    func takeResult() -> wasmtime_component_val_t {
        defer { result.pointee = wasmtime_component_val_t() }
        return result.pointee
    }

    func free() {
        for index in 0..<argumentCount { wasmtime_component_val_delete(arguments + index) }
        wasmtime_component_val_delete(result)
        arguments.deallocate()
        result.deallocate()
        error.deallocate()
        function.deallocate()
        instance.deallocate()
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 { Int64(self / .milliseconds(1)) }
}
