"""From what was sent to what would be recorded: the rules of one entry, without writing anything."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from kurse.anwesenheit.eintrag import AnwesenheitEintrag, Inhalt
from kurse.anwesenheit.enums import WAR_DA, AnwesenheitModus, AnwesenheitStatus
from kurse.anwesenheit.minuten import attended_minutes
from kurse.planung.enums import KursStatus, TerminStatus
from kurse.planung.models import Termin
from lms.core.errors import DomainError

#: Lists may be filled from an hour before the beginning, so that a lecturer who is early can begin at the door;
#: anything earlier would be a guess and not a record.
ERFASSBAR_VOR_BEGINN = timedelta(minutes=60)

Pausen = Sequence[tuple[datetime, datetime]]


def erfassbar_ab(termin: Termin) -> datetime:
    return termin.beginn - ERFASSBAR_VOR_BEGINN


def check_recordable(termin: Termin) -> None:
    """Raise DomainError: `termin_abgesagt`, `kurs_nicht_aktiv`, `termin_in_zukunft`. Needs `termin.kurs`."""
    if termin.status == TerminStatus.ABGESAGT:
        raise DomainError("termin_abgesagt", _("Dieser Termin ist abgesagt. Anwesenheit kann nicht erfasst werden."))
    if termin.kurs.status in (KursStatus.ENTWURF, KursStatus.ABGESAGT):
        raise DomainError("kurs_nicht_aktiv", _("Dieser Kurs findet nicht statt."))
    if timezone.now() < erfassbar_ab(termin):
        ab = timezone.localtime(erfassbar_ab(termin))
        raise DomainError(
            "termin_in_zukunft",
            _("Die Anwesenheit kann erst ab %(tag)s, %(zeit)s Uhr erfasst werden.")
            % {"tag": f"{ab:%d.%m.%Y}", "zeit": f"{ab:%H:%M}"},
        )


def _refuse(eintrag: AnwesenheitEintrag, code: str, text: str, field: str) -> DomainError:
    return DomainError(code, text, field=field, details={"einschreibung": eintrag.einschreibung_id})


def _check_form(eintrag: AnwesenheitEintrag) -> None:
    if eintrag.status not in AnwesenheitStatus.values:
        raise _refuse(eintrag, "status_unbekannt", _("Diesen Status gibt es nicht."), "status")
    if eintrag.modus not in AnwesenheitModus.values:
        raise _refuse(eintrag, "modus_unbekannt", _("Bitte wählen Sie Präsenz oder online."), "modus")
    if not 1 <= len(eintrag.client_key) <= 64:
        raise _refuse(eintrag, "schluessel_ungueltig", _("Der Schlüssel hat 1 bis 64 Zeichen."), "client_key")
    if len(eintrag.notiz) > 200:
        raise _refuse(eintrag, "notiz_zu_lang", _("Die Notiz hat höchstens 200 Zeichen."), "notiz")
    if len(eintrag.grund) > 300:
        raise _refuse(eintrag, "grund_zu_lang", _("Die Begründung hat höchstens 300 Zeichen."), "grund")


def resolve_inhalt(eintrag: AnwesenheitEintrag, termin: Termin, pausen: Pausen) -> Inhalt:
    """What this entry would say in the ledger.

    `anwesend` is the whole teaching time; `teilweise` that fills the whole time becomes `anwesend`. Raises DomainError
    with `details["einschreibung"]`: `status_unbekannt`, `minuten_fehlen`, `minuten_doppelt`, `minuten_unmoeglich`,
    `zeit_ungueltig`, `keine_zeit_anwesend`, `notiz_zu_lang`, `grund_zu_lang`, …
    """
    _check_form(eintrag)
    notiz = " ".join(eintrag.notiz.split())
    if eintrag.status not in WAR_DA:
        return Inhalt(eintrag.status, 0, None, None, AnwesenheitModus.PRAESENZ.value, notiz)
    if eintrag.status == AnwesenheitStatus.ANWESEND:
        return Inhalt(str(eintrag.status), termin.minuten, None, None, str(eintrag.modus), notiz)
    minuten = _partial_minutes(eintrag, termin, pausen)
    if minuten >= termin.minuten:
        return Inhalt(AnwesenheitStatus.ANWESEND.value, termin.minuten, None, None, str(eintrag.modus), notiz)
    return Inhalt(str(eintrag.status), minuten, eintrag.von, eintrag.bis, str(eintrag.modus), notiz)


def _partial_minutes(eintrag: AnwesenheitEintrag, termin: Termin, pausen: Pausen) -> int:
    by_time = eintrag.von is not None or eintrag.bis is not None
    if by_time and eintrag.minuten is not None:
        raise _refuse(
            eintrag,
            "minuten_doppelt",
            _("Bitte geben Sie Minuten oder Uhrzeiten an, nicht beides."),
            "minuten",
        )
    if not by_time and eintrag.minuten is None:
        raise _refuse(
            eintrag,
            "minuten_fehlen",
            _("Bitte geben Sie an, wie viele Minuten oder von wann bis wann die Person da war."),
            "minuten",
        )
    if eintrag.minuten is not None and not 0 <= eintrag.minuten <= termin.minuten:
        raise _refuse(
            eintrag,
            "minuten_unmoeglich",
            _("Der Termin hat %(minuten)s Unterrichtsminuten.") % {"minuten": termin.minuten},
            "minuten",
        )
    minuten = eintrag.minuten
    if minuten is None:
        if eintrag.von and eintrag.bis and eintrag.bis <= eintrag.von:
            raise _refuse(eintrag, "zeit_ungueltig", _("„bis“ muss nach „von“ liegen."), "bis")
        minuten = min(termin.minuten, attended_minutes(termin.beginn, termin.ende, pausen, eintrag.von, eintrag.bis))
    if minuten == 0:
        raise _refuse(
            eintrag,
            "keine_zeit_anwesend",
            _("Das ergibt 0 Minuten. Bitte wählen Sie „abwesend“ oder „entschuldigt“ oder prüfen Sie die Zeiten."),
            "minuten",
        )
    return minuten
