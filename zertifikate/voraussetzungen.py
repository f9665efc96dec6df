"""Who can get which certificate, and what is missing; the same rules for one person and for a whole course."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from kurse.anwesenheit.selectors import name_key
from kurse.anwesenheit.zeiten import zeiten_of
from kurse.aufgaben.enums import ErgebnisStatus
from kurse.einschreibung.enums import NIMMT_TEIL
from kurse.einschreibung.models import Einschreibung
from kurse.planung.enums import TerminStatus
from kurse.planung.models import Kurs
from zertifikate.enums import ZertifikatArt, ZertifikatStatus
from zertifikate.models import Zertifikat
from zertifikate.pdf.text import unprintable


@dataclass(slots=True)
class Pruefling:
    """One enrolment with what stands against a certificate. `fehlt` holds (code, German sentence) pairs."""

    einschreibung: Einschreibung
    zertifikat: Zertifikat | None = None
    fehlt: list[tuple[str, str]] = field(default_factory=list)

    @property
    def moeglich(self) -> bool:
        return not self.fehlt and self.zertifikat is None


def einschreibungen_of(kurs: Kurs) -> list[Einschreibung]:
    """Everybody who takes part, with what the rules need, ordered by name."""
    rows = Einschreibung.objects.filter(kurs=kurs, status__in=NIMMT_TEIL).select_related(
        "person", "modulergebnis", "kurs__modulversion__anwesenheitsregel", "kurs__veranstalter"
    )
    return sorted(rows, key=name_key)


def check_einschreibungen(kurs: Kurs, art: str, einschreibungen: Iterable[Einschreibung]) -> list[Pruefling]:
    """Check many enrolments of one course in a constant number of queries."""
    rows = list(einschreibungen)
    valid = {
        z.einschreibung_id: z
        for z in Zertifikat.objects.filter(einschreibung__in=rows, art=art, status=ZertifikatStatus.GUELTIG)
    }
    kursweit = _check_kurs(kurs, art)
    zeiten = zeiten_of(rows) if art == ZertifikatArt.TEILNAHME and not kursweit else {}
    found = []
    for row in rows:
        item = Pruefling(row, valid.get(row.pk))
        item.fehlt += kursweit + _check_person(row)
        if art == ZertifikatArt.TEILNAHME:
            if not kursweit and not (row.pk in zeiten and zeiten[row.pk].minuten_besucht):
                item.fehlt.append(("nicht_teilgenommen", _("Es ist keine besuchte Zeit erfasst.")))
        else:
            item.fehlt += _check_ergebnis(row)
        found.append(item)
    return found


def _check_kurs(kurs: Kurs, art: str) -> list[tuple[str, str]]:
    """An open list refuses every certificate and is named."""
    if art != ZertifikatArt.TEILNAHME and kurs.modulversion_id is None:
        return [("kurs_ohne_modul", _("Der Kurs hat kein Modul; möglich ist nur eine Teilnahmebescheinigung."))]
    termine = list(kurs.termine.filter(status=TerminStatus.GEPLANT).order_by("beginn"))
    if not termine:
        return [("keine_termine", _("Der Kurs hat keine Termine."))]
    offen = [t for t in termine if not t.liste_geschlossen]
    if offen:
        days = ", ".join(f"{t.beginn:%d.%m.%Y}" for t in offen[:5]) + (" …" if len(offen) > 5 else "")
        return [("liste_offen", _("Anwesenheitslisten sind noch nicht geschlossen: %(tage)s") % {"tage": days})]
    return []


def _check_person(row: Einschreibung) -> list[tuple[str, str]]:
    found = []
    if row.person.geburtsdatum is None:
        found.append(("geburtsdatum_fehlt", _("Das Geburtsdatum fehlt; die Person trägt es unter „Mein Konto“ ein.")))
    letters = unprintable(f"{row.person.vorname} {row.person.nachname}")
    if letters:
        text = _("Im Namen steht ein Zeichen, das nicht gesetzt werden kann: %(zeichen)s")
        found.append(("zeichen_nicht_druckbar", text % {"zeichen": " ".join(letters)}))
    return found


def _check_ergebnis(row: Einschreibung) -> list[tuple[str, str]]:
    ergebnis = getattr(row, "modulergebnis", None)
    if ergebnis is None:
        return [("ergebnis_fehlt", _("Das Modulergebnis ist noch nicht bestätigt."))]
    if ergebnis.status != ErgebnisStatus.BESTANDEN:
        return [("nicht_bestanden", _("Das Modul ist nicht bestanden."))]
    return []
