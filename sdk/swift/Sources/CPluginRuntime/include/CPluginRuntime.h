// SPDX-License-Identifier: Apache-2.0 OR MIT
// The world of sdk/wit/plugin.wit in C: what the canonical ABI passes to and from a core module.
#ifndef C_PLUGIN_RUNTIME_H
#define C_PLUGIN_RUNTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// UTF-8 text. The receiver of one owns it and frees it with `free`.
typedef struct {
    const uint8_t *bytes;
    size_t count;
} plugin_text;

/// A JSON document, or a problem's document if `is_problem` is not 0.
typedef struct {
    uint8_t is_problem;
    plugin_text text;
} plugin_result;

/// The identity of an entity.
typedef struct {
    uint32_t kind;
    const plugin_text *directory;
    size_t directory_count;
    plugin_text name;
} plugin_id;

/// Where a call stands.
typedef struct {
    plugin_id id;
    bool has_property;
    plugin_text property;
} plugin_site;

// What the language's part gives; `plugin_main` is the author's and registers functions. Texts that it returns are made with `malloc`; what it gets, it frees.
extern void plugin_main(void);
extern plugin_text plugin_describe(void);
extern plugin_result plugin_dispatch(plugin_text name, plugin_text arguments, plugin_site site);

#define PLUGIN_IMPORT(name) __attribute__((import_module("cm32p2|khutulun:plugin/host@0.1"), import_name(name)))

PLUGIN_IMPORT("log") extern void host_log(uint32_t level, const uint8_t *message, size_t count);
PLUGIN_IMPORT("now") extern uint64_t host_now(void);
PLUGIN_IMPORT("sleep") extern void host_sleep(uint64_t milliseconds);
PLUGIN_IMPORT("evaluate") extern void host_evaluate(
    const uint8_t *expression, size_t expression_count, uint32_t kind, const plugin_text *directory,
    size_t directory_count, const uint8_t *name, size_t name_count, uint32_t has_property, const uint8_t *property,
    size_t property_count, plugin_result *result);
PLUGIN_IMPORT("get") extern void host_get(
    uint32_t kind, const plugin_text *directory, size_t directory_count, const uint8_t *name, size_t name_count,
    plugin_result *result);
PLUGIN_IMPORT("query") extern void host_query(const uint8_t *bytes, size_t count, plugin_result *result);
PLUGIN_IMPORT("commit") extern void host_commit(const uint8_t *bytes, size_t count, plugin_result *result);
PLUGIN_IMPORT("emit") extern void host_emit(const uint8_t *bytes, size_t count, plugin_result *result);
PLUGIN_IMPORT("run") extern void host_run(const uint8_t *bytes, size_t count, plugin_result *result);
PLUGIN_IMPORT("spawn") extern void host_spawn(const uint8_t *bytes, size_t count, plugin_result *result);
PLUGIN_IMPORT("status") extern void host_status(const uint8_t *bytes, size_t count, plugin_result *result);
PLUGIN_IMPORT("signal") extern void host_signal(const uint8_t *bytes, size_t count, plugin_result *result);
PLUGIN_IMPORT("wait") extern void host_wait(const uint8_t *bytes, size_t count, plugin_result *result);
PLUGIN_IMPORT("forget") extern void host_forget(const uint8_t *bytes, size_t count, plugin_result *result);
PLUGIN_IMPORT("listeners") extern void host_listeners(plugin_result *result);
PLUGIN_IMPORT("http") extern void host_http(const uint8_t *bytes, size_t count, plugin_result *result);
PLUGIN_IMPORT("connect") extern void host_connect(const uint8_t *bytes, size_t count, plugin_result *result);
PLUGIN_IMPORT("file") extern void host_file(const uint8_t *bytes, size_t count, plugin_result *result);
PLUGIN_IMPORT("secret") extern void host_secret(const uint8_t *bytes, size_t count, plugin_result *result);

void *malloc(size_t size);
void free(void *memory);

#endif
