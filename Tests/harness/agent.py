# SPDX-License-Identifier: Apache-2.0 OR MIT
"""An agent of one's own, in a temporary folder, and the ways to talk to it."""
import contextlib
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def program(name="khutulun"):
    """The path of a program that was built: for release, or what KHUTULUN_BUILD names."""
    return str(ROOT / ".build" / os.environ.get("KHUTULUN_BUILD", "release") / name)


def require_build():
    """Ends the program with a message if something is not built."""
    for name in ["khutulun", "khutulun-shim"]:
        if not os.access(program(name), os.X_OK):
            sys.exit(f"{program(name)} is missing: make build")


class Timeout(Exception):
    """Something did not happen in time."""


def until(what, condition, seconds=20.0, pause=0.02):
    """Waits until a condition gives something true, and gives it."""
    end = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise Timeout(f"not within {seconds:g} s: {what}")
        time.sleep(pause)


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a unix socket."""

    def __init__(self, path, timeout=60):
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class APIError(Exception):
    """An answer that isn't a success."""

    def __init__(self, status, document):
        self.status = status
        self.problems = (document or {}).get("problems", [])
        super().__init__(f"{status}: {json.dumps(document, ensure_ascii=False)}")


class API:
    """One connection to an agent."""

    def __init__(self, path, timeout=60):
        self.connection = UnixConnection(path, timeout)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def open(self, method, path, body=None):
        """Sends a request, and gives the answer before its body is read."""
        headers = {}
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        self.connection.request(method, f"/v1/{path}", body=body, headers=headers)
        return self.connection.getresponse()

    def ask(self, method, path, body=None):
        """The document that answers a request."""
        answer = self.open(method, path, body)
        content = answer.read()
        document = json.loads(content) if content else None
        if answer.status // 100 != 2:
            raise APIError(answer.status, document)
        return document

    def lines(self, path):
        """The documents of a stream."""
        answer = self.open("GET", path)
        if answer.status != 200:
            raise APIError(answer.status, json.loads(answer.read() or b"null"))
        for line in answer:
            if line.strip():
                yield json.loads(line)

    def follow(self, service):
        """Waits for the end of what is under way for a service, and gives the last line of its progress."""
        last = {}
        # To the very end, so that the connection can be used again.
        for line in self.lines(f"services/{service}/progress"):
            last = line
        return last

    def deploy(self, service, design, inputs=None):
        """Plans a compiled design and begins to carry it out."""
        plan = self.ask("POST", f"services/{service}/plan", {"design": design, "inputs": inputs or {}})
        return self.ask("POST", f"services/{service}/deploy", {"plan": plan["id"]})["deployment"]


class Agent:
    """An agent with a data folder and a socket of its own; what it wrote is in `log`."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.data = self.folder / "data"
        self.socket = str(self.folder / "socket")
        self.log = self.folder / "agent.log"
        self.process = None

    def launch(self, *options):
        """Starts the program without waiting for it to answer."""
        arguments = [program(), "agent", "run", "--data", str(self.data), "--socket", self.socket, *options]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        return self

    def start(self, *options, seconds=30):
        """Starts it and waits until it answers."""
        self.launch(*options)
        until("the agent answers", lambda: self.answers() or not self.is_alive, seconds)
        if not self.is_alive:
            raise Timeout(f"the agent ended with {self.process.returncode}:\n{self.said()}")
        return self

    def answers(self):
        try:
            with self.api(timeout=5) as api:
                return bool(api.ask("GET", "version"))
        except (OSError, http.client.HTTPException, APIError):
            return False

    @property
    def is_alive(self):
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self):
        return self.process.pid

    @property
    def own(self):
        """The processes that are there as long as the agent is: itself, and what it has its shims made by."""
        return [self.pid, *self.nurseries()]

    def nurseries(self):
        """What the agent has its shims made by, once something was started."""
        return [pid for pid in processes(self.folder) if describe(pid).endswith(f"/khutulun-shim {self.data}/nodes")]

    def api(self, timeout=60):
        return API(self.socket, timeout)

    def kill(self):
        """Kills it as a power cut would, and gives how it ended."""
        if self.is_alive:
            self.process.send_signal(signal.SIGKILL)
        return self.process.wait()

    def stop(self, seconds=20):
        """Asks it to end, and gives its status."""
        if self.is_alive:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Timeout(f"the agent did not end within {seconds:g} s:\n{self.said()}") from None

    def said(self, lines=30):
        """The end of what it wrote."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def command(self, *arguments, timeout=120, **options):
        """Runs a command of the command line against it. It reads nothing, or the text `input`."""
        environment = dict(os.environ, KHUTULUN_SOCKET=self.socket, NO_COLOR="1", LC_ALL="C.UTF-8")
        environment.update(options.pop("environment", {}))
        return subprocess.run(
            [program(), *arguments], capture_output=True, text=True, env=environment, timeout=timeout,
            **({} if "input" in options else {"stdin": subprocess.DEVNULL}), **options)

    def json(self, *arguments):
        """The document that a command prints."""
        result = self.command(*arguments, "--format", "json")
        if result.returncode != 0:
            raise RuntimeError(f"{' '.join(arguments)} ended with {result.returncode}: {result.stderr}")
        return json.loads(result.stdout)


class Folder:
    """A temporary folder that processes of other accounts can reach."""

    def __init__(self, name):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix=f"khutulun-{name}."))
        self.path.chmod(0o755)

    def __enter__(self):
        return self.path

    def __exit__(self, *_):
        end_processes(self.path)
        shutil.rmtree(self.path, ignore_errors=True)


def processes(folder, but=()):
    """The IDs of the processes that were started from a folder, work in it or have it in their environment."""
    marks = [f"{folder}/".encode(), f"{folder}\0".encode()]
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) in (os.getpid(), *but):
            continue
        try:
            state = (entry / "stat").read_text().rpartition(") ")[2][0]
            texts = [(entry / "cmdline").read_bytes()]
        except OSError:
            continue
        # These are not to be seen of other accounts' processes, and without root of those that hold secrets.
        with contextlib.suppress(OSError):
            texts += [(entry / "environ").read_bytes(), os.readlink(entry / "cwd").encode() + b"/"]
        if state != "Z" and any(mark in text for mark in marks for text in texts):
            found.append(int(entry.name))
    return found


def describe(pid):
    """A process as a person recognises it."""
    try:
        words = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").replace("\0", " ").strip()
    except OSError:
        words = "(gone)"
    return f"{pid} {words}"


def end_processes(folder):
    """Kills what was left behind."""
    for _ in range(5):
        left = processes(folder)
        if not left:
            return
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.05)
