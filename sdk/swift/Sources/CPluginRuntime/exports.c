// SPDX-License-Identifier: Apache-2.0 OR MIT
// What the component calls, in the form of the canonical ABI.
#include "CPluginRuntime.h"

#define EXPORT(name) __attribute__((export_name(name)))
#define FUNCTION(name) EXPORT("cm32p2|khutulun:plugin/functions@0.1|" name)

// The area that a result stands in until the host has read it. A plugin that is entered again by a call of its own
// is another instance, so one area is enough.
static plugin_result result;

FUNCTION("describe") plugin_text *describe(void) {
    result.text = plugin_describe();
    return &result.text;
}

FUNCTION("describe_post") void describe_post(plugin_text *text) { free((void *)text->bytes); }

FUNCTION("dispatch")
plugin_result *dispatch(
    const uint8_t *name, size_t name_count, const uint8_t *arguments, size_t arguments_count, uint32_t kind,
    const plugin_text *directory, size_t directory_count, const uint8_t *id_name, size_t id_name_count,
    uint32_t has_property, const uint8_t *property, size_t property_count) {
    plugin_site site = {
        {kind, directory, directory_count, {id_name, id_name_count}}, has_property != 0, {property, property_count}};
    result = plugin_dispatch((plugin_text){name, name_count}, (plugin_text){arguments, arguments_count}, site);
    return &result;
}

FUNCTION("dispatch_post") void dispatch_post(plugin_result *dispatched) { free((void *)dispatched->text.bytes); }

EXPORT("cm32p2_initialize") void initialize(void) {}

EXPORT("cm32p2_realloc") void *reallocate(uint8_t *old, size_t old_size, size_t alignment, size_t size) {
    (void)alignment;
    uint8_t *new = malloc(size);
    __builtin_memcpy(new, old, old_size < size ? old_size : size);
    free(old);
    return new;
}
