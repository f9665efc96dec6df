"""The module grade: a weighted mean in Decimal, shortened by the rule of the grade scale. Pure arithmetic."""

from collections.abc import Iterable
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from module.enums import SkalenArt

ZEHNTEL = Decimal("0.1")


def gewichtetes_mittel(teile: Iterable[tuple[Decimal, Decimal]]) -> Decimal | None:
    """Mean of (grade, weight), exact to 28 digits; None when nothing has a weight."""
    rows = [(Decimal(note), Decimal(gewicht)) for note, gewicht in teile]
    total = sum((gewicht for _note, gewicht in rows), Decimal(0))
    if not total:
        return None
    return sum((note * gewicht for note, gewicht in rows), Decimal(0)) / total


def round_note(mittel: Decimal, art: str) -> Decimal:
    """Shorten a mean to a grade.

    University scale: only the first decimal counts, the rest is cut off (usual clause of examination regulations).
    Whole grades: below n.5 down, from n.5 up, looking only at the first decimal (WbVO GfB § 8).
    """
    cut = mittel.quantize(ZEHNTEL, ROUND_DOWN)
    if art == SkalenArt.GANZE_NOTEN:
        return cut.quantize(Decimal(1), ROUND_HALF_UP).quantize(ZEHNTEL)
    return cut


def modulnote(teile: Iterable[tuple[Decimal, Decimal]], art: str) -> Decimal | None:
    """The module grade from (grade, weight) of its parts; None for ungraded scales or without weights."""
    if art == SkalenArt.BESTANDEN:
        return None
    mittel = gewichtetes_mittel(teile)
    return None if mittel is None else round_note(mittel, art)


def rundungsregel(art: str) -> str:
    """The rule in words; it is recorded with the result."""
    if art == SkalenArt.GANZE_NOTEN:
        return _("gewichtetes Mittel, auf ganze Noten gerundet (bis n,4 ab, ab n,5 auf; nur die erste Nachkommastelle)")
    return _("gewichtetes Mittel; nur die erste Nachkommastelle zählt, der Rest wird ohne Rundung gestrichen")
