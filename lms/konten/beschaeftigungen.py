"""Employments: who works for whom. The employer adds by invitation, the person confirms, both may end it."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.core.audit import record_audit
from lms.core.errors import DomainError
from lms.konten.enums import Qualifikationsstatus
from lms.konten.models import Beschaeftigung, Einwilligung, Organisation, Person
from lms.konten.rechte import PERSONALRECHTE, hat_recht


def may_manage_personal(akteur: Person, arbeitgeber: Organisation | int) -> bool:
    return any(hat_recht(akteur, recht, arbeitgeber) for recht in PERSONALRECHTE)


def require_personal(akteur: Person, arbeitgeber: Organisation | int) -> None:
    """Raise `PermissionDenied` unless the person looks after the employees of this employer."""
    if not may_manage_personal(akteur, arbeitgeber):
        raise PermissionDenied


@transaction.atomic
def add_beschaeftigung(
    person: Person,
    arbeitgeber: Organisation,
    *,
    von: date | None = None,
    taetigkeit: str = "",
    bestaetigt: bool = False,
    akteur: Person | None = None,
) -> Beschaeftigung:
    """Employ a person; returns the open row if there is one. `akteur=None` is the system (import, invitation).

    Raises DomainError: `kein_arbeitgeber`.
    """
    if akteur is not None:
        require_personal(akteur, arbeitgeber)
    if not arbeitgeber.ist_arbeitgeber:
        raise DomainError("kein_arbeitgeber", _("Diese Organisation ist nicht als Arbeitgeber eingetragen."))
    Person.objects.select_for_update().get(pk=person.pk)
    row = Beschaeftigung.objects.filter(person=person, arbeitgeber=arbeitgeber, bis=None).first()
    if row is None:
        row = Beschaeftigung.objects.create(
            person=person, arbeitgeber=arbeitgeber, von=von or timezone.localdate(), taetigkeit=taetigkeit
        )
        record_audit(akteur, "beschaeftigung_begonnen", row)
    if bestaetigt:
        confirm_beschaeftigung(row, person)
    return row


@transaction.atomic
def confirm_beschaeftigung(beschaeftigung: Beschaeftigung, person: Person) -> Beschaeftigung:
    """The person says that the employment is right; confirming twice is the same."""
    row = Beschaeftigung.objects.select_for_update().get(pk=beschaeftigung.pk)
    if row.person_id != person.pk:
        raise PermissionDenied
    if row.bestaetigt_at is None:
        row.bestaetigt_at = timezone.now()
        row.save(update_fields=["bestaetigt_at", "updated_at"])
        record_audit(person, "beschaeftigung_bestaetigt", row)
    return row


@transaction.atomic
def end_beschaeftigung(beschaeftigung: Beschaeftigung, akteur: Person, bis: date | None = None) -> Beschaeftigung:
    """End an employment on `bis` (today by default), by the person or by the employer.

    When it is over, the consents for this employer are withdrawn with it: they must not come back to life with a new
    employment. Raises DomainError: `ende_vor_beginn`, `beschaeftigung_beendet`.
    """
    if akteur.pk != beschaeftigung.person_id:
        require_personal(akteur, beschaeftigung.arbeitgeber_id)
    Person.objects.select_for_update().get(pk=beschaeftigung.person_id)
    row = Beschaeftigung.objects.select_for_update().get(pk=beschaeftigung.pk)
    today = timezone.localdate()
    if row.bis is not None and row.bis <= today:
        raise DomainError("beschaeftigung_beendet", _("Diese Beschäftigung ist schon beendet."))
    row.bis = bis or today
    if row.bis < row.von:
        raise DomainError("ende_vor_beginn", _("Das Ende liegt vor dem Beginn der Beschäftigung."), field="bis")
    row.save(update_fields=["bis", "updated_at"])
    record_audit(akteur, "beschaeftigung_beendet", row, bis=row.bis.isoformat())
    if row.bis <= today:
        _withdraw_consents(row.person_id, row.arbeitgeber_id)
    return row


@transaction.atomic
def update_beschaeftigung(
    beschaeftigung: Beschaeftigung, akteur: Person, *, taetigkeit: str, qualifikationsstatus: str
) -> Beschaeftigung:
    """The employer notes the local job title and the way to meet KomIntAVO § 12 (4)."""
    require_personal(akteur, beschaeftigung.arbeitgeber_id)
    row = Beschaeftigung.objects.select_for_update().get(pk=beschaeftigung.pk)
    new = {"taetigkeit": taetigkeit, "qualifikationsstatus": Qualifikationsstatus(qualifikationsstatus)}
    changed = [name for name, value in new.items() if getattr(row, name) != value]
    if changed:
        for name in changed:
            setattr(row, name, new[name])
        row.save(update_fields=[*changed, "updated_at"])
        record_audit(akteur, "beschaeftigung_geaendert", row, felder=sorted(changed))
    return row


def _withdraw_consents(person_id: int, arbeitgeber_id: int) -> None:
    open_rows = Einwilligung.objects.filter(person_id=person_id, arbeitgeber_id=arbeitgeber_id, widerrufen_at=None)
    for row in open_rows.select_for_update():
        row.widerrufen_at = timezone.now()
        row.save(update_fields=["widerrufen_at", "updated_at"])
        record_audit(None, "einwilligung_beendet", row, kategorie=row.kategorie, grund="beschaeftigung_beendet")


def withdraw_orphaned_consents(heute: date | None = None) -> int:
    """Sweep: consents whose employment ended meanwhile (an end date that has come). Reconciles, may run any time."""
    heute = heute or timezone.localdate()
    in_force = Beschaeftigung.objects.filter(von__lte=heute).exclude(bis__lt=heute)
    pairs = set(Einwilligung.objects.filter(widerrufen_at=None).values_list("person_id", "arbeitgeber_id"))
    orphaned = pairs - set(in_force.values_list("person_id", "arbeitgeber_id"))
    for person_id, arbeitgeber_id in orphaned:
        with transaction.atomic():
            _withdraw_consents(person_id, arbeitgeber_id)
    return len(orphaned)
