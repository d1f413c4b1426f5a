// SPDX-License-Identifier: Apache-2.0 OR MIT
import CWasmtime
import Glibc
import Support

/// Wasmtime's engine, which may be used from all threads.
final class EngineHandle: @unchecked Sendable {
    let pointer: OpaquePointer

    /// What code for this engine depends on: a component that was compiled with another is compiled again.
    static let tag = "wasmtime-\(KHUTULUN_WASMTIME_VERSION)-2"
    /// The stack of a plugin, in bytes.
    private static let stackSize = 512 << 10
    /// How many instances there may be at once, and how large their memory may be. This reserves addresses, not memory.
    private static let instanceLimit: UInt32 = 1000
    private static let memoryLimit = 1 << 30

    /// Makes an engine. One that only compiles needs no room for instances.
    init(isCompiler: Bool = false) throws(Problem) {
        let config = wasm_config_new()
        wasmtime_config_epoch_interruption_set(config, true)
        wasmtime_config_max_wasm_stack_set(config, Self.stackSize)
        // What host functions need on top of a plugin's own stack.
        wasmtime_config_async_stack_size_set(config, 2 * Self.stackSize)
        wasmtime_config_parallel_compilation_set(config, false)
        // The component model's own tasks, which the plugin interface doesn't use, make every call slower.
        wasmtime_config_concurrency_support_set(config, false)
        if !isCompiler && Self.hasAddresses { Self.setPool(config) }
        guard let engine = wasm_engine_new_with_config(config) else {
            throw Problem("plugin.engine", "Wasmtime's engine could not be made")
        }
        pointer = engine
    }

    /// Whether the process may reserve as many addresses as it likes.
    private static var hasAddresses: Bool {
        var limit = rlimit()
        return getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 && limit.rlim_cur == rlim_t.max
    }

    /// Instances take their memories and stacks from a pool, which is twice as fast as making them anew.
    private static func setPool(_ config: OpaquePointer?) {
        let pool = wasmtime_pooling_allocation_config_new()
        defer { wasmtime_pooling_allocation_config_delete(pool) }
        wasmtime_pooling_allocation_config_total_component_instances_set(pool, instanceLimit)
        wasmtime_pooling_allocation_config_total_memories_set(pool, instanceLimit)
        wasmtime_pooling_allocation_config_total_stacks_set(pool, instanceLimit)
        // A component has a few small modules and tables beside the plugin's own.
        wasmtime_pooling_allocation_config_total_core_instances_set(pool, 4 * instanceLimit)
        wasmtime_pooling_allocation_config_total_tables_set(pool, 4 * instanceLimit)
        wasmtime_pooling_allocation_config_table_elements_set(pool, 100_000)
        wasmtime_pooling_allocation_config_max_memory_size_set(pool, memoryLimit)
        // Up to these sizes what an instance wrote is cleared by writing and not by the kernel. So much of each place is
        // kept, so it must be little.
        wasmtime_pooling_allocation_config_linear_memory_keep_resident_set(pool, 32 << 10)
        wasmtime_pooling_allocation_config_table_keep_resident_set(pool, 16 << 10)
        wasmtime_pooling_allocation_strategy_set(config, pool)
    }

    deinit { wasm_engine_delete(pointer) }
}

/// A compiled component, which doesn't change and may be used from all threads.
final class ComponentHandle: @unchecked Sendable {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    deinit { wasmtime_component_delete(pointer) }

    /// The position of an exported function; nil if there is none.
    func export(_ name: String, of interface: String) -> ExportHandle? {
        guard let instance = wasmtime_component_get_export_index(pointer, nil, interface, interface.utf8.count) else {
            return nil
        }
        defer { wasmtime_component_export_index_delete(instance) }
        return wasmtime_component_get_export_index(pointer, instance, name, name.utf8.count).map(ExportHandle.init)
    }
}

/// The position of an exported function in a component, which doesn't change.
final class ExportHandle: @unchecked Sendable {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    deinit { wasmtime_component_export_index_delete(pointer) }
}

extension Problem {
    /// Takes the text out of one of Wasmtime's errors.
    static func takeMessage(_ error: OpaquePointer) -> String {
        var message = wasm_byte_vec_t()
        wasmtime_error_message(error, &message)
        wasmtime_error_delete(error)
        defer { wasm_byte_vec_delete(&message) }
        return String(message)
    }
}
