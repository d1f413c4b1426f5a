# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What processes have in their memory, and how they end when they crash."""
import ctypes
import os
import pathlib
import signal

PR_SET_CHILD_SUBREAPER = 36


def memory(pid):
    """All that a process has in its memory: what a debugger's core file of it would hold, and more. It takes root."""
    content = bytearray()
    with open(f"/proc/{pid}/mem", "rb") as memory:
        for line in pathlib.Path(f"/proc/{pid}/maps").read_text().splitlines():
            start, end = (int(address, 16) for address in line.split()[0].split("-"))
            # What the system itself puts there cannot be read.
            if line.split()[1][0] != "r" or line.endswith(("[vvar]", "[vvar_vclock]", "[vsyscall]")):
                continue
            memory.seek(start)
            content += memory.read(end - start)
    return bytes(content)


def adopt():
    """Makes this process the parent of all below it that lose theirs, so that it learns how they end."""
    if ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError("orphans cannot be adopted")


def abort(pid):
    """Lets a process end as by a failed assertion. Gives how it ended: `os.CLD_DUMPED` with a core file, else `os.CLD_KILLED`."""
    os.kill(pid, signal.SIGABRT)
    return os.waitid(os.P_PID, pid, os.WEXITED).si_code


def derail(pid):
    """The same for a process that blocks all signals, and waits for that of a child: it finds nowhere to return to. It takes root."""
    stack = int(pathlib.Path(f"/proc/{pid}/syscall").read_text().split()[-2], 16)
    with open(f"/proc/{pid}/mem", "r+b", buffering=0) as memory:
        memory.seek(stack)
        memory.write(bytes(1024))
    os.kill(pid, signal.SIGCHLD)
    return os.waitid(os.P_PID, pid, os.WEXITED).si_code
