"""Public holidays in Saxony (SächsSFG § 1): on these days no session is planned unless somebody asks for it."""

from datetime import date, timedelta
from functools import lru_cache

from django.utils.translation import gettext_lazy as _


def easter_sunday(jahr: int) -> date:
    """Western Easter by the anonymous Gregorian algorithm (Meeus/Jones/Butcher)."""
    a, (b, c) = jahr % 19, divmod(jahr, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(jahr, month, day + 1)


def _repentance_day(jahr: int) -> date:
    """Wednesday before 23 November."""
    last = date(jahr, 11, 22)
    return last - timedelta(days=(last.weekday() - 2) % 7)


@lru_cache(maxsize=64)
def _of_year(jahr: int) -> dict[date, object]:
    easter = easter_sunday(jahr)
    return {
        date(jahr, 1, 1): _("Neujahr"),
        easter - timedelta(days=2): _("Karfreitag"),
        easter + timedelta(days=1): _("Ostermontag"),
        date(jahr, 5, 1): _("Tag der Arbeit"),
        easter + timedelta(days=39): _("Christi Himmelfahrt"),
        easter + timedelta(days=50): _("Pfingstmontag"),
        date(jahr, 10, 3): _("Tag der Deutschen Einheit"),
        date(jahr, 10, 31): _("Reformationstag"),
        _repentance_day(jahr): _("Buß- und Bettag"),
        date(jahr, 12, 25): _("1. Weihnachtstag"),
        date(jahr, 12, 26): _("2. Weihnachtstag"),
    }


def feiertag(tag: date) -> str:
    """Name of the holiday, or "". Fronleichnam holds in a few municipalities only and is left out."""
    return str(_of_year(tag.year).get(tag, ""))
