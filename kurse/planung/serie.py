"""Series of sessions: weekly, as a block or on single days. Plain values in, drafts out; nothing is saved here.

Days and times are local wall time: a weekly course at 9:00 stays at 9:00 when the clocks change.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kurse.planung.enums import SerienArt
from kurse.planung.feiertage import feiertag
from kurse.planung.models import Ort, Termin
from lms.core.errors import DomainError

#: A typing mistake in “until” must not create years of sessions.
MAX_TERMINE = 120
MAX_TAGE = 3 * 366

Intervall = tuple[datetime, datetime]


def minuten_between(beginn: datetime, ende: datetime) -> int:
    """Minutes that really pass, also over a change of clocks (same-zone subtraction would count wall time)."""
    return int((ende.astimezone(UTC) - beginn.astimezone(UTC)).total_seconds() // 60)


def netto_minuten(beginn: datetime, ende: datetime, pausen: Iterable[Intervall] = ()) -> int:
    """Teaching minutes: duration minus breaks."""
    return minuten_between(beginn, ende) - sum(minuten_between(*pause) for pause in pausen)


def overlaps(a_beginn: datetime, a_ende: datetime, b_beginn: datetime, b_ende: datetime) -> bool:
    """Half-open intervals: a session that begins when another ends is no overlap."""
    return a_beginn < b_ende and b_beginn < a_ende


@dataclass(frozen=True, slots=True)
class TerminEntwurf:
    """One session that is not saved yet."""

    beginn: datetime
    ende: datetime
    pausen: tuple[Intervall, ...] = ()
    ort: Ort | None = None
    link: str = ""
    thema: str = ""

    @property
    def minuten(self) -> int:
        return netto_minuten(self.beginn, self.ende, self.pausen)


def entwurf_of(termin: Termin) -> TerminEntwurf:
    """The draft that equals a saved session."""
    pausen = tuple((pause.beginn, pause.ende) for pause in termin.pausen.all())
    return TerminEntwurf(termin.beginn, termin.ende, pausen, termin.ort, termin.link, termin.thema)


def local_datetime(tag: date, uhrzeit: time) -> datetime:
    """Wall time on a day. Raises DomainError `uhrzeit_gibt_es_nicht` for the hour that the clocks skip in March."""
    value = timezone.make_aware(datetime.combine(tag, uhrzeit))
    if value.astimezone(UTC).astimezone(value.tzinfo).replace(tzinfo=None) != value.replace(tzinfo=None):
        raise DomainError(
            "uhrzeit_gibt_es_nicht",
            _("Am %(tag)s gibt es die Uhrzeit %(zeit)s wegen der Zeitumstellung nicht.")
            % {"tag": f"{tag:%d.%m.%Y}", "zeit": f"{uhrzeit:%H:%M}"},
            field="beginn",
        )
    return value


@dataclass(frozen=True, slots=True)
class Pausenmuster:
    """Usual breaks: 15 minutes inside 2×90 minutes, one hour for lunch after it (Universität Bayreuth, ZHL)."""

    block: int = 90
    kurz: int = 15
    mittag: int = 60

    def pausen(self, beginn: time, ende: time) -> list[tuple[time, time]]:
        """Breaks between blocks; a break that would end the session is left out."""
        day = datetime(2000, 1, 1)
        cursor, end = datetime.combine(day, beginn), datetime.combine(day, ende)
        found: list[tuple[time, time]] = []
        lengths = (self.kurz, self.mittag)
        while True:
            start = cursor + timedelta(minutes=self.block)
            stop = start + timedelta(minutes=lengths[len(found) % 2])
            if stop >= end:
                return found
            found.append((start.time(), stop.time()))
            cursor = stop


@dataclass(frozen=True, slots=True)
class Ausgelassen:
    """A day of the series without a session, and why."""

    tag: date
    grund: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Serienplan:
    """What the planner asks for. `anzahl` counts sessions that take place; skipped days are made up for.

    Weekly: `wochentage` (Monday is 0; default: the weekday of `von`), every `rhythmus` weeks. Block: consecutive days.
    Single: `tage`.
    """

    art: str
    beginn: time
    ende: time
    von: date | None = None
    bis: date | None = None
    anzahl: int | None = None
    wochentage: tuple[int, ...] = ()
    rhythmus: int = 1
    tage: tuple[date, ...] = ()
    pausen: tuple[tuple[time, time], ...] = ()
    auslassen: frozenset[date] = frozenset()
    feiertage_auslassen: bool = True
    wochenenden_auslassen: bool = False
    ort: Ort | None = None
    link: str = ""
    thema: str = ""

    def _candidates(self) -> Iterator[date]:
        if self.art == SerienArt.EINZELN:
            yield from sorted(set(self.tage))
            return
        if self.von is None:
            raise DomainError("serie_ohne_beginn", _("Bitte geben Sie den ersten Tag an."), field="von")
        weekdays = set(self.wochentage) or {self.von.weekday()}
        monday = self.von - timedelta(days=self.von.weekday())
        for offset in range(MAX_TAGE):
            day = self.von + timedelta(days=offset)
            if self.bis and day > self.bis:
                return
            weeks = (day - monday).days // 7
            if self.art == SerienArt.BLOCK or (day.weekday() in weekdays and weeks % max(1, self.rhythmus) == 0):
                yield day

    def _skip_reason(self, day: date) -> str:
        if day in self.auslassen:
            return _("von Ihnen ausgenommen")
        if self.feiertage_auslassen and feiertag(day):
            return feiertag(day)
        if self.wochenenden_auslassen and self.art == SerienArt.BLOCK and day.weekday() >= 5:
            return _("Wochenende")
        return ""

    def days(self) -> tuple[list[date], list[Ausgelassen]]:
        """Days with a session, and skipped days with their reasons."""
        if self.art != SerienArt.EINZELN and not (self.bis or self.anzahl):
            raise DomainError(
                "serie_ohne_ende",
                _("Bitte geben Sie an, wie oft oder bis wann die Termine stattfinden."),
                field="anzahl",
            )
        chosen: list[date] = []
        skipped: list[Ausgelassen] = []
        for day in self._candidates():
            if self.anzahl and self.art != SerienArt.EINZELN and len(chosen) >= self.anzahl:
                break
            if reason := self._skip_reason(day):
                skipped.append(Ausgelassen(day, reason))
                continue
            chosen.append(day)
            if len(chosen) > MAX_TERMINE:
                raise DomainError(
                    "serie_zu_lang",
                    _("Eine Serie hat höchstens %(anzahl)s Termine.") % {"anzahl": MAX_TERMINE},
                    field="anzahl",
                )
        if not chosen:
            raise DomainError("serie_leer", _("Mit diesen Angaben entsteht kein Termin."), field="von")
        return chosen, skipped

    def entwuerfe(self) -> list[TerminEntwurf]:
        return [self._entwurf(day) for day in self.days()[0]]

    def _entwurf(self, day: date) -> TerminEntwurf:
        pausen = tuple((local_datetime(day, a), local_datetime(day, b)) for a, b in self.pausen)
        return TerminEntwurf(
            beginn=local_datetime(day, self.beginn),
            ende=local_datetime(day, self.ende),
            pausen=pausen,
            ort=self.ort,
            link=self.link,
            thema=self.thema,
        )


def build_serie(**plan: Any) -> list[TerminEntwurf]:
    """Drafts of a series; keywords as in `Serienplan`.

    Raises DomainError: `serie_ohne_beginn`, `serie_ohne_ende`, `serie_leer`, `serie_zu_lang`, `uhrzeit_gibt_es_nicht`.
    """
    return Serienplan(**plan).entwuerfe()
