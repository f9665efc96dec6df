"""German notation of numbers, durations and times. All of them keep number and unit on one line (no-break space)."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

register = template.Library()
NBSP = "\N{NO-BREAK SPACE}"
_WEEKDAYS = ("Mo.", "Di.", "Mi.", "Do.", "Fr.", "Sa.", "So.")


def _number(value: Any, places: int) -> str | None:
    """At most `places` decimals, no trailing zeros, decimal comma; None if it is not a number."""
    try:
        number = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    except (InvalidOperation, ValueError):
        return None
    text = format(number, "f")
    return number_format(text.rstrip("0").rstrip(".") if "." in text else text, use_l10n=True)


@register.filter
def zahl(value: Any, places: int = 2) -> str:
    """`{{ 7.50|zahl }}` → 7,5"""
    return _number(value, places) or "–"


@register.filter
def ue(value: Any) -> str:
    """Teaching units (45 minutes): `{{ 7.50|ue }}` → 7,5 UE"""
    number = _number(value, 2)
    return f"{number}{NBSP}UE" if number is not None else "–"


@register.filter
def ects(value: Any) -> str:
    """Credit points: `{{ 5|ects }}` → 5 ECTS"""
    number = _number(value, 2)
    return f"{number}{NBSP}ECTS" if number is not None else "–"


@register.filter
def prozent(value: Any, places: int = 1) -> str:
    """A percentage as a number from 0 to 100: `{{ 66.666|prozent }}` → 66,7 %"""
    number = _number(value, places)
    return f"{number}{NBSP}%" if number is not None else "–"


@register.filter
def minuten(value: Any) -> str:
    """A duration in minutes: `{{ 90|minuten }}` → 1 h 30 min"""
    try:
        hours, rest = divmod(int(value), 60)
    except (TypeError, ValueError):
        return "–"
    parts = [f"{hours}{NBSP}h"] if hours else []
    if rest or not hours:
        parts.append(f"{rest}{NBSP}min")
    return NBSP.join(parts)


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def _day(value: date, *, weekday: bool) -> str:
    text = f"{value:%d.%m.%Y}"
    return f"{_WEEKDAYS[value.weekday()]},{NBSP}{text}" if weekday else text


@register.filter
def datum(value: date | datetime | None) -> str:
    """`24.11.2026`; a datetime is taken in local time."""
    if not value:
        return "–"
    return _day(_local(value) if isinstance(value, datetime) else value, weekday=False)


@register.filter
def tag(value: date | datetime | None) -> str:
    """`Di., 24.11.2026`"""
    if not value:
        return "–"
    return _day(_local(value) if isinstance(value, datetime) else value, weekday=True)


@register.filter
def uhrzeit(value: datetime | None) -> str:
    """`09:00 Uhr`"""
    return _("%(zeit)s Uhr") % {"zeit": f"{_local(value):%H:%M}"} if value else "–"


@register.filter
def zeitpunkt(value: datetime | None) -> str:
    """`24.11.2026, 09:00 Uhr`"""
    return f"{datum(value)}, {uhrzeit(value)}" if value else "–"


@register.filter
def zeitraum(beginn: date | datetime | None, ende: date | datetime | None = None) -> str:
    """From and until. Datetimes: `Di., 24.11.2026, 09:00–12:15 Uhr`; dates: `01.03.2026 – 30.06.2026`."""
    if not beginn:
        return "–"
    if not isinstance(beginn, datetime):
        return f"{datum(beginn)} – {datum(ende)}" if ende and ende != beginn else datum(beginn)
    if not isinstance(ende, datetime):
        return f"{tag(beginn)}, {uhrzeit(beginn)}"
    start, end = _local(beginn), _local(ende)
    if start.date() == end.date():
        return f"{tag(start)}, {start:%H:%M}–{uhrzeit(end)}"
    return f"{tag(start)}, {uhrzeit(start)} – {tag(end)}, {uhrzeit(end)}"
