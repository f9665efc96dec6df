import re
import shutil
import subprocess
import sys
import unicodedata
from dataclasses import replace
from datetime import date
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
import segno
from PIL import Image

from tests.zertifikate.pdf.conftest import GOLDEN
from tests.zertifikate.pdf.din91379 import EXTENDED, LATIN_LETTERS, NON_LETTERS, SEQUENCES
from zertifikate.pdf.layout import MARGIN_LEFT, MARGIN_RIGHT, MARGIN_TOP, PAGE_HEIGHT, PAGE_WIDTH
from zertifikate.pdf.qr import qr_path
from zertifikate.pdf.render import render_zertifikat
from zertifikate.pdf.snapshot import Anrechnung, Snapshot
from zertifikate.pdf.text import GlyphMissingError
from zertifikate.pdf.zertifikat import decimal, lay_out, long_date, orientation, period

LONG_NAMES = [
    ("Ali", "Ay"),
    ("Şükran Éléonore", "Đặng-Žižková"),
    ("Maria Theresia " * 6 + "Anna", "von und zu " + "Schwarzenberg-" * 6 + "Hohenlohe"),
    ("", "A" * 100),
    ("K͟hadīja Ç̆elebi", "Ạ̈nh C̨̆zestochowska-Ž̦upanová"),
]


def flat(text: str) -> str:
    """Composed and without white space: line breaks are layout."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFC", text))


def pages_of(reader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


def pdftotext(data: bytes) -> str:
    if not shutil.which("pdftotext"):
        pytest.skip("poppler's pdftotext is not installed")
    # -raw: without it poppler takes the hyphen of a double name at a line's end for a hyphenation
    done = subprocess.run(["pdftotext", "-raw", "-enc", "UTF-8", "-", "-"], input=data, capture_output=True, check=True)
    assert done.stderr == b""
    return done.stdout.decode("utf-8")


# --- the same snapshot, the same bytes -----------------------------------------------------------------------------


def test_same_snapshot_same_bytes(snapshot):
    assert render_zertifikat(snapshot) == render_zertifikat(replace(snapshot))


def test_same_bytes_in_another_process_after_other_documents(snapshot, with_name):
    """Neither what was drawn before nor the hash seed nor the clock's zone may be seen in the file."""
    program = (
        "import json,sys,hashlib;from zertifikate.pdf.snapshot import Snapshot;"
        "from zertifikate.pdf.render import render_zertifikat;"
        "s=Snapshot.from_dict(json.load(open(sys.argv[1],encoding='utf-8')));"
        "print(hashlib.sha256(render_zertifikat(s)).hexdigest())"
    )
    render_zertifikat(with_name("Ξένια", "Ж̦ Ọ̈"))
    for seed, zone in (("1", "UTC"), ("2", "Pacific/Auckland")):
        environment = {"PYTHONHASHSEED": seed, "TZ": zone, "SOURCE_DATE_EPOCH": "1"}
        done = subprocess.run(
            [sys.executable, "-c", program, str(GOLDEN)],
            cwd=Path(__file__).resolve().parents[3],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == sha256(render_zertifikat(snapshot)).hexdigest()


def test_another_fact_gives_another_file(snapshot):
    changed = replace(snapshot, ue_besucht=Decimal("37"))
    assert render_zertifikat(snapshot) != render_zertifikat(changed)


def test_decomposed_names_give_the_same_file(with_name):
    composed = with_name("Éléonore", "Žižková")
    decomposed = with_name(unicodedata.normalize("NFD", "Éléonore"), unicodedata.normalize("NFD", "Žižková"))
    assert render_zertifikat(composed) == render_zertifikat(decomposed)


# --- the facts are in it, and readable -----------------------------------------------------------------------------


def test_every_fact_is_printed(snapshot, read):
    item = Anrechnung("Gesprächsführung", "TU Chemnitz", date(2024, 2, 3), Decimal("8"), Decimal("2.5"))
    snapshot = replace(snapshot, anrechnungen=(item,))
    text = flat(pages_of(read(snapshot)))
    wanted = [
        snapshot.nummer,
        "Şükran Éléonore Đặng-Žižková",
        "geboren am 4. März 1988",
        snapshot.aussteller.name,
        "Dürerstraße 25 · 01307 Dresden",
        snapshot.weitere_aussteller[0],
        snapshot.titel,
        "FSA-02 · Version 2026.1",
        snapshot.katalog,
        *snapshot.inhalte,
        "UE geplant",
        "37,5",
        snapshot.ergebnis,
        "2. März 2026 bis 12. Juni 2026",
        "26. Juni 2026",
        "Dresden, den 6. Juli 2026",
        *(person.name for person in snapshot.unterzeichnende),
        *(person.funktion for person in snapshot.unterzeichnende),
        snapshot.rechtsgrundlage,
        snapshot.hinweis,
        "orientiert an Niveau 6",
        snapshot.quelle,
        snapshot.pruefcode,
        "nachweise.example.org/pruefen/K7QM-4T2X-9WRD",
        "Gesprächsführung (8 UE, 2,5 ECTS-Punkte): angerechnet am 3. Februar 2024, TU Chemnitz",
        snapshot.vorlage.ueberschrift,
        snapshot.vorlage.einleitung,
        snapshot.vorlage.schlusstext,
    ]
    assert [fact for fact in wanted if flat(fact) not in text] == []


def test_a_confirmation_of_attendance_speaks_of_no_credits_and_no_grade(snapshot, read):
    snapshot = replace(snapshot, art="teilnahmebescheinigung", ects=None, note=None, ergebnis="")
    text = pages_of(read(snapshot))
    assert "ECTS" not in text
    assert "Note" not in text
    assert "unbenotet" not in text


def test_ungraded_is_said(snapshot, read):
    assert "unbenotet" in pages_of(read(replace(snapshot, note=None)))


@pytest.mark.parametrize(("vorname", "nachname"), LONG_NAMES)
def test_hard_names_can_be_read_back(with_name, read, vorname, nachname):
    snapshot = with_name(vorname, nachname)
    reader = read(snapshot)
    wanted = flat(vorname) + flat(nachname)
    assert wanted in flat(reader.pages[0].extract_text())
    assert wanted in flat(pdftotext(render_zertifikat(snapshot)))


@pytest.mark.parametrize(
    "block", [LATIN_LETTERS, SEQUENCES, NON_LETTERS, EXTENDED], ids=["letters", "seq", "non", "ext"]
)
def test_din_91379_can_be_read_back_from_the_page(snapshot, block):
    """Each letter between two bars, so that none can be mistaken for its neighbour's."""
    letters = [letter for letter in block if letter not in " |"]
    lines = ["|" + "|".join(letters[start : start + 20]) + "|" for start in range(0, len(letters), 20)]
    text = flat(pdftotext(render_zertifikat(replace(snapshot, inhalte=tuple(lines)))))
    assert [letter for letter in letters if f"|{flat(letter)}|" not in text] == []


def test_markup_is_text(with_name, read):
    assert "<b>Ali</b> &amp;" in read(with_name("<b>Ali</b>", "&amp;")).pages[0].extract_text()


def test_a_missing_glyph_stops_the_document(with_name):
    with pytest.raises(GlyphMissingError) as caught:
        render_zertifikat(with_name("Li", "李"))
    assert caught.value.letter == "李"


# --- pages ---------------------------------------------------------------------------------------------------------


def test_the_usual_document_has_one_page(snapshot, read):
    reader = read(snapshot)
    assert len(reader.pages) == 1
    assert "Seite 1 von 1" in pages_of(reader)


def test_long_contents_go_on_overleaf_and_none_is_lost(snapshot, read):
    contents = tuple(
        f"Inhalt Nummer {number} mit einer langen Erläuterung, die umbricht: {'x' * 60}" for number in range(90)
    )
    reader = read(replace(snapshot, inhalte=contents))
    count = len(reader.pages)
    assert count >= 3
    for number, page in enumerate(reader.pages, start=1):
        text = flat(page.extract_text())
        assert flat(f"Seite {number} von {count}") in text
        assert flat(snapshot.nummer) in text
        assert (snapshot.pruefcode in text) == (number == count)
    whole = flat(pages_of(reader))
    assert [text for text in contents if flat(text) not in whole] == []


def assert_well_set(snapshot) -> None:
    """Every text within the type area, and no two on the same spot."""
    for page in lay_out(snapshot):
        spots = set()
        for text in page.texts:
            assert text.x >= MARGIN_LEFT - 0.01, text.shaped.text
            assert text.x + text.shaped.width_at(text.size) <= PAGE_WIDTH - MARGIN_RIGHT + 0.01, text.shaped.text
            assert 30 < text.y < PAGE_HEIGHT - MARGIN_TOP, text.shaped.text
            spots.add((round(text.x), round(text.y)))
        assert len(spots) == len(list(page.texts))


@pytest.mark.parametrize("lines", range(0, 60, 3))
def test_nothing_is_set_outside_the_type_area(snapshot, lines):
    """For every length of the contents, around each page break."""
    assert_well_set(replace(snapshot, inhalte=tuple(f"Inhalt {number}" for number in range(lines))))


@pytest.mark.parametrize("filling", ["W", "Wort ", "Ž̦i-", "ffl"])
def test_the_longest_values_are_set_and_none_is_lost(data, filling):
    def longest(size: int) -> str:
        return (filling * size)[:size].rstrip(" \u0326-")

    data.update(nummer=longest(60), titel=longest(400), modulcode=longest(60), version=longest(60))
    data.update(katalog=longest(300), note=longest(60), ergebnis=longest(300))
    data["person"].update(vorname=longest(200), nachname=longest(200))
    data["aussteller"].update(name=longest(300), anschrift=longest(500), ort=longest(100))
    data["weitere_aussteller"] = [longest(300)] * 8
    data["unterzeichnende"] = [{"name": longest(200), "funktion": longest(300)}] * 6
    data["ue_geplant"] = data["ue_besucht"] = "99999"
    data.update(rechtsgrundlage=longest(1000), hinweis=longest(2000), quelle=longest(500), pruefcode=longest(60))
    data["vorlage"].update(ueberschrift=longest(120), einleitung=longest(2000), schlusstext=longest(4000))
    data["pruef_url"] = "https://nachweise.example.org/" + "x" * 260
    snapshot = Snapshot.from_dict(data)
    assert_well_set(snapshot)
    elements = (element for page in lay_out(snapshot) for element in page.elements if element.role != "Artifact")
    text = flat(" ".join(text.shaped.text for element in elements for text in element.texts))
    facts = [snapshot.titel, snapshot.katalog, snapshot.hinweis, snapshot.vorlage.schlusstext, snapshot.pruef_url[8:]]
    assert [fact for fact in facts if flat(fact) not in text] == []


# --- the file ------------------------------------------------------------------------------------------------------


def test_all_fonts_are_embedded(snapshot, read):
    for page in read(snapshot).pages:
        fonts = page["/Resources"]["/Font"]
        assert fonts
        for font in fonts.values():
            font = font.get_object()
            descendant = font["/DescendantFonts"][0].get_object()
            assert "/FontFile2" in descendant["/FontDescriptor"]
            assert re.fullmatch(r"/[A-Z]{6}\+DejaVu\w+(-Bold)?", font["/BaseFont"].replace("Condensed", ""))
            assert "/ToUnicode" in font
    assert b"Helvetica" not in render_zertifikat(snapshot)


def test_the_syntax_of_the_file_is_clean(snapshot):
    """qpdf, by way of pikepdf, has nothing to say about it."""
    with pikepdf.open(BytesIO(render_zertifikat(snapshot))) as pdf:
        assert pdf.check_pdf_syntax() == []


def test_metadata_and_language(snapshot, read):
    reader = read(snapshot)
    assert reader.metadata.title == "Modulbescheinigung NQ-2026-000123"
    assert reader.metadata.author == snapshot.aussteller.name
    assert reader.metadata.subject == snapshot.titel
    assert reader.metadata.creation_date.date() == snapshot.ausgestellt_am
    assert reader.trailer["/Root"]["/Lang"] == "de-DE"


def test_the_file_stays_small(snapshot):
    assert len(render_zertifikat(snapshot)) < 100_000


def test_the_code_can_be_read_from_the_printed_page(snapshot, tmp_path):
    if not (shutil.which("zbarimg") and shutil.which("pdftoppm")):
        pytest.skip("zbarimg and pdftoppm are needed to read the QR code from the page")
    (tmp_path / "page.pdf").write_bytes(render_zertifikat(snapshot))
    subprocess.run(["pdftoppm", "-r", "200", "-png", "page.pdf", "page"], cwd=tmp_path, check=True)
    image = next(tmp_path.glob("page*.png"))
    done = subprocess.run(["zbarimg", "--quiet", "--raw", str(image)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == snapshot.pruef_url


def test_the_code_on_the_rendered_page_has_every_module_right(snapshot, tmp_path):
    """Looks at the middle of each module in the picture that poppler makes of the page."""
    if not shutil.which("pdftoppm"):
        pytest.skip("poppler's pdftoppm is not installed")
    (tmp_path / "page.pdf").write_bytes(render_zertifikat(snapshot))
    subprocess.run(["pdftoppm", "-r", "200", "-gray", "-png", "page.pdf", "page"], cwd=tmp_path, check=True)
    picture = Image.open(next(tmp_path.glob("page*.png"))).convert("L")
    [graphic] = lay_out(snapshot)[-1].graphics
    scale = 200 / 72

    def dark(row: int, column: int) -> int:
        x = graphic.x + (column + 0.5) * graphic.size / graphic.modules
        y = graphic.y + graphic.size - (row + 0.5) * graphic.size / graphic.modules
        return int(picture.getpixel((int(x * scale), int((PAGE_HEIGHT - y) * scale))) < 128)

    side = range(graphic.modules)
    wanted = segno.make(snapshot.pruef_url, error="m", mask=2, boost_error=False, micro=False)
    assert [[dark(row, column) for column in side] for row in side] == [
        list(row) for row in wanted.matrix_iter(border=4)
    ]


def test_a_long_address_gets_a_larger_code(snapshot):
    usual, long = (
        next(lay_out(replace(snapshot, pruef_url=url))[-1].graphics)
        for url in (snapshot.pruef_url, "https://nachweise.example.org/p#" + "x" * 260)
    )
    assert long.size > usual.size
    assert long.size / long.modules >= 1.4


def test_the_drawn_code_is_the_encoded_matrix():
    """The path is drawn back into modules and compared with segno's own matrix."""
    url = "https://nachweise.example.org/pruefen/K7QM-4T2X-9WRD"
    drawn = qr_path(url)
    modules = [[0] * drawn.modules for _ in range(drawn.modules)]
    for x, y, length, height in re.findall(r"(\d+) (\d+) (\d+) (\d+) re", drawn.path):
        assert height == "1"
        for column in range(int(x), int(x) + int(length)):
            modules[drawn.modules - 1 - int(y)][column] = 1
    wanted = segno.make(url, error="m", mask=2, boost_error=False, micro=False)
    assert modules == [list(row) for row in wanted.matrix_iter(border=4)]


def test_the_room_needs_no_framework():
    """Snapshot in, bytes out: neither Django nor a database driver is loaded by it."""
    program = "import sys, zertifikate.pdf.render; print(sorted({'django', 'psycopg', 'sqlite3'} & set(sys.modules)))"
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_elements_carry_their_structure(snapshot):
    """Roles in reading order; a tagged file is made from them."""
    elements = [element for page in lay_out(snapshot) for element in page.elements]
    assert [element.role for element in elements if element.role.startswith("H")] == ["H1", "H2", "H3"]
    assert [graphic.alt for element in elements for graphic in element.graphics] == [f"QR-Code: {snapshot.pruef_url}"]
    assert not elements[0].continues


# --- words ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "printed"), [("12.50", "12,5"), ("16", "16"), ("16.00", "16"), ("0.25", "0,25"), ("100", "100")]
)
def test_decimals_are_german(number, printed):
    assert decimal(Decimal(number)) == printed


def test_dates_and_level():
    assert long_date(date(2026, 3, 4)) == "4.\u00a0März\u00a02026"
    assert period(date(2026, 3, 4), date(2026, 3, 4)) == "4.\u00a0März\u00a02026"
    assert orientation("6 des DQR") == "orientiert an Niveau 6 des DQR"
    assert orientation("Niveau 6 des DQR") == "orientiert an Niveau 6 des DQR"
    assert orientation("") == ""
