"""The frozen facts of one attestation: everything that is printed, and nothing that is looked up later.

A snapshot is stored as JSON with the document it belongs to (dates ISO, numbers as strings). It never changes; a later
form of it gets a new SCHEMA_VERSION, and the reader of every earlier version stays.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from zertifikate.pdf.rules import (
    Record,
    SnapshotError,
    day,
    line,
    listed,
    number,
    optional,
    record,
    ruled,
    text,
)

__all__ = [
    "ARTEN",
    "SCHEMA_VERSION",
    "Anrechnung",
    "Aussteller",
    "Person",
    "Snapshot",
    "SnapshotError",
    "Unterzeichnende",
    "Vorlage",
]

SCHEMA_VERSION = 1
TEILNAHMEBESCHEINIGUNG = "teilnahmebescheinigung"
MODULBESCHEINIGUNG = "modulbescheinigung"
ZERTIFIKAT = "zertifikat"
ARTEN = (TEILNAHMEBESCHEINIGUNG, MODULBESCHEINIGUNG, ZERTIFIKAT)


@dataclass(frozen=True, slots=True)
class Person(Record):
    """The holder, as on the identity document. The date of birth is left out where the template doesn't ask for it."""

    vorname: str = text(200, required=False)
    nachname: str = text(200)
    geburtsdatum: date | None = ruled(optional(day()))


@dataclass(frozen=True, slots=True)
class Aussteller(Record):
    name: str = text(300)
    anschrift: str = text(500, required=False, lines=True)
    ort: str = text(100)


@dataclass(frozen=True, slots=True)
class Unterzeichnende(Record):
    name: str = text(200)
    funktion: str = text(300, required=False)


@dataclass(frozen=True, slots=True)
class Anrechnung(Record):
    """A part that was recognised instead of taught: shown with source and date of the decision."""

    bezeichnung: str = text(300)
    stelle: str = text(300)
    datum: date = ruled(day())
    ue: Decimal | None = ruled(optional(number()))
    ects: Decimal | None = ruled(optional(number(999)))


@dataclass(frozen=True, slots=True)
class Vorlage(Record):
    """The wording, part of the facts: a changed template never changes a document that was issued."""

    version: str = text(60)
    ueberschrift: str = text(120)
    einleitung: str = text(2000, required=False, lines=True)
    schlusstext: str = text(4000, required=False, lines=True)


@dataclass(frozen=True, slots=True)
class Snapshot(Record):
    """``ue_geplant`` and ``ue_besucht`` in units of 45 minutes, ``ects`` in credits; ``note`` None is "unbenotet".

    ``niveau_orientierung`` is only the name of the level ("Niveau 6 des DQR"); it is printed as an orientation, because
    an award that is not in the register must not carry a level (dqr.de, 2412).
    """

    art: str = text(40, choices=ARTEN)
    nummer: str = text(60)
    person: Person = ruled(record(Person))
    aussteller: Aussteller = ruled(record(Aussteller))
    weitere_aussteller: tuple[str, ...] = ruled(listed(line(300), longest=8))
    titel: str = text(400)
    modulcode: str = text(60, required=False)
    version: str = text(60, required=False)
    katalog: str = text(300, required=False)
    inhalte: tuple[str, ...] = ruled(listed(line(1000), longest=200))
    ue_geplant: Decimal = ruled(number())
    ue_besucht: Decimal = ruled(number())
    ects: Decimal | None = ruled(optional(number(999)))
    note: str | None = ruled(optional(line(60)))
    ergebnis: str = text(300, required=False)
    beginn: date = ruled(day())
    ende: date = ruled(day())
    anforderungen_erfuellt_am: date = ruled(day())
    ausgestellt_am: date = ruled(day())
    unterzeichnende: tuple[Unterzeichnende, ...] = ruled(listed(record(Unterzeichnende), longest=6, required=True))
    rechtsgrundlage: str = text(1000, required=False, lines=True)
    hinweis: str = text(2000, required=False, lines=True)
    niveau_orientierung: str = text(120, required=False)
    quelle: str = text(500, required=False)
    pruefcode: str = text(60)
    pruef_url: str = text(300)
    anrechnungen: tuple[Anrechnung, ...] = ruled(listed(record(Anrechnung), longest=60))
    vorlage: Vorlage = ruled(record(Vorlage))

    def check_together(self) -> None:
        if self.ende < self.beginn:
            raise SnapshotError("value", "ende")
        if self.ausgestellt_am < self.anforderungen_erfuellt_am:
            raise SnapshotError("value", "ausgestellt_am")
        if not self.pruef_url.startswith(("https://", "http://")) or not self.pruef_url.isascii():
            raise SnapshotError("value", "pruef_url")
        if self.art == TEILNAHMEBESCHEINIGUNG:
            # Credits and grades are for proven performance, never for attendance (SächsStudAkkVO § 8 (1) s. 4).
            if self.ects is not None:
                raise SnapshotError("value", "ects")
            if self.note is not None:
                raise SnapshotError("value", "note")

    @classmethod
    def from_dict(cls, data: Any) -> "Snapshot":
        """Read what ``to_dict`` wrote; raises SnapshotError(code, field)."""
        if not isinstance(data, dict):
            raise SnapshotError("type", "")
        if "schema_version" not in data:
            raise SnapshotError("missing", "schema_version")
        if type(data["schema_version"]) is not int or data["schema_version"] != SCHEMA_VERSION:
            raise SnapshotError("schema", "schema_version")
        return super(Snapshot, cls).from_dict({key: value for key, value in data.items() if key != "schema_version"})

    def to_dict(self) -> dict[str, Any]:
        return {"schema_version": SCHEMA_VERSION, **super(Snapshot, self).to_dict()}
