"""Pages of the course's staff, the import, and what other pages show of enrolment."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from kurse.einschreibung.export import safe_cell
from kurse.einschreibung.models import Einschreibung, Importlauf
from kurse.einschreibung.services import cancel_einschreibung, enrol, enrol_many
from kurse.einschreibung.startseite import abschnitte, kursaktionen
from kurse.planung.models import Kurs
from lms.core.models import AuditEintrag
from lms.konten.enums import Rolle
from tests.factories import (
    LehrauftragFactory,
    OrganisationFactory,
    PersonFactory,
    member,
)


@pytest.fixture
def als(client):
    def login(person):
        client.force_login(person)
        return client

    return login


def url(name, *objects, **query):
    path = reverse(name, args=[getattr(o, "public_id", o) for o in objects])
    return path + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else "")


def text(response):
    return " ".join(response.content.decode().split())


def count(client, path):
    client.get(path)  # sessions and content types are warm
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


# --- the course's staff ---------------------------------------------------------------------------------------------


def test_list_of_participants_by_capacity(welt, als):
    lehrend = LehrauftragFactory(kurs=welt.kurs).person
    enrol(welt.anna, welt.kurs, welt.anna)
    page = text(als(welt.verwaltung).get(url("teilnehmende", welt.kurs)))
    assert "Ahorn, Anna" in page
    assert welt.anna.email in page
    assert "Zustimmung liegt vor" in page
    page = text(als(lehrend).get(url("teilnehmende", welt.kurs)))
    assert "Ahorn, Anna" in page
    assert welt.anna.email not in page
    assert "Ablehnen" not in page
    for person in (welt.anna, welt.personal, member(OrganisationFactory(bildungstraeger=True), Rolle.LEITUNG)):
        for name in ("teilnehmende", "teilnehmende_hinzufuegen", "teilnehmende_import"):
            assert als(person).get(url(name, welt.kurs)).status_code == 404


def test_lecturers_look_but_do_not_change(welt, als):
    row = enrol(welt.anna, welt.kurs, welt.anna)
    client = als(LehrauftragFactory(kurs=welt.kurs).person)
    assert client.get(url("teilnehmende_hinzufuegen", welt.kurs)).status_code == 403
    assert client.get(url("teilnehmende_import", welt.kurs)).status_code == 403
    assert client.post(url("einschreibung_beenden", row), {"grund": "x"}).status_code == 403
    assert client.post(url("zustimmung_vermerken", row)).status_code == 403
    row.refresh_from_db()
    assert row.status == "beantragt"


def test_searching_and_filtering(welt, als):
    enrol(welt.anna, welt.kurs, welt.anna)
    enrol(welt.frei, welt.kurs, welt.frei)
    client = als(welt.verwaltung)
    for query, there, gone in [
        ({"suche": "ahorn"}, "Ahorn", "Freitag"),
        ({"suche": welt.arbeitgeber.kurzname}, "Ahorn", "Freitag"),
        ({"status": "zugelassen"}, "Freitag", "Ahorn"),
    ]:
        page = text(client.get(url("teilnehmende", welt.kurs, **query)))
        assert there in page
        assert gone not in page
    assert "Auf diese Suche passt niemand." in text(client.get(url("teilnehmende", welt.kurs, suche="niemand")))


def test_waiting_list_stands_in_order(welt, als):
    Kurs.objects.update(kapazitaet=1)
    people = [PersonFactory(nachname=name) for name in ("Zuerst", "Zweite", "Anton")]
    for person in people:
        enrol(person, welt.kurs, person)
    page = text(als(welt.verwaltung).get(url("teilnehmende", welt.kurs)))
    assert page.index("Zweite,") < page.index("Anton,")
    assert "Platz 2" in page


def test_adding_by_exact_address(welt, als):
    client = als(welt.verwaltung)
    path = url("teilnehmende_hinzufuegen", welt.kurs)
    assert client.get(path).status_code == 200
    unknown = client.post(path, {"email": "niemand@example.org"})
    assert unknown.status_code == 422
    assert "gibt es kein Konto" in text(unknown)
    assert "niemand@example.org" in text(unknown)
    client.post(path, {"email": welt.anna.email.upper(), "genehmigung_liegt_vor": "on"})
    row = Einschreibung.objects.get()
    assert (row.person, row.status, row.genehmigung) == (welt.anna, "zugelassen", "erteilt")


def test_ending_with_a_reason(welt, als):
    applied, admitted = enrol(welt.anna, welt.kurs, welt.anna), enrol(welt.frei, welt.kurs, welt.frei)
    client = als(welt.verwaltung)
    assert "Anmeldung ablehnen?" in text(client.get(url("einschreibung_beenden", applied)))
    assert client.post(url("einschreibung_beenden", admitted), {"grund": " "}).status_code == 422
    for row in (applied, admitted):
        client.post(url("einschreibung_beenden", row), {"grund": "Voraussetzung fehlt"})
        row.refresh_from_db()
    assert (applied.status, admitted.status) == ("abgelehnt", "storniert")
    assert "Voraussetzung fehlt" in text(als(welt.frei).get(url("meine_kurse")))


def test_noting_an_approval(welt, als):
    row = enrol(welt.anna, welt.kurs, welt.anna)
    als(welt.verwaltung).post(url("zustimmung_vermerken", row))
    row.refresh_from_db()
    assert row.status == "zugelassen"


def test_list_takes_the_same_queries_for_one_and_three(welt, als):
    Kurs.objects.update(kapazitaet=3)
    client = als(welt.verwaltung)
    found = []
    for n in (2, 4):
        while Einschreibung.objects.count() < n:
            person = PersonFactory()
            enrol(person, welt.kurs, person)
        Einschreibung.objects.filter(pk=Einschreibung.objects.latest("id").pk, status="zugelassen")
        found.append(count(client, url("teilnehmende", welt.kurs)))
    assert found[0] == found[1] <= 25


def test_export_by_capacity_and_without_formulas(welt, als):
    welt.anna.nachname = '=HYPERLINK("http://x")'
    welt.anna.save()
    enrol(welt.anna, welt.kurs, welt.anna)
    enrol(welt.frei, welt.kurs, welt.frei)
    client = als(welt.verwaltung)
    response = client.get(url("teilnehmende_export", welt.kurs, "csv"))
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Nachname;Vorname;Arbeitgeber;Stand;Warteplatz;angemeldet am;E-Mail;Geburtsdatum"
    assert lines[1].startswith("\"'=HYPERLINK")
    assert "17.05.1990" in lines[2]
    sheet = load_workbook(io.BytesIO(client.get(url("teilnehmende_export", welt.kurs, "xlsx")).content)).active
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}
    assert sheet["A2"].value == '\'=HYPERLINK("http://x")'
    lehrend = als(LehrauftragFactory(kurs=welt.kurs).person)
    plain = lehrend.get(url("teilnehmende_export", welt.kurs, "csv")).content.decode("utf-8-sig")
    assert welt.frei.email not in plain
    assert "1990" not in plain
    assert als(welt.anna).get(url("teilnehmende_export", welt.kurs, "csv")).status_code == 404
    assert als(welt.verwaltung).get(url("teilnehmende_export", welt.kurs, "pdf")).status_code == 404
    logged = AuditEintrag.objects.filter(aktion="teilnehmende_exportiert", objekt_id=welt.kurs.public_id)
    assert [row.daten for row in logged.order_by("id")] == [
        {"format": "csv", "personen": 2, "kontakt": True},
        {"format": "xlsx", "personen": 2, "kontakt": True},
        {"format": "csv", "personen": 2, "kontakt": False},
    ]


@pytest.mark.parametrize("text", ["=1+1", "+49", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1"])
def test_cells_that_could_run(text):
    assert safe_cell(text) == f"'{text}"


def test_harmless_cells_stay():
    assert safe_cell("Müller-Lüdenscheidt") == "Müller-Lüdenscheidt"


# --- import ---------------------------------------------------------------------------------------------------------


def upload(client, kurs, data, name="liste.csv"):
    return client.post(url("teilnehmende_import", kurs), {"datei": SimpleUploadedFile(name, data)})


def test_import_by_clicking(welt, als):
    client = als(welt.verwaltung)
    assert client.get(url("teilnehmende_import", welt.kurs)).status_code == 200
    data = b"Vorname;Nachname;E-Mail\nNeu;Mensch;neu@example.org\n;Ohne;ohne@example.org\n"
    response = upload(client, welt.kurs, data)
    lauf = Importlauf.objects.get()
    assert response.url == url("importlauf", lauf)
    page = text(client.get(response.url))
    assert "Noch ist nichts geschrieben." in page
    assert "neu@example.org" in page
    assert "Es fehlt: Vorname." in page
    assert not Einschreibung.objects.exists()
    for _ in range(2):
        assert client.post(response.url).url == response.url
    assert Einschreibung.objects.count() == 1
    assert "Import abgeschlossen" in text(client.get(response.url))


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("liste.csv", b"", "leer"),
        ("liste.pdf", b"%PDF-1.7", "Endung .xlsx oder .csv"),
        ("liste.xlsx", b"PK\x03\x04kaputt", "beschädigt"),
        ("liste.csv", b"Name\nMensch\n", "fehlen diese Überschriften: Vorname, E-Mail"),
    ],
)
def test_broken_uploads_are_explained(welt, als, name, data, words):
    response = upload(als(welt.verwaltung), welt.kurs, data, name)
    assert response.status_code == 422
    assert words in text(response)
    assert not Importlauf.objects.exists()


def test_discarding_by_clicking(welt, als):
    client = als(welt.verwaltung)
    upload(client, welt.kurs, b"Vorname;Nachname;E-Mail\nNeu;Mensch;neu@example.org\n")
    lauf = Importlauf.objects.get()
    client.post(url("importlauf_verwerfen", lauf))
    assert "Import verworfen" in text(client.get(url("importlauf", lauf)))
    assert client.post(url("importlauf", lauf)).status_code == 422
    assert not Einschreibung.objects.exists()
    for person in (welt.anna, welt.personal, LehrauftragFactory(kurs=welt.kurs).person):
        assert als(person).get(url("importlauf", lauf)).status_code == 404
        assert als(person).post(url("importlauf_verwerfen", lauf)).status_code == 404


def test_odd_line_numbers_are_shown_as_errors(welt, als):
    client = als(welt.verwaltung)
    upload(client, welt.kurs, b"Vorname;Nachname;E-Mail\nNeu;Mensch;neu@example.org\n")
    lauf = Importlauf.objects.get()
    client.post(url("importlauf_verwerfen", lauf))
    assert client.post(url("importlauf", lauf), {"neu": ["\N{SUPERSCRIPT TWO}", "9" * 5000]}).status_code == 422


# --- elsewhere ------------------------------------------------------------------------------------------------------


def request_for(person):
    request = RequestFactory().get("/")
    request.user = person
    return request


def test_sections_of_the_start_page(welt):
    Kurs.objects.update(kapazitaet=1)
    first = enrol(welt.frei, welt.kurs, welt.frei)
    enrol(welt.anna, welt.kurs, welt.anna)
    sections = abschnitte(request_for(welt.personal))
    assert [z.titel for s in sections for z in s.zeilen] == [f"Anna Ahorn: {welt.kurs.titel}"]
    sections = abschnitte(request_for(welt.verwaltung))
    assert [z.text for s in sections for z in s.zeilen] == ["1 neu seit 7 Tagen · 1 auf der Warteliste"]
    cancel_einschreibung(first, welt.frei)
    (line,) = abschnitte(request_for(welt.anna))[0].zeilen
    assert line.dringend
    assert line.text.startswith("Ein Platz ist frei. Bitte bis")


def test_buttons_on_the_course_page(welt):
    def titles(person):
        return [str(a.titel) for a in kursaktionen(request_for(person), welt.kurs)]

    assert titles(welt.frei) == ["Einschreiben"]
    assert titles(welt.personal) == ["Einschreiben", "Beschäftigte einschreiben"]
    enrol(welt.frei, welt.kurs, welt.frei)
    assert titles(welt.frei) == ["Ihr Stand: zugelassen", "Zu meinen Kursen"]
    enrol_many(welt.arbeitgeber, welt.kurs, [welt.anna], welt.personal)
    welt.kurs.refresh_from_db()
    assert titles(welt.bernd) == ["Auf die Warteliste"]
    welt.kurs.anmeldung_bis = timezone.now()
    assert titles(welt.bernd) == ["Die Anmeldung ist im Moment nicht offen."]


def test_nobody_gets_in_without_login(welt, client):
    row = enrol(welt.frei, welt.kurs, welt.frei)
    for path in (
        url("meine_kurse"),
        url("einschreiben", welt.kurs),
        url("genehmigungen"),
        url("genehmigung", row),
        url("traeger_einschreiben"),
        url("teilnehmende", welt.kurs),
        url("teilnehmende_export", welt.kurs, "csv"),
        url("teilnehmende_import", welt.kurs),
        url("einschreibung_beenden", row),
    ):
        assert client.get(path).status_code == 302
        assert "/konto/login/" in client.get(path).url
