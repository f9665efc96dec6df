"""What stands in the exported tables: the same rows as on the pages."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kurse.fortschritt.land import Landeszahlen, Landzeile
from kurse.fortschritt.traeger import Teamzeile

Row = list[Any]
#: Title of the sheet.
TEAM = gettext_lazy("Fortschritt")


def team_rows(zeilen: Iterable[Teamzeile]) -> Iterator[Row]:
    """One row per person and course; people without consent or without a course have one row."""
    yield [
        _("Nachname"),
        _("Vorname"),
        _("Arbeitgeber"),
        _("Einwilligung"),
        _("Modul"),
        _("Kursnummer"),
        _("Beginn"),
        _("Ende"),
        _("Stand"),
        _("UE geplant"),
        _("UE besucht"),
        _("abgeschlossen"),
        _("Zertifikate"),
    ]
    for zeile in zeilen:
        yield from _person_rows(zeile)


def _person_rows(zeile: Teamzeile) -> Iterator[Row]:
    yes, no = _("ja"), _("nein")
    person = [zeile.nachname, zeile.vorname, zeile.arbeitgeber]
    if not zeile.module:
        consent = yes if zeile.eingewilligt else _("keine Einwilligung")
        yield [*person, consent, *[None] * 8, _numbers(zeile, None) or None]
    taken = {modul.modul_id for modul in zeile.module}
    for index, modul in enumerate(zeile.module):
        wanted = {modul.modul_id} | ({n.modul_id for n in zeile.nachweise} - taken if index == 0 else set())
        yield [
            *person,
            yes,
            modul.titel,
            modul.nummer,
            modul.beginn,
            modul.ende,
            str(modul.stand.label),
            modul.ue_geplant,
            modul.ue_besucht,
            yes if modul.abgeschlossen else no,
            _numbers(zeile, wanted) or None,
        ]


def _numbers(zeile: Teamzeile, modul_ids: set[int | None] | None) -> str:
    """Numbers of the valid certificates: all of them, or those of some modules."""
    rows = (n for n in zeile.nachweise if n.gueltig and (modul_ids is None or n.modul_id in modul_ids))
    return ", ".join(nachweis.nummer for nachweis in rows)


def land_sheets(zahlen: Landeszahlen) -> dict[str, Iterator[Row]]:
    """The tables of the page with the same numbers hidden; a last sheet says how to read them."""
    return {
        _("Kreise"): _land_rows(_("Kreis"), [*zahlen.kreise, zahlen.summe], zahlen, angebot=True),
        _("Programme"): _land_rows(_("Programm"), zahlen.programme, zahlen),
        _("Arbeitgeber"): _land_rows(_("Arbeitgeber"), zahlen.arbeitgeber, zahlen),
        _("Ohne Angebot"): iter(
            [[_("Kreise ohne Kursbeginn in den nächsten 6 Monaten")], *[[n] for n in zahlen.ohne_angebot]]
        ),
        _("Hinweise"): iter([[_("Hinweis")], [legende()]]),
    }


def _gap_rows(zahlen: Landeszahlen) -> Iterator[Row]:
    yield [_("Kreise ohne Kursbeginn in den nächsten 6 Monaten")]
    yield from ([name] for name in zahlen.ohne_angebot)


#: The one mark for every hidden number.
HIDDEN = "•"


def legende() -> str:
    """How to read the tables."""
    return _(
        "• steht für eine nicht ausgewiesene Zahl: weniger als 5 Personen, oder eine Zahl, aus der sich eine solche "
        "berechnen ließe. Gezählt werden Personen je Zeile; wer in mehreren Zeilen lernt, zählt in jeder."
    )


def _land_rows(first: str, rows: Iterable[Landzeile], zahlen: Landeszahlen, *, angebot: bool = False) -> Iterator[Row]:
    head = [first, _("eingeschriebene Personen"), _("Personen mit abgeschlossenem Modul")]
    head += [_("Personen mit Zertifikat")] if zahlen.mit_zertifikaten else []
    head += [_("besuchte UE"), _("Personen auf Wartelisten")]
    head += [_("laufende Kurse"), _("geplante Kurse"), _("freie Plätze bei offener Anmeldung")] if angebot else []
    yield head
    for row in rows:
        values: list[int | Decimal | None] = [row.eingeschrieben, row.abgeschlossen]
        values += [row.zertifikate] if zahlen.mit_zertifikaten else []
        values += [row.ue_besucht, row.warteliste]
        offers = [row.kurse_laufend, row.kurse_geplant, row.freie_plaetze] if angebot else []
        yield [str(row.titel), *[HIDDEN if value is None else value for value in values], *offers]
