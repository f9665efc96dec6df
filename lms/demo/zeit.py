"""Building the past: acts of the demo world happen at the moment they are told to have happened."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from unittest.mock import patch

from django.utils import timezone

_real_now = timezone.now


@contextmanager
def am(moment: datetime) -> Iterator[None]:
    """Every clock of the service reads `moment`, so that all rules are kept as they would have been then."""
    with patch("django.utils.timezone.now", lambda: moment):
        yield


def heute() -> date:
    return timezone.localtime(_real_now()).date()


def uhr(tag: date, stunde: int, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(tag, time(stunde, minute)))
