"""What the pages show of versions and programmes, prepared for templates."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from lms.core.templatetags.formate import ects, ue, zahl
from module.enums import BausteinArt
from module.felder import GRUPPEN
from module.models import Baustein, Modulversion
from module.vergleich import as_text


@dataclass(frozen=True, slots=True)
class Angabe:
    titel: str
    text: str


@dataclass(frozen=True, slots=True)
class Pflichtangabe:
    """One of the nine mandatory fields with what the version says about it."""

    nummer: int
    titel: str
    angaben: list[Angabe]

    @property
    def leer(self) -> bool:
        return not any(angabe.text for angabe in self.angaben)


def pflichtangaben(version: Modulversion) -> list[Pflichtangabe]:
    """All nine fields, in the order of the regulation; empty ones stay, so that the gap is seen."""
    return [
        Pflichtangabe(gruppe.nummer, str(gruppe.titel), [_angabe(version, name) for name in gruppe.felder])
        for gruppe in GRUPPEN
    ]


def _angabe(version: Modulversion, name: str) -> Angabe:
    text = as_text(getattr(version, name))
    if name == "niveau_orientierung" and text:
        text = _("%(niveau)s (keine amtliche Zuordnung)") % {"niveau": text}
    return Angabe(str(version._meta.get_field(name).verbose_name), text)  # type: ignore[union-attr]


def anbieter_of(version: Modulversion) -> str:
    """Who teaches by this description: the institution of the source, else the partner in charge."""
    for baustein in getattr(version.modul, "in_programmen", []):
        if version.quelle_url and baustein.programmversion.programm.einrichtung:
            return baustein.programmversion.programm.einrichtung
    return version.modul.verantwortlich.name


def pfad_of(bausteine: list[Baustein]) -> list[dict[str, Any]]:
    """The way through a programme as steps for the `pfad` tag."""
    groups: dict[str, int] = {}
    for part in bausteine:
        groups[part.gruppe] = groups.get(part.gruppe, 0) + 1
    return [_schritt(part, groups[part.gruppe]) for part in bausteine]


def _schritt(part: Baustein, in_group: int) -> dict[str, Any]:
    url = ""
    if part.modul and getattr(part, "veroeffentlicht", True):
        url = reverse("modul", args=[part.modul.public_id])
    return {
        "titel": part.titel,
        "url": url,
        "art": "naechste" if part.art == BausteinArt.PFLICHT else "offen",
        "status": _art_text(part, in_group),
        "text": umfang(part.ue, part.stunden, part.ects),
    }


def _art_text(part: Baustein, in_group: int) -> str:
    if not part.gruppe:
        return str(part.get_art_display())
    if part.gruppe_mindestens is None:
        return _("%(art)s, Gruppe „%(gruppe)s“ (%(anzahl)s zur Wahl; nötige Zahl nicht angegeben)") % {
            "art": part.get_art_display(),
            "gruppe": part.gruppe,
            "anzahl": in_group,
        }
    return _("%(art)s, Gruppe „%(gruppe)s“: mindestens %(mindestens)s von %(anzahl)s") % {
        "art": part.get_art_display(),
        "gruppe": part.gruppe,
        "mindestens": part.gruppe_mindestens,
        "anzahl": in_group,
    }


def umfang(ue_zahl: Decimal | None, stunden: Decimal | None, punkte: Decimal | None) -> str:
    """Only what is known: “16 UE · 120 h · 5 ECTS”."""
    parts = [
        ue(ue_zahl) if ue_zahl is not None else "",
        f"{zahl(stunden)}\N{NO-BREAK SPACE}h" if stunden is not None else "",
        ects(punkte) if punkte is not None else "",
    ]
    return " · ".join(filter(None, parts))


@dataclass(frozen=True, slots=True)
class Summe:
    """A total as the source states it, beside the sum of the parts that state a number."""

    titel: str
    angegeben: str
    aus_teilen: str


def summen(version: Any, bausteine: list[Baustein]) -> list[Summe]:
    rows = []
    for titel, stated, name, einheit in (
        (_("Unterrichtseinheiten"), version.ue_gesamt, "ue", "UE"),
        (_("Zeitstunden"), version.stunden_gesamt, "stunden", "h"),
        (_("ECTS-Punkte"), version.ects_gesamt, "ects", "ECTS"),
    ):
        known = [getattr(part, name) for part in bausteine if getattr(part, name) is not None]
        parts = ""
        if known:
            parts = _("Summe der Teile mit Angabe: %(summe)s %(einheit)s (%(mit)s von %(alle)s Teilen)") % {
                "summe": zahl(sum(known, Decimal(0))),
                "einheit": einheit,
                "mit": len(known),
                "alle": len(bausteine),
            }
        angegeben = f"{zahl(stated)}\N{NO-BREAK SPACE}{einheit}" if stated is not None else _("keine Angabe")
        rows.append(Summe(titel, angegeben, parts))
    return rows
