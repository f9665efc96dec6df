"""The audit trail: one line per act, written in the transaction of the act."""

from typing import Any

from django.db import models

from lms.core.logging import current_request_id
from lms.core.models import AuditEintrag


def record_audit(akteur: Any, aktion: str, objekt: models.Model, **daten: Any) -> AuditEintrag:
    """Log `aktion` on `objekt`. `daten` must be JSON-able and must not hold personal data (ids are fine)."""
    return AuditEintrag.objects.create(
        akteur=akteur if getattr(akteur, "pk", None) else None,
        aktion=aktion,
        objekt_typ=objekt._meta.label_lower,
        objekt_id=str(getattr(objekt, "public_id", None) or objekt.pk),
        daten=daten,
        request_id=current_request_id(),
    )


def audit_for(objekt: models.Model) -> models.QuerySet[AuditEintrag]:
    return AuditEintrag.objects.filter(
        objekt_typ=objekt._meta.label_lower,
        objekt_id=str(getattr(objekt, "public_id", None) or objekt.pk),
    ).select_related("akteur")
