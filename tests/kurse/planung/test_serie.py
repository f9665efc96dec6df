import datetime as dt
from datetime import UTC

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from kurse.planung.feiertage import easter_sunday, feiertag
from kurse.planung.serie import Pausenmuster, Serienplan, build_serie, local_datetime, netto_minuten, overlaps
from kurse.planung.serienform import PausenField, TageField
from lms.core.errors import DomainError

NEUN, MITTAG = dt.time(9), dt.time(12, 15)


def plan(**felder):
    return Serienplan(**{"art": "woechentlich", "beginn": NEUN, "ende": MITTAG, "feiertage_auslassen": False, **felder})


def tage(p):
    return [timezone.localtime(e.beginn).date() for e in p.entwuerfe()]


@pytest.mark.parametrize("von", [dt.date(2027, 10, 25), dt.date(2027, 3, 22)])
def test_weekly_series_keeps_wall_time_when_the_clocks_change(von):
    pausen = ((dt.time(10, 30), dt.time(10, 45)),)
    rows = plan(von=von, anzahl=3, pausen=pausen).entwuerfe()
    assert [f"{timezone.localtime(r.beginn):%H:%M}" for r in rows] == ["09:00"] * 3
    assert {r.beginn.astimezone(UTC).hour for r in rows} == {7, 8}
    assert [r.minuten for r in rows] == [180] * 3


@pytest.mark.parametrize(("tag", "minuten"), [(dt.date(2027, 10, 31), 300), (dt.date(2027, 3, 28), 180)])
def test_minutes_that_really_pass_in_the_night_of_the_change(tag, minuten):
    """From 1:00 to 5:00 is five hours in October and three in March."""
    row = plan(art="einzeln", tage=(tag,), beginn=dt.time(1), ende=dt.time(5)).entwuerfe()[0]
    assert row.minuten == minuten


def test_an_hour_that_does_not_exist_is_named():
    with pytest.raises(DomainError) as excinfo:
        local_datetime(dt.date(2027, 3, 28), dt.time(2, 30))
    assert excinfo.value.code == "uhrzeit_gibt_es_nicht"


def test_count_makes_up_for_skipped_days():
    p = plan(von=dt.date(2027, 10, 4), anzahl=3, auslassen=frozenset({dt.date(2027, 10, 11)}))
    assert tage(p) == [dt.date(2027, 10, 4), dt.date(2027, 10, 18), dt.date(2027, 10, 25)]
    assert [(a.tag, a.grund) for a in p.days()[1]] == [(dt.date(2027, 10, 11), "von Ihnen ausgenommen")]


def test_until_is_inclusive_and_weekdays_and_rhythm_count():
    p = plan(von=dt.date(2027, 10, 5), bis=dt.date(2027, 10, 21), wochentage=(1, 3), rhythmus=2)
    assert tage(p) == [dt.date(2027, 10, day) for day in (5, 7, 19, 21)]


def test_block_over_a_weekend_and_a_holiday():
    p = plan(art="block", von=dt.date(2026, 10, 29), anzahl=4, feiertage_auslassen=True, wochenenden_auslassen=True)
    assert tage(p) == [dt.date(2026, 10, 29), dt.date(2026, 10, 30), dt.date(2026, 11, 2), dt.date(2026, 11, 3)]
    assert [a.grund for a in p.days()[1]] == ["Reformationstag", "Wochenende"]
    assert len(tage(plan(art="block", von=dt.date(2026, 10, 29), anzahl=4))) == 4


def test_single_days_are_sorted_and_unique():
    a, b = dt.date(2027, 11, 17), dt.date(2027, 11, 3)
    assert tage(plan(art="einzeln", tage=(a, b, a))) == [b, a]


@pytest.mark.parametrize(
    ("felder", "code"),
    [
        ({"von": dt.date(2027, 10, 4)}, "serie_ohne_ende"),
        ({"anzahl": 3}, "serie_ohne_beginn"),
        ({"von": dt.date(2027, 10, 4), "bis": dt.date(2027, 10, 3)}, "serie_leer"),
        ({"art": "einzeln"}, "serie_leer"),
        ({"art": "block", "von": dt.date(2027, 1, 1), "bis": dt.date(2027, 12, 31)}, "serie_zu_lang"),
    ],
)
def test_impossible_series_are_named(felder, code):
    with pytest.raises(DomainError) as excinfo:
        plan(**felder).entwuerfe()
    assert excinfo.value.code == code


def test_build_serie_is_the_short_way():
    assert len(build_serie(art="block", von=dt.date(2027, 10, 4), anzahl=2, beginn=NEUN, ende=MITTAG)) == 2


def test_usual_breaks_leave_whole_units():
    day = Pausenmuster().pausen(dt.time(9), dt.time(16, 30))
    assert [(f"{a:%H:%M}", f"{b:%H:%M}") for a, b in day] == [
        ("10:30", "10:45"),
        ("12:15", "13:15"),
        ("14:45", "15:00"),
    ]
    assert Pausenmuster().pausen(dt.time(9), dt.time(10, 30)) == []
    assert Pausenmuster().pausen(dt.time(9), dt.time(10, 45)) == []
    assert Pausenmuster(kurz=10).pausen(dt.time(9), dt.time(12)) == [(dt.time(10, 30), dt.time(10, 40))]


@pytest.mark.parametrize(
    ("jahr", "ostern"), [(2024, dt.date(2024, 3, 31)), (2025, dt.date(2025, 4, 20)), (2038, dt.date(2038, 4, 25))]
)
def test_easter(jahr, ostern):
    assert easter_sunday(jahr) == ostern


def test_saxon_holidays():
    assert feiertag(dt.date(2026, 11, 18)) == "Buß- und Bettag"
    assert feiertag(dt.date(2027, 11, 17)) == "Buß- und Bettag"
    assert feiertag(dt.date(2028, 11, 22)) == "Buß- und Bettag"
    assert feiertag(dt.date(2026, 10, 31)) == "Reformationstag"
    assert feiertag(dt.date(2026, 6, 4)) == ""


@given(st.integers(1900, 2200))
def test_every_year_has_eleven_holidays_and_easter_is_a_sunday(jahr):
    days = [dt.date(jahr, 1, 1) + dt.timedelta(days=n) for n in range(366)]
    names = {feiertag(day) for day in days if day.year == jahr} - {""}
    assert len(names) >= 10  # Himmelfahrt falls on 1 May once in a while
    assert easter_sunday(jahr).weekday() == 6


def test_touching_intervals_do_not_overlap():
    a, b, c, d = (dt.datetime(2027, 1, 1, hour, tzinfo=UTC) for hour in (9, 11, 11, 13))
    assert not overlaps(a, b, c, d)
    assert not overlaps(c, d, a, b)
    assert overlaps(a, b + dt.timedelta(minutes=1), c, d)
    assert overlaps(a, d, b, c + dt.timedelta(minutes=1))


@given(st.lists(st.integers(1, 40), min_size=0, max_size=5))
def test_net_minutes_are_duration_minus_breaks(laengen):
    start = dt.datetime(2027, 6, 1, 8, tzinfo=UTC)
    cursor, pausen = start + dt.timedelta(minutes=5), []
    for laenge in laengen:
        pausen.append((cursor, cursor + dt.timedelta(minutes=laenge)))
        cursor += dt.timedelta(minutes=laenge + 5)
    assert netto_minuten(start, start + dt.timedelta(hours=8), pausen) == 480 - sum(laengen)


def test_breaks_as_people_write_them():
    field = PausenField(required=False)
    expected = ((dt.time(10, 30), dt.time(10, 45)), (dt.time(12, 15), dt.time(13, 15)))
    for text in ("10:30–10:45, 12:15–13:15", "10.30-10.45;12.15 bis 13.15 Uhr", "10:30 - 10:45\n12:15-13:15"):
        assert field.clean(text) == expected
    assert field.clean("") == ()


def test_days_as_people_write_them():
    field = TageField(required=False)
    assert field.clean("3.11.2027, 2027-11-17\n1.12.27") == (
        dt.date(2027, 11, 3),
        dt.date(2027, 11, 17),
        dt.date(2027, 12, 1),
    )
