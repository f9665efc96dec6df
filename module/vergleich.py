"""Two versions, field by field: what was there, what is there now."""

import difflib
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from lms.core.templatetags.formate import datum, zahl
from module.felder import INHALTSFELDER, is_empty
from module.models import Modulversion


@dataclass(frozen=True, slots=True)
class Zeile:
    """One line of a text: `art` is gleich, neu or weg."""

    art: str
    text: str


@dataclass(frozen=True, slots=True)
class Feldvergleich:
    name: str
    titel: str
    alt: str
    neu: str
    zeilen: list[Zeile] = field(default_factory=list)

    @property
    def geaendert(self) -> bool:
        return self.alt != self.neu


def as_text(value: Any) -> str:
    """A field value as people read it; empty text for an unknown value."""
    if is_empty(value):
        return ""
    if isinstance(value, Decimal):
        return zahl(value)
    if hasattr(value, "strftime"):
        return datum(value)
    return str(value).strip().replace("\r\n", "\n")


def _lines(alt: str, neu: str) -> list[Zeile]:
    art = {" ": "gleich", "+": "neu", "-": "weg"}
    found = difflib.ndiff(alt.splitlines(), neu.splitlines())
    return [Zeile(art[line[0]], line[2:]) for line in found if line[0] in art]


def compare(alt: dict[str, Any], neu: dict[str, Any]) -> list[Feldvergleich]:
    """Compare two mappings of field values, in the order of the description."""
    rows = []
    for name in INHALTSFELDER:
        if name in alt and name in neu:
            old, new = as_text(alt[name]), as_text(neu[name])
            titel = str(Modulversion._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            rows.append(Feldvergleich(name, titel, old, new, _lines(old, new) if old != new else []))
    return rows


def values_of(version: Modulversion) -> dict[str, Any]:
    return {name: getattr(version, name) for name in INHALTSFELDER}


def compare_versionen(alt: Modulversion, neu: Modulversion) -> list[Feldvergleich]:
    return compare(values_of(alt), values_of(neu))


def summary(rows: list[Feldvergleich]) -> str:
    count = sum(row.geaendert for row in rows)
    return _("%(anzahl)s von %(gesamt)s Feldern geändert") % {"anzahl": count, "gesamt": len(rows)}
