# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A web server of one's own, plain or with TLS, that says what it was asked for."""
import base64
import contextlib
import hashlib
import http.server
import os
import pathlib
import socket
import ssl
import subprocess
import threading
import time


def relay(source, target):
    """Passes on what comes, until nothing more does."""
    with contextlib.suppress(OSError):
        while part := source.recv(65536):
            target.sendall(part)
        target.shutdown(socket.SHUT_WR)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.answer()

    def do_HEAD(self):
        self.answer()

    def do_POST(self):
        self.answer()

    def do_CONNECT(self):
        """A tunnel to a host that is known, as of a proxy."""
        port = self.server.web.hosts.get(self.path)
        if port is None:
            return self.send_error(403)
        self.send_response(200)
        self.end_headers()
        self.close_connection = True
        with socket.create_connection(("127.0.0.1", port)) as other:
            back = threading.Thread(target=relay, args=(other, self.connection), daemon=True)
            back.start()
            relay(self.connection, other)
            back.join(5)

    def answer(self):
        web = self.server.web
        path, _, query = self.path.partition("?")
        web.seen.append((self.command, path, dict(self.headers)))
        try:
            if path.startswith("/git/"):
                return self.answer_git(path.removeprefix("/git"), query)
            if path in web.moved:
                return self.reply(302, b"", {"Location": web.moved[path]})
            if path in web.stuck:
                return time.sleep(60)
            if path in web.endless:
                return self.stream()
            if path in web.private and self.headers.get("Authorization") != "Basic " + base64.b64encode(b"me:open").decode():
                return self.reply(401, b"", {"WWW-Authenticate": "Basic realm=\"files\""})
            content = web.files.get(path)
            if content is None:
                return self.reply(404, b"there is no such file")
            tag = '"' + hashlib.sha256(content).hexdigest() + '"'
            if self.headers.get("If-None-Match") == tag:
                return self.reply(304, b"", {"ETag": tag})
            self.reply(200, content, {"ETag": tag})
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def reply(self, status, content, headers=None):
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        for start in range(0, len(content), 65536):
            part = content[start:start + 65536]
            self.wfile.write(part)
            self.server.web.sent += len(part)

    def stream(self):
        """Bytes without end and without a length."""
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        while True:
            self.wfile.write(b"#" * (1 << 20))
            self.server.web.sent += 1 << 20

    def body(self):
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def answer_git(self, path, query):
        """What git's own program for servers says."""
        body = self.body()
        environment = dict(
            os.environ, GIT_PROJECT_ROOT=str(self.server.web.repositories), GIT_HTTP_EXPORT_ALL="1", PATH_INFO=path,
            QUERY_STRING=query, REQUEST_METHOD=self.command, CONTENT_TYPE=self.headers.get("Content-Type", ""),
            CONTENT_LENGTH=str(len(body)), HTTP_GIT_PROTOCOL=self.headers.get("Git-Protocol", ""),
            HTTP_CONTENT_ENCODING=self.headers.get("Content-Encoding", ""), REMOTE_ADDR="127.0.0.1")
        result = subprocess.run(["git", "http-backend"], input=body, env=environment, capture_output=True)
        head, _, content = result.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
        status = int(headers.pop("Status", "200").split()[0])
        self.reply(status, content, headers)


class Web:
    """A server on a port of its own; use it in `with`."""

    def __init__(self, repositories, certificate=None):
        self.files = {}
        self.moved = {}
        self.stuck = set()
        self.endless = set()
        self.hosts = {}
        self.private = set()
        self.seen = []
        self.sent = 0
        self.repositories = pathlib.Path(repositories)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.web = self
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.address = f"http{'s' if certificate else ''}://localhost:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def paths(self):
        """What was asked for since the last time that one asked."""
        seen, self.seen = self.seen, []
        return [f"{method} {path}" for method, path, _ in seen]


def make_certificate(folder):
    """An authority's certificate, and the certificate of `localhost` with its key."""
    folder = pathlib.Path(folder)

    def openssl(*arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)

    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Authority of a test",
            "-keyout", folder / "authority.key", "-out", folder / "authority.pem")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost",
            "-keyout", folder / "server.key", "-out", folder / "server.csr")
    (folder / "names").write_text("subjectAltName=DNS:localhost,DNS:example.invalid\n")
    openssl("x509", "-req", "-days", "2", "-in", folder / "server.csr", "-CA", folder / "authority.pem",
            "-CAkey", folder / "authority.key", "-CAcreateserial", "-extfile", folder / "names",
            "-out", folder / "server.pem")
    return folder / "authority.pem", (folder / "server.pem", folder / "server.key")
