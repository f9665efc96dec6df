"""`make run`: migrate, fill the demo world, start web server and worker, stop both with Ctrl-C."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from lms.demo.logins import LOGINS, PASSWORD
from lms.konten.models import Person

GRACE_SECONDS = 15


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Command(BaseCommand):
    help = "Start the whole service with the demo world on this machine; Ctrl-C stops it."
    requires_migrations_checks = False
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--reset", action="store_true", help="delete all demo data and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.BETRIEB != "demo":
            raise CommandError("run_demo is for demos; production starts granian and celery itself (docs/betrieb).")
        if options["reset"]:
            self._reset()
            return
        if _answers(options["port"]):  # the web server would share the port with the other one without a word
            raise CommandError(f"Port {options['port']} is in use. Try PORT={options['port'] + 1} make run.")
        self._prepare()
        self._serve(options["port"])

    def _reset(self) -> None:
        for name in ("db.sqlite3", "db.sqlite3-wal", "db.sqlite3-shm", "celerybeat-schedule", "static.stand"):
            (settings.VAR_DIR / name).unlink(missing_ok=True)
        for name in ("dateien", "broker", "cache"):
            shutil.rmtree(settings.VAR_DIR / name, ignore_errors=True)
        self.stdout.write("The demo data is gone; `make run` builds it again.")

    def _prepare(self) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        self._collect_static()
        if not Person.objects.exists():
            self.stdout.write("Building the demo world (once, about a minute) …")
            self.stdout.flush()
            call_command("demo_welt")

    @staticmethod
    def _collect_static() -> None:
        """Only when a lock file or a static file has changed; it takes seconds."""
        sources = [settings.BASE_DIR / name for name in ("requirements.lock", "package-lock.json")]
        sources += [path for path in (settings.BASE_DIR / "lms" / "static").rglob("*") if path.is_file()]
        state = f"{len(sources)} {max(path.stat().st_mtime_ns for path in sources)}"
        stamp = settings.VAR_DIR / "static.stand"
        if not stamp.exists() or stamp.read_text() != state:
            call_command("collectstatic", verbosity=0, interactive=False)
            stamp.write_text(state)

    def _serve(self, port: int) -> None:
        python = sys.executable
        env = {**os.environ, "PORT": str(port)}
        server = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
        server += [
            "--blocking-threads",
            "4",
            "--no-ws",
            "--workers-kill-timeout",
            "3",
            "--log-level",
            "warning",
            "lms.wsgi:application",
        ]
        worker = ["celery", "-A", "lms", "worker", "-B", "--concurrency", "2", "--loglevel", "WARNING"]
        worker += ["--without-gossip", "--without-mingle"]
        children = [
            subprocess.Popen([python, "-m", *command], env=env, start_new_session=True) for command in (server, worker)
        ]
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        try:
            self._announce(port, children[0])
            while all(child.poll() is None for child in children):
                time.sleep(0.5)
            raise CommandError("A part of the service has stopped by itself; see the lines above.")
        except KeyboardInterrupt:
            self.stdout.write("\nStopping …")
        finally:
            self._stop(children)

    def _announce(self, port: int, server: subprocess.Popen) -> None:
        for _ in range(100):
            if _answers(port) and server.poll() is None:
                break
            if server.poll() is not None:
                raise CommandError(f"The web server did not start; is port {port} in use? Try PORT=8001 make run.")
            time.sleep(0.1)
        lines = [f"\n  http://127.0.0.1:{port}\n", f"  Demo logins (password for all: {PASSWORD})"]
        lines += [f"    {login.email:<42} {login.rolle}" for login in LOGINS]
        self.stdout.write("\n".join([*lines, "\n  Ctrl-C stops the service.\n"]))
        self.stdout.flush()

    @staticmethod
    def _stop(children: list[subprocess.Popen]) -> None:
        """Ask the main processes only; each stops its own children."""
        for child in children:
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        for child in children:
            try:
                child.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
