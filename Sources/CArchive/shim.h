// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

// libarchive reads names in the encoding of the thread's locale. A program without one of its own has “C”, which knows ASCII only.
static inline locale_t archive_utf8_locale(void) { return newlocale(1 << LC_CTYPE, "C.UTF-8", (locale_t)0); }
