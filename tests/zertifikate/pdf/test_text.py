import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.zertifikate.pdf.din91379 import EXTENDED, LATIN_LETTERS, NON_LETTERS, SEQUENCES
from zertifikate.pdf.fonts import FACES, FontMissingError, font_program, load_faces
from zertifikate.pdf.text import GlyphMissingError, clean, covering_face, fit, paragraphs, shape, unprintable, wrap

REPERTOIRE = LATIN_LETTERS + SEQUENCES + NON_LETTERS + EXTENDED
letters = st.one_of(st.sampled_from(REPERTOIRE), st.sampled_from(" -aen"))
printable = st.lists(letters, min_size=1, max_size=80).map("".join)


def squeezed(text: str) -> str:
    return text.replace(" ", "")


def test_the_repertoire_is_complete_and_normal():
    """Counts of DIN 91379:2022-08."""
    assert (len(LATIN_LETTERS), len(SEQUENCES)) == (500, 149)
    assert len(set(REPERTOIRE)) == len(REPERTOIRE)
    assert all(unicodedata.is_normalized("NFC", text) for text in LATIN_LETTERS + SEQUENCES)


@pytest.mark.parametrize("face", FACES)
def test_every_letter_and_sequence_can_be_set(face):
    for text in REPERTOIRE:
        shaped = shape(text, covering_face(text, face))
        assert shaped.width > 0 or text == " " or unicodedata.combining(text[0]), text


def test_a_text_is_set_in_one_face_even_if_one_letter_needs_the_fallback():
    assert covering_face("Khadija", "serif") == "serif"
    assert covering_face("K͟hadija", "serif") == "sans"


@pytest.mark.parametrize("letter", ["漢", "🫠", "\U00010330", "\ue000", "\u0378", "ع", "א", "\u202e", "\x07"])
def test_a_letter_that_cannot_be_set_stops_and_is_named(letter):
    with pytest.raises(GlyphMissingError) as caught:
        fit(f"Ali {letter} Ay", "serif", 400, 20, 10)
    assert caught.value.letter == letter


def test_what_cannot_be_printed_is_listed():
    assert unprintable("Đặng-Žižková K͟h") == []
    assert unprintable("Li 李 und 李 und ع") == ["李", "ع"]


def test_marks_of_an_accented_capital_stand_clear_of_it():
    """Without a correction the breve of Ç̆ is printed inside the letter."""
    for face in FACES:
        runs = shape("Ç̆", face).pieces[0].runs
        assert [rise for rise, _ in runs][0] == 0
        assert [rise for rise, _ in runs][1] > 100


def test_decomposed_text_is_shaped_like_composed_text():
    name = "Đặng Žižková Éléonore"
    assert clean(unicodedata.normalize("NFD", name)) == name
    assert wrap(unicodedata.normalize("NFD", name), "serif", 500, 10) == wrap(name, "serif", 500, 10)


def test_white_space_and_break_hints():
    assert clean("  a\t b\u00ad\n c ") == "a b c"
    assert clean("4.\u00a0März") == "4.\u00a0März"
    assert paragraphs("eins\r\n\n  zwei ") == ["eins", "zwei"]


def test_kerning_is_used():
    pair = shape("AV", "serif").width
    assert pair < shape("A", "serif").width + shape("V", "serif").width


def test_shrinks_before_it_wraps():
    whole = shape("Agnieszka Wójcik", "serif").width
    roomy = fit("Agnieszka Wójcik", "serif", whole * 24 / 1000 + 1, 24, 14)
    tight = fit("Agnieszka Wójcik", "serif", whole * 16 / 1000 + 1, 24, 14)
    narrow = fit("Agnieszka Wójcik", "serif", whole * 9 / 1000, 24, 14)
    assert (roomy.size, len(roomy.lines)) == (24, 1)
    assert (tight.size, len(tight.lines)) == (16, 1)
    assert (narrow.size, [line.text for line in narrow.lines]) == (14, ["Agnieszka", "Wójcik"])


def test_breaks_after_hyphens_and_only_then_inside_a_word():
    lines = [line.text for line in wrap("Wilhelmine-Friederike", "serif", 60, 10)]
    assert lines == ["Wilhelmine-", "Friederike"]
    assert "".join(line.text for line in wrap("K͟h" * 60, "sans", 50, 10)) == "K͟h" * 60
    assert all(not re.match("[͟h]", line.text) for line in wrap("K͟h" * 60, "sans", 50, 10))


@given(text=printable, width=st.floats(60, 500), size=st.sampled_from([8, 10.5, 15, 23]))
def test_lines_stay_within_the_width_and_lose_no_letter(text, width, size):
    fitted = fit(text, "serif", width, size, size / 2)
    assert size / 2 <= fitted.size <= size
    assert all(line.width_at(fitted.size) <= width + 1e-6 for line in fitted.lines)
    assert squeezed("".join(line.text for line in fitted.lines)) == squeezed(clean(text))


@given(text=printable)
def test_fitting_is_a_function_of_its_input(text):
    assert fit(text, "serif", 200, 20, 12) == fit(text, "serif", 200, 20, 12)


def test_missing_fonts_stop_loudly(tmp_path):
    with pytest.raises(FontMissingError, match="DejaVu"):
        load_faces(tmp_path)


def test_fonts_are_read_and_subset_once():
    assert load_faces() is load_faces()
    serif = load_faces()["serif"]
    assert font_program(serif, frozenset()) is font_program(serif, frozenset())
