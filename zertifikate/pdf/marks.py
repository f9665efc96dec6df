"""Marks that the font does not anchor to their letter: set apart by their ink instead of printed into it.

DejaVu has anchors for most sequences of DIN 91379, but not for a second mark on an accented capital (Ç̆, Ọ̈, Ḳ̄).
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from zertifikate.pdf.fonts import LoadedFace

_GAP = 45
_ABOVE, _BELOW = 230, 220


@dataclass(frozen=True, slots=True)
class Glyph:
    """A shaped glyph: id, offsets and advance in 1/1000 em."""

    id: int
    x: int
    y: int
    advance: int


def settle(letters: str, glyphs: Sequence[Glyph], loaded: LoadedFace) -> list[Glyph]:
    """The glyphs of one cluster, with every mark above or below clear of what it would overlap."""
    if len(letters) != len(glyphs):
        return list(glyphs)
    base = loaded.ink(glyphs[0].id)
    middle, top, bottom = (base.left + base.right) / 2, base.top, base.bottom
    settled = [glyphs[0]]
    pen = glyphs[0].advance
    for char, glyph in zip(letters[1:], glyphs[1:], strict=True):
        mark = loaded.ink(glyph.id)
        position = unicodedata.combining(char)
        if position == _ABOVE:
            if mark.bottom + glyph.y < top:
                glyph = replace(
                    glyph,
                    x=round(middle - (mark.left + mark.right) / 2) - pen,
                    y=top + _GAP - mark.bottom,
                )
            top = max(top, mark.top + glyph.y)
        elif position == _BELOW:
            if mark.top + glyph.y > bottom:
                glyph = replace(
                    glyph,
                    x=round(middle - (mark.left + mark.right) / 2) - pen,
                    y=bottom - _GAP - mark.top,
                )
            bottom = min(bottom, mark.bottom + glyph.y)
        settled.append(glyph)
        pen += glyph.advance
    return settled
