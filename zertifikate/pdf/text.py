"""Text that is set exactly as it is written: normalised, shaped, fitted; never a box, never a question mark.

There is no markup anywhere in here, so nothing needs escaping: "<b>" is printed as "<b>".
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import uharfbuzz as hb

from zertifikate.pdf.fonts import PRIVATE_BASE, ExtraGlyph, LoadedFace, load_faces
from zertifikate.pdf.marks import Glyph, settle

_INVISIBLE = dict.fromkeys((0x00AD, 0x200B, 0x2060, 0xFEFF))
_FEATURES = {"kern": True, "liga": False, "clig": False, "dlig": False}
_SIZE_STEP = 0.5
_HYPHENATED = re.compile(r"[^-‐–—/]*[-‐–—/]+|[^-‐–—/]+")  # noqa: RUF001


class GlyphMissingError(Exception):
    """The letter cannot be set with the fonts at hand, so the document must not be issued."""

    def __init__(self, letter: str):
        self.letter = letter
        codes = " ".join(f"U+{ord(char):04X}" for char in letter)
        super().__init__(f"no glyph for {letter!r} ({codes})")


@dataclass(frozen=True, slots=True)
class Piece:
    """Glyphs that are read together. ``runs`` are (rise in 1/1000 em, inside of a PDF TJ array);
    ``actual`` is the text to read where the glyphs alone would not surely say it."""

    runs: tuple[tuple[int, str], ...]
    actual: str | None = None


@dataclass(frozen=True, slots=True)
class Shaped:
    """A text in one face, ready to be drawn in any size. ``width`` is in 1/1000 em."""

    face: str
    text: str
    width: int
    pieces: tuple[Piece, ...]
    extras: frozenset[ExtraGlyph]

    def width_at(self, size: float) -> float:
        return self.width * size / 1000


def clean(text: str) -> str:
    """One line of text: NFC, any white space a single space, break hints removed; a no-break space stays."""
    text = unicodedata.normalize("NFC", text).translate(_INVISIBLE)
    return " ".join(part for part in text.replace("\n", " ").replace("\t", " ").split(" ") if part)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, one per line, cleaned; empty ones dropped."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").split("\n")
    return [line for line in map(clean, lines) if line]


def shape(text: str, face: str) -> Shaped:
    """Shape a cleaned text; raises GlyphMissingError with the letter that no fitting face has."""
    shaped = _shape(text, face)
    if isinstance(shaped, GlyphMissingError):
        raise shaped
    return shaped


def unprintable(text: str) -> list[str]:
    """The letters of a text that no face can set, each once; empty if it can be printed."""
    missing: list[str] = []
    for letter in _letters(clean(text)):
        shaped = _shape(letter, covering_face(letter, "serif"))
        if isinstance(shaped, GlyphMissingError) and letter not in missing:
            missing.append(letter)
    return missing


def covering_face(text: str, face: str) -> str:
    """The face to set the whole text in: the wanted one or, if a letter is missing there, the one it falls back to."""
    loaded = load_faces()[face]
    fallback = loaded.face.fallback
    if fallback is None or all(ord(char) in loaded.available for char in text):
        return face
    return fallback


def _refuse_unprintable(text: str) -> None:
    """Controls have no glyph; scripts from right to left need line ordering that this room does not do."""
    for char in text:
        if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn"):
            raise GlyphMissingError(char)
        if unicodedata.bidirectional(char) in ("R", "AL", "AN"):
            raise GlyphMissingError(char)


@lru_cache(maxsize=16384)
def _shape(text: str, face: str) -> Shaped | GlyphMissingError:
    if not text:
        return Shaped(face, "", 0, (), frozenset())
    try:
        _refuse_unprintable(text)
        return _Builder(text, load_faces()[face]).build()
    except GlyphMissingError as error:
        return error


class _Array:
    """The inside of a TJ array under construction: hexadecimal codes and the distances between them."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.codes = ""
        self.pending = 0

    def add(self, code: int, before: int, after: int) -> None:
        """``before`` and ``after`` move the pen forward, in 1/1000 em."""
        self.pending -= before
        if self.pending:
            self._close_string()
            self.parts.append(str(self.pending))
        self.codes += f"{code:04X}"
        self.pending = -after

    def _close_string(self) -> None:
        if self.codes:
            self.parts.append(f"<{self.codes}>")
            self.codes = ""

    def __str__(self) -> str:
        self._close_string()
        tail = [str(self.pending)] if self.pending else []
        return " ".join(self.parts + tail)


class _Builder:
    """Turns HarfBuzz's clusters into pieces: one for a stretch of plain letters, one for each composed sequence."""

    def __init__(self, text: str, loaded: LoadedFace):
        self.text = text
        self.loaded = loaded
        self.width = 0
        self.extras: set[ExtraGlyph] = set()

    def build(self) -> Shaped:
        buffer = hb.Buffer()
        buffer.add_str(self.text)
        buffer.guess_segment_properties()
        buffer.direction, buffer.language = "ltr", "de"
        hb.shape(self.loaded.hb_font, buffer, _FEATURES)
        glyphs = [
            (info.cluster, Glyph(info.codepoint, at.x_offset, at.y_offset, at.x_advance))
            for info, at in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
        ]
        pieces: list[Piece] = []
        plain = _Array()
        nominal = self.loaded.nominal
        for letters, cluster in _clusters(self.text, glyphs):
            glyph = cluster[0]
            if len(letters) == len(cluster) == 1 and glyph.id == nominal(ord(letters)) and glyph.id:
                self._add(plain, self._code(letters, glyph.id), glyph)
                continue
            if any(glyph.id == 0 for glyph in cluster):
                raise GlyphMissingError(letters)
            if array := str(plain):
                pieces.append(Piece(((0, array),)))
            plain = _Array()
            pieces.append(self._composed(letters, cluster))
        if array := str(plain):
            pieces.append(Piece(((0, array),)))
        return Shaped(self.loaded.face.key, self.text, self.width, tuple(pieces), frozenset(self.extras))

    def _composed(self, letters: str, glyphs: list[Glyph]) -> Piece:
        """Base and marks, each on its own height; the sequence is said as a whole."""
        shares = list(letters) if len(letters) == len(glyphs) else [letters, *"\u200b" * (len(glyphs) - 1)]
        runs: list[tuple[int, _Array]] = []
        for share, glyph in zip(shares, settle(letters, glyphs, self.loaded), strict=True):
            if not runs or runs[-1][0] != glyph.y:
                runs.append((glyph.y, _Array()))
            self._add(runs[-1][1], self._code(share, glyph.id), glyph)
        return Piece(tuple((rise, str(array)) for rise, array in runs), letters)

    def _add(self, array: _Array, code: int, glyph: Glyph) -> None:
        array.add(code, glyph.x, glyph.advance - glyph.x - self.loaded.width(glyph.id))
        self.width += glyph.advance

    def _code(self, share: str, glyph: int) -> int:
        """The character itself where the glyph is its plain form, else a private code that stands for ``share``."""
        plain = len(share) == 1 and ord(share) <= 0xFFFF and glyph == self.loaded.nominal(ord(share))
        code = ord(share) if plain else PRIVATE_BASE + glyph
        if code not in self.loaded.common:
            self.extras.add(ExtraGlyph(code, glyph, share))
        return code


def _clusters(text: str, glyphs: list[tuple[int, Glyph]]) -> Iterator[tuple[str, list[Glyph]]]:
    """The letters and the glyphs that belong together, in order."""
    at = 0
    while at < len(glyphs):
        start = glyphs[at][0]
        group = [glyphs[at][1]]
        at += 1
        while at < len(glyphs) and glyphs[at][0] == start:
            group.append(glyphs[at][1])
            at += 1
        yield text[start : glyphs[at][0] if at < len(glyphs) else len(text)], group


# --- fitting -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fitted:
    """A text in a size in which each line stays within the width."""

    size: float
    lines: tuple[Shaped, ...]


def fit(text: str, face: str, width: float, size: float, smallest: float) -> Fitted:
    """One line in the largest size between ``size`` and ``smallest`` that fits; failing that, lines in ``smallest``.

    The sizes are tried downwards in half points, so the loop is bounded by the range.
    """
    text = clean(text)
    face = covering_face(text, face)
    whole = shape(text, face)
    tried = size
    while tried >= smallest:
        if whole.width_at(tried) <= width:
            return Fitted(tried, (whole,))
        tried -= _SIZE_STEP
    return Fitted(smallest, wrap(text, face, width, smallest))


@lru_cache(maxsize=4096)
def wrap(text: str, face: str, width: float, size: float) -> tuple[Shaped, ...]:
    """Lines no wider than ``width``: broken at spaces, after hyphens, and inside a word only if it fills a line alone.

    Every character survives; at a break only the space disappears.
    """
    text = clean(text)
    face = covering_face(text, face)
    limit = width * 1000 / size
    parts = [part for word in text.split(" ") for part in _parts(word, face, limit)]
    lines: list[Shaped] = []
    while parts:
        line, parts = _first_line(parts, face, limit)
        lines.append(line)
    return tuple(lines)


def _first_line(parts: list[tuple[str, str]], face: str, limit: float) -> tuple[Shaped, list[tuple[str, str]]]:
    """As many parts as fit, and the rest. Measured by parts, which repeat from text to text, and then set as a whole:
    kerning between parts can only be known then, so it may send the last part to the next line."""
    width, count = 0, 0
    for part, glue in parts:
        width += shape(part, face).width + (shape(glue, face).width if glue and count else 0)
        if count and width > limit:
            break
        count += 1
    while True:
        line = shape("".join(glue + part for part, glue in parts[:count]).lstrip(" "), face)
        if count == 1 or line.width <= limit:
            return line, parts[count:]
        count -= 1


def _parts(word: str, face: str, limit: float) -> Iterator[tuple[str, str]]:
    """The unbreakable parts of a word with what joins each to the one before: a space, or nothing after a hyphen."""
    glue = " "
    for part in _HYPHENATED.findall(word):
        for chunk in _chunks(part, face, limit):
            yield chunk, glue
            glue = ""


def _chunks(part: str, face: str, limit: float) -> Iterator[str]:
    """Pieces of a part that is too wide for a line, never cut between a letter and its marks."""
    if shape(part, face).width <= limit:
        yield part
        return
    chunk = ""
    for letter in _letters(part):
        if chunk and shape(chunk + letter, face).width > limit:
            yield chunk
            chunk = ""
        chunk += letter
    yield chunk


def _letters(text: str) -> list[str]:
    """User-perceived letters: a base with its marks; a double mark keeps the letter after it, too."""
    letters: list[str] = []
    for char in text:
        joins = unicodedata.combining(char) or (letters and unicodedata.combining(letters[-1][-1]) in (233, 234))
        if letters and joins:
            letters[-1] += char
        else:
            letters.append(char)
    return letters
