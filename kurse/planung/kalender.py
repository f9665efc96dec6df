"""Sessions as iCalendar (RFC 5545)."""

from collections.abc import Iterable
from datetime import UTC

from django.conf import settings
from django.urls import reverse
from icalendar import Calendar, Event

from kurse.planung.enums import TerminStatus
from kurse.planung.models import Kurs, Ort, Termin


def anschrift(ort: Ort | None) -> str:
    """Place in one line: name, street, postcode and town."""
    if ort is None:
        return ""
    town = f"{ort.plz} {ort.ort}".strip()
    return ", ".join(part for part in (ort.name, ort.strasse, town) if part)


def _event(termin: Termin, kurs: Kurs, *, mit_link: bool, folge: int) -> Event:
    event = Event()
    event.add("uid", f"{termin.public_id}@{settings.BASE_URL.split('//')[-1].split('/')[0].split(':')[0]}")
    event.add("dtstamp", termin.updated_at.astimezone(UTC))
    event.add("dtstart", termin.beginn.astimezone(UTC))
    event.add("dtend", termin.ende.astimezone(UTC))
    event.add("sequence", folge)
    event.add("summary", f"{kurs.titel}: {termin.thema}" if termin.thema else kurs.titel)
    place = anschrift(termin.ort) or (termin.link if mit_link else "")
    if place:
        event.add("location", place)
    lines = [settings.BASE_URL + reverse("kurs", args=[kurs.public_id])]
    if mit_link and termin.link:
        lines.insert(0, termin.link)
    event.add("description", "\n".join(lines))
    event.add("status", "CANCELLED" if termin.status == TerminStatus.ABGESAGT else "CONFIRMED")
    return event


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Nachqualifizierung FSA//DE")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    return calendar


def kalender_of_kurs(kurs: Kurs, termine: Iterable[Termin], *, mit_link: bool = False) -> bytes:
    """All sessions of a course; links to the online room only for people who belong to it (`mit_link`).

    `termine` carry `anzahl_aenderungen` where a session was changed before.
    """
    calendar = _calendar()
    calendar.add("x-wr-calname", kurs.titel)
    for termin in termine:
        calendar.add_component(_event(termin, kurs, mit_link=mit_link, folge=getattr(termin, "anzahl_aenderungen", 0)))
    return calendar.to_ical()


def kalender_of_termin(termin: Termin) -> str:
    """One session as an attachment for a mail to a participant or lecturer."""
    calendar = _calendar()
    calendar.add_component(_event(termin, termin.kurs, mit_link=True, folge=termin.aenderungen.count()))
    return calendar.to_ical().decode()


def dateiname(kurs: Kurs) -> str:
    stem = "".join(char if char.isascii() and (char.isalnum() or char in "-_") else "-" for char in kurs.nummer)
    return f"kurs-{stem}.ics"
