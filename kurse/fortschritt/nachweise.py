"""Certificates on the pages of this room. The room above registers where they come from; this room names none."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Nachweis:
    """One issued certificate: title, number, day of issue, address of its page, state, primary key of the Modul."""

    titel: str
    nummer: str
    datum: date
    url: str
    status: str = "gueltig"
    modul_id: int | None = None

    @property
    def status_text(self) -> str:
        return {"gueltig": _("gültig"), "widerrufen": _("widerrufen")}.get(self.status, self.status)

    @property
    def gueltig(self) -> bool:
        return self.status == "gueltig"


Provider = Callable[[list[int]], dict[int, list[Nachweis]]]
Bescheinigt = Callable[[], QuerySet]
_providers: list[Provider] = []
_bescheinigt: list[Bescheinigt] = []


def register(provider: Provider, *, bescheinigt: Bescheinigt | None = None) -> None:
    """Called at start-up.

    `provider(persons)` takes primary keys of people and returns their certificates by person, in a fixed number of
    queries; people without one may be left out. It does not ask for consent: this room does.
    `bescheinigt()` returns a query set of the primary keys of enrolments that have a valid certificate, one column
    (`.values("einschreibung_id")`); it is only used inside counts.
    """
    if provider not in _providers:
        _providers.append(provider)
    if bescheinigt is not None and bescheinigt not in _bescheinigt:
        _bescheinigt.append(bescheinigt)


def nachweise_of(persons: Iterable[int]) -> dict[int, list[Nachweis]]:
    """Certificates by primary key of the person; people without one are missing."""
    ids = list(dict.fromkeys(persons))
    found: dict[int, list[Nachweis]] = {}
    for provider in _providers if ids else ():
        for person_id, rows in provider(ids).items():
            found.setdefault(person_id, []).extend(rows)
    return found


def bescheinigte_einschreibungen() -> QuerySet | None:
    """Enrolments with a valid certificate; None while nobody registered any."""
    return _bescheinigt[0]() if _bescheinigt else None
