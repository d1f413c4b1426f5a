#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Notes the end of a process in a log of the node's folder, and as a tag of the node.
set -eu
now="$(date -u +%Y-%m-%dT%H:%M:%SZ)"
echo "$now $KHUTULUN_NODE exited" >> exits.log
printf '{"tags": {"exited": "%s"}}\n' "$now"
