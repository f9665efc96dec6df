"""Start page and “Mein Konto”: only one's own, nothing lost, the same number of queries for one row and three."""

import datetime as dt
import json

import pytest
from django.urls import reverse
from django.utils import timezone

from lms.core.models import ApiToken, AuditEintrag
from lms.konten import profil
from lms.konten.enums import Rolle
from lms.konten.models import Person
from lms.konten.texte import ensure_einwilligungstexte
from tests.factories import BeschaeftigungFactory, OrganisationFactory, PersonFactory, member

pytestmark = pytest.mark.django_db
OWN_PAGES = ["start", "mein_konto", "mein_profil", "token_neu", "datenauskunft"]


@pytest.fixture
def person(client):
    row = PersonFactory(vorname="Zoë", nachname="Łoś")
    client.force_login(row)
    return row


@pytest.fixture
def no_sperren(monkeypatch):
    monkeypatch.setattr(profil, "_sperren", [])


@pytest.mark.parametrize("name", OWN_PAGES)
def test_anonymous_people_are_sent_to_the_login(client, name):
    answer = client.get(reverse(name))
    assert answer.status_code == 302
    assert answer.url.startswith("/konto/login/?next=")


def test_start_without_anything_to_do_points_to_the_catalogue(client, person, monkeypatch):
    from lms.core import start

    monkeypatch.setattr(start, "_providers", [])
    body = client.get("/start/").content.decode()
    assert "Guten Tag, Zoë Łoś" in body
    assert "Katalog ansehen" in body


def test_start_names_the_roles_and_links_the_organisation(client):
    org = OrganisationFactory(bildungstraeger=True)
    other = OrganisationFactory(bildungstraeger=True)
    client.force_login(member(org, Rolle.KURSVERWALTUNG))
    body = client.get("/start/").content.decode()
    assert f"Kursverwaltung, {org.kurzname}" in body
    assert reverse("organisation", args=[org.public_id]) in body
    assert other.name not in body


def test_urgent_things_are_shown_once_and_on_top(client, person):
    row = BeschaeftigungFactory(person=person)
    body = client.get("/start/").content.decode()
    assert body.count(f"Beschäftigung bei {row.arbeitgeber.name} bestätigen") == 1
    assert "Jetzt zu tun" in body


def test_profile_is_changed_and_the_trail_holds_no_values(client, person, no_sperren):
    client.post("/mein-konto/profil/", {"vorname": "Zoe\u0308", "nachname": "Ǧamīl", "geburtsdatum": "1990-05-17"})
    person.refresh_from_db()
    assert (person.vorname, person.nachname) == ("Zoë", "Ǧamīl")
    row = AuditEintrag.objects.get(aktion="stammdaten_geaendert")
    assert (row.akteur, row.daten) == (person, {"felder": ["nachname"]})


@pytest.mark.parametrize("data", [{"vorname": ""}, {"vorname": "<script>"}, {"geburtsdatum": "1800-01-01"}])
def test_bad_profile_changes_nothing_and_keeps_the_rest(client, person, no_sperren, data):
    answer = client.post(
        "/mein-konto/profil/", {"vorname": "Neu", "nachname": "Bleibt", "geburtsdatum": "1990-05-17"} | data
    )
    assert answer.status_code == 422
    assert 'value="Bleibt"' in answer.content.decode()
    person.refresh_from_db()
    assert (person.vorname, person.nachname) == ("Zoë", "Łoś")


def test_master_data_are_fixed_once_something_official_rests_on_them(client, person, no_sperren):
    profil.register_sperre(lambda row: "Es gibt schon ein Zertifikat." if row == person else "")
    data = {"vorname": "Neu", "nachname": "Łoś", "geburtsdatum": "1990-05-17"}
    answer = client.post("/mein-konto/profil/", data)
    assert answer.status_code == 422
    assert "Es gibt schon ein Zertifikat." in answer.content.decode()
    person.refresh_from_db()
    assert person.vorname == "Zoë"
    profil.update_stammdaten(
        person, PersonFactory(is_staff=True), vorname="Neu", nachname="Łoś", geburtsdatum=person.geburtsdatum
    )
    person.refresh_from_db()
    assert person.vorname == "Neu"


def test_a_missing_birth_date_may_be_completed_even_then(person, no_sperren):
    profil.register_sperre(lambda row: "gesperrt")
    Person.objects.filter(pk=person.pk).update(geburtsdatum=None)
    day = dt.date(1990, 1, 2)
    profil.update_stammdaten(person, person, vorname=person.vorname, nachname=person.nachname, geburtsdatum=day)
    person.refresh_from_db()
    assert person.geburtsdatum == day


def test_a_token_is_shown_once_and_revoked(client, person):
    data = {"bezeichnung": "Lohn", "scopes": ["lesen"], "tage": "30"}
    answer = client.post("/mein-konto/tokens/neu/", data)
    clear = answer.context["klartext"]
    assert clear in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    row = ApiToken.objects.get()
    assert (row.scopes, (row.gueltig_bis - timezone.now()).days) == (["lesen"], 29)
    listed = client.get("/mein-konto/").content.decode()
    assert "Lohn" in listed
    assert clear not in listed
    client.post(f"/mein-konto/tokens/{row.public_id}/widerrufen/")
    assert "Lohn" not in client.get("/mein-konto/").content.decode()
    assert client.post("/mein-konto/tokens/neu/", data | {"scopes": []}).status_code == 422


def test_a_token_of_another_person_cannot_be_revoked(client, person):
    row = ApiToken.objects.create(
        person=PersonFactory(), bezeichnung="x", digest="d", scopes=["lesen"], gueltig_bis=timezone.now()
    )
    assert client.post(f"/mein-konto/tokens/{row.public_id}/widerrufen/").status_code == 404
    row.refresh_from_db()
    assert row.widerrufen_at is None


def test_data_export_holds_everything_of_me_and_nothing_of_others(client, person):
    other = BeschaeftigungFactory(taetigkeit="Geheime Stelle")
    mine = BeschaeftigungFactory(person=person, taetigkeit="Meine Stelle")
    answer = client.get("/mein-konto/datenauskunft/")
    data = json.loads(answer.content)
    assert "attachment" in answer.headers["Content-Disposition"]
    assert data["raeume"]["konten"]["person"]["nachname"] == "Łoś"
    assert [row["taetigkeit"] for row in data["raeume"]["konten"]["beschaeftigungen"]] == ["Meine Stelle"]
    assert {"kern", "konten", "post"} <= set(data["raeume"])
    text = answer.content.decode()
    assert mine.arbeitgeber.name in text
    for secret in (other.person.email, other.person.nachname, "Geheime Stelle", "digest", "password"):
        assert secret not in text


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("path", "expected"), [("/start/", 25), ("/mein-konto/", 25)])
def test_pages_take_few_queries_whatever_the_number_of_employers(
    client, person, django_assert_max_num_queries, number, path, expected
):
    ensure_einwilligungstexte()
    for _ in range(number):
        BeschaeftigungFactory(person=person)
    with django_assert_max_num_queries(expected):
        client.get(path)


@pytest.mark.parametrize("path", ["/start/", "/mein-konto/"])
def test_three_employers_take_as_many_queries_as_one(client, person, path):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ensure_einwilligungstexte()
    counts = []
    for _ in range(3):
        BeschaeftigungFactory(person=person)
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(path)
        counts.append(len(found))
    assert counts[0] == counts[2]
