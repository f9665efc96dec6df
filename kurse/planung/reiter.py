"""Tabs of a course page. Rooms above planning register theirs at start-up, so planning names none of them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from kurse.planung.models import Kurs
from kurse.planung.permissions import remembered_kursrechte
from lms.core.navigation import Link
from lms.konten.models import Person


@dataclass(frozen=True, slots=True)
class Reiter:
    """`url_name` takes `public_id` of the course; `visible(person, kurs)` decides; low `order` comes first."""

    titel: object
    url_name: str
    visible: Callable[[Person, Kurs], bool]
    order: int = 50


_reiter: list[Reiter] = []


def register(*entries: Reiter) -> None:
    for entry in entries:
        if entry not in _reiter:
            _reiter.append(entry)
    _reiter.sort(key=lambda entry: entry.order)


def reiter_for(person: Person, kurs: Kurs, current_url_name: str = "") -> list[Link]:
    with remembered_kursrechte(person):
        return [
            Link(r.titel, reverse(r.url_name, args=[kurs.public_id]), r.url_name == current_url_name)
            for r in _reiter
            if r.visible(person, kurs)
        ]
