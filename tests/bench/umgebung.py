"""Where the benchmark runs: a database of its own, a temporary directory, production settings. Import this first.

It names everything by environment before Django is loaded, both for this process (which builds the world and draws
certificates) and for the server that it starts.
"""

import os
import secrets
import shutil
import socket
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests.run_all import find_postgres, find_redis

DATABASE = "nachqualifizierung_bench"
#: Keys and queues of one run carry this prefix, so that a shared Redis is left as it was found.
PREFIX = f"bench-{secrets.token_hex(4)}"


class NotPossible(Exception):
    """Something that the benchmark needs is missing; the message says what."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _with_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


class Umgebung:
    """The database, the directory and the variables of one run; `close` removes all of it."""

    def __init__(self) -> None:
        found = find_postgres()
        if found is None:
            raise NotPossible("No PostgreSQL found: set DATABASE_URL or start a server on 127.0.0.1:5432.")
        self.server = found.replace("postgres://", "postgresql://", 1)
        self.var = Path(tempfile.mkdtemp(prefix="nachqualifizierung-bench-"))
        self.port = free_port()
        self.redis = find_redis()
        self._execute(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)', f'CREATE DATABASE "{DATABASE}"')
        os.environ.update(self._variables(_with_database(found, DATABASE)))
        for name in ("DEBUG", "SENTRY_DSN", "S3_BUCKET", "METRICS", "CLAMAV_SOCKET"):
            os.environ.pop(name, None)
        if not self.redis:
            os.environ.pop("REDIS_URL", None)
            os.environ.pop("CELERY_BROKER_URL", None)

    def _variables(self, database_url: str) -> dict[str, str]:
        """What a deployment behind a TLS proxy sets, with this run's own names."""
        variables = {
            "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
            "BETRIEB": "produktion",
            "SECRET_KEY": secrets.token_urlsafe(64),
            "BASE_URL": f"https://127.0.0.1:{self.port}",
            "ALLOWED_HOSTS": "127.0.0.1",
            "HTTPS": "true",
            "PROXY_COUNT": "1",
            "DEMO_POST": "false",
            "EMAIL_URL": "memorymail://",
            "DATABASE_URL": database_url,
            "VAR_DIR": str(self.var),
            "BENCH_PREFIX": PREFIX,
            "LOG_LEVEL": "WARNING",
        }
        if self.redis:
            variables |= {"REDIS_URL": self.redis, "CELERY_BROKER_URL": self.redis}
        return variables

    def _execute(self, *statements: str) -> None:
        with psycopg.connect(_with_database(self.server, "postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def close(self) -> None:
        self._forget_redis()
        self._execute(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')
        shutil.rmtree(self.var, ignore_errors=True)

    def _forget_redis(self) -> None:
        if not self.redis:
            return
        import redis

        with redis.Redis.from_url(self.redis) as client:
            for key in client.scan_iter(match=f"*{PREFIX}*"):
                client.delete(key)
