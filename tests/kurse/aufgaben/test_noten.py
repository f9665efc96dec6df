from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kurse.aufgaben.noten import gewichtetes_mittel, modulnote, round_note
from module.enums import SkalenArt

HOCHSCHULE = [Decimal(n) for n in ("1.0", "1.3", "1.7", "2.0", "2.3", "2.7", "3.0", "3.3", "3.7", "4.0")]
gewichte = st.decimals("0.01", "99.99", places=2)
teile = st.lists(st.tuples(st.sampled_from(HOCHSCHULE), gewichte), min_size=1, max_size=12)


@given(teile)
def test_university_grade_is_the_exact_mean_cut_after_one_decimal(parts):
    total = sum(Fraction(g) for _n, g in parts)
    exact = sum(Fraction(n) * Fraction(g) for n, g in parts) / total
    expected = Decimal(int(exact * 10)) / 10
    found = modulnote(parts, SkalenArt.HOCHSCHULE)
    assert found == expected
    assert found.as_tuple().exponent == -1


@given(teile)
def test_grade_lies_between_best_and_worst_and_ignores_the_order(parts):
    found = modulnote(parts, SkalenArt.HOCHSCHULE)
    assert min(n for n, _g in parts) <= found <= max(n for n, _g in parts)
    assert modulnote(reversed(parts), SkalenArt.HOCHSCHULE) == found


@given(teile, st.decimals("0.01", "9", places=2))
def test_only_the_ratio_of_weights_counts(parts, factor):
    assert modulnote(parts, SkalenArt.HOCHSCHULE) == modulnote(
        [(n, g * factor) for n, g in parts], SkalenArt.HOCHSCHULE
    )


@given(st.sampled_from(HOCHSCHULE), st.lists(gewichte, min_size=1, max_size=9))
def test_equal_grades_give_that_grade(note, weights):
    assert modulnote([(note, g) for g in weights], SkalenArt.HOCHSCHULE) == note


@pytest.mark.parametrize(
    ("mittel", "art", "note"),
    [
        ("1.99", SkalenArt.HOCHSCHULE, "1.9"),
        ("2.35", SkalenArt.HOCHSCHULE, "2.3"),
        ("4.0", SkalenArt.HOCHSCHULE, "4.0"),
        ("2.49", SkalenArt.GANZE_NOTEN, "2.0"),
        ("2.5", SkalenArt.GANZE_NOTEN, "3.0"),
        ("2.44", SkalenArt.GANZE_NOTEN, "2.0"),
    ],
)
def test_rounding_rules(mittel, art, note):
    assert str(round_note(Decimal(mittel), art)) == note


def test_nothing_to_average():
    assert gewichtetes_mittel([]) is None
    assert modulnote([(Decimal("1.0"), Decimal(0))], SkalenArt.HOCHSCHULE) is None
    assert modulnote([(Decimal("1.0"), Decimal(1))], SkalenArt.BESTANDEN) is None
