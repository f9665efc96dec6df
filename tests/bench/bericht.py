"""The table, for the terminal and for `docs/leistung.md`, and the machine it was measured on."""

import json
import os
import platform
import time
from pathlib import Path

from tests.bench.messung import Messwert

HEAD = ("case", "n", "p50 ms", "p95 ms", "per s", "CPU ms", "queries", "aim", "")


def machine() -> str:
    from django.db import connection

    model = next(
        (line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.machine(),
    )
    server = connection.cursor().execute("SHOW server_version").fetchone()[0]
    return (
        f"{os.cpu_count()} cores {model}, Python {platform.python_version()}, PostgreSQL {server}; "
        f"load {os.getloadavg()[0]:.1f}, a loop of a million additions costs {yardstick():.0f} ms of CPU"
    )


def yardstick() -> float:
    """CPU milliseconds of a fixed piece of Python. Beside busy neighbours the same work costs up to twice as much,
    so figures of two runs compare only when their yardsticks are alike."""
    rounds = []
    for _round in range(5):
        start, total = time.process_time(), 0
        for number in range(1_000_000):
            total += number & 3
        rounds.append((time.process_time() - start) * 1000)
    return sorted(rounds)[2]


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []


def _number(value: float | None, digits: int = 1) -> str:
    return "" if value is None else f"{value:,.{digits}f}"


def _row(wert: Messwert) -> tuple[str, ...]:
    if wert.fehler:
        return (wert.name, "", "", "", "", "", "", "", "FAILED")
    if wert.wert is not None:
        return (wert.name, str(wert.n), "", "", f"{wert.wert:.3f}", "", "", wert.ziel, _verdict(wert))
    queries = "" if wert.queries is None else str(wert.queries)
    return (
        wert.name,
        str(wert.n),
        _number(wert.p50_ms),
        _number(wert.p95_ms),
        _number(wert.rps),
        _number(wert.cpu_ms),
        queries,
        wert.ziel,
        _verdict(wert),
    )


def line(wert: Messwert) -> str:
    """One case while the others are still being measured."""
    return "  ".join(f"{head} {cell}" if head else cell for head, cell in zip(HEAD, _row(wert), strict=True) if cell)


def _verdict(wert: Messwert) -> str:
    return {None: "", True: "met", False: "MISSED"}[wert.erreicht]


def table(werte: list[Messwert]) -> str:
    rows = [HEAD, *map(_row, werte)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEAD))]
    right = range(1, 7)
    lines = [
        "  ".join(cell.rjust(widths[i]) if i in right else cell.ljust(widths[i]) for i, cell in enumerate(row)).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])


def markdown(werte: list[Messwert]) -> str:
    rule = ["---"] + ["--:"] * 6 + ["---", "---"]
    rows = [HEAD, tuple(rule), *[(f"`{wert.name}`", *_row(wert)[1:]) for wert in werte]]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def write_json(werte: list[Messwert], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([wert.as_json() for wert in werte], indent=1, ensure_ascii=False) + "\n")
