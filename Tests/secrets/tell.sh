#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Fails, and tells the secret while it does.
echo "wrong password: $password" >&2
exit 1
