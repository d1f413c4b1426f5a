// SPDX-License-Identifier: Apache-2.0 OR MIT
// Memory for a module that has no C library: free lists of blocks whose sizes are powers of two, over memory.grow.
#include <stddef.h>
#include <stdint.h>

// A block's header keeps what it gives out aligned to 16 bytes.
typedef struct block {
    uint32_t class;
    uint32_t padding;
    struct block *next;
    uint32_t more_padding;
} block;

_Static_assert(sizeof(block) == 16, "a block's header keeps the alignment");

enum { smallest = 5, classes = 32, page = 65536 };

extern uint8_t __heap_base;
static block *unused[classes];
static uintptr_t top, end;

// Ends the instance, for nothing above can go on without memory. The host knows a fault at this address, which no
// memory reaches, and calls it `plugin.memory`.
static _Noreturn void end_without_memory(void) {
    *(volatile uint8_t *)0xe0000000;
    __builtin_trap();
}

static uintptr_t extend(size_t size) {
    if (top == 0) {
        top = ((uintptr_t)&__heap_base + 15) & ~(uintptr_t)15;
        end = (uintptr_t)__builtin_wasm_memory_size(0) * page;
    }
    if (size > end - top) {
        size_t pages = (size - (end - top) + page - 1) / page;
        if (__builtin_wasm_memory_grow(0, pages) == SIZE_MAX) end_without_memory();
        end += pages * page;
    }
    uintptr_t start = top;
    top += size;
    return start;
}

void *malloc(size_t size) {
    if (size > (1u << 30)) end_without_memory();
    uint32_t class = smallest;
    while (((size_t)1 << class) < size + sizeof(block)) class++;
    block *found = unused[class];
    if (found) {
        unused[class] = found->next;
    } else {
        found = (block *)extend((size_t)1 << class);
        found->class = class;
    }
    return found + 1;
}

void free(void *memory) {
    if (!memory) return;
    block *freed = (block *)memory - 1;
    freed->next = unused[freed->class];
    unused[freed->class] = freed;
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
    if (alignment > 16) __builtin_trap();
    *memory = malloc(size);
    return 0;
}
