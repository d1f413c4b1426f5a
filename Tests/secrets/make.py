#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Makes secrets of what a file holds."""
import json
import sys

with open(json.load(sys.stdin)["file"]) as file:
    content = file.read()
print(json.dumps({"token": content, "spare": f"spare {content}", "size": len(content)}))
