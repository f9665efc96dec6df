"""`make test`: every check, then the tests on SQLite, on PostgreSQL with Redis, and in a browser.

What the machine lacks is reported in one loud line and skipped; under CI=true it is an error.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
CI = os.environ.get("CI", "").lower() == "true"
PRODUCTION = {
    "BETRIEB": "produktion",
    "SECRET_KEY": "check-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJK",
    "BASE_URL": "https://lms.example.org",
    "ALLOWED_HOSTS": "lms.example.org",
    "DATABASE_URL": "postgres://lms@127.0.0.1/lms",
    "REDIS_URL": "redis://127.0.0.1:6379/1",
    "CELERY_BROKER_URL": "redis://127.0.0.1:6379/0",
    "EMAIL_URL": "smtp+tls://mail.example.org:587",
    "DEMO_POST": "false",
}
MYPY = ["lms/core", "lms/konten", "lms/post", "module", "kurse", "zertifikate"]


def answers(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex((host, port)) == 0


def find_postgres() -> str | None:
    """`DATABASE_URL`, else the server at the usual local port if it lets `postgres` in without a password."""
    if url := os.environ.get("DATABASE_URL"):
        return url
    if not answers("127.0.0.1", 5432):
        return None
    import psycopg

    try:
        psycopg.connect("host=127.0.0.1 user=postgres dbname=postgres connect_timeout=3").close()
    except psycopg.OperationalError:
        return None
    return "postgres://postgres@127.0.0.1:5432/postgres"


def find_redis() -> str | None:
    if url := os.environ.get("REDIS_URL"):
        return url
    return "redis://127.0.0.1:6379/0" if answers("127.0.0.1", 6379) else None


class Runner:
    def __init__(self) -> None:
        self.failed: list[str] = []
        self.skipped: list[str] = []

    def step(self, title: str, command: list[str], env: dict[str, str] | None = None) -> None:
        print(f"\n── {title}", flush=True)
        started = time.monotonic()
        clean = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
        done = subprocess.run([str(BIN / command[0]), *command[1:]], cwd=ROOT, env={**clean, **(env or {})})
        print(f"   {'ok' if done.returncode == 0 else 'FAILED'} in {time.monotonic() - started:.1f} s", flush=True)
        if done.returncode:
            self.failed.append(title)

    def missing(self, what: str, hint: str) -> None:
        line = f"NOT TESTED: {what} is missing on this machine. {hint}"
        print(f"\n!!! {line}", flush=True)
        (self.failed if CI else self.skipped).append(line)


def checks(run: Runner) -> None:
    run.step("ruff check", ["ruff", "check", "."])
    run.step("ruff format", ["ruff", "format", "--check", "."])
    run.step("mypy", ["mypy", *MYPY])
    run.step("import-linter", ["lint-imports", "--no-cache"])
    run.step("migrations are complete", ["python", "manage.py", "makemigrations", "--check", "--dry-run"])
    run.step("check --deploy", ["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION)
    schema = ["python", "manage.py", "spectacular", "--validate", "--fail-on-warn", "--file", os.devnull]
    run.step("OpenAPI", schema, {"BETRIEB": "test"})


def tests(run: Runner) -> None:
    if not shutil.which("pdftotext"):
        run.missing("pdftotext", "Install poppler-utils.")
    if not shutil.which("zbarimg"):
        run.missing("zbarimg", "Install zbar-tools.")
    workers = ["-n", "2", "--dist", "loadscope"]
    run.step("tests on SQLite", ["python", "-m", "pytest", "-m", "not browser and not nebenlaeufig", *workers])
    postgres, redis = find_postgres(), find_redis()
    if not redis:
        run.missing("Redis", "Install redis-server or set REDIS_URL.")
    if postgres:
        env = {"DATABASE_URL": postgres, **({"REDIS_URL": redis} if redis else {})}
        run.step("tests on PostgreSQL", ["python", "-m", "pytest", "-m", "not browser", *workers], env)
    else:
        run.missing("PostgreSQL", "Install postgresql or set DATABASE_URL.")
    if shutil.which("chromium") or shutil.which("google-chrome"):
        run.step("tests in a browser", ["python", "-m", "pytest", "-m", "browser", "tests/browser"])
    else:
        run.missing("Chromium", "Install chromium.")


def main() -> int:
    run = Runner()
    checks(run)
    tests(run)
    print()
    for line in run.skipped:
        print(f"skipped: {line}")
    for line in run.failed:
        print(f"failed: {line}")
    print("All checks passed." if not run.failed else f"{len(run.failed)} checks failed.")
    return 1 if run.failed else 0


if __name__ == "__main__":
    sys.exit(main())
