"""What the Landesfachstelle sees of catalogues and courses: offers, not people, so no right is checked here."""

from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from kurse.planung.enums import KursStatus
from kurse.planung.models import Kurs
from kurse.planung.selectors import search_kurse
from module.enums import VersionStatus
from module.models import Modulkatalog


def kataloge_landesweit() -> QuerySet[Modulkatalog]:
    """All catalogues with partners and the number of their modules and programmes that are published."""
    published = VersionStatus.VEROEFFENTLICHT
    return (
        Modulkatalog.objects.annotate(
            module_anzahl=Count("module", filter=Q(module__versionen__status=published), distinct=True),
            programme_anzahl=Count("programme", filter=Q(programme__versionen__status=published), distinct=True),
        )
        .prefetch_related("katalogpartner__organisation")
        .order_by("titel")
    )


def kurse_landesweit(filters: dict[str, Any]) -> QuerySet[Kurs]:
    """Published courses: running and planned, or by choice those that are over. No participants are counted."""
    now = timezone.now()
    rows = Kurs.objects.select_related("veranstalter", "modulversion__modul")
    conditions = {
        "laufend": Q(status=KursStatus.VEROEFFENTLICHT, beginn__lte=now, ende__gte=now),
        "geplant": Q(status=KursStatus.VEROEFFENTLICHT) & (Q(beginn__gt=now) | Q(beginn=None)),
        "vorbei": Q(status=KursStatus.ABGESCHLOSSEN) | Q(status=KursStatus.VEROEFFENTLICHT, ende__lt=now),
    }
    stand = filters.get("stand") or ""
    rows = rows.filter(conditions.get(stand, conditions["laufend"] | conditions["geplant"]))
    rows = search_kurse(rows, {key: filters.get(key) for key in ("kreis", "programm", "q")})
    return rows.order_by(F("beginn").asc(nulls_last=True), "id")
