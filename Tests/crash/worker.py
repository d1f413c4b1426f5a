# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Counts its start, then tells everyone who connects its name and those of the workers behind it."""
import os
import socket
import sys

name = os.environ["KHUTULUN_NODE"]
with open(sys.argv[1], "a") as starts:
    starts.write(f"{name}\n")


def answer():
    if "NEXT" not in os.environ:
        return name
    host, _, port = os.environ["NEXT"].rpartition(":")
    with socket.create_connection((host, int(port)), 5) as connection:
        return f"{name} {connection.makefile().read().strip()}"


with socket.create_server(("127.0.0.1", int(os.environ["PORT_DOOR"]))) as server:
    while True:
        connection, _ = server.accept()
        with connection:
            try:
                connection.sendall(f"{answer()}\n".encode())
            except OSError:
                # Whoever only tried the door has gone already, or the next worker ends before this one.
                pass
