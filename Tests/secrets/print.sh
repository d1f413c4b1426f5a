#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Gives the secret as a part of an output.
printf '{"address": "user:%s@host"}\n' "$password"
