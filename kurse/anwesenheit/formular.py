"""The form of a session's list. Thirty people are thirty rows of plain fields, so it is parsed by hand: one pass over
the posted values instead of thirty Django forms. What was typed is kept as typed, so a refused form shows it again.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from kurse.anwesenheit.eintrag import AnwesenheitEintrag, Konflikt
from kurse.anwesenheit.enums import AnwesenheitModus, AnwesenheitStatus
from kurse.anwesenheit.models import Anwesenheitsvermerk
from kurse.anwesenheit.services import AnwesenheitKonflikt
from kurse.einschreibung.models import Einschreibung
from kurse.planung.enums import Modus
from kurse.planung.models import Termin
from lms.core.errors import DomainError
from lms.core.ids import random_code

_NONCE = re.compile(r"[a-z0-9]{8,40}\Z")
_ZEIT = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)(?::\d\d)?\Z")


@dataclass(slots=True)
class Zeile:
    """The typed values of one person, and what is wrong with them."""

    public_id: str
    status: str = ""
    minuten: str = ""
    von: str = ""
    bis: str = ""
    modus: str = AnwesenheitModus.PRAESENZ.value
    notiz: str = ""
    basis: int = 0
    fehler: str = ""
    konflikt: Konflikt | None = None
    einschreibung: Einschreibung | None = None
    verlauf: list[Anwesenheitsvermerk] = field(default_factory=list)

    @property
    def vermerk(self) -> Anwesenheitsvermerk | None:
        return self.verlauf[-1] if self.verlauf else None


@dataclass(slots=True)
class Formular:
    """All rows by public id of the enrolment; `nonce` makes the client keys of one opened page."""

    nonce: str = field(default_factory=lambda: random_code(16))
    grund: str = ""
    zeilen: dict[str, Zeile] = field(default_factory=dict)
    fehler: str = ""
    grund_fehler: str = ""

    @property
    def hat_fehler(self) -> bool:
        return bool(self.fehler or self.grund_fehler or any(z.fehler for z in self.zeilen.values()))

    @property
    def fehlerhafte(self) -> list[Zeile]:
        return [z for z in self.zeilen.values() if z.fehler or z.konflikt]

    def add_error(self, error: DomainError) -> None:
        """Put a refusal of the service to the row it belongs to; a stale form gets a new nonce and new bases."""
        row = self.zeilen.get(str(error.details.get("einschreibung", "")))
        if isinstance(error, AnwesenheitKonflikt):
            for konflikt in error.konflikte:
                zeile = self.zeilen[konflikt.einschreibung_id]
                zeile.konflikt, zeile.basis = konflikt, konflikt.vermerk_id
        if error.code in ("anwesenheit_konflikt", "schluessel_vergeben"):
            self.nonce = random_code(16)
        if error.field == "grund":
            self.grund_fehler = error.message
        elif row is not None and error.code != "schluessel_vergeben":
            row.fehler = error.message
        else:
            self.fehler = error.message


def _local_time(value: datetime | None) -> str:
    return f"{timezone.localtime(value):%H:%M}" if value else ""


def default_modus(termin: Termin) -> str:
    return AnwesenheitModus.ONLINE.value if termin.kurs.modus == Modus.ONLINE else AnwesenheitModus.PRAESENZ.value


def _stored(zeile: Zeile, vermerk: Anwesenheitsvermerk) -> None:
    zeile.status, zeile.notiz, zeile.basis, zeile.modus = vermerk.status, vermerk.notiz, vermerk.pk, vermerk.modus
    if vermerk.status == AnwesenheitStatus.TEILWEISE:
        zeile.von, zeile.bis = _local_time(vermerk.von), _local_time(vermerk.bis)
        zeile.minuten = "" if vermerk.von or vermerk.bis else str(vermerk.minuten)


def complete(
    formular: Formular,
    termin: Termin,
    teilnehmende: list[Einschreibung],
    verlauf: Mapping[int, list[Anwesenheitsvermerk]],
) -> Formular:
    """Rows in the order of the list: typed values where there are some, else what is recorded."""
    rows = {}
    for einschreibung in teilnehmende:
        zeile = formular.zeilen.get(einschreibung.public_id)
        entries = verlauf.get(einschreibung.pk, [])
        if zeile is None:
            zeile = Zeile(einschreibung.public_id, modus=default_modus(termin))
            if entries:
                _stored(zeile, entries[-1])
        zeile.einschreibung, zeile.verlauf = einschreibung, entries
        rows[zeile.public_id] = zeile
    formular.zeilen = rows
    return formular


def parse(data: QueryDict, termin: Termin) -> Formular:
    """Read the posted rows; every row sends `basis-<id>`, so these fields say who was on the page."""
    nonce = data.get("nonce", "")
    formular = Formular(grund=data.get("grund", "").strip())
    if _NONCE.match(nonce):
        formular.nonce = nonce
    for name in data:
        if not name.startswith("basis-"):
            continue
        key = name[6:]
        basis = data[name]
        formular.zeilen[key] = Zeile(
            key,
            status=data.get(f"status-{key}", ""),
            minuten=data.get(f"minuten-{key}", "").strip(),
            von=data.get(f"von-{key}", "").strip(),
            bis=data.get(f"bis-{key}", "").strip(),
            modus=data.get(f"modus-{key}", "") or default_modus(termin),
            notiz=data.get(f"notiz-{key}", "").strip(),
            basis=int(basis) if basis.isdecimal() and len(basis) < 19 else 0,
        )
    return formular


def _instant(text: str, termin: Termin) -> datetime | None:
    """A wall-clock time on the day of the session (or the next one, for a session over midnight)."""
    if not text:
        return None
    match = _ZEIT.match(text)
    if not match:
        raise ValueError
    clock = time(int(match[1]), int(match[2]))
    begin, end = timezone.localtime(termin.beginn), timezone.localtime(termin.ende)
    day = begin.date()
    if clock < begin.time() and end.date() > day and clock <= end.time():
        day += timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, clock))


def _whole(text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or len(text) > 5:
        raise ValueError
    return int(text)


def entries_of(formular: Formular, termin: Termin, *, rest_anwesend: bool = False) -> list[AnwesenheitEintrag]:
    """The entries to record. Rows without a choice are left out, or present with `rest_anwesend`.

    Minutes and times count only with "teilweise": with any other choice their fields are not shown. Rows that cannot
    be read get their `fehler`.
    """
    entries = []
    for zeile in formular.zeilen.values():
        if not zeile.status and rest_anwesend:
            zeile.status = AnwesenheitStatus.ANWESEND.value
        if not zeile.status:
            continue
        try:
            entries.append(_entry(zeile, formular, termin))
        except ValueError:
            zeile.fehler = _("Bitte geben Sie ganze Minuten (z. B. 45) oder Uhrzeiten (z. B. 9:30) an.")
    return entries


def _entry(zeile: Zeile, formular: Formular, termin: Termin) -> AnwesenheitEintrag:
    partial = zeile.status == AnwesenheitStatus.TEILWEISE
    return AnwesenheitEintrag(
        einschreibung_id=zeile.public_id,
        status=zeile.status,
        client_key=f"{formular.nonce}:{zeile.public_id}"[:64],
        minuten=_whole(zeile.minuten) if partial else None,
        von=_instant(zeile.von, termin) if partial else None,
        bis=_instant(zeile.bis, termin) if partial else None,
        modus=zeile.modus,
        notiz=zeile.notiz,
        grund=formular.grund,
        basis=zeile.basis,
    )
