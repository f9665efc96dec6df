"""Races on PostgreSQL. Every race has a control that takes the guard away and shows that the test can fail."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection


def run_parallel(functions: Sequence[Callable[[], Any]], timeout: float = 30) -> list[Any]:
    """Run all functions at once, each in its own thread and database connection.

    Returns one result per function, or the exception that it raised.
    """
    barrier = threading.Barrier(len(functions))
    results: list[Any] = [None] * len(functions)

    def run(index: int, function: Callable[[], Any]) -> None:
        try:
            barrier.wait(timeout)
            results[index] = function()
        except Exception as exc:  # noqa: BLE001  (the test looks at what was raised)
            results[index] = exc
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(functions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout)
    assert not any(thread.is_alive() for thread in threads), "deadlock"
    return results
