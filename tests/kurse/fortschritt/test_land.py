"""Numbers of the state against numbers counted by hand, and hidden in every channel."""

import io

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from kurse.fortschritt.selectors import landes_zahlen
from lms.konten.enums import Kreis, Rolle
from tests.factories import (
    EinschreibungFactory,
    KursFactory,
    ModulversionFactory,
    OrganisationFactory,
    PersonFactory,
    member,
)
from tests.kurse.fortschritt.welt import programm, record, termine

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db):
    return member(OrganisationFactory(landesfachstelle=True, name="Fachstelle"), Rolle.FACHSTELLE)


def course(kreis, people, *, arbeitgeber=None, status="zugelassen", version=None, attended=0, tage=(-5,)):
    kurs = KursFactory(kreis=kreis, kapazitaet=99, modulversion=version or ModulversionFactory())
    first = termine(kurs, *tage)[0]
    rows = [EinschreibungFactory(kurs=kurs, arbeitgeber=arbeitgeber, status=status) for _ in range(people)]
    for row in rows[:attended]:
        record(row, first, 90)
    return kurs


def by_key(rows):
    return {row.schluessel: row for row in rows}


def test_all_kreise_with_hand_counted_numbers(office):
    version = ModulversionFactory(modul__titel="Asylrecht")
    weg = programm(version)
    org = OrganisationFactory(arbeitgeber=True, kreis=Kreis.BAUTZEN)
    course(Kreis.DRESDEN, 8, arbeitgeber=org, version=version, attended=6)
    course(Kreis.DRESDEN, 5, arbeitgeber=org, status="abgeschlossen")
    course(Kreis.LEIPZIG_STADT, 6, arbeitgeber=org, status="warteliste", tage=(30,))
    zahlen = landes_zahlen(office)
    kreise = by_key(zahlen.kreise)
    assert list(kreise) == Kreis.values
    dresden = kreise[Kreis.DRESDEN]
    assert (dresden.eingeschrieben, dresden.abgeschlossen, dresden.ue_besucht) == (13, 5, 12)
    assert (dresden.kurse_laufend, dresden.kurse_geplant) == (0, 0)
    leipzig = kreise[Kreis.LEIPZIG_STADT]
    assert (leipzig.eingeschrieben, leipzig.warteliste, leipzig.kurse_geplant) == (0, 6, 1)
    assert leipzig.freie_plaetze == 99
    assert kreise[Kreis.NORDSACHSEN].eingeschrieben == 0
    assert by_key(zahlen.programme)[weg.programm.public_id].eingeschrieben == 8
    assert by_key(zahlen.arbeitgeber)[org.public_id].eingeschrieben == 13
    assert by_key(zahlen.arbeitgeber)[org.public_id].warteliste == 6
    assert (zahlen.summe.eingeschrieben, zahlen.summe.ue_besucht) == (13, 12)
    assert "Leipzig, Stadt" not in zahlen.ohne_angebot
    assert len(zahlen.ohne_angebot) == 12


def test_one_person_in_many_courses_is_one_person(office):
    person = PersonFactory()
    for _ in range(6):
        kurs = KursFactory(kreis=Kreis.BAUTZEN)
        termine(kurs, -3)
        EinschreibungFactory(kurs=kurs, person=person)
    assert by_key(landes_zahlen(office).kreise)[Kreis.BAUTZEN].eingeschrieben is None


def test_small_rows_are_hidden_with_everything_about_them_and_a_second_row(office):
    org, other = OrganisationFactory(arbeitgeber=True), OrganisationFactory(arbeitgeber=True)
    course(Kreis.BAUTZEN, 3, arbeitgeber=org, attended=3)
    course(Kreis.DRESDEN, 20, arbeitgeber=org, attended=9)
    course(Kreis.GOERLITZ, 7, arbeitgeber=other, attended=7)
    kreise = by_key(landes_zahlen(office).kreise)
    for key in (Kreis.BAUTZEN, Kreis.GOERLITZ):
        row = kreise[key]
        assert (row.eingeschrieben, row.abgeschlossen, row.ue_besucht) == (None, None, None)
    assert (kreise[Kreis.DRESDEN].eingeschrieben, kreise[Kreis.DRESDEN].ue_besucht) == (20, 18)


def test_teaching_units_of_few_people_are_hidden(office):
    course(Kreis.DRESDEN, 20, attended=2)
    course(Kreis.MEISSEN, 20, attended=12)
    kreise = by_key(landes_zahlen(office).kreise)
    assert kreise[Kreis.DRESDEN].eingeschrieben == 20
    assert (kreise[Kreis.DRESDEN].ue_besucht, kreise[Kreis.MEISSEN].ue_besucht) == (None, None)


def test_sums_that_would_tell_are_hidden(office):
    course(Kreis.DRESDEN, 3)
    zahlen = landes_zahlen(office)
    assert zahlen.summe.eingeschrieben is None
    assert [row.eingeschrieben for row in zahlen.arbeitgeber if row.eingeschrieben] == []


def test_certificates_are_counted_when_somebody_offers_them(office, register):
    assert not landes_zahlen(office).mit_zertifikaten
    from kurse.einschreibung.models import Einschreibung

    register(lambda persons: {}, bescheinigt=lambda: Einschreibung.objects.filter(status="abgeschlossen").values("pk"))
    course(Kreis.DRESDEN, 6, status="abgeschlossen")
    course(Kreis.DRESDEN, 6)
    assert by_key(landes_zahlen(office).kreise)[Kreis.DRESDEN].zertifikate == 6


def test_drafts_and_cancelled_courses_count_nowhere(office):
    for status in ("entwurf", "abgesagt"):
        kurs = course(Kreis.ZWICKAU, 9, attended=9)
        kurs.status = status
        kurs.save()
    row = by_key(landes_zahlen(office).kreise)[Kreis.ZWICKAU]
    assert (row.eingeschrieben, row.ue_besucht) == (0, 0)


def test_page_files_and_api_hide_the_same(client, office, register):
    course(Kreis.BAUTZEN, 3, attended=3)
    course(Kreis.DRESDEN, 22, attended=22)
    course(Kreis.GOERLITZ, 7, attended=7)
    client.force_login(office)
    html = client.get(reverse("landesfachstelle")).content.decode()
    text = client.get(reverse("land_export", args=["csv"])).content.decode("utf-8-sig")
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("land_export", args=["xlsx"])).content))
    api = client.get(reverse("api_landeszahlen")).json()
    row = html.split("Bautzen")[1].split("</tr>")[0]
    assert row.count("•") == 3
    assert next(line for line in text.splitlines() if line.startswith("Bautzen")).startswith("Bautzen;•;•;•;0")
    sheet = {r[0]: r[1:5] for r in book.worksheets[0].iter_rows(values_only=True)}
    assert sheet["Bautzen"] == ("•", "•", "•", 0)
    assert sheet["Dresden, Stadt"][0] == 22
    assert {r["titel"]: r["eingeschrieben"] for r in api["kreise"]}["Bautzen"] is None


def test_no_person_is_named_anywhere(client, office):
    person = PersonFactory(vorname="Nennmich", nachname="Niemals", email="nennmich@example.org")
    kurs = course(Kreis.DRESDEN, 9)
    EinschreibungFactory(kurs=kurs, person=person)
    client.force_login(office)
    for url in (
        reverse("landesfachstelle"),
        reverse("land_export", args=["csv"]),
        reverse("api_landeszahlen"),
    ):
        text = client.get(url).content.decode()
        assert "Niemals" not in text
        assert "nennmich" not in text


def test_selectors_refuse_everybody_else(office):
    with pytest.raises(PermissionDenied):
        landes_zahlen(PersonFactory())
