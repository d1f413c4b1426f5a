#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A guestbook on a Redis list, with nothing but Python's standard library.

LISTEN and REDIS are ADDRESS:PORT, GREETING is the headline. `--export` prints all entries as JSON instead of serving.
"""
import html
import json
import os
import socket
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

KEY = "entries"
ENTRY_LIMIT = 10_000


def endpoint(text):
    host, port = text.rsplit(":", 1)
    return host.strip("[]"), int(port)


def redis(*words):
    """Sends one command and returns its reply."""
    with socket.create_connection(endpoint(os.environ["REDIS"]), timeout=5) as connection:
        parts = [word.encode() for word in words]
        request = b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts)
        connection.sendall(request)
        with connection.makefile("rb") as stream:
            return reply(stream)


def reply(stream):
    line = stream.readline()
    kind, rest = line[:1], line[1:].strip()
    if kind == b"+":
        return rest.decode()
    if kind == b":":
        return int(rest)
    if kind == b"$":
        length = int(rest)
        return None if length < 0 else stream.read(length + 2)[:-2].decode()
    if kind == b"*":
        return [reply(stream) for _ in range(int(rest))]
    raise OSError(rest.decode() or "the connection was closed")


def entries():
    return redis("LRANGE", KEY, "0", "-1")


def page():
    items = "\n".join(f"<li>{html.escape(entry)}</li>" for entry in entries())
    greeting = html.escape(os.environ.get("GREETING", "Guestbook"))
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{greeting}</title></head>
<body><h1>{greeting}</h1>
<form method="post" action="/"><input name="entry" required> <button>Sign</button></form>
<ul>
{items}
</ul></body></html>
"""


class Guestbook(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/":
            self.serve(lambda: (200, "text/html; charset=utf-8", page()))
        elif self.path == "/entries":
            self.serve(lambda: (200, "application/json", json.dumps(entries())))
        elif self.path == "/healthz":
            self.serve(lambda: (200, "text/plain", redis("PING") + "\n"))
        else:
            self.answer(404, "text/plain", "not found\n")

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(min(length, ENTRY_LIMIT)).decode(errors="replace")
        entry = parse_qs(body).get("entry", [""])[0].strip()
        if self.path != "/" or not entry or length > ENTRY_LIMIT:
            self.close_connection = True
            self.answer(400, "text/plain", "an entry is needed, of at most 10000 bytes\n")
            return
        self.serve(lambda: (303, "text/plain", str(redis("RPUSH", KEY, entry)) + "\n"))

    def serve(self, make):
        try:
            self.answer(*make())
        except OSError as error:
            self.answer(503, "text/plain", f"the database does not answer: {error}\n")

    def answer(self, status, kind, text):
        body = text.encode()
        self.send_response(status)
        if status == 303:
            self.send_header("Location", "/")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *arguments):
        if self.path != "/healthz":
            super().log_message(format, *arguments)


if __name__ == "__main__":
    if sys.argv[1:] == ["--export"]:
        print(json.dumps(entries(), indent=2))
    else:
        ThreadingHTTPServer(endpoint(os.environ["LISTEN"]), Guestbook).serve_forever()
