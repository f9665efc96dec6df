"""Importing lists: what Excel writes, what people get wrong, and that nothing happens before it is confirmed."""

import datetime as dt
import io
import zipfile

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import Workbook

from kurse.einschreibung.importe import (
    confirm_importlauf,
    discard_importlauf,
    discard_stale_importlaeufe,
    read_zeilen,
    start_importlauf,
)
from kurse.einschreibung.models import Einschreibung, Importlauf
from kurse.einschreibung.services import cancel_einschreibung, enrol
from kurse.einschreibung.tabellen import parse_datum, read_tabelle
from lms.core.errors import DomainError
from lms.konten.models import Beschaeftigung, Person
from lms.post.models import Nachricht
from tests.factories import PersonFactory

HEAD = "Vorname;Nachname;E-Mail;Geburtsdatum;Arbeitgeber\n"
ROW = "Zoë;Müller-Șțefan;zoe@example.org;31.12.1990;\n"


def xlsx(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def befunde(kurs, text):
    return [(z.nr, z.befund) for z in read_zeilen(kurs, text.encode())]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(encoding):
    rows = read_tabelle((HEAD + ROW).encode(encoding))
    assert rows[0].werte["nachname"] == "Müller-Șțefan"


def test_cp1252():
    rows = read_tabelle((HEAD + "Zoë;Straße;z@example.org;;\n").encode("cp1252"))
    assert (rows[0].werte["vorname"], rows[0].werte["nachname"]) == ("Zoë", "Straße")


@pytest.mark.parametrize("trenner", [";", ",", "\t"])
@pytest.mark.parametrize("ende", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends(trenner, ende):
    text = HEAD.replace(";", trenner) + ROW.replace(";", trenner)
    rows = read_tabelle(text.replace("\n", ende).encode())
    assert rows[0].werte == {
        "vorname": "Zoë",
        "nachname": "Müller-Șțefan",
        "email": "zoe@example.org",
        "geburtsdatum": "31.12.1990",
        "arbeitgeber": "",
    }


@pytest.mark.parametrize(
    "head",
    [
        "First name,Last name,Email,Date of birth,Employer",
        "VORNAME,Familienname,E-Mail-Adresse,Geb.-Datum,Träger",
        "given_name,surname,e-mail address,Birthday,Einrichtung",
    ],
)
def test_headers_in_two_languages(head):
    row = read_tabelle(f"{head}\nA,B,a@example.org,1990-01-02,X\n".encode())[0].werte
    assert (row["vorname"], row["nachname"], row["email"]) == ("A", "B", "a@example.org")


def test_sep_line_blank_lines_and_numbers_of_lines():
    rows = read_tabelle(f"sep=;\n\n{HEAD}\n{ROW};;;;\n\n{ROW}".encode())
    assert [row.nr for row in rows] == [5, 8]


def test_xlsx_with_real_dates_and_other_columns_between():
    data = xlsx(
        ["Nr", "Nachname", "Vorname", "Bemerkung", "E-Mail", "Geburtsdatum"],
        [1, "Noor", "Amal", "=1+1", "amal@example.org", dt.datetime(1988, 2, 29)],
        [None] * 6,
        [2, "Nowak", "Jan", None, "jan@example.org", "01.05.1979"],
    )
    rows = read_tabelle(data)
    assert [(r.nr, r.werte["geburtsdatum"]) for r in rows] == [(2, "1988-02-29"), (4, "01.05.1979")]
    assert "Bemerkung" not in rows[0].werte


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("31.12.1990", dt.date(1990, 12, 31)),
        (" 1.2.1990 ", dt.date(1990, 2, 1)),
        ("1990-12-31", dt.date(1990, 12, 31)),
        ("1990-12-31 00:00:00", dt.date(1990, 12, 31)),
        ("33238", dt.date(1990, 12, 31)),
        ("", None),
    ],
)
def test_dates(text, expected):
    assert parse_datum(text) == expected


@pytest.mark.parametrize("text", ["31.02.1990", "12/31/1990", "01.01.90", "gestern", "0000-00-00"])
def test_dates_that_nobody_can_read(text):
    with pytest.raises(ValueError):
        parse_datum(text)


def _bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (101 * 1024 * 1024))
    return out.getvalue()


def _cut(data):
    return data[: len(data) // 2]


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: b"", "datei_leer"),
        (lambda: b"\n \n", "datei_leer"),
        (lambda: HEAD.encode(), "datei_leer"),
        (lambda: b"Vorname;Nachname\nA;B\n", "spalten_fehlen"),
        (lambda: b"Vorname;Nachname;Email;E-Mail\nA;B;c;d\n", "spalte_doppelt"),
        (lambda: HEAD.encode() + b'"offen;x;y\n', "datei_kaputt"),
        (lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "datei_kodierung"),
        (lambda: b"%PDF-1.7 Vorname", "datei_format"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 40, "datei_format"),
        (lambda: b"PK\x03\x04 not a zip", "datei_kaputt"),
        (lambda: _cut(xlsx(["Vorname", "Nachname", "E-Mail"], ["A", "B", "a@example.org"])), "datei_kaputt"),
        (_bomb, "datei_zu_gross"),
        (lambda: (HEAD + ROW * 5001).encode(), "zu_viele_zeilen"),
    ],
)
def test_broken_files_say_what_is_wrong(make, code):
    with pytest.raises(DomainError) as caught:
        read_tabelle(make())
    assert (caught.value.code, caught.value.field) == (code, "datei")
    assert caught.value.message


def test_upload_limit(welt, settings):
    settings.UPLOAD_MAX_BYTES = 10
    with pytest.raises(DomainError) as caught:
        read_zeilen(welt.kurs, (HEAD + ROW).encode())
    assert caught.value.code == "datei_zu_gross"


def test_findings_of_rows(welt):
    enrol(welt.frei, welt.kurs, welt.frei)
    gone = PersonFactory(vorname="Gül", nachname="Gegangen")
    cancel_einschreibung(enrol(gone, welt.kurs, gone), gone)
    namesake = PersonFactory(vorname="Lea", nachname="Groß", geburtsdatum=dt.date(1991, 3, 4))
    text = HEAD + "".join(
        f"{line}\n"
        for line in [
            "Neu;Mensch;Neu.Mensch@Example.org;01.02.1990;",
            f"{welt.frei.vorname};{welt.frei.nachname};{welt.frei.email.upper()};;",
            f"{gone.vorname};{gone.nachname};{gone.email};;",
            f"Falsch;Geschrieben;{welt.anna.email};;{welt.arbeitgeber.kurzname}",
            "lea;GROSS;lea.gross@example.org;04.03.1991;",
            "Doppelt;Person;neu.mensch@example.org;;",
            ";Ohne;ohne@example.org;;",
            "Ohne;Adresse;;;",
            "Keine;Adresse;keine-adresse;;",
            "Künftig;Person;k@example.org;01.01.2090;",
            "Kein;Datum;d@example.org;31.02.1990;",
            f"{'x' * 121};Lang;lang@example.org;;",
            "Иван;Петров;ivan@example.org;;",
        ]
    )
    rows = read_zeilen(welt.kurs, text.encode())
    assert [(row.nr, str(row.befund)) for row in rows] == [
        (2, "neu"),
        (3, "schon_eingeschrieben"),
        (4, "vorhanden"),
        (5, "vorhanden"),
        (6, "pruefen"),
        (7, "fehler"),
        (8, "fehler"),
        (9, "fehler"),
        (10, "fehler"),
        (11, "fehler"),
        (12, "fehler"),
        (13, "fehler"),
        (14, "fehler"),
    ]
    assert rows[3].hinweise == ["Der Name weicht vom Konto ab; es gilt der Name des Kontos."]
    assert rows[3].arbeitgeber_id == welt.arbeitgeber.pk
    assert rows[5].fehler == ["Diese E-Mail-Adresse steht schon in Zeile 2."]
    assert rows[10].fehler == ["Das Geburtsdatum „31.02.1990“ ist nicht lesbar, zum Beispiel 31.12.1990."]
    shown = str([row.as_json() for row in rows])
    assert welt.anna.nachname not in shown  # a preview must not tell whose account an address is
    assert namesake.email not in shown


def test_queries_do_not_grow_with_the_rows(welt):
    def queries(n):
        text = HEAD + "".join(f"Vera;Name;v{i}@example.org;01.01.1990;X\n" for i in range(n))
        with CaptureQueriesContext(
            connection,
        ) as caught:
            read_zeilen(welt.kurs, text.encode())
        return len(caught)

    assert queries(1) == queries(30) == 5


def upload(w, text):
    return start_importlauf(w.kurs, w.verwaltung, dateiname="liste.csv", data=text.encode())


def test_confirming_writes_and_twice_changes_nothing(welt):
    lauf = upload(welt, HEAD + f"Neu;Mensch;neu@example.org;01.02.1990;{welt.arbeitgeber.name}\n;;kaputt;;\n")
    assert not Person.objects.filter(email="neu@example.org").exists()
    lauf = confirm_importlauf(lauf, welt.verwaltung)
    assert lauf.ergebnis == {"neu": 1, "vorhanden": 0, "schon_eingeschrieben": 0, "ausgelassen": 1}
    assert lauf.zeilen == []
    person = Person.objects.get(email="neu@example.org")
    assert not person.has_usable_password()
    row = Einschreibung.objects.get(person=person)
    assert (row.status, row.genehmigung, row.arbeitgeber) == ("beantragt", "offen", welt.arbeitgeber)
    assert Beschaeftigung.objects.get(person=person).bestaetigt_at is None
    mails = list(Nachricht.objects.filter(an=person.email).order_by("id"))
    assert mails[0].betreff == "Ihr Konto für die Nachqualifizierung"
    assert "/konto/password/reset/" in mails[0].text
    before = (Person.objects.count(), Einschreibung.objects.count(), Nachricht.objects.count())
    assert confirm_importlauf(lauf, welt.verwaltung).ergebnis == lauf.ergebnis
    again = confirm_importlauf(upload(welt, HEAD + "Neu;Mensch;neu@example.org;;\n"), welt.verwaltung)
    assert again.ergebnis == {"neu": 0, "vorhanden": 0, "schon_eingeschrieben": 1, "ausgelassen": 0}
    assert before == (Person.objects.count(), Einschreibung.objects.count(), Nachricht.objects.count())


def test_namesake_is_left_out_unless_somebody_decides(welt):
    PersonFactory(vorname="Lea", nachname="Groß", geburtsdatum=dt.date(1991, 3, 4))
    text = HEAD + "Lea;Groß;lea2@example.org;04.03.1991;\n"
    assert confirm_importlauf(upload(welt, text), welt.verwaltung).ergebnis["ausgelassen"] == 1
    assert not Person.objects.filter(email="lea2@example.org").exists()
    assert confirm_importlauf(upload(welt, text), welt.verwaltung, neu_anlegen=[2]).ergebnis["neu"] == 1


def test_world_that_changed_between_preview_and_confirmation(welt):
    lauf = upload(welt, HEAD + "Neu;Mensch;neu@example.org;;\n")
    person = PersonFactory(email="neu@example.org")
    assert confirm_importlauf(lauf, welt.verwaltung).ergebnis["vorhanden"] == 1
    assert Einschreibung.objects.get().person == person


def test_more_rows_than_seats_fill_the_list(welt):
    text = HEAD + "".join(f"Vera;Name;v{i}@example.org;;\n" for i in range(4))
    confirm_importlauf(upload(welt, text), welt.verwaltung)
    rows = Einschreibung.objects.order_by("id").values_list("status", flat=True)
    assert list(rows) == ["zugelassen", "zugelassen", "warteliste", "warteliste"]


def test_approval_on_paper(welt):
    lauf = upload(welt, HEAD + f"{welt.anna.vorname};{welt.anna.nachname};{welt.anna.email};;\n")
    confirm_importlauf(lauf, welt.verwaltung, genehmigung_liegt_vor=True)
    assert Einschreibung.objects.get().genehmigung == "erteilt"


def test_discarding(welt):
    lauf = discard_importlauf(upload(welt, HEAD + ROW), welt.verwaltung)
    assert lauf.zeilen == []
    with pytest.raises(DomainError) as caught:
        confirm_importlauf(lauf, welt.verwaltung)
    assert caught.value.code == "import_verworfen"


def test_forgotten_uploads_are_emptied(welt):
    lauf = upload(welt, HEAD + ROW)
    assert discard_stale_importlaeufe() == 0
    Importlauf.objects.filter(pk=lauf.pk).update(created_at=timezone.now() - dt.timedelta(days=8))
    assert discard_stale_importlaeufe() == 1
    lauf.refresh_from_db()
    assert lauf.zeilen == []


def test_only_the_administration_imports(welt):
    for akteur in (welt.frei, welt.personal):
        with pytest.raises(PermissionDenied):
            start_importlauf(welt.kurs, akteur, dateiname="x.csv", data=(HEAD + ROW).encode())


@pytest.fixture
def datei(tmp_path):
    path = tmp_path / "liste.csv"
    path.write_text(HEAD + ROW + "Ohne;Adresse;;;\n", encoding="utf-8")
    return path


def run(*args):
    out = io.StringIO()
    call_command("import_teilnehmende", *map(str, args), stdout=out)
    return out.getvalue()


def test_command_reports_every_row_and_writes_once(welt, datei):
    text = run(datei, "--kurs", welt.kurs.nummer, "--dry-run")
    assert "    2  neu                   zoe@example.org" in text
    assert "    3  fehler" in text
    assert not Person.objects.filter(email="zoe@example.org").exists()
    assert run(datei, "--kurs", welt.kurs.public_id).endswith(
        "1 neu, 0 vorhanden, 0 schon eingeschrieben, 1 ausgelassen\n"
    )
    assert run(datei, "--kurs", welt.kurs.nummer).endswith(
        "0 neu, 0 vorhanden, 1 schon eingeschrieben, 1 ausgelassen\n"
    )
    assert Einschreibung.objects.count() == 1


def test_command_refuses_clearly(welt, datei, tmp_path):
    broken = tmp_path / "kaputt.csv"
    broken.write_bytes(b"Vorname\nA\n")
    for args, words in [
        ((datei, "--kurs", "gibtsnicht"), "Kein Kurs"),
        ((broken, "--kurs", welt.kurs.nummer), "spalten_fehlen"),
        ((tmp_path / "fehlt.csv", "--kurs", welt.kurs.nummer), "nicht lesbar"),
        ((datei, "--kurs", welt.kurs.nummer, "--neu-anlegen", "x"), "Zeilennummern"),
    ]:
        with pytest.raises(CommandError, match=words):
            run(*args)
    welt.kurs.status = "abgesagt"
    welt.kurs.save()
    with pytest.raises(CommandError, match="nicht veröffentlicht"):
        run(datei, "--kurs", welt.kurs.nummer)
