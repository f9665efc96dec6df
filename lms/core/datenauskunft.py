"""Access and portability (Art. 15 and 20 GDPR): each room adds what it holds about a person; this room knows none."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

#: Returns JSON-able data (dates, times and Decimals are fine), names things by public ids, holds nobody else's data.
Sammler = Callable[[Any], Any]
_sammler: dict[str, Sammler] = {}


def register(raum: str, sammler: Sammler) -> None:
    """Called from `AppConfig.ready` or a room's `setup.py`; `raum` is the key in the download."""
    _sammler[raum] = sammler


def collect_auskunft(person: Any) -> dict[str, Any]:
    """Everything that is stored about `person`, by room."""
    rooms = {raum: sammler(person) for raum, sammler in sorted(_sammler.items())}
    return {"erstellt_at": timezone.now(), "person": person.public_id, "raeume": rooms}
