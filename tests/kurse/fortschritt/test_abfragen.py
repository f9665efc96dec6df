"""The number of queries does not depend on the number of rows. Selectors have literal numbers; pages share the frame
(session, navigation) with other rooms, so they are compared with themselves and with the upper limit."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kurse.fortschritt.nachweise import Nachweis
from kurse.fortschritt.selectors import ansicht_of, fortschritt_of, kurs_fortschritt, landes_zahlen, traeger_fortschritt
from lms.konten.enums import Rolle
from tests.factories import (
    AufgabeFactory,
    EinschreibungFactory,
    KursFactory,
    LehrauftragFactory,
    ModulversionFactory,
    OrganisationFactory,
    member,
)
from tests.kurse.fortschritt.welt import employee, programm, record, termine

pytestmark = pytest.mark.django_db
PAGE, FILE = 25, 12


def queries(act):
    with CaptureQueriesContext(connection) as found:
        act()
    return len(found)


def page(client, person, name, *args):
    url = reverse(name, args=args)
    client.force_login(person)
    assert client.get(url).status_code == 200
    return queries(lambda: client.get(url))


def same(numbers, limit):
    assert len(set(numbers)) == 1, numbers
    assert numbers[0] <= limit


@pytest.fixture(autouse=True)
def certificates(register):
    register(lambda persons: {pk: [Nachweis("Z", f"N{pk}", dt.date(2026, 1, 1), "/z/")] for pk in persons})


def grow(welt, people):
    welt.kurs.kapazitaet = 500
    welt.kurs.save()
    while welt.kurs.einschreibungen.count() < people:
        row = EinschreibungFactory(
            kurs=welt.kurs, person=employee(welt.traeger, zertifikate=True), arbeitgeber=welt.traeger
        )
        record(row, welt.termine[0], 90)


def test_team_page_and_files(client, welt):
    found = {"seite": [], "xlsx": [], "csv": [], "api": [], "auswahl": []}
    for people in (1, 3, 300):
        grow(welt, people)
        found["seite"].append(page(client, welt.leitung, "traeger_fortschritt"))
        found["xlsx"].append(page(client, welt.leitung, "traeger_export", "xlsx"))
        found["csv"].append(page(client, welt.leitung, "traeger_export", "csv"))
        found["api"].append(page(client, welt.leitung, "api_traeger_fortschritt"))
        found["auswahl"].append(queries(lambda: ansicht_of(traeger_fortschritt(welt.leitung))))
    same(found["seite"], PAGE)
    same(found["xlsx"], FILE)
    same(found["csv"], FILE)
    same(found["api"], PAGE)
    assert set(found["auswahl"]) == {4}


def test_course_tab(client, welt):
    lehrende = LehrauftragFactory(kurs=welt.kurs).person
    AufgabeFactory(kurs=welt.kurs)
    found = []
    for people in (1, 3, 30):
        grow(welt, people)
        found.append(page(client, lehrende, "kurs_fortschritt", welt.kurs.public_id))
        assert queries(lambda: kurs_fortschritt(welt.kurs)) == 6
    same(found, PAGE)


def test_own_page(client, welt):
    AufgabeFactory(kurs=welt.kurs)
    found = []
    for courses in (1, 3, 30):
        while welt.anna.einschreibungen.count() < courses:
            version = ModulversionFactory()
            programm(version)
            kurs = KursFactory(modulversion=version)
            termine(kurs, -1, 5)
            EinschreibungFactory(kurs=kurs, person=welt.anna)
        found.append(page(client, welt.anna, "mein_weg"))
        assert queries(lambda: fortschritt_of(welt.anna)) == 9
    same(found, PAGE)


def test_land_page(client, welt):
    office = member(OrganisationFactory(landesfachstelle=True), Rolle.FACHSTELLE)
    found = []
    for courses in (1, 3, 30):
        while welt.version.kurse.count() < courses:
            kurs = KursFactory(modulversion=welt.version)
            termine(kurs, 1)
            EinschreibungFactory(kurs=kurs, arbeitgeber=OrganisationFactory(arbeitgeber=True))
        found.append(page(client, office, "landesfachstelle"))
        assert queries(lambda: landes_zahlen(office)) == 10
    same(found, PAGE)
