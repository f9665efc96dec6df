"""What an import would do with each row, and why: the findings of the preview, with a constant number of queries."""

import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kurse.einschreibung.enums import EinschreibungStatus
from kurse.einschreibung.tabellen import Rohzeile, parse_datum
from kurse.planung.models import Kurs
from lms.konten.models import Beschaeftigung, Organisation, Person
from lms.konten.namen import clean_name
from lms.konten.selectors import active_on


class Befund(models.TextChoices):
    """What becomes of a row."""

    NEU = "neu", gettext_lazy("neu: Konto wird angelegt")
    VORHANDEN = "vorhanden", gettext_lazy("Konto vorhanden: wird eingeschrieben")
    SCHON = "schon_eingeschrieben", gettext_lazy("schon eingeschrieben")
    PRUEFEN = "pruefen", gettext_lazy("möglicherweise dieselbe Person")
    FEHLER = "fehler", gettext_lazy("Fehler")


@dataclass(frozen=True, slots=True)
class Zeile:
    """A cleaned row with its finding; `hinweise` say what a person should know or correct."""

    nr: int
    vorname: str = ""
    nachname: str = ""
    email: str = ""
    geburtsdatum: str = ""
    arbeitgeber: str = ""
    arbeitgeber_id: int | None = None
    befund: str = Befund.NEU
    hinweise: list[str] = field(default_factory=list)
    fehler: list[str] = field(default_factory=list)

    @property
    def datum(self) -> date | None:
        return date.fromisoformat(self.geburtsdatum) if self.geburtsdatum else None

    @property
    def befund_text(self) -> str:
        return str(Befund(self.befund).label)

    @property
    def art(self) -> str:
        """Kind of the badge."""
        return {Befund.FEHLER: "danger", Befund.PRUEFEN: "warning", Befund.SCHON: "neutral"}.get(
            Befund(self.befund), "success"
        )

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Zeile":
        return cls(**data)


def _clean_text(text: str) -> str:
    """NFC, one space between words, no control characters."""
    text = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in unicodedata.normalize("NFC", text))
    return " ".join(text.split())


def clean_zeilen(rows: Iterable[Rohzeile]) -> list[Zeile]:
    """Rows with normalised text and the faults that can be seen without the database."""
    found = [_clean_zeile(row) for row in rows]
    seen: dict[str, int] = {}
    for index, zeile in enumerate(found):
        first = seen.setdefault(zeile.email, zeile.nr)
        if zeile.email and first != zeile.nr:
            text = _("Diese E-Mail-Adresse steht schon in Zeile %(nr)s.") % {"nr": first}
            found[index] = replace(zeile, fehler=[*zeile.fehler, text])
    return found


def _clean_zeile(row: Rohzeile) -> Zeile:
    fehler = []
    vorname, nachname = (_clean_text(row.werte.get(name, "")) for name in ("vorname", "nachname"))
    email = _clean_text(row.werte.get("email", "")).casefold().removeprefix("mailto:")
    fehler += _name_faults(vorname, _("Vorname")) + _name_faults(nachname, _("Nachname"))
    fehler += _email_faults(email)
    geburtsdatum, fault = _clean_datum(row.werte.get("geburtsdatum", ""))
    return Zeile(
        nr=row.nr,
        vorname=vorname[:120],
        nachname=nachname[:120],
        email=email[:254],
        geburtsdatum=geburtsdatum,
        arbeitgeber=_clean_text(row.werte.get("arbeitgeber", ""))[:200],
        fehler=[*fehler, *fault],
    )


def _name_faults(name: str, feld: str) -> list[str]:
    if not name:
        return [_("Es fehlt: %(feld)s.") % {"feld": feld}]
    if len(name) > 120:
        return [_("%(feld)s: höchstens 120 Zeichen.") % {"feld": feld}]
    try:
        clean_name(name)
    except ValidationError as exc:
        return [f"{feld}: {exc.messages[0]}"]
    return []


def _email_faults(email: str) -> list[str]:
    if not email:
        return [_("Die E-Mail-Adresse fehlt.")]
    try:
        validate_email(email)
    except ValidationError:
        return [_("Die E-Mail-Adresse ist ungültig.")]
    return [] if len(email) <= 254 else [_("Die E-Mail-Adresse ist zu lang.")]


def _clean_datum(text: str) -> tuple[str, list[str]]:
    try:
        day = parse_datum(text)
    except (ValueError, OverflowError):
        return "", [
            _("Das Geburtsdatum „%(wert)s“ ist nicht lesbar, zum Beispiel 31.12.1990.") % {"wert": text.strip()[:30]}
        ]
    if day is None:
        return "", []
    if not date(1900, 1, 1) <= day < timezone.localdate():
        return "", [_("Das Geburtsdatum liegt nicht in der Vergangenheit.")]
    return day.isoformat(), []


@dataclass(slots=True)
class _Bestand:
    """What the database already knows about the people of the file."""

    personen: dict[str, Person]
    eingeschrieben: dict[int, str]
    namen: set[tuple[str, str, date | None]]
    organisationen: dict[str, Organisation]
    beschaeftigt: set[tuple[int, int]]


def _chunks(values: list[str], size: int = 900) -> Iterable[list[str]]:
    return (values[i : i + size] for i in range(0, len(values), size))


def _load_bestand(kurs: Kurs, zeilen: list[Zeile]) -> _Bestand:
    """Queries depend on the size of the file only in chunks of 900 (the limit of variables of SQLite)."""
    emails = sorted({zeile.email for zeile in zeilen if zeile.email})
    days = sorted({zeile.geburtsdatum for zeile in zeilen if zeile.geburtsdatum})
    personen: dict[str, Person] = {}
    for part in _chunks(emails):
        found = Person.objects.annotate(adresse=Lower("email")).filter(adresse__in=part)
        personen |= {person.email.casefold(): person for person in found}
    namen: set[tuple[str, str, date | None]] = set()
    for part in _chunks(days):
        rows = Person.objects.filter(geburtsdatum__in=part).values_list("vorname", "nachname", "geburtsdatum")
        namen |= {(vorname.casefold(), nachname.casefold(), day) for vorname, nachname, day in rows}
    organisationen: dict[str, Organisation] = {}
    beschaeftigt: set[tuple[int, int]] = set()
    if any(zeile.arbeitgeber for zeile in zeilen):
        for org in Organisation.objects.filter(ist_arbeitgeber=True).order_by("-pk"):
            organisationen |= {org.kurzname.casefold(): org, org.name.casefold(): org}
        beschaeftigt = set(
            Beschaeftigung.objects.filter(active_on(), arbeitgeber__ist_arbeitgeber=True).values_list(
                "person_id", "arbeitgeber_id"
            )
        )
    eingeschrieben = dict(kurs.einschreibungen.values_list("person_id", "status"))
    return _Bestand(personen, eingeschrieben, namen, organisationen, beschaeftigt)


def check_zeilen(kurs: Kurs, zeilen: Iterable[Zeile]) -> list[Zeile]:
    """The finding of every row against the database of this moment; may be repeated at any time."""
    rows = [replace(zeile, hinweise=[], arbeitgeber_id=None) for zeile in zeilen]
    bestand = _load_bestand(kurs, rows)
    return [_check_zeile(zeile, bestand) for zeile in rows]


def _check_zeile(zeile: Zeile, bestand: _Bestand) -> Zeile:
    if zeile.fehler:
        return replace(zeile, befund=Befund.FEHLER)
    person = bestand.personen.get(zeile.email)
    if person is None:
        return _check_new(zeile, bestand)
    if not person.is_active:
        return replace(zeile, befund=Befund.FEHLER, hinweise=[_("Das Konto zu dieser Adresse ist gesperrt.")])
    status = bestand.eingeschrieben.get(person.pk)
    if status not in (None, EinschreibungStatus.STORNIERT, EinschreibungStatus.ABGELEHNT):
        return replace(zeile, befund=Befund.SCHON)
    hinweise = []
    if status is not None:
        hinweise.append(_("Eine frühere Einschreibung wurde beendet und beginnt neu."))
    if (person.vorname.casefold(), person.nachname.casefold()) != (zeile.vorname.casefold(), zeile.nachname.casefold()):
        hinweise.append(_("Der Name weicht vom Konto ab; es gilt der Name des Kontos."))
    org = bestand.organisationen.get(zeile.arbeitgeber.casefold()) if zeile.arbeitgeber else None
    employed = org is not None and (person.pk, org.pk) in bestand.beschaeftigt
    if zeile.arbeitgeber and not employed:
        hinweise.append(_("Der Arbeitgeber ist für dieses Konto nicht hinterlegt und wird nicht übernommen."))
    return replace(
        zeile,
        befund=Befund.VORHANDEN,
        hinweise=hinweise,
        arbeitgeber_id=org.pk if org is not None and employed else None,
    )


def _check_new(zeile: Zeile, bestand: _Bestand) -> Zeile:
    hinweise = []
    org = bestand.organisationen.get(zeile.arbeitgeber.casefold()) if zeile.arbeitgeber else None
    if zeile.arbeitgeber and org is None:
        hinweise.append(_("Dieser Arbeitgeber ist nicht bekannt und wird nicht übernommen."))
    befund = Befund.NEU
    day = zeile.datum
    if day and (zeile.vorname.casefold(), zeile.nachname.casefold(), day) in bestand.namen:
        befund = Befund.PRUEFEN
        hinweise.append(_("Name und Geburtsdatum stimmen mit einem Konto unter anderer E-Mail-Adresse überein."))
    elif not day:
        hinweise.append(_("Ohne Geburtsdatum kann später kein Zertifikat ausgestellt werden."))
    return replace(zeile, befund=befund, hinweise=hinweise, arbeitgeber_id=org.pk if org else None)
