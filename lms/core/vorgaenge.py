"""Long-running jobs: start, claim, run, cancel, resume. The row is the truth, the task only the doorbell."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.core.audit import record_audit
from lms.core.enums import VORGANG_TRANSITIONS, VorgangStatus
from lms.core.errors import DomainError
from lms.core.models import Vorgang

log = logging.getLogger(__name__)
Handler = Callable[[Vorgang], dict | None]
_handlers: dict[str, Handler] = {}
#: A running job without a sign of life for this long lost its worker and is claimed again.
STALE_AFTER = timedelta(seconds=30)


def handler(art: str) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of kind `art`; it must be able to run twice. Lives in `tasks.py`."""

    def register(function: Handler) -> Handler:
        _handlers[art] = function
        return function

    return register


def start_vorgang(art: str, akteur: Any, /, *, gesamt: int = 0, **parameter: Any) -> Vorgang:
    """Create a job row and ring the bell after the commit."""
    vorgang = Vorgang.objects.create(art=art, gestartet_von=akteur, gesamt=gesamt, parameter=parameter)
    record_audit(akteur, "vorgang_gestartet", vorgang, art=art)
    _ring(vorgang)
    return vorgang


def _ring(vorgang: Vorgang) -> None:
    from lms.core.tasks import run_vorgang_task

    transaction.on_commit(lambda: run_vorgang_task.delay(vorgang.pk), robust=True)


def claim(pk: int) -> Vorgang | None:
    """Take the job if nobody has it: one conditional UPDATE, so two workers never both win."""
    now = timezone.now()
    free = Q(status=VorgangStatus.WARTEND) | Q(status=VorgangStatus.LAUFEND, lebenszeichen_at__lt=now - STALE_AFTER)
    taken = Vorgang.objects.filter(free, pk=pk).update(status=VorgangStatus.LAUFEND, lebenszeichen_at=now)
    return Vorgang.objects.get(pk=pk) if taken else None


def run_vorgang(pk: int) -> None:
    vorgang = claim(pk)
    if vorgang is None:
        return
    try:
        ergebnis = _handlers[vorgang.art](vorgang)
    except Exception as exc:
        log.exception("job %s failed", vorgang.public_id)
        code = exc.code if isinstance(exc, DomainError) else "interner_fehler"
        _finish(vorgang, VorgangStatus.FEHLGESCHLAGEN, {"code": code})
        return
    _finish(vorgang, VorgangStatus.FERTIG, ergebnis or {})


def _finish(vorgang: Vorgang, status: str, ergebnis: dict) -> None:
    """Only a job that is still running ends; one that was cancelled meanwhile stays cancelled."""
    Vorgang.objects.filter(pk=vorgang.pk, status=VorgangStatus.LAUFEND).update(
        status=status, ergebnis=ergebnis, beendet_at=timezone.now()
    )


def report_progress(vorgang: Vorgang, erledigt: int, fehler: list[dict] | None = None) -> bool:
    """Write progress and a sign of life; False when the job was cancelled and the handler must stop."""
    values: dict[str, Any] = {"erledigt": erledigt, "lebenszeichen_at": timezone.now()}
    if fehler is not None:
        values["fehler"] = fehler
    return bool(Vorgang.objects.filter(pk=vorgang.pk, status=VorgangStatus.LAUFEND).update(**values))


@transaction.atomic
def cancel_vorgang(vorgang: Vorgang, akteur: Any) -> Vorgang:
    row = Vorgang.objects.select_for_update().get(pk=vorgang.pk)
    VORGANG_TRANSITIONS.check(row.status, VorgangStatus.ABGEBROCHEN, _("Der Vorgang"))
    row.status, row.beendet_at = VorgangStatus.ABGEBROCHEN, timezone.now()
    row.save(update_fields=["status", "beendet_at", "updated_at"])
    record_audit(akteur, "vorgang_abgebrochen", row)
    return row


@transaction.atomic
def resume_vorgang(vorgang: Vorgang, akteur: Any) -> Vorgang:
    row = Vorgang.objects.select_for_update().get(pk=vorgang.pk)
    VORGANG_TRANSITIONS.check(row.status, VorgangStatus.WARTEND, _("Der Vorgang"))
    row.status, row.beendet_at = VorgangStatus.WARTEND, None
    row.save(update_fields=["status", "beendet_at", "updated_at"])
    record_audit(akteur, "vorgang_fortgesetzt", row)
    _ring(row)
    return row


def waiting_vorgaenge() -> list[int]:
    """Ids that a sweep should run: waiting, or running without a sign of life."""
    stale = timezone.now() - STALE_AFTER
    rows = Vorgang.objects.filter(
        Q(status=VorgangStatus.WARTEND) | Q(status=VorgangStatus.LAUFEND, lebenszeichen_at__lt=stale)
    )
    return list(rows.order_by("id").values_list("pk", flat=True)[:20])
