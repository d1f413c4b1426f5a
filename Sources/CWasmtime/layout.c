// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "CWasmtime.h"

_Static_assert(sizeof(wasm_byte_vec_t) == 16, "wasm_byte_vec_t");
_Static_assert(sizeof(wasmtime_component_valunion_t) == 24, "wasmtime_component_valunion_t");
_Static_assert(offsetof(wasmtime_component_val_t, of) == 8, "wasmtime_component_val_t.of");
_Static_assert(sizeof(wasmtime_component_val_t) == 32, "wasmtime_component_val_t");
_Static_assert(sizeof(wasmtime_component_valrecord_entry_t) == 48, "wasmtime_component_valrecord_entry_t");
_Static_assert(sizeof(wasmtime_component_instance_t) == 16, "wasmtime_component_instance_t");
_Static_assert(offsetof(wasmtime_component_func_t, private2) == 16, "wasmtime_component_func_t.private2");
_Static_assert(sizeof(wasmtime_component_func_t) == 32, "wasmtime_component_func_t");
_Static_assert(sizeof(wasmtime_async_continuation_t) == 24, "wasmtime_async_continuation_t");
