// SPDX-License-Identifier: Apache-2.0 OR MIT
// The part of Wasmtime's C interface that the plugin host uses, for exactly the version below: the layout of structures
// changes between versions, and the library doesn't say which one it is. See `wasmtime/_bindings.py` in its Python wheel.
#ifndef C_WASMTIME_H
#define C_WASMTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KHUTULUN_WASMTIME_VERSION "50.0.1"

typedef struct wasm_config_t wasm_config_t;
typedef struct wasm_engine_t wasm_engine_t;
typedef struct wasmtime_error wasmtime_error_t;
typedef struct wasmtime_store wasmtime_store_t;
typedef struct wasmtime_context wasmtime_context_t;
typedef struct wasmtime_call_future wasmtime_call_future_t;
typedef struct wasmtime_component_t wasmtime_component_t;
typedef struct wasmtime_component_export_index_t wasmtime_component_export_index_t;
typedef struct wasmtime_component_func_type_t wasmtime_component_func_type_t;
typedef struct wasmtime_component_linker_t wasmtime_component_linker_t;
typedef struct wasmtime_component_linker_instance_t wasmtime_component_linker_instance_t;

// Bytes

typedef struct {
    size_t size;
    char *data;
} wasm_byte_vec_t;

void wasm_byte_vec_new(wasm_byte_vec_t *out, size_t size, const char *bytes);
void wasm_byte_vec_delete(wasm_byte_vec_t *bytes);

// Errors

wasmtime_error_t *wasmtime_error_new(const char *message);
void wasmtime_error_message(const wasmtime_error_t *error, wasm_byte_vec_t *message);
void wasmtime_error_delete(wasmtime_error_t *error);

// Engine

wasm_config_t *wasm_config_new(void);
void wasmtime_config_epoch_interruption_set(wasm_config_t *config, bool value);
void wasmtime_config_max_wasm_stack_set(wasm_config_t *config, size_t size);
void wasmtime_config_async_stack_size_set(wasm_config_t *config, size_t size);
void wasmtime_config_parallel_compilation_set(wasm_config_t *config, bool value);
void wasmtime_config_concurrency_support_set(wasm_config_t *config, bool value);
typedef struct wasmtime_pooling_allocation_config_t wasmtime_pooling_allocation_config_t;

wasmtime_pooling_allocation_config_t *wasmtime_pooling_allocation_config_new(void);
void wasmtime_pooling_allocation_config_delete(wasmtime_pooling_allocation_config_t *pool);
void wasmtime_pooling_allocation_config_total_component_instances_set(wasmtime_pooling_allocation_config_t *pool, uint32_t count);
void wasmtime_pooling_allocation_config_total_core_instances_set(wasmtime_pooling_allocation_config_t *pool, uint32_t count);
void wasmtime_pooling_allocation_config_total_memories_set(wasmtime_pooling_allocation_config_t *pool, uint32_t count);
void wasmtime_pooling_allocation_config_total_tables_set(wasmtime_pooling_allocation_config_t *pool, uint32_t count);
void wasmtime_pooling_allocation_config_total_stacks_set(wasmtime_pooling_allocation_config_t *pool, uint32_t count);
void wasmtime_pooling_allocation_config_linear_memory_keep_resident_set(wasmtime_pooling_allocation_config_t *pool, size_t size);
void wasmtime_pooling_allocation_config_table_keep_resident_set(wasmtime_pooling_allocation_config_t *pool, size_t size);
void wasmtime_pooling_allocation_config_table_elements_set(wasmtime_pooling_allocation_config_t *pool, size_t count);
void wasmtime_pooling_allocation_config_max_memory_size_set(wasmtime_pooling_allocation_config_t *pool, size_t size);
// Copies the configuration of the pool.
void wasmtime_pooling_allocation_strategy_set(wasm_config_t *config, const wasmtime_pooling_allocation_config_t *pool);
wasm_engine_t *wasm_engine_new_with_config(wasm_config_t *config);
void wasm_engine_delete(wasm_engine_t *engine);
void wasmtime_engine_increment_epoch(wasm_engine_t *engine);

// Store

wasmtime_store_t *wasmtime_store_new(wasm_engine_t *engine, void *data, void (*finalizer)(void *));
wasmtime_context_t *wasmtime_store_context(wasmtime_store_t *store);
void wasmtime_store_limiter(
    wasmtime_store_t *store, int64_t memory_size, int64_t table_elements, int64_t instances, int64_t tables,
    int64_t memories);
void wasmtime_store_delete(wasmtime_store_t *store);
void wasmtime_context_set_data(wasmtime_context_t *context, void *data);
void *wasmtime_context_get_data(const wasmtime_context_t *context);
void wasmtime_context_set_epoch_deadline(wasmtime_context_t *context, uint64_t ticks);
// The library's own header gives it a result, which it doesn't have.
void wasmtime_context_epoch_deadline_async_yield_and_update(wasmtime_context_t *context, uint64_t delta);

// Values

enum {
    WASMTIME_COMPONENT_U64 = 8,
    WASMTIME_COMPONENT_STRING = 12,
    WASMTIME_COMPONENT_LIST = 13,
    WASMTIME_COMPONENT_RECORD = 14,
    WASMTIME_COMPONENT_ENUM = 17,
    WASMTIME_COMPONENT_OPTION = 18,
    WASMTIME_COMPONENT_RESULT = 19,
};

typedef struct wasmtime_component_val wasmtime_component_val_t;
typedef struct wasmtime_component_valrecord_entry wasmtime_component_valrecord_entry_t;

typedef struct {
    size_t size;
    wasmtime_component_val_t *data;
} wasmtime_component_vallist_t;

typedef struct {
    size_t size;
    wasmtime_component_valrecord_entry_t *data;
} wasmtime_component_valrecord_t;

typedef struct {
    wasm_byte_vec_t discriminant;
    wasmtime_component_val_t *val;
} wasmtime_component_valvariant_t;

typedef struct {
    bool is_ok;
    wasmtime_component_val_t *val;
} wasmtime_component_valresult_t;

typedef union {
    bool boolean;
    uint64_t u64;
    wasm_byte_vec_t string;
    wasmtime_component_vallist_t list;
    wasmtime_component_valrecord_t record;
    wasmtime_component_valvariant_t variant;
    wasm_byte_vec_t enumeration;
    wasmtime_component_val_t *option;
    wasmtime_component_valresult_t result;
} wasmtime_component_valunion_t;

struct wasmtime_component_val {
    uint8_t kind;
    wasmtime_component_valunion_t of;
};

struct wasmtime_component_valrecord_entry {
    wasm_byte_vec_t name;
    wasmtime_component_val_t val;
};

// Moves the value into a box.
wasmtime_component_val_t *wasmtime_component_val_new(wasmtime_component_val_t *value);
void wasmtime_component_val_delete(wasmtime_component_val_t *value);
void wasmtime_component_vallist_new_uninit(wasmtime_component_vallist_t *out, size_t size);
void wasmtime_component_valrecord_new_uninit(wasmtime_component_valrecord_t *out, size_t size);

// Components

wasmtime_error_t *wasmtime_component_new(
    const wasm_engine_t *engine, const uint8_t *bytes, size_t count, wasmtime_component_t **out);
wasmtime_error_t *wasmtime_component_serialize(const wasmtime_component_t *component, wasm_byte_vec_t *out);
wasmtime_error_t *wasmtime_component_deserialize_file(
    const wasm_engine_t *engine, const char *path, wasmtime_component_t **out);
void wasmtime_component_delete(wasmtime_component_t *component);
wasmtime_component_export_index_t *wasmtime_component_get_export_index(
    const wasmtime_component_t *component, const wasmtime_component_export_index_t *within, const char *name, size_t count);
void wasmtime_component_export_index_delete(wasmtime_component_export_index_t *index);

// Instances and functions

typedef struct {
    uint64_t store_id;
    uint32_t private1;
} wasmtime_component_instance_t;

typedef struct {
    struct {
        uint64_t store_id;
        uint32_t private1;
    } id;
    uint32_t private2;
    void *private3;
} wasmtime_component_func_t;

bool wasmtime_component_instance_get_func(
    const wasmtime_component_instance_t *instance, wasmtime_context_t *context,
    const wasmtime_component_export_index_t *index, wasmtime_component_func_t *out);
// The result and `error` are set when the future is done.
wasmtime_call_future_t *wasmtime_component_func_call_async(
    const wasmtime_component_func_t *function, wasmtime_context_t *context, const wasmtime_component_val_t *arguments,
    size_t arguments_count, wasmtime_component_val_t *results, size_t results_count, wasmtime_error_t **error);
// Whether the call is done; a call that isn't waits for the host or has used up its time slice.
bool wasmtime_call_future_poll(wasmtime_call_future_t *future);
void wasmtime_call_future_delete(wasmtime_call_future_t *future);

// Linker

typedef bool (*wasmtime_func_async_continuation_callback_t)(void *environment);

typedef struct {
    wasmtime_func_async_continuation_callback_t callback;
    void *environment;
    void (*finalizer)(void *);
} wasmtime_async_continuation_t;

typedef wasmtime_error_t *(*wasmtime_component_func_callback_t)(
    void *environment, wasmtime_context_t *context, const wasmtime_component_func_type_t *type,
    wasmtime_component_val_t *arguments, size_t arguments_count, wasmtime_component_val_t *results, size_t results_count);
typedef void (*wasmtime_component_func_async_callback_t)(
    void *environment, wasmtime_context_t *context, const wasmtime_component_func_type_t *type,
    wasmtime_component_val_t *arguments, size_t arguments_count, wasmtime_component_val_t *results, size_t results_count,
    wasmtime_error_t **error, wasmtime_async_continuation_t *continuation);

wasmtime_component_linker_t *wasmtime_component_linker_new(const wasm_engine_t *engine);
void wasmtime_component_linker_delete(wasmtime_component_linker_t *linker);
wasmtime_component_linker_instance_t *wasmtime_component_linker_root(wasmtime_component_linker_t *linker);
void wasmtime_component_linker_instance_delete(wasmtime_component_linker_instance_t *instance);
wasmtime_error_t *wasmtime_component_linker_instance_add_instance(
    wasmtime_component_linker_instance_t *within, const char *name, size_t count,
    wasmtime_component_linker_instance_t **out);
wasmtime_error_t *wasmtime_component_linker_instance_add_func(
    wasmtime_component_linker_instance_t *instance, const char *name, size_t count,
    wasmtime_component_func_callback_t callback, void *environment, void (*finalizer)(void *));
wasmtime_error_t *wasmtime_component_linker_instance_add_func_async(
    wasmtime_component_linker_instance_t *instance, const char *name, size_t count,
    wasmtime_component_func_async_callback_t callback, void *environment, void (*finalizer)(void *));
wasmtime_call_future_t *wasmtime_component_linker_instantiate_async(
    const wasmtime_component_linker_t *linker, wasmtime_context_t *context, const wasmtime_component_t *component,
    wasmtime_component_instance_t *instance, wasmtime_error_t **error);

#endif
