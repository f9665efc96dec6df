"""Dated rules of this room and what follows from them for one course."""

from datetime import datetime, timedelta

from django.utils import timezone

from kurse.einschreibung.models import Angebotsregel
from kurse.planung.enums import KursStatus
from kurse.planung.models import Kurs


def has_begun(kurs: Kurs) -> bool:
    return kurs.beginn is not None and kurs.beginn <= timezone.now()


def promotes(kurs: Kurs) -> bool:
    """A waiting list moves on by itself until the first session begins; later only the provider decides."""
    return kurs.status == KursStatus.VEROEFFENTLICHT and not has_begun(kurs)


def angebotsregel() -> Angebotsregel | None:
    """The rule in force today, or None: then places are given without asking."""
    return Angebotsregel.objects.filter(gueltig_ab__lte=timezone.localdate()).order_by("-gueltig_ab").first()


def angebot_bis(kurs: Kurs) -> datetime | None:
    """Until when a place that becomes free now is kept for the person; None when it is given at once.

    A course without a first session is far away; a course that begins soon has no time for an answer.
    """
    regel = angebotsregel()
    if regel is None:
        return None
    now = timezone.now()
    if kurs.beginn is not None and kurs.beginn - now < timedelta(hours=regel.vorlauf_stunden):
        return None
    return now + timedelta(hours=regel.frist_stunden)
