# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Counts promises that hold and promises that don't."""
import sys


class Checks:
    def __init__(self):
        self.passed = 0
        self.failures = []

    def check(self, promise, holds, detail=""):
        """Notes whether a promise holds; says so if it doesn't."""
        if holds:
            self.passed += 1
        else:
            self.failures.append(promise)
            print(f"  failed: {promise}", *str(detail).splitlines(), sep="\n    ", flush=True)
        return bool(holds)

    def end(self):
        """Prints the count and ends the program with the status that belongs to it."""
        if self.failures:
            print(f"\nThese did not hold:")
            for failure in self.failures:
                print(f"  {failure}")
        print(f"{self.passed} passed, {len(self.failures)} failed", flush=True)
        sys.exit(1 if self.failures or not self.passed else 0)
