"""The real server in a process group of its own, and the CPU time that its processes have used."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.bench.umgebung import NotPossible

#: As `make run` starts it (lms/demo/management/commands/run_demo.py).
OPTIONS = ["--interface", "wsgi", "--host", "127.0.0.1", "--workers", "1", "--blocking-threads", "4", "--no-ws"]


def process_cpu(pid: int) -> float:
    """Seconds of CPU (user and system, all threads) of a process, from its POSIX CPU clock: exact to microseconds."""
    return time.clock_gettime((~pid << 3) | 2)


def _children(pid: int) -> list[int]:
    found = []
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(text) for text in tasks.read_text().split()]
    return found


class Dienst:
    """Started with `with`; `cpu()` is the sum over the main process and its worker."""

    def __init__(self, port: int, log: Path) -> None:
        self.port, self.log = port, log

    def __enter__(self) -> "Dienst":
        command = [sys.executable, "-m", "granian", *OPTIONS, "--port", str(self.port), "--log-level", "warning"]
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [*command, "lms.wsgi:application"], stdout=output, stderr=output, start_new_session=True
            )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise
        return self

    def _wait(self) -> None:
        from http.client import HTTPConnection

        for _attempt in range(600):
            if self.process.poll() is not None:
                raise NotPossible(f"The server did not start:\n{self.log.read_text()[-3000:]}")
            try:
                connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/healthz", headers={"X-Forwarded-Proto": "https"})
                if connection.getresponse().status == 200:
                    self.pids = [self.process.pid, *_children(self.process.pid)]
                    return
            except OSError:
                time.sleep(0.1)
        raise NotPossible("The server does not answer.")

    def cpu(self) -> float:
        return sum(process_cpu(pid) for pid in self.pids)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)

    def __exit__(self, *exc: Any) -> None:
        self.stop()
