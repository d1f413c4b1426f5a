#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Sends each datagram back."""
import os
import socket

with open(os.environ["STARTS"], "a") as starts:
    starts.write(os.environ["KHUTULUN_NODE"] + "\n")
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as echo:
    echo.bind(("127.0.0.1", int(os.environ["PORT_DATAGRAMS"])))
    while True:
        data, sender = echo.recvfrom(2048)
        echo.sendto(data, sender)
