import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from kurse.anwesenheit.minuten import attended_minutes

BEGINN = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


def at(minute):
    return BEGINN + dt.timedelta(minutes=minute)


offsets = st.integers(-60, 300)
pauses = st.lists(st.tuples(offsets, st.integers(1, 90)).map(lambda p: (p[0], p[0] + p[1])), max_size=5)


def brute_force(length, pausen, von, bis):
    """Count the minutes one by one."""
    lower, upper = -(10**6) if von is None else von, 10**6 if bis is None else bis
    return sum(1 for m in range(length) if lower <= m < upper and not any(left <= m < right for left, right in pausen))


@given(st.integers(1, 240), pauses, st.none() | offsets, st.none() | offsets)
def test_equals_counting_minute_by_minute(length, pausen, von, bis):
    got = attended_minutes(
        BEGINN,
        at(length),
        [(at(left), at(right)) for left, right in pausen],
        None if von is None else at(von),
        None if bis is None else at(bis),
    )
    assert got == brute_force(length, pausen, von, bis)


@given(st.integers(1, 240), pauses, offsets, st.integers(0, 120))
def test_a_longer_stay_never_counts_less(length, pausen, von, more):
    breaks = [(at(left), at(right)) for left, right in pausen]
    short = attended_minutes(BEGINN, at(length), breaks, at(von), at(von + 30))
    long = attended_minutes(BEGINN, at(length), breaks, at(von), at(von + 30 + more))
    assert short <= long <= attended_minutes(BEGINN, at(length), breaks) <= length


def test_seconds_are_cut_off():
    assert attended_minutes(BEGINN, at(60), [], BEGINN + dt.timedelta(seconds=1)) == 59
