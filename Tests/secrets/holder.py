# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Notes digests of the secrets that it got, and goes on."""
import hashlib
import os
import signal

text = open("etc/configuration").read()
with open("receipt.new", "w") as receipt:
    for part in [os.environ["PASSWORD"], os.environ["ADDRESS"], text]:
        receipt.write(hashlib.sha256(part.encode()).hexdigest() + "\n")
os.rename("receipt.new", "receipt")
signal.pause()
