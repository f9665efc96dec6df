"""`make bench`: build a world on PostgreSQL, measure it over HTTP against the real server, print a table.

A missed aim is a figure and no failure; a page that answers wrongly is a failure.
"""

import argparse
import contextlib
import re
import signal
import sys
import time
from pathlib import Path

from tests.bench.umgebung import NotPossible, Umgebung

ROOT = Path(__file__).resolve().parents[2]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few repetitions: shows that everything works")
    parser.add_argument("--only", default="", metavar="REGEX", help="only the cases whose name matches")
    parser.add_argument("--markdown", action="store_true", help="print the table as in docs/leistung.md")
    parser.add_argument("--hold", action="store_true", help="keep the server running until Ctrl-C, to look inside")
    return parser.parse_args()


def prepare() -> object:
    import django

    django.setup()
    from django.core.management import call_command

    started = time.monotonic()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    migrated = time.monotonic()
    from tests.bench import welt

    world = welt.build()
    say(f"schema and static files in {migrated - started:.1f} s, world in {time.monotonic() - migrated:.1f} s")
    return world


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def run(umgebung: Umgebung, options: argparse.Namespace) -> list:
    world = prepare()
    from tests.bench import bericht, urkunden
    from tests.bench.dienst import Dienst
    from tests.bench.faelle import Faelle, check_world

    check_world(world)
    wanted = re.compile(options.only)
    certificates = urkunden.measure(world, quick=options.quick)
    found = []
    say(f"a loop of a million additions costs {bericht.yardstick():.0f} ms of CPU")
    with Dienst(umgebung.port, umgebung.var / "server.log") as dienst:
        for fall in Faelle(world, dienst, quick=options.quick).alle():
            if wanted.search(fall.name):
                found.append(one(fall, dienst))
                say(f"  {bericht.line(found[-1])}")
        if options.hold:
            hold(dienst, umgebung)
    return found + [wert for wert in certificates if wanted.search(wert.name)]


def one(fall, dienst):  # type: ignore[no-untyped-def]
    """One case; a fault is kept with its name, and the other cases go on."""
    from django.urls import NoReverseMatch

    from tests.bench.klient import WrongAnswer
    from tests.bench.messung import Messwert, measure_http

    try:
        requests = fall.anfragen()
        return measure_http(fall.name, dienst, requests, fall.n, einmalig=fall.einmalig).judged(fall.ziel)
    except (WrongAnswer, NoReverseMatch, OSError) as exc:
        return Messwert(fall.name, 0, fehler=str(exc)[:1500])


def hold(dienst, umgebung: Umgebung) -> None:  # type: ignore[no-untyped-def]
    say(f"http://127.0.0.1:{umgebung.port}, processes {dienst.pids}, log {dienst.log}; Ctrl-C goes on to the table")
    with contextlib.suppress(KeyboardInterrupt):
        signal.pause()


def report(werte: list, options: argparse.Namespace) -> int:
    from tests.bench import bericht

    print(bericht.machine() + "\n")
    print(bericht.markdown(werte) if options.markdown else bericht.table(werte))
    bericht.write_json(werte, ROOT / "var" / "bench.json")
    failed = [wert for wert in werte if wert.fehler]
    for wert in failed:
        say(f"\nFAILED {wert.name}: {wert.fehler}")
    return 1 if failed else 0


def main() -> int:
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        umgebung = Umgebung()
    except NotPossible as exc:
        say(str(exc))
        return 1
    try:
        return report(run(umgebung, options), options)
    except NotPossible as exc:
        say(str(exc))
        return 1
    except KeyboardInterrupt:
        say("Stopped.")
        return 130
    finally:
        close(umgebung)


def close(umgebung: Umgebung) -> None:
    from django.apps import apps

    if apps.ready:
        from django.db import connections

        connections.close_all()
        for connection in connections.all(initialized_only=True):
            if hasattr(connection, "close_pool"):
                connection.close_pool()
    umgebung.close()


if __name__ == "__main__":
    sys.exit(main())
