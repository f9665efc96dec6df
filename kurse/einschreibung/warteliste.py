"""The waiting list: in order, moved on whenever a place frees."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from kurse.einschreibung.benachrichtigung import notify_person
from kurse.einschreibung.enums import EinschreibungStatus, GenehmigungStatus
from kurse.einschreibung.models import Einschreibung
from kurse.einschreibung.plaetze import lock_einschreibung, lock_kurs, move
from kurse.einschreibung.regeln import angebot_bis, promotes
from kurse.planung.models import Kurs
from lms.core.audit import record_audit


def admitted_status(einschreibung: Einschreibung) -> str:
    """The state of somebody who has a place: admitted, or applied for while the employer has not approved yet."""
    waits = einschreibung.genehmigung == GenehmigungStatus.OFFEN
    return EinschreibungStatus.BEANTRAGT if waits else EinschreibungStatus.ZUGELASSEN


def admitted_fields(status: str) -> dict[str, datetime]:
    return {"zugelassen_at": timezone.now()} if status == EinschreibungStatus.ZUGELASSEN else {}


@transaction.atomic
def promote_warteliste(kurs: Kurs) -> list[Einschreibung]:
    """Give every free seat to the waiting list, first come first served; reconciles, so it may run at any time.

    Long before the course begins the seat is offered and kept until a deadline, otherwise it is given at once (see
    `regeln.angebot_bis`). After the first session has begun nothing moves by itself. Returns who was promoted.
    """
    kurs = lock_kurs(kurs)
    frei = kurs.kapazitaet - kurs.belegt
    if frei <= 0 or not promotes(kurs):
        return []
    rows = list(
        Einschreibung.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(kurs=kurs, status=EinschreibungStatus.WARTELISTE)
        .order_by("rang")[:frei]
    )
    bis = angebot_bis(kurs) if rows else None
    for row in rows:
        row.kurs = kurs
        _promote(row, bis)
    return rows


def _promote(row: Einschreibung, bis: datetime | None) -> None:
    if bis is not None:
        move(row, EinschreibungStatus.ANGEBOTEN, angebot_bis=bis)
    else:
        status = admitted_status(row)
        move(row, status, **admitted_fields(status))
    eintrag = record_audit(None, "warteliste_nachgerueckt", row, status=row.status, rang=row.rang)
    notify_person(row, "platz_angeboten" if bis is not None else "platz_erhalten", eintrag)


@transaction.atomic
def _expire(pk: int, now: datetime) -> bool:
    row = lock_einschreibung(Einschreibung.objects.only("pk", "kurs_id").get(pk=pk))
    if row.status != EinschreibungStatus.ANGEBOTEN or row.angebot_bis is None or row.angebot_bis > now:
        return False
    move(row, EinschreibungStatus.STORNIERT, beendet_at=now, grund=_("Der angebotene Platz wurde nicht angenommen."))
    eintrag = record_audit(None, "angebot_abgelaufen", row)
    notify_person(row, "angebot_abgelaufen", eintrag)
    promote_warteliste(row.kurs)
    return True


def expire_angebote(now: datetime | None = None) -> int:
    """End offers whose deadline has passed and offer each seat to the next person. Returns how many ended."""
    now = now or timezone.now()
    due = Einschreibung.objects.filter(status=EinschreibungStatus.ANGEBOTEN, angebot_bis__lte=now)
    return sum(_expire(pk, now) for pk in due.order_by("angebot_bis").values_list("pk", flat=True))


def promote_everywhere() -> int:
    """Move on every list with a free seat: repairs what a lost event left behind. Returns how many were promoted."""
    stuck = Kurs.objects.filter(
        belegt__lt=F("kapazitaet"), einschreibungen__status=EinschreibungStatus.WARTELISTE
    ).distinct()
    return sum(len(promote_warteliste(kurs)) for kurs in stuck)
