#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The page, which is what the store keeps. `/ready` fails as long as there is a file `sick`."""
import os
import pathlib
import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def ask(line):
    host, port = os.environ["STORE"].rsplit(":", 1)
    with socket.create_connection((host, int(port)), 5) as connection:
        connection.sendall(line + b"\n")
        return connection.makefile("rb").readline()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/ready":
            return self.answer(503 if pathlib.Path("sick").exists() else 204, b"")
        self.answer(200, os.environ["KHUTULUN_NODE"].encode() + b" " + ask(b""))

    def do_POST(self):
        self.answer(200, ask(self.rfile.read(int(self.headers["Content-Length"]))))

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


with open(os.environ["STARTS"], "a") as starts:
    starts.write(os.environ["KHUTULUN_NODE"] + "\n")
host, port = os.environ["LISTEN"].rsplit(":", 1)
ThreadingHTTPServer((host, int(port)), Handler).serve_forever()
