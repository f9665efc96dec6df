"""What the pages of this room show: contexts from selectors and sums, in a fixed number of queries."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kurse.anwesenheit import formular, selectors
from kurse.anwesenheit.enums import WAR_DA, AnwesenheitModus, AnwesenheitStatus
from kurse.anwesenheit.formular import Formular
from kurse.anwesenheit.models import Anwesenheitsstand
from kurse.anwesenheit.regeln import check_recordable, erfassbar_ab
from kurse.anwesenheit.zeiten import Zeiten, anteil, schwelle_erreicht, zeiten_of
from kurse.einschreibung.models import Einschreibung
from kurse.planung.enums import Modus, TerminStatus
from kurse.planung.models import Kurs, Termin
from lms.core.errors import DomainError
from lms.core.templatetags.formate import minuten
from module.enums import EntschuldigtZaehlt
from module.models import Anwesenheitsregel
from module.ue import ue_from_minuten


def _obstacle(termin: Termin) -> str:
    """Why nobody can record now; empty when recording is possible."""
    try:
        check_recordable(termin)
    except DomainError as error:
        return error.message
    return ""


def liste_context(termin: Termin, form: Formular) -> dict[str, Any]:
    verlauf = selectors.verlauf_of_termin(termin)
    formular.complete(form, termin, selectors.teilnehmende_in_order(termin.kurs), verlauf)
    hindernis = _obstacle(termin)
    zeilen = list(form.zeilen.values())
    return {
        "termin": termin,
        "kurs": termin.kurs,
        "formular": form,
        "zeilen": zeilen,
        "hindernis": hindernis,
        "bearbeitbar": termin.darf_erfassen and not hindernis and bool(zeilen),  # type: ignore[attr-defined]
        "erfasst": sum(1 for zeile in zeilen if zeile.vermerk),
        "erfassbar_ab": erfassbar_ab(termin),
        "stati": _choices(),
        "hybrid": termin.kurs.modus == Modus.HYBRID,
        "modi": AnwesenheitModus.choices,
        "ereignisse": list(termin.listenereignisse.select_related("person")),
        "pausen": list(termin.pausen.all()),
        "schliessbar": timezone.now() >= termin.beginn,
    }


def _choices() -> list[tuple[str, str]]:
    """Short words for the buttons; the long ones stand in badges and messages."""
    labels = {str(key): str(label) for key, label in AnwesenheitStatus.choices}
    short: dict[str, str] = {AnwesenheitStatus.TEILWEISE: "teilweise", AnwesenheitStatus.ABWESEND: "abwesend"}
    return [(wert.value, short.get(wert, labels[wert])) for wert in AnwesenheitStatus]


# --- the course -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Zelle:
    """One session of one person: a letter, and what it means in words."""

    art: str
    zeichen: str
    text: str
    minuten: int | None = None

    def html(self) -> SafeString:
        """The table cell. Few different ones fill a table of thousands, so each is drawn once per page."""
        text = f"{self.text}, {minuten(self.minuten)}" if self.minuten is not None else self.text
        return format_html(
            '<td class="kern-table__cell matrix__zelle matrix__zelle--{}"><span aria-hidden="true" title="{}">{}</span>'
            '<span class="kern-sr-only">{}</span></td>',
            self.art,
            self.text,
            self.zeichen,
            text,
        )


def _cell(termin: Termin, stand: Anwesenheitsstand | None, now: Any) -> Zelle:
    if termin.status == TerminStatus.ABGESAGT:
        return Zelle("abgesagt", "–", str(TerminStatus.ABGESAGT.label))
    if stand is None:
        if termin.ende <= now:
            return Zelle("fehlt", "?", _("noch nicht erfasst"))
        return Zelle("geplant", "○", _("steht noch bevor"))
    label = AnwesenheitStatus(stand.status).label
    if stand.status == AnwesenheitStatus.TEILWEISE:
        return Zelle(stand.status, str(stand.minuten), str(label), stand.minuten)
    zeichen = {"anwesend": "✓", "entschuldigt": "E", "abwesend": "U"}[stand.status]
    return Zelle(stand.status, zeichen, str(label), stand.minuten if stand.status in WAR_DA else None)


def regel_of(kurs: Kurs) -> Anwesenheitsregel | None:
    return kurs.modulversion.anwesenheitsregel if kurs.modulversion else None


def uebersicht_context(kurs: Kurs) -> dict[str, Any]:
    termine = list(kurs.termine.all())
    personen = selectors.teilnehmende_in_order(kurs)
    staende = selectors.staende_of(personen)
    zeiten = zeiten_of(personen)
    regel = regel_of(kurs)
    now = timezone.now()
    drawn: dict[Zelle, SafeString] = {}

    def draw(row: Einschreibung, termin: Termin) -> SafeString:
        zelle = _cell(termin, staende.get((row.pk, termin.pk)), now)
        return drawn.get(zelle) or drawn.setdefault(zelle, zelle.html())

    reihen = [
        {
            "einschreibung": row,
            "zellen": [draw(row, termin) for termin in termine],
            "zeiten": zeiten[row.pk],
            "anteil": anteil(zeiten[row.pk], regel),
            "erreicht": schwelle_erreicht(zeiten[row.pk], regel),
        }
        for row in personen
    ]
    return {"kurs": kurs, "termine": termine, "reihen": reihen, "regel": regel}


# --- one person -------------------------------------------------------------------------------------------------------


def nachweis_context(einschreibung: Einschreibung) -> dict[str, Any]:
    regel = regel_of(einschreibung.kurs)
    zeiten = zeiten_of([einschreibung])[einschreibung.pk]
    return {
        "einschreibung": einschreibung,
        "kurs": einschreibung.kurs,
        "belege": selectors.belege_of(einschreibung),
        "zeiten": zeiten,
        "regel": regel,
        **rechnung(zeiten, regel),
    }


def rechnung(zeiten: Zeiten, regel: Anwesenheitsregel | None) -> dict[str, Any]:
    """The sum in the words of the rule: units, share, threshold in minutes, and what is missing to reach it."""
    rundung = [regel.ue_rundung] if regel else []
    needed = _needed_minutes(zeiten, regel)
    return {
        "ue_geplant": ue_from_minuten(zeiten.minuten_geplant, *rundung),
        "ue_besucht": ue_from_minuten(zeiten.minuten_besucht, *rundung),
        "anteil": anteil(zeiten, regel),
        "erreicht": schwelle_erreicht(zeiten, regel),
        "schwelle_minuten": needed,
        "fehlende_minuten": max(0, needed - zeiten.minuten_besucht) if needed is not None else None,
        "entschuldigt_regel": EntschuldigtZaehlt(regel.entschuldigt_zaehlt).label if regel else "",
    }


def _needed_minutes(zeiten: Zeiten, regel: Anwesenheitsregel | None) -> int | None:
    """Smallest number of attended minutes that reaches the threshold, with the excused time as it is now."""
    if regel is None:
        return None
    share = Decimal(regel.schwelle_prozent) / 100
    planned, excused = Decimal(zeiten.minuten_geplant), Decimal(zeiten.minuten_entschuldigt)
    if regel.entschuldigt_zaehlt == EntschuldigtZaehlt.NEUTRAL:
        exact = (planned - excused) * share
    elif regel.entschuldigt_zaehlt == EntschuldigtZaehlt.BIS_OBERGRENZE:
        cap = planned * Decimal(regel.entschuldigt_obergrenze_prozent) / 100
        exact = planned * share - min(excused, cap)
    else:
        exact = planned * share
    return max(0, int(exact.to_integral_value(rounding="ROUND_CEILING")))
