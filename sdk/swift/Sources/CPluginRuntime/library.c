// SPDX-License-Identifier: Apache-2.0 OR MIT
// The few C library functions that the compiler and Swift's standard library call. Copies become the module's bulk
// instructions; `no_builtin` keeps a loop from being turned into a call of the very function that it implements.
#include <stddef.h>
#include <stdint.h>

#define PLAIN __attribute__((no_builtin))

void *memcpy(void *restrict to, const void *restrict from, size_t count) { return __builtin_memcpy(to, from, count); }

void *memmove(void *to, const void *from, size_t count) { return __builtin_memmove(to, from, count); }

void *memset(void *to, int byte, size_t count) { return __builtin_memset(to, byte, count); }

PLAIN int memcmp(const void *left, const void *right, size_t count) {
    const uint8_t *a = left, *b = right;
    for (size_t i = 0; i < count; i++) {
        if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
    }
    return 0;
}

PLAIN size_t strlen(const char *text) {
    size_t count = 0;
    while (text[count]) count++;
    return count;
}

// Fixed, so that two instances iterate a dictionary in one order: a call's result must not depend on chance.
void arc4random_buf(void *to, size_t count) {
    uint8_t *bytes = to;
    for (size_t i = 0; i < count; i++) bytes[i] = (uint8_t)(0x9e * (i + 1));
}

int putchar(int character) { return character; }

typedef struct {
    uint64_t low, high;
} wide;

// The product of two 128-bit integers, which printing a float needs.
void __multi3(wide *product, uint64_t a, uint64_t a_high, uint64_t b, uint64_t b_high) {
    uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
    uint64_t middle = a1 * b0 + (a0 * b0 >> 32);
    uint64_t cross = a0 * b1 + (uint32_t)middle;
    product->low = a * b;
    product->high = a1 * b1 + (middle >> 32) + (cross >> 32) + a * b_high + a_high * b;
}
