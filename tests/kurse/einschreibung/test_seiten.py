"""The pages: who gets in, what a click does, what is shown, and how many queries it takes."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kurse.einschreibung.models import Einschreibung
from kurse.einschreibung.services import approve_einschreibung, cancel_einschreibung, enrol
from kurse.planung.models import Kurs
from tests.factories import (
    BeschaeftigungFactory,
    KursFactory,
    OrganisationFactory,
    PersonFactory,
    TerminFactory,
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


# --- the participant ------------------------------------------------------------------------------------------------


def test_enrolling_by_clicking(welt, als):
    client = als(welt.anna)
    page = client.get(url("einschreiben", welt.kurs))
    assert page.status_code == 200
    assert "wird um Zustimmung gebeten" in text(page)
    response = client.post(url("einschreiben", welt.kurs))
    assert response.url == url("meine_kurse")
    assert Einschreibung.objects.get().status == "beantragt"
    assert "Ihr Platz ist vorgemerkt" in text(client.get(response.url))


def test_double_click_enrols_once(welt, als):
    client = als(welt.frei)
    for _ in range(2):
        assert client.post(url("einschreiben", welt.kurs)).status_code == 302
    assert Einschreibung.objects.count() == 1
    assert welt.frei.post.count() == 1


def test_full_course_says_so_before_and_after(welt, als):
    for person in PersonFactory.create_batch(2):
        enrol(person, welt.kurs, person)
    client = als(welt.frei)
    assert "Der Kurs ist voll." in text(client.get(url("einschreiben", welt.kurs)))
    client.post(url("einschreiben", welt.kurs))
    assert "Platz 1 auf der Warteliste" in text(client.get(url("meine_kurse")))


def test_form_that_became_stale_keeps_its_choice(welt, als):
    """The window closed while the page was open."""
    other = BeschaeftigungFactory(person=welt.anna).arbeitgeber
    client = als(welt.anna)
    assert other.kurzname in text(client.get(url("einschreiben", welt.kurs))) or other.name in text(
        client.get(url("einschreiben", welt.kurs))
    )
    Kurs.objects.update(anmeldung_bis=timezone.now() - dt.timedelta(minutes=1))
    response = client.post(url("einschreiben", welt.kurs), {"arbeitgeber": other.public_id})
    assert response.status_code == 422
    assert "Die Anmeldung zu diesem Kurs ist im Moment nicht offen." in text(response)
    assert f'value="{other.public_id}"' in text(response)
    assert not Einschreibung.objects.exists()


def test_choosing_an_employer_that_is_not_mine(welt, als):
    BeschaeftigungFactory(person=welt.anna)
    foreign = OrganisationFactory(arbeitgeber=True)
    response = als(welt.anna).post(url("einschreiben", welt.kurs), {"arbeitgeber": foreign.public_id})
    assert response.status_code == 422
    assert not Einschreibung.objects.exists()


def test_overlapping_sessions_are_shown(welt, als):
    beginn = timezone.now() + dt.timedelta(days=30)
    other = KursFactory(titel="Anderer Kurs")
    enrol(welt.frei, other, welt.frei)
    TerminFactory(kurs=other, beginn=beginn)
    TerminFactory(kurs=welt.kurs, beginn=beginn + dt.timedelta(minutes=60))
    page = text(als(welt.frei).get(url("einschreiben", welt.kurs)))
    assert "Termine überschneiden sich." in page
    assert "Anderer Kurs" in page


@pytest.mark.parametrize("gap", [0, 1])
def test_touching_sessions_do_not_overlap(welt, als, gap):
    beginn = timezone.now() + dt.timedelta(days=30)
    other = KursFactory()
    enrol(welt.frei, other, welt.frei)
    TerminFactory(kurs=other, beginn=beginn)
    TerminFactory(kurs=welt.kurs, beginn=beginn + dt.timedelta(minutes=180 + gap))
    assert "überschneiden" not in text(als(welt.frei).get(url("einschreiben", welt.kurs)))


def test_draft_is_not_there(welt, als):
    draft = KursFactory(status="entwurf")
    assert als(welt.frei).get(url("einschreiben", draft)).status_code == 404


def test_withdrawing_and_accepting_by_clicking(welt, als):
    Kurs.objects.update(kapazitaet=1)
    first = enrol(welt.frei, welt.kurs, welt.frei)
    second_person = PersonFactory()
    second = enrol(second_person, welt.kurs, second_person)
    client = als(welt.frei)
    assert client.get(url("einschreibung_zurueckziehen", first)).status_code == 200
    for _ in range(2):
        client.post(url("einschreibung_zurueckziehen", first), {"grund": "Umzug"})
    first.refresh_from_db()
    assert (first.status, first.grund) == ("storniert", "Umzug")
    client = als(second_person)
    page = text(client.get(url("meine_kurse")))
    assert "Platz annehmen" in page
    assert client.get(url("angebot_annehmen", second)).status_code == 405
    for _ in range(2):
        assert client.post(url("angebot_annehmen", second)).url == url("meine_kurse")
    second.refresh_from_db()
    assert second.status == "zugelassen"


def test_refused_withdrawal_keeps_the_reason(welt, als):
    row = enrol(welt.frei, welt.kurs, welt.frei)
    Kurs.objects.update(beginn=timezone.now() - dt.timedelta(hours=1))
    response = als(welt.frei).post(url("einschreibung_zurueckziehen", row), {"grund": "Krankheit in der Familie"})
    assert response.status_code == 422
    assert "Der Kurs hat begonnen." in text(response)
    assert "Krankheit in der Familie" in text(response)


def test_foreign_enrolments_are_not_there(welt, als):
    row = enrol(welt.anna, welt.kurs, welt.anna)
    for person in (welt.frei, welt.verwaltung, welt.personal):
        client = als(person)
        assert client.get(url("einschreibung_zurueckziehen", row)).status_code == 404
        assert client.post(url("angebot_annehmen", row)).status_code == 404
    row.refresh_from_db()
    assert row.status == "beantragt"


def test_own_courses_take_the_same_queries_for_one_and_three(welt, als):
    client = als(welt.frei)
    found = []
    for n in (1, 2):
        for _ in range(n):
            TerminFactory(kurs=(kurs := KursFactory()))
            enrol(welt.frei, kurs, welt.frei)
        found.append(count(client, url("meine_kurse")))
    assert found[0] == found[1] <= 10


# --- the employer ---------------------------------------------------------------------------------------------------


def test_approving_several_with_one_act(welt, als):
    rows = [enrol(p, welt.kurs, p) for p in (welt.anna, welt.bernd)]
    client = als(welt.personal)
    assert welt.anna.name in text(client.get(url("genehmigungen")))
    response = client.post(url("genehmigungen"), {"einschreibungen": [r.public_id for r in rows]})
    assert response.url == url("genehmigungen")
    assert set(Einschreibung.objects.values_list("status", flat=True)) == {"zugelassen"}
    assert "2 Anmeldungen genehmigt." in text(client.get(response.url))


def test_one_that_was_withdrawn_does_not_stop_the_others(welt, als):
    rows = [enrol(p, welt.kurs, p) for p in (welt.anna, welt.bernd)]
    cancel_einschreibung(rows[0], welt.anna)
    client = als(welt.personal)
    client.post(url("genehmigungen"), {"einschreibungen": [r.public_id for r in rows]})
    page = text(client.get(url("genehmigungen")))
    assert "1 Anmeldung genehmigt." in page
    assert "schon entschieden oder zurückgezogen" in page
    rows[0].refresh_from_db()
    assert rows[0].status == "storniert"


def test_nothing_chosen_is_said(welt, als):
    enrol(welt.anna, welt.kurs, welt.anna)
    response = als(welt.personal).post(url("genehmigungen"))
    assert response.status_code == 422
    assert "Bitte wählen Sie mindestens eine Anmeldung aus." in text(response)


def test_deciding_one(welt, als):
    anna, bernd = (enrol(p, welt.kurs, p) for p in (welt.anna, welt.bernd))
    client = als(welt.personal)
    assert client.post(url("genehmigung", anna), {"grund": ""}).status_code == 422
    client.post(url("genehmigung", anna), {"grund": "Dienstplan"})
    client.post(url("genehmigung", bernd), {"entscheidung": "genehmigen"})
    anna.refresh_from_db()
    bernd.refresh_from_db()
    assert (anna.status, anna.grund, bernd.status) == ("abgelehnt", "Dienstplan", "zugelassen")
    assert "Dienstplan" in text(client.get(url("genehmigung", anna)))
    stale = client.post(url("genehmigung", anna), {"entscheidung": "genehmigen"}, follow=True)
    assert "inzwischen „abgelehnt“" in text(stale)


def test_employer_sees_neither_private_nor_foreign_nor_results(welt, als):
    open_course = KursFactory(genehmigung_noetig=False)
    private = enrol(welt.anna, open_course, welt.anna)
    foreign = BeschaeftigungFactory().person
    other = enrol(foreign, welt.kurs, foreign)
    failed = approve_einschreibung(enrol(welt.bernd, welt.kurs, welt.bernd), welt.personal)
    Einschreibung.objects.filter(pk=failed.pk).update(status="nicht_bestanden")
    client = als(welt.personal)
    for row in (private, other, failed):
        assert client.get(url("genehmigung", row)).status_code == 404
        assert client.post(url("genehmigung", row), {"entscheidung": "genehmigen"}).status_code == 404
    page = text(client.get(url("genehmigungen"))) + text(
        client.get(url("traeger_einschreiben", kurs=welt.kurs.public_id))
    )
    assert foreign.nachname not in page
    assert "nicht bestanden" not in page
    reason = "Pflege eines Angehörigen"
    row = enrol(welt.anna, welt.kurs, welt.anna)
    approve_einschreibung(row, welt.personal)
    cancel_einschreibung(row, welt.anna, reason)
    assert reason not in text(client.get(url("genehmigung", row)))


@pytest.mark.parametrize("name", ["genehmigungen", "traeger_einschreiben"])
def test_employer_pages_are_for_employers(welt, als, name):
    for person in (welt.frei, welt.verwaltung, welt.anna):
        assert als(person).get(url(name)).status_code == 403
    assert als(welt.personal).get(url(name)).status_code == 200


def test_enrolling_several_people(welt, als):
    client = als(welt.personal)
    assert welt.kurs.titel in text(client.get(url("traeger_einschreiben")))
    path = url("traeger_einschreiben", kurs=welt.kurs.public_id)
    response = client.post(path, {"personen": [welt.anna.public_id, welt.bernd.public_id]})
    assert response.status_code == 200
    assert "Anna Ahorn: <span" in text(response)
    again = client.post(path, {"personen": [welt.anna.public_id]})
    assert "war schon eingeschrieben" in text(again)
    assert Einschreibung.objects.filter(status="zugelassen", genehmigung="erteilt").count() == 2


def test_searching_employees_keeps_the_course(welt, als):
    page = text(als(welt.personal).get(url("traeger_einschreiben", kurs=welt.kurs.public_id, suche="ahorn")))
    assert "Anna Ahorn" in page
    assert "Bernd Birke" not in page
    assert f'<input type="hidden" name="kurs" value="{welt.kurs.public_id}"' in page


def test_enrolling_foreign_people_is_refused_and_keeps_the_choice(welt, als):
    path = url("traeger_einschreiben", kurs=welt.kurs.public_id)
    response = als(welt.personal).post(path, {"personen": [welt.anna.public_id, welt.frei.public_id]})
    assert response.status_code == 422
    assert (
        f'value="{welt.anna.public_id}" id="person-{welt.anna.public_id}" aria-label="Anna Ahorn auswählen" checked'
        in text(response)
    )
    assert not Einschreibung.objects.exists()


def test_employer_parameters_of_others_are_not_there(welt, als):
    client = als(welt.personal)
    foreign = OrganisationFactory(arbeitgeber=True)
    assert client.get(url("traeger_einschreiben", arbeitgeber=foreign.public_id)).status_code == 404
    draft = KursFactory(status="entwurf")
    assert client.get(url("traeger_einschreiben", kurs=draft.public_id)).status_code == 404


def test_employer_lists_take_the_same_queries_for_one_and_three(welt, als):
    client = als(welt.personal)
    enrol(welt.anna, welt.kurs, welt.anna)
    paths = [url("genehmigungen"), url("traeger_einschreiben"), url("traeger_einschreiben", kurs=welt.kurs.public_id)]
    first = [count(client, path) for path in paths]
    for _ in range(2):
        person = BeschaeftigungFactory(arbeitgeber=welt.arbeitgeber).person
        enrol(person, welt.kurs, person)
        KursFactory()
    assert [count(client, path) for path in paths] == first
    assert max(first) <= 12
