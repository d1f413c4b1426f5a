// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once
#include <sqlite3.h>

/// Binds bytes that are copied before the call returns; the macro that says so isn't imported.
static inline int csqlite_bind_text(sqlite3_stmt *statement, int index, const char *bytes, int count) {
    return sqlite3_bind_text(statement, index, bytes, count, SQLITE_TRANSIENT);
}

/// The same for a blob. One without bytes is a blob too, and not null.
static inline int csqlite_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, int count) {
    return count == 0 ? sqlite3_bind_zeroblob(statement, index, 0)
                      : sqlite3_bind_blob(statement, index, bytes, count, SQLITE_TRANSIENT);
}

/// Calls a function with each connection that is opened from now on. SQLite wants it under another type than it calls it by.
static inline int csqlite_greet(int (*greeting)(sqlite3 *, char **, const struct sqlite3_api_routines *)) {
    return sqlite3_auto_extension((void (*)(void))greeting);
}

/// Takes that back.
static inline int csqlite_stop_greeting(int (*greeting)(sqlite3 *, char **, const struct sqlite3_api_routines *)) {
    return sqlite3_cancel_auto_extension((void (*)(void))greeting);
}
