"""What happened to a course, told to the rooms above without importing them.

Listeners run inside the transaction of the act, in the order of registration, and get the fresh `Kurs` row. They are
registered in the `setup.py` of their room.
"""

from collections.abc import Callable

from kurse.planung.models import Kurs

KAPAZITAET_GEAENDERT = "kapazitaet_geaendert"
KURS_VEROEFFENTLICHT = "kurs_veroeffentlicht"
KURS_ABGESAGT = "kurs_abgesagt"
KURS_ABGESCHLOSSEN = "kurs_abgeschlossen"
TERMIN_GEAENDERT = "termin_geaendert"
EREIGNISSE = frozenset(
    {KAPAZITAET_GEAENDERT, KURS_VEROEFFENTLICHT, KURS_ABGESAGT, KURS_ABGESCHLOSSEN, TERMIN_GEAENDERT}
)

Listener = Callable[[Kurs], object]
_listeners: dict[str, list[Listener]] = {}


def on(event: str, fn: Listener) -> None:
    """Call `fn(kurs)` whenever `event` happens; registering the same function twice has no effect."""
    if event not in EREIGNISSE:
        raise ValueError(f"unknown event: {event}")
    rows = _listeners.setdefault(event, [])
    if fn not in rows:
        rows.append(fn)


def fire(event: str, kurs: Kurs) -> None:
    if event not in EREIGNISSE:
        raise ValueError(f"unknown event: {event}")
    for fn in _listeners.get(event, ()):
        fn(kurs)
