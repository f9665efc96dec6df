"""The QR code as a vector path: one rectangle for each run of dark modules."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import segno

QUIET_ZONE = 4
# Trying all eight masks costs most of the time; any of them is valid, and a fixed one is the same for ever.
_MASK = 2


@dataclass(frozen=True, slots=True)
class QrPath:
    """``path`` is PDF path data in modules, origin at the lower left of the quiet zone; ``modules`` is the side."""

    path: str
    modules: int


@lru_cache(maxsize=64)
def qr_path(content: str) -> QrPath:
    """Error correction M: a stamp or a fold over 15 % of the code may hide it and it still reads."""
    matrix = segno.make(content, error="m", mask=_MASK, boost_error=False, micro=False).matrix
    side = len(matrix) + 2 * QUIET_ZONE
    parts = []
    for row, modules in enumerate(matrix):
        at = QUIET_ZONE
        y = side - QUIET_ZONE - row - 1
        for dark, run in groupby(modules):
            length = sum(1 for _ in run)
            if dark:
                parts.append(f"{at} {y} {length} 1 re")
            at += length
    return QrPath(" ".join(parts), side)
