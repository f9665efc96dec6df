"""Teaching minutes attended: pure arithmetic on intervals, no database."""

from collections.abc import Iterable
from datetime import datetime, timedelta

Intervall = tuple[datetime, datetime]


def attended_minutes(
    beginn: datetime,
    ende: datetime,
    pausen: Iterable[Intervall] = (),
    von: datetime | None = None,
    bis: datetime | None = None,
) -> int:
    """Whole minutes that the stay [von, bis] shares with the session, without its breaks; seconds are cut off.

    An open side means "from the beginning" or "until the end". Breaks may overlap each other and the session's edges.
    """
    start, stop = max(beginn, von or beginn), min(ende, bis or ende)
    if stop <= start:
        return 0
    present = stop - start
    counted_until = start
    for pause_beginn, pause_ende in sorted(pausen):
        left, right = max(pause_beginn, counted_until), min(pause_ende, stop)
        if right > left:
            present -= right - left
            counted_until = right
    return present // timedelta(minutes=1)
