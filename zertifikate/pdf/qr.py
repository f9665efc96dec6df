"""The QR code as a vector path: one rectangle for each run of dark modules."""

import re
from dataclasses import dataclass
from functools import lru_cache

import segno

QUIET_ZONE = 4
# Trying all eight masks costs most of the time; any of them is valid, and a fixed one is the same for ever.
_MASK = 2
_DARK = re.compile(b"\x01+")


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
        y = side - QUIET_ZONE - row - 1
        for run in _DARK.finditer(modules):
            parts.append(f"{run.start() + QUIET_ZONE} {y} {run.end() - run.start()} 1 re")
    return QrPath(" ".join(parts), side)
