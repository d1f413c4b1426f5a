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
