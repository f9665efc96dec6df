"""Attended and planned minutes: the one place where they are computed, for one person or a thousand.

Cancelled sessions count nowhere. A session that is not recorded is never counted as attended.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, Sum, Value, When
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from kurse.anwesenheit.enums import AnwesenheitStatus
from kurse.anwesenheit.models import Anwesenheitsstand
from kurse.einschreibung.models import Einschreibung
from kurse.planung.enums import TerminStatus
from kurse.planung.models import Termin
from module.enums import EntschuldigtZaehlt
from module.models import Anwesenheitsregel


@dataclass(frozen=True, slots=True)
class Zeiten:
    """Sums over the sessions of one enrolment's course, in teaching minutes without breaks.

    `gehalten` are sessions that are over or whose list is closed; `offen` those of them without a record for this
    person. `besucht` is never more than `geplant`, even when a session was shortened after it had been recorded.
    """

    minuten_geplant: int = 0
    minuten_gehalten: int = 0
    minuten_besucht: int = 0
    minuten_entschuldigt: int = 0
    minuten_versaeumt: int = 0
    termine_gesamt: int = 0
    termine_gehalten: int = 0
    termine_erfasst: int = 0
    termine_offen: int = 0


def _sum(value: Any, condition: Q | None = None) -> Coalesce:
    expression = Case(When(condition, then=value), default=Value(0)) if condition is not None else value
    return Coalesce(Sum(expression, output_field=IntegerField()), 0)


def _planned_by_kurs(kurs_ids: set[int]) -> dict[int, dict[str, int]]:
    held = Q(ende__lte=timezone.now()) | Q(liste_geschlossen_at__isnull=False)
    rows: Any = (
        Termin.objects.filter(kurs_id__in=kurs_ids)
        .exclude(status=TerminStatus.ABGESAGT)
        .order_by()
        .values("kurs_id")
        .annotate(
            geplant=_sum(F("minuten")),
            gehalten=_sum(F("minuten"), held),
            gesamt=Count("pk"),
            gehalten_anzahl=Count("pk", filter=held),
        )
    )
    return {row["kurs_id"]: row for row in rows}


def _recorded_by_einschreibung(ids: list[int]) -> dict[int, dict[str, int]]:
    held = Q(termin__ende__lte=timezone.now()) | Q(termin__liste_geschlossen_at__isnull=False)
    planned = F("termin__minuten")
    attended = Least(F("minuten"), planned)
    excused = Q(status=AnwesenheitStatus.ENTSCHULDIGT)
    rows: Any = (
        Anwesenheitsstand.objects.filter(einschreibung_id__in=ids)
        .exclude(termin__status=TerminStatus.ABGESAGT)
        .order_by()
        .values("einschreibung_id")
        .annotate(
            besucht=_sum(attended),
            entschuldigt=_sum(planned, excused),
            versaeumt=_sum(planned - attended, ~excused),
            erfasst=Count("pk"),
            erfasst_gehalten=Count("pk", filter=held),
        )
    )
    return {row["einschreibung_id"]: row for row in rows}


def zeiten_of(einschreibungen: Iterable[Einschreibung]) -> dict[int, Zeiten]:
    """Sums by primary key of the enrolment; two queries for any number of enrolments."""
    kurs_of = {row.pk: row.kurs_id for row in einschreibungen}
    if not kurs_of:
        return {}
    planned = _planned_by_kurs(set(kurs_of.values()))
    recorded = _recorded_by_einschreibung(list(kurs_of))
    return {pk: _combine(planned.get(kurs_id, {}), recorded.get(pk, {})) for pk, kurs_id in kurs_of.items()}


def _combine(plan: dict[str, int], ist: dict[str, int]) -> Zeiten:
    held = plan.get("gehalten_anzahl", 0)
    return Zeiten(
        minuten_geplant=plan.get("geplant", 0),
        minuten_gehalten=plan.get("gehalten", 0),
        minuten_besucht=ist.get("besucht", 0),
        minuten_entschuldigt=ist.get("entschuldigt", 0),
        minuten_versaeumt=ist.get("versaeumt", 0),
        termine_gesamt=plan.get("gesamt", 0),
        termine_gehalten=held,
        termine_erfasst=ist.get("erfasst", 0),
        termine_offen=max(0, held - ist.get("erfasst_gehalten", 0)),
    )


def _counted(zeiten: Zeiten, regel: Anwesenheitsregel | None) -> tuple[Decimal, Decimal]:
    """Minutes that count and minutes that they are measured against, exactly, under the rule for excused time."""
    besucht, geplant = Decimal(zeiten.minuten_besucht), Decimal(zeiten.minuten_geplant)
    excused = Decimal(zeiten.minuten_entschuldigt)
    if regel is None or regel.entschuldigt_zaehlt == EntschuldigtZaehlt.NICHT:
        return besucht, geplant
    if regel.entschuldigt_zaehlt == EntschuldigtZaehlt.NEUTRAL:
        return besucht, geplant - excused
    cap = geplant * Decimal(regel.entschuldigt_obergrenze_prozent) / 100
    return besucht + min(excused, cap), geplant


def anteil(zeiten: Zeiten, regel: Anwesenheitsregel | None) -> Decimal:
    """Share attended in percent with two decimals, cut off and never rounded up; 0 when nothing is planned."""
    counted, base = _counted(zeiten, regel)
    if base <= 0:
        return Decimal("0.00")
    return (counted * 100 / base).quantize(Decimal("0.01"), ROUND_DOWN)


def schwelle_erreicht(zeiten: Zeiten, regel: Anwesenheitsregel | None) -> bool:
    """Is the threshold met over the whole course? Compared exactly, without rounding. No rule asks for nothing."""
    if regel is None:
        return True
    counted, base = _counted(zeiten, regel)
    return base > 0 and counted * 100 >= Decimal(regel.schwelle_prozent) * base
