"""Acts on enrolments. Each locks the course, then the enrolment, decides on what it reads there, writes and logs."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kurse.einschreibung.benachrichtigung import notify_approvers, notify_enrolled, notify_person
from kurse.einschreibung.enums import PLATZ_BELEGT, EinschreibungStatus, GenehmigungStatus
from kurse.einschreibung.models import Einschreibung
from kurse.einschreibung.permissions import Befugnis, befugnis_for, may_cancel_own, may_decide
from kurse.einschreibung.plaetze import lock_einschreibung, lock_kurs, move
from kurse.einschreibung.regeln import has_begun
from kurse.einschreibung.warteliste import admitted_fields, admitted_status, promote_warteliste
from kurse.planung.enums import KursStatus
from kurse.planung.models import Kurs
from kurse.planung.permissions import may_manage
from lms.core.audit import record_audit
from lms.core.errors import DomainError
from lms.konten.enums import Recht
from lms.konten.models import Organisation, Person
from lms.konten.rechte import require_recht
from lms.konten.selectors import current_arbeitgeber

__all__ = [
    "Ergebnis",
    "accept_angebot",
    "approve_einschreibung",
    "cancel_all",
    "cancel_einschreibung",
    "close_open_einschreibungen",
    "enrol",
    "enrol_many",
    "finish_einschreibung",
    "promote_warteliste",
    "reject_einschreibung",
]

log = logging.getLogger(__name__)
S = EinschreibungStatus
#: Not decided yet: the employer may approve or reject, the provider may reject.
UNENTSCHIEDEN = frozenset({S.BEANTRAGT, S.WARTELISTE, S.ANGEBOTEN})
#: Over without having been taught; the same row may start again.
ZURUECKGEZOGEN = frozenset({S.STORNIERT, S.ABGELEHNT})


@transaction.atomic
def enrol(
    person: Person,
    kurs: Kurs,
    akteur: Person | None,
    *,
    arbeitgeber: Organisation | None = None,
    genehmigung_liegt_vor: bool = False,
) -> Einschreibung:
    """Enrol a person: with a place (`zugelassen`, or `beantragt` until the employer approves) or on the waiting list.

    Acting may be the person, an employer for its own people (its approval is implied), the provider (also outside the
    enrolment window; `genehmigung_liegt_vor` records an approval on paper) or the system (`akteur=None`). Without
    `arbeitgeber` the newest current employment counts. An enrolment that exists and is not over is returned as it is.

    Raises DomainError: `kurs_nicht_veroeffentlicht`, `anmeldung_geschlossen`, `kein_arbeitgeber`,
    `einschreibung_abgelehnt`.
    """
    befugnis = befugnis_for(person, kurs, akteur, arbeitgeber)
    kurs = lock_kurs(kurs)
    row = Einschreibung.objects.select_for_update(of=("self",)).filter(kurs=kurs, person=person).first()
    if row is not None and row.status not in ZURUECKGEZOGEN:
        return row
    _check_open(kurs, befugnis)
    if row is not None:
        _check_again(row, befugnis)
    row = row or Einschreibung(kurs=kurs, person=person, angelegt_von=akteur)
    row.kurs, row.person = kurs, person
    row.arbeitgeber = _arbeitgeber_for(person, arbeitgeber)
    _set_genehmigung(row, befugnis, akteur, genehmigung_liegt_vor)
    return _place(row, befugnis, akteur)


def _check_open(kurs: Kurs, befugnis: Befugnis) -> None:
    if kurs.status != KursStatus.VEROEFFENTLICHT:
        raise DomainError("kurs_nicht_veroeffentlicht", _("Für diesen Kurs ist keine Einschreibung möglich."))
    if not befugnis.verwaltet and not kurs.anmeldung_offen:
        raise DomainError(
            "anmeldung_geschlossen",
            _("Die Anmeldung zu diesem Kurs ist im Moment nicht offen. Bitte wenden Sie sich an den Veranstalter."),
        )


def _check_again(row: Einschreibung, befugnis: Befugnis) -> None:
    """After a rejection by the provider only the provider may let the person in again."""
    by_provider = row.status == S.ABGELEHNT and row.genehmigung != GenehmigungStatus.ABGELEHNT
    if by_provider and not befugnis.verwaltet:
        raise DomainError(
            "einschreibung_abgelehnt",
            _("Der Veranstalter hat diese Einschreibung abgelehnt. Bitte wenden Sie sich an den Veranstalter."),
        )


def _arbeitgeber_for(person: Person, wanted: Organisation | None) -> Organisation | None:
    current = current_arbeitgeber(person)
    if wanted is None:
        return current[0] if current else None
    if wanted not in current:
        raise DomainError(
            "kein_arbeitgeber",
            _("Die Person ist bei dieser Organisation nicht beschäftigt."),
            field="arbeitgeber",
        )
    return wanted


def _set_genehmigung(row: Einschreibung, befugnis: Befugnis, akteur: Person | None, liegt_vor: bool) -> None:
    row.genehmigung_von, row.genehmigung_at = None, None
    if row.arbeitgeber is not None and (befugnis.genehmigt or (befugnis.verwaltet and liegt_vor)):
        row.genehmigung = GenehmigungStatus.ERTEILT
        row.genehmigung_von, row.genehmigung_at = akteur, timezone.now()
    elif row.arbeitgeber is not None and row.kurs.genehmigung_noetig:
        row.genehmigung = GenehmigungStatus.OFFEN
    else:
        row.genehmigung = GenehmigungStatus.NICHT_NOETIG


def _place(row: Einschreibung, befugnis: Befugnis, akteur: Person | None) -> Einschreibung:
    """A seat if one is free and nobody waits for it, otherwise the end of the waiting list; then log and tell."""
    kurs = row.kurs
    waits = kurs.einschreibungen.filter(status=S.WARTELISTE).exists()
    status = admitted_status(row) if kurs.belegt < kurs.kapazitaet and not waits else S.WARTELISTE
    fields = {"zugelassen_at": None, **admitted_fields(status)}
    move(row, status, beantragt_at=timezone.now(), beendet_at=None, grund="", **fields)
    eintrag = record_audit(akteur, "eingeschrieben", row, status=row.status, genehmigung=row.genehmigung)
    notify_enrolled(row, eintrag, selbst=befugnis.selbst)
    if row.genehmigung == GenehmigungStatus.OFFEN:
        notify_approvers(row, eintrag)
    return row


@dataclass(frozen=True, slots=True)
class Ergebnis:
    """What became of one person: `code` is `eingeschrieben`, `schon_eingeschrieben`, `genehmigt` or an error code."""

    person: Person
    einschreibung: Einschreibung | None
    code: str
    meldung: str

    @property
    def ok(self) -> bool:
        return self.einschreibung is not None


@transaction.atomic
def enrol_many(arbeitgeber: Organisation, kurs: Kurs, personen: Iterable[Person], akteur: Person) -> list[Ergebnis]:
    """An employer enrols several of its people; one that can't be enrolled does not stop the others.

    An application of the same person that waits for this employer's approval is approved by it.
    """
    require_recht(akteur, Recht.EINSCHREIBUNGEN_GENEHMIGEN, arbeitgeber)
    kurs = lock_kurs(kurs)
    return [_enrol_one(arbeitgeber, kurs, person, akteur) for person in dict.fromkeys(personen)]


def _enrol_one(arbeitgeber: Organisation, kurs: Kurs, person: Person, akteur: Person) -> Ergebnis:
    before = Einschreibung.objects.filter(kurs=kurs, person=person).first()
    try:
        with transaction.atomic():
            if before and before.status in UNENTSCHIEDEN and _waits_for(before, arbeitgeber):
                return Ergebnis(person, approve_einschreibung(before, akteur), "genehmigt", _("Zustimmung erteilt"))
            row = enrol(person, kurs, akteur, arbeitgeber=arbeitgeber)
    except DomainError as error:
        return Ergebnis(person, None, error.code, error.message)
    except PermissionDenied:
        return Ergebnis(person, None, "nicht_erlaubt", _("Sich selbst schreiben Sie auf der Kursseite ein."))
    if before and before.status not in ZURUECKGEZOGEN:
        return Ergebnis(person, row, "schon_eingeschrieben", _("war schon eingeschrieben"))
    on_list = row.status == S.WARTELISTE
    return Ergebnis(person, row, "eingeschrieben", _("auf der Warteliste") if on_list else _("eingeschrieben"))


def _waits_for(row: Einschreibung, arbeitgeber: Organisation) -> bool:
    return row.genehmigung == GenehmigungStatus.OFFEN and row.arbeitgeber_id == arbeitgeber.pk


@transaction.atomic
def approve_einschreibung(einschreibung: Einschreibung, akteur: Person) -> Einschreibung:
    """The employer approves (the provider may record an approval on paper). Approving twice is the same row.

    Somebody on the waiting list or with an offer keeps that state; the approval is used as soon as there is a place.
    Raises DomainError: `einschreibung_beendet`, `genehmigung_nicht_offen`.
    """
    row = lock_einschreibung(einschreibung)
    durch = _decider(row, akteur)
    if row.person_id == akteur.pk:
        raise DomainError("eigener_antrag", _("Den eigenen Antrag kann nur eine andere Person genehmigen."))
    if row.status in UNENTSCHIEDEN | {S.ZUGELASSEN} and row.genehmigung == GenehmigungStatus.ERTEILT:
        return row
    _check_undecided(row)
    if row.genehmigung != GenehmigungStatus.OFFEN:
        raise DomainError("genehmigung_nicht_offen", _("Für diese Einschreibung ist keine Zustimmung nötig."))
    row.genehmigung, row.genehmigung_von, row.genehmigung_at = GenehmigungStatus.ERTEILT, akteur, timezone.now()
    if row.status == S.BEANTRAGT:
        move(row, S.ZUGELASSEN, zugelassen_at=timezone.now())
    else:
        row.save(update_fields=["genehmigung", "genehmigung_von", "genehmigung_at", "updated_at"])
    eintrag = record_audit(akteur, "einschreibung_genehmigt", row, durch=durch, status=row.status)
    notify_person(row, "genehmigt", eintrag)
    return row


@transaction.atomic
def reject_einschreibung(einschreibung: Einschreibung, akteur: Person, grund: str) -> Einschreibung:
    """Employer or provider reject an application with a reason; its seat goes to the waiting list.

    Raises DomainError: `grund_fehlt`, `einschreibung_beendet`, `genehmigung_nicht_offen` (an employer that has
    approved can't reject any more).
    """
    grund = _clean_grund(grund)
    row = lock_einschreibung(einschreibung)
    durch = _decider(row, akteur)
    if row.status == S.ABGELEHNT:
        return row
    _check_undecided(row)
    if durch == "arbeitgeber":
        if row.genehmigung != GenehmigungStatus.OFFEN:
            raise DomainError("genehmigung_nicht_offen", _("Über diese Einschreibung ist schon entschieden."))
        row.genehmigung, row.genehmigung_von, row.genehmigung_at = GenehmigungStatus.ABGELEHNT, akteur, timezone.now()
    _end(row, S.ABGELEHNT, akteur, grund, "einschreibung_abgelehnt", "abgelehnt", durch=durch)
    return row


def _decider(row: Einschreibung, akteur: Person) -> str:
    if may_decide(akteur, row):
        return "arbeitgeber"
    if may_manage(akteur, row.kurs):
        return "veranstalter"
    raise PermissionDenied


def _check_undecided(row: Einschreibung) -> None:
    if row.status not in UNENTSCHIEDEN:
        raise DomainError(
            "einschreibung_beendet",
            _("Diese Einschreibung ist inzwischen „%(status)s“. Bitte laden Sie die Seite neu.")
            % {"status": row.get_status_display()},
            details={"status": row.status},
        )


def _clean_grund(grund: str, *, noetig: bool = True) -> str:
    grund = grund.strip()
    if noetig and not grund:
        raise DomainError("grund_fehlt", _("Bitte geben Sie einen Grund an."), field="grund")
    if len(grund) > 300:
        raise DomainError("grund_zu_lang", _("Der Grund hat höchstens 300 Zeichen."), field="grund")
    return grund


def _end(
    row: Einschreibung, status: str, akteur: Person | None, grund: str, aktion: str, vorlage: str, **daten: str
) -> None:
    """Move to an end state, log, tell the person, and pass the seat on if one was held."""
    held = row.status in PLATZ_BELEGT
    move(row, status, beendet_at=timezone.now(), grund=grund)
    eintrag = record_audit(akteur, aktion, row, **daten)
    selbst = akteur is not None and akteur.pk == row.person_id
    notify_person(row, vorlage, eintrag, grund=bool(grund), selbst=selbst)
    if held:
        promote_warteliste(row.kurs)


@transaction.atomic
def cancel_einschreibung(einschreibung: Einschreibung, akteur: Person | None, grund: str = "") -> Einschreibung:
    """The person withdraws until the course begins (an undecided application always); the provider at any time.

    The provider must give a reason. A seat that frees goes to the waiting list. Cancelling twice is the same row.
    Raises DomainError: `kurs_hat_begonnen`, `grund_fehlt`, `uebergang_unzulaessig` (results are confirmed).
    """
    row = lock_einschreibung(einschreibung)
    selbst = akteur is not None and may_cancel_own(akteur, row)
    verwaltet = akteur is None or may_manage(akteur, row.kurs)
    if not (selbst or verwaltet):
        raise PermissionDenied
    if row.status == S.STORNIERT:
        return row
    grund = _clean_grund(grund, noetig=verwaltet and not selbst and akteur is not None)
    if selbst and not verwaltet and row.status == S.ZUGELASSEN and has_begun(row.kurs):
        raise DomainError(
            "kurs_hat_begonnen",
            _("Der Kurs hat begonnen. Bitte wenden Sie sich an den Veranstalter, wenn Sie nicht weiter teilnehmen."),
        )
    _end(row, S.STORNIERT, akteur, grund, "einschreibung_storniert", "storniert", status_vorher=row.status)
    return row


@transaction.atomic
def accept_angebot(einschreibung: Einschreibung, akteur: Person) -> Einschreibung:
    """The person takes the offered place; accepting twice is the same row.

    Raises DomainError: `angebot_abgelaufen`, `kein_angebot`.
    """
    row = lock_einschreibung(einschreibung)
    if not (may_cancel_own(akteur, row) or may_manage(akteur, row.kurs)):
        raise PermissionDenied
    if row.status in (S.BEANTRAGT, S.ZUGELASSEN):
        return row
    if row.status != S.ANGEBOTEN:
        raise DomainError("kein_angebot", _("Für diese Einschreibung ist im Moment kein Platz angeboten."))
    if row.angebot_bis is not None and row.angebot_bis <= timezone.now():
        raise DomainError("angebot_abgelaufen", _("Die Frist für diesen Platz ist leider abgelaufen."))
    status = admitted_status(row)
    move(row, status, **admitted_fields(status))
    eintrag = record_audit(akteur, "angebot_angenommen", row, status=row.status)
    notify_enrolled(row, eintrag, selbst=True)
    return row


@transaction.atomic
def finish_einschreibung(einschreibung: Einschreibung, *, bestanden: bool) -> Einschreibung:
    """Record the outcome of the course; called by the results room in its transaction, which also logs it.

    The seat stays counted, so the course need not be locked. Finishing twice with the same outcome changes nothing.
    Raises DomainError `uebergang_unzulaessig` unless the person was admitted (or failed before and passes now).
    """
    row = (
        Einschreibung.objects.select_for_update(of=("self",)).select_related("kurs", "person").get(pk=einschreibung.pk)
    )
    status = S.ABGESCHLOSSEN if bestanden else S.NICHT_BESTANDEN
    if row.status == status:
        return row
    return move(row, status, beendet_at=timezone.now())


def _cancel_rows(kurs: Kurs, states: Iterable[str], grund: str, vorlage: str = "") -> int:
    rows = (
        Einschreibung.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(kurs=kurs, status__in=states)
        .order_by("pk")
    )
    count = 0
    for row in rows:
        row.kurs = kurs
        vorher = row.status
        move(row, S.STORNIERT, beendet_at=timezone.now(), grund=grund)
        eintrag = record_audit(None, "einschreibung_storniert", row, status_vorher=vorher)
        if vorlage:
            notify_person(row, vorlage, eintrag)
        count += 1
    return count


@transaction.atomic
def cancel_all(kurs: Kurs) -> int:
    """The course is cancelled: end every enrolment without a result. May run twice.

    Planning tells everybody concerned by one mail of its own, so this act sends none.
    """
    kurs = lock_kurs(kurs)
    return _cancel_rows(kurs, UNENTSCHIEDEN | {S.ZUGELASSEN}, _("Der Kurs wurde abgesagt."))


@transaction.atomic
def close_open_einschreibungen(kurs: Kurs) -> int:
    """The course is over: end what was never admitted (applications, offers, waiting list). May run twice."""
    kurs = lock_kurs(kurs)
    return _cancel_rows(kurs, UNENTSCHIEDEN, _("Der Kurs ist beendet."), "kurs_beendet")
