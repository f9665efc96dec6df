"""From requests to figures: latency one after the other, server CPU meanwhile, then throughput with two clients."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import cycle, islice
from typing import Any

from tests.bench.dienst import Dienst
from tests.bench.klient import Anfrage, Klient

THREADS = 2
WARM_UP = 5


@dataclass(frozen=True, slots=True)
class Ziel:
    """What a case aims at; None is no aim. A value may equal its aim."""

    queries: int | None = None
    cpu_ms: float | None = None
    p95_ms: float | None = None
    mindestens: float | None = None  # for a ratio

    def met(self, wert: "Messwert") -> bool:
        pairs = [(self.queries, wert.queries), (self.cpu_ms, wert.cpu_ms), (self.p95_ms, wert.p95_ms)]
        upper = all(aim is None or (value is not None and value <= aim) for aim, value in pairs)
        return upper and (self.mindestens is None or (wert.wert or 0) >= self.mindestens)

    def __str__(self) -> str:
        parts = [f"≤ {self.queries} queries"] if self.queries is not None else []
        parts += [f"≤ {self.cpu_ms:g} ms CPU"] if self.cpu_ms is not None else []
        parts += [f"≤ {self.p95_ms:g} ms p95"] if self.p95_ms is not None else []
        parts += [f"≥ {self.mindestens:g}"] if self.mindestens is not None else []
        return ", ".join(parts)


@dataclass(slots=True)
class Messwert:
    """One case. `rps` of a case without HTTP is per second of CPU, that is per core."""

    name: str
    n: int
    p50_ms: float | None = None
    p95_ms: float | None = None
    rps: float | None = None
    cpu_ms: float | None = None
    queries: int | None = None
    wert: float | None = None
    ziel: str = ""
    erreicht: bool | None = None
    fehler: str = ""

    def judged(self, ziel: Ziel | None) -> "Messwert":
        if ziel is not None:
            self.ziel, self.erreicht = str(ziel), ziel.met(self)
        return self

    def as_json(self) -> dict[str, Any]:
        rounded = {k: round(v, 3) if isinstance(v, float) else v for k, v in asdict(self).items()}
        return {k: v for k, v in rounded.items() if v not in ("", None) or k in ("p50_ms", "p95_ms", "rps", "cpu_ms")}


def percentile(values: Sequence[float], percent: int) -> float:
    """Nearest rank: a value that was measured."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def measure_http(name: str, dienst: Dienst, anfragen: Sequence[Anfrage], n: int, *, einmalig: bool) -> Messwert:
    """`einmalig`: each request can be sent once only (a write), so they must suffice for everything.

    Then three parts of them are used: warm-up, n for latency, the rest for throughput.
    """
    if einmalig:
        warm, rest = anfragen[:WARM_UP], anfragen[WARM_UP:]
        timed, parallel = rest[:n], rest[n:]
    else:
        endless = cycle(anfragen)
        warm, timed, parallel = (list(islice(endless, count)) for count in (max(WARM_UP, len(anfragen)), n, n))
    klient = Klient(dienst.port)
    for anfrage in warm:
        klient(anfrage)
    times, queries = [], 0
    before = dienst.cpu()
    for anfrage in timed:
        start = time.perf_counter()
        answer = klient(anfrage)
        times.append((time.perf_counter() - start) * 1000)
        queries = max(queries, answer.queries)
    cpu = (dienst.cpu() - before) * 1000 / len(timed)
    rps = _throughput(dienst.port, parallel) if len(parallel) >= THREADS else None
    return Messwert(name, len(timed), percentile(times, 50), percentile(times, 95), rps, cpu, queries)


def _throughput(port: int, anfragen: Sequence[Anfrage]) -> float:
    """Requests per second with a few clients at once; they share the machine with the server."""
    faults: list[BaseException] = []

    def work(part: Sequence[Anfrage]) -> None:
        try:
            klient = Klient(port)
            for anfrage in part:
                klient(anfrage)
        except BaseException as exc:  # noqa: BLE001  handed to the main thread
            faults.append(exc)

    threads = [threading.Thread(target=work, args=(anfragen[i::THREADS],)) for i in range(THREADS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - start
    if faults:
        raise faults[0]
    return len(anfragen) / seconds


def measure_calls(name: str, calls: Sequence[Callable[[], object]]) -> Messwert:
    """Calls in this process: wall time each, and CPU of the whole process per call."""
    for call in calls[:WARM_UP]:
        call()
    times, before = [], time.process_time()
    for call in calls:
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) * 1000)
    cpu = (time.process_time() - before) / len(calls)
    return Messwert(name, len(calls), percentile(times, 50), percentile(times, 95), 1 / cpu, cpu * 1000)
