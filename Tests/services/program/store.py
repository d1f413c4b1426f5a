#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Keeps one text in a file: a line that isn't empty replaces it, and each line is answered with what is kept."""
import os
import pathlib
import socketserver
import sys

KEPT = pathlib.Path("kept")
READY = pathlib.Path("ready")


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        line = self.rfile.readline().strip()
        if line:
            KEPT.write_bytes(line)
        self.wfile.write((KEPT.read_bytes() if KEPT.exists() else b"") + b"\n")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


if "--is-ready" in sys.argv:
    sys.exit(0 if READY.exists() else 1)
with open(os.environ["STARTS"], "a") as starts:
    starts.write(os.environ["KHUTULUN_NODE"] + "\n")
host, port = os.environ["LISTEN"].rsplit(":", 1)
with Server((host, int(port)), Handler) as server:
    READY.touch()
    server.serve_forever()
