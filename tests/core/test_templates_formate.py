"""German notation of numbers, durations and times."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from lms.core.templatetags import formate as f

NB = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (f.ue(Decimal("7.50")), f"7,5{NB}UE"),
        (f.ue(Decimal("10.00")), f"10{NB}UE"),
        (f.ue(0), f"0{NB}UE"),
        (f.ue(None), "–"),
        (f.ects(5), f"5{NB}ECTS"),
        (f.zahl(Decimal("0.333333")), "0,33"),
        (f.zahl(Decimal("100")), "100"),
        (f.zahl("x"), "–"),
        (f.prozent(Decimal("66.666")), f"66,7{NB}%"),
        (f.prozent(100), f"100{NB}%"),
        (f.minuten(90), f"1{NB}h{NB}30{NB}min"),
        (f.minuten(60), f"1{NB}h"),
        (f.minuten(0), f"0{NB}min"),
        (f.minuten(None), "–"),
        (f.datum(date(2026, 3, 1)), "01.03.2026"),
        (f.datum(None), "–"),
        (f.tag(date(2026, 11, 24)), f"Di.,{NB}24.11.2026"),
    ],
)
def test_notation(result: str, expected: str) -> None:
    assert result == expected


def test_times_are_local_and_one_day_is_named_once() -> None:
    beginn, ende = datetime(2026, 11, 24, 8, 0, tzinfo=UTC), datetime(2026, 11, 24, 11, 15, tzinfo=UTC)
    assert f.zeitraum(beginn, ende) == f"Di.,{NB}24.11.2026, 09:00–12:15 Uhr"
    assert f.zeitpunkt(beginn) == "24.11.2026, 09:00 Uhr"


def test_the_local_day_counts_not_the_one_in_utc() -> None:
    late = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)  # already 1 July in Saxony
    assert f.datum(late) == "01.07.2026"


def test_a_period_over_several_days_names_both() -> None:
    assert f.zeitraum(date(2026, 3, 1), date(2026, 6, 30)) == "01.03.2026 – 30.06.2026"
    assert f.zeitraum(date(2026, 3, 1), date(2026, 3, 1)) == "01.03.2026"
    beginn, ende = datetime(2026, 11, 24, 8, 0, tzinfo=UTC), datetime(2026, 11, 25, 11, 15, tzinfo=UTC)
    assert f.zeitraum(beginn, ende) == f"Di.,{NB}24.11.2026, 09:00 Uhr – Mi.,{NB}25.11.2026, 12:15 Uhr"
