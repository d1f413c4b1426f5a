#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Counts an operation in the file `counts`: once, however often it is run for it.
set -eu
grep -qsx "$KHUTULUN_OPERATION" "$counts" || echo "$KHUTULUN_OPERATION" >> "$counts"
