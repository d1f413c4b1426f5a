#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Passes connections on to the addresses in the file `targets`, to the next one if one doesn't answer."""
import itertools
import os
import pathlib
import socket
import socketserver
import threading

turns = itertools.count()


def pump(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        targets = pathlib.Path("targets").read_text().split()
        first = next(turns) % len(targets)
        for target in targets[first:] + targets[:first]:
            host, port = target.rsplit(":", 1)
            try:
                server = socket.create_connection((host, int(port)), 2)
            except OSError:
                continue
            with server:
                thread = threading.Thread(target=pump, args=(server, self.request))
                thread.start()
                pump(self.request, server)
                thread.join()
            return


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


with open(os.environ["STARTS"], "a") as starts:
    starts.write(os.environ["KHUTULUN_NODE"] + "\n")
host, port = os.environ["LISTEN"].rsplit(":", 1)
with Server((host, int(port)), Handler) as server:
    server.serve_forever()
