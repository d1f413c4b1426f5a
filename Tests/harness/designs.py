# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Measures what checking, compiling and instantiating designs costs, each as a whole process."""
import os
import pathlib
import statistics
import subprocess
import time

root = pathlib.Path(__file__).resolve().parent.parent.parent
shared = root.parent / "shared"
REDFISH = shared / "bench" / "redfish" / "v1" / "ServiceRoot.yaml"
SUITE = shared / "conformance" / "run-suite"


def run(command):
    """Seconds and peak megabytes of a command, whatever its exit status says of the design."""
    begin = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(child.pid, 0)
    child.returncode = 0
    return time.perf_counter() - begin, usage.ru_maxrss * 1024 / 1e6


def median_of(times, command):
    taken = [run(command) for _ in range(times)]
    return statistics.median(one[0] for one in taken), max(one[1] for one in taken)


def measure(figures, khutulun, folder, times):
    """Adds the figures. What needs files that don't belong to the repository is left out where they aren't."""
    floor = median_of(times, ["sh", "-c", ":"])[0]
    small = median_of(times, [khutulun, "tosca", "validate", root / "examples" / "guestbook" / "service.yaml"])[0]
    figures.add("tosca validate, a small file", small * 1000, "ms", floor * 1000, "sh -c :", 25)
    if REDFISH.exists():
        seconds, megabytes = median_of(5, [khutulun, "tosca", "validate", REDFISH])
        floor = median_of(5, ["sh", "-c", f"cat {REDFISH.parent}/*.yaml"])[0]
        figures.add("tosca validate, 527 files", seconds, "s", floor, "cat of the files", 0.35)
        figures.add("tosca validate, 527 files: peak", megabytes, "MB", None, None, 120)
    if SUITE.exists():
        command = [SUITE, "--skip-suspect", "--no-duplicates", f"{khutulun} tosca validate {{file}}"]
        figures.add("257 cases of the community’s suite", run(command)[0], "s", None, None, 4)
    for count in (1000, 10_000):
        design = pathlib.Path(folder) / f"design-{count}.yaml"
        with open(design, "w", encoding="utf-8") as file:
            subprocess.run([root / "scripts" / "generate-design", str(count)], check=True, stdout=file)
        floor = run(["cat", design])[0]
        for verb, bound in (("compile", 1), ("instantiate", 2)):
            seconds, megabytes = median_of(3, [khutulun, "tosca", verb, design])
            figures.add(f"tosca {verb}, {count} nodes", seconds, "s", floor, "cat of the file", bound if count == 10_000 else None)
            figures.add(f"tosca {verb}, {count} nodes: peak", megabytes, "MB", None, None)
