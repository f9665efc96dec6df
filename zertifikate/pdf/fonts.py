"""The typefaces of the certificates: loaded once per process, embedded as subsets that are computed once and kept.

A PDF character code is the Unicode code point itself wherever a glyph stands for one character, so the text can be read
back exactly even where one glyph serves two letters (Ð and Đ). Only glyphs without a code point of their own, which
shaping can produce, get a code in the private use area.
"""

import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import uharfbuzz as hb

PRIVATE_BASE = 0xE000
_PRIVATE_SIZE = 0x1900
_FONT_FOLDER = Path("node_modules/dejavu-fonts-ttf/ttf")

# What nearly every certificate needs: Latin-1, Latin Extended-A, the comma letters of Romanian and typographic signs.
# Together with it each face is embedded from a ready, compressed subset; rarer letters are added per document.
_COMMON = frozenset(
    [*range(0x20, 0x7F), *range(0xA0, 0xAD), *range(0xAE, 0x180), *range(0x218, 0x21C), 0x18F, 0x259, 0x1E9E]
    + [0x2013, 0x2014, 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E, 0x2022, 0x2026, 0x2039, 0x203A, 0x20AC]
)
_DROPPED_TABLES = ("GDEF", "GSUB", "GPOS", "kern", "name", "OS/2", "post", "cmap", "gasp", "FFTM", "MATH")


class FontMissingError(Exception):
    """A font file is not installed; nothing may be drawn with a substitute."""


@dataclass(frozen=True)
class Face:
    """One typeface. ``fallback`` names the face that sets a whole text in which this one lacks a glyph."""

    key: str
    filename: str
    bold: bool = False
    serif: bool = False
    fallback: str | None = None


FACES = {
    face.key: face
    for face in (
        Face("serif", "DejaVuSerifCondensed.ttf", serif=True, fallback="sans"),
        Face("serif-bold", "DejaVuSerifCondensed-Bold.ttf", bold=True, serif=True, fallback="sans-bold"),
        Face("sans", "DejaVuSansCondensed.ttf"),
        Face("sans-bold", "DejaVuSansCondensed-Bold.ttf", bold=True),
    )
}


@dataclass(frozen=True)
class ExtraGlyph:
    """A glyph outside the common subset: its code in the document, its glyph id and the text it stands for."""

    code: int
    glyph: int
    text: str


@dataclass(frozen=True)
class FontProgram:
    """Everything of an embedded font that does not depend on the document; streams are compressed already."""

    name: str
    font_file: bytes
    font_file_length: int
    code_to_glyph: bytes
    widths: str
    to_unicode: bytes
    bbox: tuple[int, int, int, int]
    ascent: int
    descent: int


@dataclass(frozen=True)
class Ink:
    left: int
    right: int
    top: int
    bottom: int


class LoadedFace:
    """A face with its metrics in 1/1000 em."""

    def __init__(self, face: Face, path: Path):
        if not path.is_file():
            raise FontMissingError(f"{path.name} is missing in {path.parent}: run npm ci")
        self.face = face
        self.hb_face = hb.Face(hb.Blob.from_file_path(str(path)))
        self.hb_font = hb.Font(self.hb_face)
        self.hb_font.scale = (1000, 1000)
        self.available = frozenset(self.hb_face.unicodes)
        if self.hb_face.glyph_count > _PRIVATE_SIZE:
            raise FontMissingError(f"{path.name} has more glyphs than private codes")
        self._widths: dict[int, int] = {}
        self.nominal = lru_cache(maxsize=4096)(self._nominal)

    def _nominal(self, code: int) -> int:
        return self.hb_font.get_nominal_glyph(code) or 0

    def width(self, glyph: int) -> int:
        width = self._widths.get(glyph)
        if width is None:
            width = self._widths[glyph] = self.hb_font.get_glyph_h_advance(glyph)
        return width

    def ink(self, glyph: int) -> Ink:
        """The box around what is printed of a glyph."""
        box = self.hb_font.get_glyph_extents(glyph)
        left, top = box.x_bearing, box.y_bearing
        return Ink(left, left + box.width, top, top + box.height)

    @property
    def common(self) -> frozenset[int]:
        return _COMMON


def find_font_folder() -> Path:
    """The folder of the npm package beside the project's root, wherever the process was started."""
    return Path(__file__).resolve().parents[2] / _FONT_FOLDER


@cache
def load_faces(folder: Path | None = None) -> dict[str, LoadedFace]:
    """All faces; raises FontMissingError when one is not there. The first call reads the files, later ones don't."""
    folder = folder or find_font_folder()
    return {key: LoadedFace(face, folder / face.filename) for key, face in FACES.items()}


@lru_cache(maxsize=256)
def font_program(loaded: LoadedFace, extras: frozenset[ExtraGlyph]) -> FontProgram:
    """The embeddable subset: the common characters plus ``extras``. Same input, same bytes."""
    mapping = {code: (loaded.nominal(code), chr(code)) for code in loaded.common & loaded.available}
    for extra in sorted(extras, key=lambda item: (item.code, item.text), reverse=True):
        mapping[extra.code] = (extra.glyph, extra.text)
    codes = sorted(mapping)

    wanted = hb.SubsetInput()
    wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NO_LAYOUT_CLOSURE | hb.SubsetFlags.NOTDEF_OUTLINE
    wanted.glyph_set.update(glyph for glyph, _ in mapping.values())
    wanted.drop_table_tag_set.update(wanted_tag(tag) for tag in _DROPPED_TABLES)
    plan = hb.SubsetPlan(loaded.hb_face, wanted)
    new_glyphs = plan.old_to_new_glyph_mapping
    data = bytes(plan.execute().blob.data)

    code_to_glyph = bytearray(2 * (codes[-1] + 1))
    for code in codes:
        code_to_glyph[2 * code : 2 * code + 2] = new_glyphs[mapping[code][0]].to_bytes(2, "big")

    digest = hashlib.sha256(data).digest()
    tag = "".join(chr(ord("A") + byte % 26) for byte in digest[:6])
    extents = loaded.hb_font.get_font_extents("ltr")
    return FontProgram(
        name=f"{tag}+{Path(loaded.face.filename).stem}",
        font_file=zlib.compress(data, 9),
        font_file_length=len(data),
        code_to_glyph=zlib.compress(bytes(code_to_glyph), 9),
        widths=_widths_array(codes, [loaded.width(mapping[code][0]) for code in codes]),
        to_unicode=zlib.compress(_to_unicode(codes, [mapping[code][1] for code in codes]), 9),
        bbox=_bbox(loaded),
        ascent=extents.ascender,
        descent=extents.descender,
    )


def wanted_tag(tag: str) -> int:
    """An OpenType table tag as the number that HarfBuzz sets hold."""
    return int.from_bytes(tag.ljust(4).encode("ascii"), "big")


def _bbox(loaded: LoadedFace) -> tuple[int, int, int, int]:
    head = loaded.hb_face.reference_table("head").data
    corners = [int.from_bytes(head[at : at + 2], "big", signed=True) for at in (36, 38, 40, 42)]
    left, bottom, right, top = (round(corner * 1000 / loaded.hb_face.upem) for corner in corners)
    return left, bottom, right, top


def _widths_array(codes: list[int], widths: list[int]) -> str:
    """The /W array: runs of consecutive codes."""
    parts: list[str] = []
    previous = None
    for code, width in zip(codes, widths, strict=True):
        if previous is None or code != previous + 1:
            parts.append(f"{']' if parts else ''}{code}[{width}")
        else:
            parts.append(f" {width}")
        previous = code
    return f"[{''.join(parts)}]]"


def _to_unicode(codes: Iterable[int], texts: Iterable[str]) -> bytes:
    entries = [
        f"<{code:04X}> <{text.encode('utf-16-be').hex().upper()}>" for code, text in zip(codes, texts, strict=True)
    ]
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <FFFF> endcodespacerange",
    ]
    for start in range(0, len(entries), 100):
        block = entries[start : start + 100]
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return "\n".join(lines).encode("ascii")
