"""Drawing and bulk issuing in the worker."""

import logging
from datetime import timedelta

from celery import shared_task
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from kurse.einschreibung.models import Einschreibung
from lms.core.errors import DomainError
from lms.core.models import Vorgang
from lms.core.vorgaenge import handler, report_progress
from lms.konten.models import Person
from zertifikate.models import Zertifikat
from zertifikate.services import AUSSTELLUNG, draw_zertifikat, issue_zertifikat

log = logging.getLogger(__name__)


@shared_task
def render_zertifikat_task(pk: int) -> None:
    draw_zertifikat(pk)


@shared_task(expires=60)
def sweep_zertifikate() -> None:
    """Draw what a crash left without a file."""
    left = Zertifikat.objects.filter(sha256="", created_at__lt=timezone.now() - timedelta(seconds=30))
    for pk in left.order_by("id").values_list("pk", flat=True)[:200]:
        try:
            draw_zertifikat(pk)
        except Exception:  # noqa: BLE001  one bad file must not keep the others from being drawn
            log.exception("certificate %s could not be drawn", pk)


@handler(AUSSTELLUNG)
def ausstellen(vorgang: Vorgang) -> dict:
    """Issue and draw one by one, each in its own transaction; running again continues where it stopped."""
    art, akteur = vorgang.parameter["art"], vorgang.gestartet_von
    fehler: list[dict] = []
    ausgestellt = 0
    rows = Einschreibung.objects.select_related("person").in_bulk(vorgang.parameter["einschreibungen"])
    for position, pk in enumerate(vorgang.parameter["einschreibungen"], start=1):
        row = rows.get(pk)
        problem = _issue_one(row, art, akteur, vorgang) if row else ("unbekannt", _("Die Einschreibung gibt es nicht."))
        if problem:
            fehler.append(
                {
                    "objekt": row.public_id if row else "",
                    "bezeichnung": row.person.name if row else "",
                    "code": problem[0],
                    "meldung": problem[1],
                }
            )
        else:
            ausgestellt += 1
        if not report_progress(vorgang, position, fehler):
            break
    return {"ausgestellt": ausgestellt, "fehler": len(fehler)}


def _issue_one(row: Einschreibung, art: str, akteur: Person | None, vorgang: Vorgang) -> tuple[str, str] | None:
    """None when issued; else (code, message). One person's problem never stops the others."""
    if akteur is None:
        return "verboten", _("Das Konto, das den Vorgang gestartet hat, gibt es nicht mehr.")
    try:
        zertifikat = issue_zertifikat(row, art, akteur, vorgang=vorgang)
        draw_zertifikat(zertifikat.pk)
    except DomainError as exc:
        return exc.code, exc.message
    except PermissionDenied:
        return "verboten", _("Das Recht zum Ausstellen fehlt.")
    except Exception:  # noqa: BLE001  reported to the person who started the job, with its traceback in the log
        log.exception("issuing failed for %s", row.public_id)
        return "interner_fehler", _("Unerwarteter Fehler; er wurde aufgezeichnet.")
    return None
