"""No hidden number can be computed from what is shown."""

from itertools import product

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kurse.fortschritt.unterdrueckung import MINDESTZAHL, cells_to_hide, hide_together

counts = st.lists(st.integers(0, 30), min_size=1, max_size=13)


def possible_values(table: dict, hidden: frozenset) -> dict:
    """What an attacker can conclude who knows the sum, the rules, and that a hidden number is at least 1."""
    rest = sum(table[key] for key in hidden)
    others = len(hidden) - 1
    return {key: range(1, rest - others + 1) for key in hidden}


@given(counts)
@settings(max_examples=500)
def test_small_numbers_are_hidden_and_stay_ambiguous(values):
    table = dict(enumerate(values))
    hidden = cells_to_hide(table)
    if hidden is None:
        assert sum(values) - (sum(v > 0 for v in values) - 1) < MINDESTZAHL or sum(v > 0 for v in values) == 1
        return
    assert {key for key, value in table.items() if 0 < value < MINDESTZAHL} <= hidden
    assert all(table[key] > 0 for key in hidden)
    for key, candidates in possible_values(table, hidden).items():
        assert table[key] in candidates
        # neither the number nor whether it is small can be concluded
        assert min(candidates) < MINDESTZAHL <= max(candidates)


@given(st.lists(st.integers(0, 9), min_size=2, max_size=4))
@settings(max_examples=200)
def test_brute_force_finds_more_than_one_table(values):
    """The same by trying every table that fits what is shown."""
    table = dict(enumerate(values))
    hidden = cells_to_hide(table)
    assume(hidden)
    rest = sum(table[key] for key in hidden)
    fits = [combo for combo in product(range(1, rest + 1), repeat=len(hidden)) if sum(combo) == rest]
    for column in zip(*fits, strict=True):
        assert len(set(column)) > 1


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=60))
@settings(max_examples=300)
def test_tables_of_the_same_people_do_not_betray_each_other(people):
    """Each person lives in one row of both tables, so both have the same sum."""
    tables = [{key: sum(1 for p in people if p[i] == key) for key in range(4)} for i in (0, 1)]
    hidden, dropped = hide_together(tables)
    shown = [sum(t[k] for k in t if k not in h) for t, h in zip(tables, hidden, strict=True)]
    if dropped:
        # the sum is gone, and no table shows a number above zero from which it could be concluded
        assert shown == [0, 0]
        return
    for table, keys in zip(tables, hidden, strict=True):
        for key, candidates in possible_values(table, keys).items():
            assert len(candidates) > 1, key


@given(counts, st.sets(st.integers(0, 12)))
def test_forced_rows_are_protected_like_small_ones(values, forced):
    table = dict(enumerate(values))
    hidden = cells_to_hide(table, frozenset(forced))
    assume(hidden is not None)
    assert {key for key in forced if table.get(key, 0) > 0} <= hidden
    assert all(len(candidates) > 1 for candidates in possible_values(table, hidden).values())


def test_zeros_and_large_numbers_are_shown():
    assert cells_to_hide({"a": 0, "b": 5, "c": 120}) == frozenset()


def test_one_small_number_takes_the_next_smallest_with_it():
    assert cells_to_hide({"a": 3, "b": 5, "c": 120}) == {"a", "b"}
