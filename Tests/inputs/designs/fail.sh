#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
echo "the disk is on fire" >&2
exit 7
