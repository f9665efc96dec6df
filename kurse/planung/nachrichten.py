"""Mails about changed sessions and cancelled courses. They name no reasons: a reason may be somebody's illness."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from kurse.planung.beteiligte import betroffene_of
from kurse.planung.kalender import kalender_of_termin
from kurse.planung.models import Kurs, Termin, Terminaenderung
from lms.post.services import queue_nachricht


def _link(kurs: Kurs) -> str:
    return settings.BASE_URL + reverse("kurs", args=[kurs.public_id])


def tell_terminaenderung(termin: Termin, aenderung: Terminaenderung) -> int:
    """One mail per person and change; returns how many people are told."""
    kontext: dict[str, Any] = {
        "kurs": termin.kurs,
        "termin": termin,
        "aenderung": aenderung,
        "link": _link(termin.kurs),
    }
    kalender = kalender_of_termin(termin)
    people = list(betroffene_of(termin.kurs))
    for person in people:
        key = f"termin:{termin.public_id}:{aenderung.public_id}:{person.public_id}"
        queue_nachricht(key, person, f"termin_{aenderung.art}", kontext, kalender=kalender)
    return len(people)


def tell_absage(kurs: Kurs) -> int:
    """One mail per person when the whole course is cancelled."""
    people = list(betroffene_of(kurs))
    for person in people:
        key = f"kursabsage:{kurs.public_id}:{person.public_id}"
        queue_nachricht(key, person, "kurs_abgesagt", {"kurs": kurs, "link": _link(kurs)})
    return len(people)
