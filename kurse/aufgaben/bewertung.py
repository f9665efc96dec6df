"""Grading a submission. A second thought is a new row that replaces the first; nothing is overwritten."""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kurse.aufgaben.enums import AbgabeStatus, AufgabeArt, Bewertungsergebnis
from kurse.aufgaben.models import Abgabe, Aufgabe, Bewertung, Modulergebnis
from kurse.aufgaben.selectors import letzter_versuch
from kurse.einschreibung.enums import NIMMT_TEIL
from kurse.einschreibung.models import Einschreibung
from kurse.planung.permissions import may_grade, require
from lms.core.audit import record_audit
from lms.core.errors import DomainError
from lms.konten.models import Person
from lms.post.services import queue_nachricht

#: `bisher=UNGEPRUEFT`: the caller did not look at the grading in force and replaces whatever is there.
UNGEPRUEFT: Any = object()


def lock_einschreibung(einschreibung: Einschreibung) -> Einschreibung:
    """One lock per enrolment orders submitting, grading and the module result; after the result nothing changes.

    Raises DomainError: `ergebnis_bestaetigt`.
    """
    row = (
        Einschreibung.objects.select_for_update(of=("self",), no_key=True)
        .select_related("person")
        .get(pk=einschreibung.pk)
    )
    if Modulergebnis.objects.filter(einschreibung=row).exists():
        raise DomainError(
            "ergebnis_bestaetigt",
            _("Das Modulergebnis ist schon bestätigt. Abgaben, Fristen und Bewertungen stehen damit fest."),
        )
    return row


@transaction.atomic
def grade_abgabe(
    abgabe: Abgabe,
    akteur: Person,
    *,
    ergebnis: str,
    note: Decimal | None = None,
    kommentar: str = "",
    bisher: str | None = UNGEPRUEFT,
) -> Bewertung:
    """Pass, fail or return the newest version of a submission. The same grading twice is the same row.

    `bisher` is the public id of the grading that was on the screen ("" for none): if somebody graded meanwhile, the
    act is refused instead of silently replacing a colleague's work.

    Raises DomainError: `eigene_abgabe`, `ergebnis_bestaetigt`, `nicht_zugelassen`, `abgabe_ueberholt`,
    `inzwischen_bewertet`, `note_fehlt`, `note_nicht_vorgesehen`, `note_unbekannt`, `note_passt_nicht`,
    `kommentar_fehlt`, `keine_versuche`.
    """
    aufgabe = Aufgabe.objects.select_related("kurs", "notenskala").get(pk=abgabe.aufgabe_id)
    require(may_grade(akteur, aufgabe.kurs))
    if abgabe.einschreibung.person_id == akteur.pk:
        raise DomainError("eigene_abgabe", _("Die eigene Abgabe kann nur eine andere Person bewerten."))
    einschreibung = lock_einschreibung(abgabe.einschreibung)
    if einschreibung.status not in NIMMT_TEIL:
        raise DomainError("nicht_zugelassen", _("Die Person nimmt an diesem Kurs nicht mehr teil."))
    row = Abgabe.objects.select_for_update(of=("self",)).get(pk=abgabe.pk)
    if row.versuch != letzter_versuch(aufgabe, einschreibung):
        raise DomainError(
            "abgabe_ueberholt",
            _("Inzwischen gibt es eine neuere Fassung. Bitte bewerten Sie diese. Ihr Kommentar bleibt im Formular."),
        )
    current = row.bewertungen.filter(ersetzt_durch=None).first()
    kommentar = (kommentar or "").replace("\r\n", "\n").strip()
    if current and (current.ergebnis, current.note, current.kommentar) == (ergebnis, note, kommentar):
        return current
    if bisher is not UNGEPRUEFT and (current.public_id if current else "") != (bisher or ""):
        raise DomainError(
            "inzwischen_bewertet",
            _(
                "Diese Abgabe wurde inzwischen von einer anderen Person bewertet. Bitte prüfen Sie deren Bewertung; "
                "mit erneutem Speichern ersetzen Sie sie."
            ),
            details={"bewertung": current.public_id if current else None},
        )
    _check_bewertung(aufgabe, row, ergebnis, note, kommentar)
    found = Bewertung.objects.create(
        abgabe=row, ergebnis=ergebnis, note=note, kommentar=kommentar, person=akteur, ersetzt=current
    )
    row.status = ergebnis
    row.save(update_fields=["status", "updated_at"])
    record_audit(akteur, "abgabe_bewertet", found, abgabe=row.public_id, ersetzt=current.public_id if current else None)
    queue_nachricht(f"bewertung:{found.public_id}", einschreibung.person, "aufgaben/rueckmeldung", {"aufgabe": aufgabe})
    return found


def _check_bewertung(aufgabe: Aufgabe, abgabe: Abgabe, ergebnis: str, note: Decimal | None, kommentar: str) -> None:
    if ergebnis not in Bewertungsergebnis.values:
        raise DomainError("eingabe_ungueltig", _("Bitte wählen Sie ein Ergebnis."), field="ergebnis")
    if ergebnis == Bewertungsergebnis.UEBERARBEITEN:
        _check_return(aufgabe, abgabe, note, kommentar)
        return
    if aufgabe.notenskala is None:
        if note is not None:
            raise DomainError("note_nicht_vorgesehen", _("Diese Aufgabe wird nicht benotet."), field="note")
        return
    if note is None:
        raise DomainError("note_fehlt", _("Bitte wählen Sie eine Note."), field="note")
    stufen = {stufe.wert: stufe for stufe in aufgabe.notenskala.stufen.all()}
    if note not in stufen:
        raise DomainError(
            "note_unbekannt",
            _("Diese Note gibt es in der Benotung „%(skala)s“ nicht.") % {"skala": aufgabe.notenskala},
            field="note",
        )
    if stufen[note].bestanden != (ergebnis == Bewertungsergebnis.BESTANDEN):
        raise DomainError(
            "note_passt_nicht", _("Note und Ergebnis passen nicht zusammen. Bitte prüfen Sie beides."), field="note"
        )


def _check_return(aufgabe: Aufgabe, abgabe: Abgabe, note: Decimal | None, kommentar: str) -> None:
    if aufgabe.art == AufgabeArt.PRUEFUNG:
        raise DomainError(
            "pruefung_ohne_abgabe",
            _("Eine Prüfung kann nicht zur Überarbeitung zurückgegeben werden."),
            field="ergebnis",
        )
    if note is not None:
        raise DomainError(
            "note_nicht_vorgesehen", _("Eine zurückgegebene Abgabe bekommt noch keine Note."), field="note"
        )
    if not kommentar:
        raise DomainError("kommentar_fehlt", _("Bitte schreiben Sie, was überarbeitet werden soll."), field="kommentar")
    if abgabe.versuch >= aufgabe.max_versuche:
        raise DomainError(
            "keine_versuche",
            _("Alle Abgaben sind genutzt. Erhöhen Sie zuerst in der Aufgabe die Zahl der Abgaben."),
            field="ergebnis",
        )


@transaction.atomic
def record_pruefung(
    aufgabe: Aufgabe,
    einschreibung: Einschreibung,
    akteur: Person,
    *,
    ergebnis: str,
    note: Decimal | None = None,
    kommentar: str = "",
    wiederholung: bool = False,
) -> Bewertung:
    """Record the result of an examination or colloquium, where nothing is handed in.

    The first result creates the attempt; later calls correct it, with `wiederholung` they record the next attempt.

    Raises DomainError: `keine_pruefung`, `andere_aufgabe`, `keine_versuche`, `schon_bestanden`, and those of
    `grade_abgabe`.
    """
    require(may_grade(akteur, aufgabe.kurs))
    if aufgabe.art != AufgabeArt.PRUEFUNG:
        raise DomainError("keine_pruefung", _("Diese Aufgabe braucht eine Abgabe; bewerten Sie diese."))
    if aufgabe.kurs_id != einschreibung.kurs_id:
        raise DomainError("andere_aufgabe", _("Die Person gehört nicht zu diesem Kurs."))
    row = lock_einschreibung(einschreibung)
    latest = Abgabe.objects.filter(aufgabe=aufgabe, einschreibung=row).order_by("-versuch").first()
    if latest is None or wiederholung:
        latest = _next_attempt(aufgabe, row, latest)
    return grade_abgabe(latest, akteur, ergebnis=ergebnis, note=note, kommentar=kommentar)


def _next_attempt(aufgabe: Aufgabe, einschreibung: Einschreibung, latest: Abgabe | None) -> Abgabe:
    if latest and latest.status == AbgabeStatus.BESTANDEN:
        raise DomainError("schon_bestanden", _("Die Prüfung ist schon bestanden."))
    versuch = latest.versuch + 1 if latest else 1
    if versuch > aufgabe.max_versuche:
        raise DomainError(
            "keine_versuche",
            _("Alle Versuche sind genutzt. Erhöhen Sie zuerst in der Aufgabe die Zahl der Abgaben."),
        )
    return Abgabe.objects.create(aufgabe=aufgabe, einschreibung=einschreibung, versuch=versuch)
