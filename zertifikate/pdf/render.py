"""From pages to PDF bytes. The same snapshot gives the same bytes, today and in another process."""

import hashlib
import time
from collections.abc import Iterable
from datetime import UTC, date, datetime
from io import BytesIO
from types import SimpleNamespace
from typing import Any

from reportlab import rl_config
from reportlab.lib.utils import TimeStamp
from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from zertifikate.pdf.fonts import FACES, ExtraGlyph, FontProgram, font_program, load_faces
from zertifikate.pdf.layout import PAGE_HEIGHT, PAGE_WIDTH, Color, Graphic, Page, Rule, Text
from zertifikate.pdf.snapshot import Snapshot
from zertifikate.pdf.text import Shaped
from zertifikate.pdf.zertifikat import lay_out

_CREATOR = "Nachqualifizierung"
_FONT_NAMES = {key: f"F{index}" for index, key in enumerate(FACES, start=1)}


_NO_FONT = "zertifikate-none"


def _register_no_font() -> None:
    """Take the place of ReportLab's initial font, which would name an unembedded Helvetica on every page.

    ReportLab names nothing for a dynamic font until text is set in it, and none ever is.
    """
    face = SimpleNamespace(name=_NO_FONT, builtIn=False)
    pdfmetrics.registerFont(SimpleNamespace(fontName=_NO_FONT, face=face, _dynamicFont=True, _multiByte=True))


_register_no_font()
# Base 85 makes streams a quarter larger and slower, for mail gateways that no longer exist.
rl_config.useA85 = 0


class _IssuedAt(TimeStamp):
    """The document's dates are the day of issue, not the moment of drawing."""

    def __init__(self, day: date):
        moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
        self.t = moment.timestamp()
        self.lt = time.gmtime(self.t)
        self.YMDhms = tuple(self.lt)[:6]
        self.dhh = self.dmm = 0
        self.tzname = "UTC"


def render_zertifikat(snapshot: Snapshot) -> bytes:
    """The finished PDF. Raises GlyphMissingError when a letter cannot be set, FontMissingError without the fonts."""
    pages = lay_out(snapshot)
    output = BytesIO()
    canvas = Canvas(
        output,
        pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
        pageCompression=1,
        invariant=1,
        lang="de-DE",
        initialFontName=_NO_FONT,  # type: ignore[arg-type]
        pdfVersion=(1, 7),
    )
    codes = [_page_code(page) for page in pages]
    document: Any = canvas._doc  # type: ignore[attr-defined]
    document._timeStamp = _IssuedAt(snapshot.ausgestellt_am)
    # ReportLab mixes SOURCE_DATE_EPOCH into the file's id; ours comes from what is on the pages.
    document.signature = hashlib.blake2b("\f".join(codes).encode(), digest_size=16)
    canvas.setTitle(f"{snapshot.vorlage.ueberschrift} {snapshot.nummer}")
    canvas.setAuthor(snapshot.aussteller.name)
    canvas.setSubject(snapshot.titel)
    canvas.setCreator(_CREATOR)
    canvas.setViewerPreference("DisplayDocTitle", "true")
    for code in codes:
        canvas.addLiteral(code)
        canvas.showPage()
    _embed_fonts(document, pages)
    canvas.save()
    return output.getvalue()


# --- content -------------------------------------------------------------------------------------------------------


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _color(color: Color, operator: str) -> str:
    return f"{' '.join(_number(part) for part in color)} {operator}"


def _page_code(page: Page) -> str:
    code = [_rule_code(rule) for rule in page.rules]
    code += [_graphic_code(graphic) for graphic in page.graphics]
    code += ["BT", *_text_code(page.texts), "ET"]
    return "\n".join(code)


def _rule_code(rule: Rule) -> str:
    x, y, end = _number(rule.x), _number(rule.y), _number(rule.x + rule.width)
    return f"{_color(rule.color, 'RG')} {_number(rule.weight)} w {x} {y} m {end} {y} l S"


def _graphic_code(graphic: Graphic) -> str:
    scale = f"{graphic.size / graphic.modules:.5f}"
    return f"q 0 g {scale} 0 0 {scale} {_number(graphic.x)} {_number(graphic.y)} cm {graphic.path} f Q"


def _text_code(texts: Iterable[Text]) -> list[str]:
    code: list[str] = []
    font: tuple[str, float] | None = None
    color: Color | None = None
    for text in texts:
        wanted = (text.shaped.face, text.size)
        if wanted != font:
            code.append(f"/{_FONT_NAMES[wanted[0]]} {_number(wanted[1])} Tf")
            font = wanted
        if text.color != color:
            code.append(_color(text.color, "rg"))
            color = text.color
        code.append(f"1 0 0 1 {_number(text.x)} {_number(text.y)} Tm")
        code += _shaped_code(text.shaped, text.size)
    return code


def _shaped_code(shaped: Shaped, size: float) -> list[str]:
    code = []
    for piece in shaped.pieces:
        if piece.actual is not None:
            code.append(f"/Span <</ActualText <FEFF{piece.actual.encode('utf-16-be').hex().upper()}>>> BDC")
        for rise, array in piece.runs:
            shift = _number(rise * size / 1000) if rise else ""
            code.append(f"{shift} Ts [{array}] TJ 0 Ts" if rise else f"[{array}] TJ")
        if piece.actual is not None:
            code.append("EMC")
    return code


# --- fonts ---------------------------------------------------------------------------------------------------------


def _embed_fonts(doc: Any, pages: list[Page]) -> None:
    extras: dict[str, set[ExtraGlyph]] = {}
    for page in pages:
        for text in page.texts:
            extras.setdefault(text.shaped.face, set()).update(text.shaped.extras)
    resources = doc.idToObject["BasicFonts"].dict
    for key in sorted(extras):
        loaded = load_faces()[key]
        program = font_program(loaded, frozenset(extras[key]))
        resources[_FONT_NAMES[key]] = _font_object(doc, _FONT_NAMES[key], program, loaded.face.bold, loaded.face.serif)


def _font_object(doc: Any, key: str, program: FontProgram, bold: bool, serif: bool) -> Any:
    """A composite font whose codes are UTF-16: Type0 over CIDFontType2. Returns the reference to it."""
    font_file = doc.Reference(_Stream(program.font_file, f"/Length1 {program.font_file_length}"), f"fontFile:{key}")
    glyphs = doc.Reference(_Stream(program.code_to_glyph), f"cidToGid:{key}")
    unicode = doc.Reference(_Stream(program.to_unicode), f"toUnicode:{key}")
    left, bottom, right, top = program.bbox
    descriptor = _Source(
        f"<< /Type /FontDescriptor /FontName /{program.name} /Flags {4 | (2 if serif else 0)}"
        f" /FontBBox [{left} {bottom} {right} {top}] /ItalicAngle 0 /Ascent {program.ascent}"
        f" /Descent {program.descent} /CapHeight 729 /StemV {140 if bold else 80} /FontFile2 %s >>",
        font_file,
    )
    descendant = _Source(
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{program.name}"
        " /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
        f" /FontDescriptor %s /CIDToGIDMap %s /W {program.widths} >>",
        doc.Reference(descriptor, f"fontDescriptor:{key}"),
        glyphs,
    )
    font = _Source(
        f"<< /Type /Font /Subtype /Type0 /BaseFont /{program.name} /Encoding /Identity-H"
        " /DescendantFonts [%s] /ToUnicode %s >>",
        doc.Reference(descendant, f"cidFont:{key}"),
        unicode,
    )
    return doc.Reference(font, f"font:{key}")


class _Source(pdfdoc.PDFObject):
    """PDF source that is written as it stands, with references put in for %s."""

    __RefOnly__ = 1

    def __init__(self, source: str, *references: Any):
        self.source = source
        self.references = references

    def format(self, document: Any) -> bytes:
        references = tuple(reference.format(document).decode("ascii") for reference in self.references)
        return (self.source % references).encode("ascii")


class _Stream(pdfdoc.PDFObject):
    """A stream that is deflated already."""

    __RefOnly__ = 1

    def __init__(self, content: bytes, entries: str = ""):
        self.content = content
        self.entries = entries

    def format(self, document: Any) -> bytes:
        head = f"<< /Filter /FlateDecode /Length {len(self.content)} {self.entries} >>\nstream\n"
        return head.encode("ascii") + self.content + b"\nendstream\n"
