"""Seats and states: the only place that changes `Einschreibung.status` and `Kurs.belegt`.

Every act takes the row of the course first and the row of the enrolment second, so two acts on one course follow one
another. The conditional UPDATE and the check constraint of the course hold even if a caller forgot the lock.
"""

from typing import Any

from django.db.models import F, Max
from django.utils.translation import gettext as _

from kurse.einschreibung.enums import EINSCHREIBUNG_TRANSITIONS, PLATZ_BELEGT, EinschreibungStatus
from kurse.einschreibung.models import Einschreibung
from kurse.planung.models import Kurs
from lms.core.errors import DomainError


def lock_kurs(kurs: Kurs) -> Kurs:
    """The course, read again under its row lock. Other rows may still refer to it meanwhile (`no_key`)."""
    return Kurs.objects.select_for_update(no_key=True).get(pk=kurs.pk)


def lock_einschreibung(einschreibung: Einschreibung) -> Einschreibung:
    """The enrolment, read again after its course was locked; `row.kurs` is the locked course."""
    kurs = lock_kurs(Kurs(pk=einschreibung.kurs_id))
    row = (
        Einschreibung.objects.select_for_update(of=("self",))
        .select_related("person", "arbeitgeber")
        .get(pk=einschreibung.pk)
    )
    row.kurs = kurs
    return row


def take_platz(kurs: Kurs) -> bool:
    """Count one seat more, unless the course is full; False when it is."""
    taken = Kurs.objects.filter(pk=kurs.pk, belegt__lt=F("kapazitaet")).update(belegt=F("belegt") + 1)
    kurs.belegt += taken
    return bool(taken)


def free_platz(kurs: Kurs) -> None:
    freed = Kurs.objects.filter(pk=kurs.pk, belegt__gt=0).update(belegt=F("belegt") - 1)
    kurs.belegt -= freed


def next_rang(kurs: Kurs) -> int:
    """One more than any rank ever given in this course; only meaningful under the lock of the course."""
    return (kurs.einschreibungen.aggregate(hoechster=Max("rang"))["hoechster"] or 0) + 1


def _adjust_platz(kurs: Kurs, before: str | None, after: str) -> None:
    held, holds = before in PLATZ_BELEGT, after in PLATZ_BELEGT
    if holds and not held and not take_platz(kurs):
        raise DomainError("kurs_voll", _("In diesem Kurs ist kein Platz mehr frei."))
    if held and not holds:
        free_platz(kurs)


def move(row: Einschreibung, status: str, **felder: Any) -> Einschreibung:
    """Bring `row` (new, or locked by `lock_einschreibung`) into `status`, with its seat or its rank.

    Raises DomainError: `uebergang_unzulaessig`, `kurs_voll`.
    """
    before = row.status if row.pk else None
    if before is not None:
        EINSCHREIBUNG_TRANSITIONS.check(before, status, _("Die Einschreibung"))
    _adjust_platz(row.kurs, before, status)
    if status == EinschreibungStatus.WARTELISTE:
        row.rang = next_rang(row.kurs)
    if status != EinschreibungStatus.ANGEBOTEN:
        row.angebot_bis = None
    row.status = status
    for name, value in felder.items():
        setattr(row, name, value)
    row.save()
    return row
