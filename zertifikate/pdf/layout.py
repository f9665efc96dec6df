"""Rows on A4 pages: what stands where. Nothing is drawn here, and nothing of a certificate is known here.

A row is what must not be torn apart, with a role in the reading order; rows come in the order in which they are read.
Lengths are in points, y grows upwards as in PDF.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from zertifikate.pdf.text import Shaped, fit, wrap

PAGE_WIDTH, PAGE_HEIGHT = 595.28, 841.89
MARGIN_LEFT = MARGIN_RIGHT = 68.0
MARGIN_TOP = 48.0
MARGIN_BOTTOM = 56.0
MOST_TIGHTENING = 0.45
WIDTH = PAGE_WIDTH - MARGIN_LEFT - MARGIN_RIGHT

INK = (0.09, 0.11, 0.14)
MUTED = (0.36, 0.39, 0.44)
ACCENT = (0.10, 0.23, 0.40)
HAIRLINE = (0.72, 0.75, 0.79)

Color = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Text:
    """A shaped line; ``x`` from the left margin, ``y`` of the baseline, in a row counted down from its top."""

    x: float
    y: float
    shaped: Shaped
    size: float
    color: Color = INK

    def moved(self, dx: float, dy: float) -> "Text":
        return Text(self.x + dx, self.y + dy, self.shaped, self.size, self.color)


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal line."""

    x: float
    y: float
    width: float
    weight: float = 0.5
    color: Color = HAIRLINE


@dataclass(frozen=True, slots=True)
class Graphic:
    """A filled path in a square of ``modules`` units, drawn ``size`` points wide; ``alt`` says what it shows."""

    x: float
    y: float
    size: float
    modules: int
    path: str
    alt: str


@dataclass(frozen=True, slots=True)
class Row:
    """``gap`` is the space above, ``stretch`` how much of it may be added when the page has room to spare;
    ``keep`` holds the row on one page with the next. ``role`` is its structure type (PDF 32000-1, 14.8.4), and a row
    that ``continues`` is a further line of the element before it."""

    height: float
    texts: tuple[Text, ...] = ()
    rules: tuple[Rule, ...] = ()
    graphics: tuple[Graphic, ...] = ()
    gap: float = 0.0
    stretch: float = 0.0
    keep: bool = False
    role: str = "P"
    continues: bool = False


@dataclass(frozen=True, slots=True)
class Element:
    """A placed row: absolute coordinates, and what it is in the reading order."""

    role: str
    continues: bool
    texts: tuple[Text, ...]
    rules: tuple[Rule, ...]
    graphics: tuple[Graphic, ...]


@dataclass(slots=True)
class Page:
    """Elements in reading order."""

    elements: list[Element] = field(default_factory=list)

    def place(self, row: Row, top: float) -> None:
        self.elements.append(
            Element(
                row.role,
                row.continues,
                tuple(
                    Text(MARGIN_LEFT + text.x, top - text.y, text.shaped, text.size, text.color) for text in row.texts
                ),
                tuple(replace(rule, x=MARGIN_LEFT + rule.x, y=top - rule.y) for rule in row.rules),
                tuple(replace(graphic, x=MARGIN_LEFT + graphic.x, y=top - graphic.y) for graphic in row.graphics),
            )
        )

    @property
    def texts(self) -> Iterator[Text]:
        return (text for element in self.elements for text in element.texts)

    @property
    def rules(self) -> Iterator[Rule]:
        return (rule for element in self.elements for rule in element.rules)

    @property
    def graphics(self) -> Iterator[Graphic]:
        return (graphic for element in self.elements for graphic in element.graphics)


# --- rows of text --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Style:
    face: str
    size: float
    leading: float
    color: Color = INK
    align: str = "left"
    smallest: float | None = None


def text_rows(
    text: str,
    style: Style,
    *,
    x: float = 0.0,
    width: float = WIDTH,
    gap: float = 0.0,
    stretch: float = 0.0,
    keep: bool = False,
    role: str = "P",
) -> list[Row]:
    """A text as one row per line: shrunk to one line if the style allows it, else wrapped."""
    return list(_text_rows(text, style, x, width, gap, stretch, keep, role))


@lru_cache(maxsize=2048)
def _text_rows(
    text: str, style: Style, x: float, width: float, gap: float, stretch: float, keep: bool, role: str
) -> tuple[Row, ...]:
    """Kept, because most texts of a certificate are the same for everybody in the course."""
    fitted = fit(text, style.face, width, style.size, style.smallest or style.size)
    size, lines = fitted.size, fitted.lines
    if style.align == "center" and len(lines) > 1:
        lines = balanced(text, style.face, width, size, len(lines))
    leading = style.leading * size
    rows = []
    for index, line in enumerate(lines):
        placed = Text(aligned(line, size, style.align, x, width), baseline(size, leading), line, size, style.color)
        rows.append(
            Row(
                leading,
                (placed,),
                gap=gap if index == 0 else 0.0,
                stretch=stretch if index == 0 else 0.0,
                # neither a first nor a last line of a paragraph stays alone
                keep=keep or index == 0 < len(lines) - 1 or index == len(lines) - 2,
                role=role,
                continues=index > 0,
            )
        )
    return tuple(rows)


def balanced(text: str, face: str, width: float, size: float, count: int) -> tuple[Shaped, ...]:
    """The narrowest setting that needs no more lines, so that no centred word stays alone."""
    lines = wrap(text, face, width, size)
    for step in range(1, 10):
        narrower = wrap(text, face, width * (1 - 0.05 * step), size)
        if len(narrower) > count:
            break
        lines = narrower
    return lines


def aligned(line: Shaped, size: float, align: str, x: float, width: float) -> float:
    if align == "left":
        return x
    free = width - line.width_at(size)
    return x + (free / 2 if align == "center" else free)


def baseline(size: float, leading: float) -> float:
    """Distance from the top of a line to its baseline."""
    return (leading - size) / 2 + size * 0.8


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    style: Style
    x: float
    width: float


def cells_row(cells: Sequence[Cell], *, padding: float = 0.0, **options: Any) -> Row:
    """Cells side by side, each wrapped in its own width, on a common first baseline; as high as the highest."""
    columns = [text_rows(cell.text, cell.style, x=cell.x, width=cell.width) for cell in cells if cell.text]
    first = max((rows[0].texts[0].y for rows in columns), default=0.0)
    texts: list[Text] = []
    height = 0.0
    for rows in columns:
        y = padding + first - rows[0].texts[0].y
        for row in rows:
            texts += [text.moved(0, y) for text in row.texts]
            y += row.height
        height = max(height, y)
    return Row(height + padding, tuple(texts), **options)


def stacked(rows: Iterable[Row], **options: Any) -> Row:
    """Several rows as one that is never torn apart."""
    texts: list[Text] = []
    rules: list[Rule] = []
    graphics: list[Graphic] = []
    y = 0.0
    for row in rows:
        y += row.gap
        texts += [item.moved(0, y) for item in row.texts]
        rules += [replace(item, y=item.y + y) for item in row.rules]
        graphics += [replace(item, y=item.y + y) for item in row.graphics]
        y += row.height
    return Row(y, tuple(texts), tuple(rules), tuple(graphics), **options)


# --- pages ---------------------------------------------------------------------------------------------------------


def paginate(rows: Sequence[Row], closing: Row, continuation: Row) -> list[Page]:
    """Fill pages from the top; ``closing`` stands at the foot of the last, ``continuation`` heads all but the first.

    When all fits on one page, spare room goes to the stretchable gaps; what is a little too long is drawn together.
    """
    room = PAGE_HEIGHT - MARGIN_TOP - MARGIN_BOTTOM
    rows = _tightened(rows, room - closing.gap - closing.height)
    groups = _groups(rows)
    sheets: list[list[Row]] = [[]]
    used = 0.0
    for index, group in enumerate(groups):
        needed = _height(group, at_top=not sheets[-1])
        closing_height = closing.gap + closing.height if index == len(groups) - 1 else 0.0
        fits_a_page = continuation.height + _height(group, at_top=False) + closing_height <= room
        if sheets[-1] and fits_a_page and used + needed + closing_height > room:
            sheets.append([continuation])
            used = continuation.height
            needed = _height(group, at_top=False)
        if used + needed + closing_height > room:
            used = _spill(sheets, group, used, room, continuation)
            if used + closing_height > room:
                sheets.append([continuation])
                used = continuation.height
        else:
            sheets[-1] += group
            used += needed
    spare = room - used - closing.gap - closing.height if len(sheets) == 1 else 0.0
    pages = [_set_page(sheet, spare) for sheet in sheets]
    pages[-1].place(closing, MARGIN_BOTTOM + closing.height)
    return pages


def _tightened(rows: Sequence[Row], room: float) -> Sequence[Row]:
    """The rows with smaller gaps if that keeps them on one page, else as they are."""
    excess = _height(rows, at_top=True) - room
    gaps = sum(row.gap for row in rows[1:])
    if excess <= 0 or not gaps or excess / gaps > MOST_TIGHTENING:
        return rows
    factor = 1 - excess / gaps - 1e-6
    return [replace(row, gap=row.gap * factor, stretch=0.0) for row in rows]


def _groups(rows: Sequence[Row]) -> list[list[Row]]:
    groups: list[list[Row]] = [[]]
    for row in rows:
        groups[-1].append(row)
        if not row.keep:
            groups.append([])
    return [group for group in groups if group]


def _height(rows: Sequence[Row], *, at_top: bool) -> float:
    return sum(row.gap + row.height for row in rows) - (rows[0].gap if at_top else 0.0)


def _spill(sheets: list[list[Row]], group: list[Row], used: float, room: float, continuation: Row) -> float:
    """A group higher than a page goes row by row."""
    for row in group:
        if sheets[-1] and used + row.gap + row.height > room:
            sheets.append([continuation])
            used = continuation.height
        used += row.height + (row.gap if sheets[-1] else 0.0)
        sheets[-1].append(row)
    return used


def _set_page(rows: Sequence[Row], spare: float) -> Page:
    page = Page()
    wanted = sum(row.stretch for row in rows)
    share = min(1.0, spare / wanted) if wanted and spare > 0 else 0.0
    top = PAGE_HEIGHT - MARGIN_TOP
    for index, row in enumerate(rows):
        if index:
            top -= row.gap
        top -= row.stretch * share
        page.place(row, top)
        top -= row.height
    return page
