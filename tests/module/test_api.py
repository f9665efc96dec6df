"""The same acts through the API: same rights, same answers, nothing unpublished for strangers."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from lms.core.api.auth import issue_token
from module import programme
from module.models import Modul, Modulversion
from tests.factories import ModulversionFactory, OrganisationFactory, PersonFactory
from tests.factories.katalog import pflichtfelder, redaktion

pytestmark = pytest.mark.django_db
BASE = "/api/v1"


def api_for(person=None):
    client = APIClient()
    if person:
        client.force_authenticate(person)
    return client


def with_token(person, *scopes):
    _row, clear = issue_token(person, "Test", list(scopes), timezone.now() + dt.timedelta(days=1))
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {clear}")
    return client


def payload(**changes):
    values = {**pflichtfelder(), **changes}
    values["notenskala"] = values["notenskala"].pk
    return values


def test_from_draft_to_publication(partner):
    anna, ben = api_for(partner.anna), api_for(partner.ben)
    body = {
        "katalog": partner.katalog.public_id,
        "verantwortlich": partner.hochschule.public_id,
        "code": "API-1",
        "titel": "Über die API",
        **payload(dauer=""),
    }
    response = anna.post(f"{BASE}/module/", body)
    assert response.status_code == 201, response.json()
    version = response.json()
    assert (version["status"], version["fehlende_felder"]) == ("entwurf", ["dauer"])
    url = f"{BASE}/modulversionen/{version['id']}/"
    refused = anna.post(f"{url}einreichen/")
    assert (refused.status_code, refused.json()["code"]) == (409, "pflichtfelder_fehlen")
    assert refused.json()["details"] == {"felder": ["dauer"]}
    assert anna.patch(url, {"dauer": "ein Semester", "stand": version["stand"]}).status_code == 200
    assert anna.patch(url, {"dauer": "zwei", "stand": version["stand"]}).json()["code"] == "inzwischen_geaendert"
    assert anna.post(f"{url}einreichen/").json()["status"] == "eingereicht"
    waiting = ben.get(f"{BASE}/modulversionen/?zu_entscheiden=true").json()["results"]
    assert [row["id"] for row in waiting] == [version["id"]]
    for client, organisation in ((anna, partner.hochschule), (ben, partner.traeger)):
        body = {"organisation": organisation.public_id, "entscheidung": "freigegeben"}
        assert client.post(f"{url}freigaben/", body).status_code == 201
    assert [row["organisation"]["id"] for row in anna.get(f"{url}freigaben/").json()] == [
        partner.hochschule.public_id,
        partner.traeger.public_id,
    ]
    (public,) = api_for().get(f"{BASE}/module/?q=Über").json()["results"]
    assert public["version"]["titel"] == "Über die API"
    assert public["version"]["ects"] == "5.00"
    again = anna.post(f"{BASE}/module/{public['id']}/versionen/").json()
    assert (again["nummer"], again["status"]) == (2, "entwurf")
    assert anna.delete(f"{BASE}/modulversionen/{again['id']}/").status_code == 204
    assert anna.patch(url, {"titel": "heimlich"}).json()["code"] == "version_unveraenderlich"


def test_strangers_see_only_what_is_published(partner):
    draft, done = partner.entwurf("M-1"), partner.veroeffentlicht("M-2")
    for client in (api_for(), api_for(PersonFactory()), api_for(redaktion(OrganisationFactory()))):
        assert [row["id"] for row in client.get(f"{BASE}/modulversionen/").json()["results"]] == [done.public_id]
        assert client.get(f"{BASE}/modulversionen/{draft.public_id}/").status_code == 404
        assert client.get(f"{BASE}/module/{draft.modul.public_id}/").status_code == 404
        assert client.get(f"{BASE}/module/{done.modul.public_id}/").status_code == 200
    own = api_for(partner.ben).get(f"{BASE}/modulversionen/?status=entwurf").json()["results"]
    assert [row["id"] for row in own] == [draft.public_id]


def writes(partner, draft, done):
    return [
        (
            "post",
            f"{BASE}/module/",
            {"katalog": partner.katalog.public_id, "verantwortlich": "x", "code": "Y", "titel": "Y"},
        ),
        ("post", f"{BASE}/module/{done.modul.public_id}/versionen/", {}),
        ("patch", f"{BASE}/modulversionen/{draft.public_id}/", {"titel": "X"}),
        ("patch", f"{BASE}/modulversionen/{done.public_id}/", {"titel": "X"}),
        ("delete", f"{BASE}/modulversionen/{draft.public_id}/", {}),
        ("post", f"{BASE}/modulversionen/{draft.public_id}/einreichen/", {}),
        ("post", f"{BASE}/modulversionen/{draft.public_id}/freigaben/", {}),
        ("post", f"{BASE}/programme/", {"katalog": partner.katalog.public_id, "titel": "P"}),
    ]


def test_strangers_write_nothing(partner):
    draft, done = partner.entwurf("M-1"), partner.veroeffentlicht("M-2")
    stranger = redaktion(OrganisationFactory())
    before = list(Modulversion.objects.order_by("pk").values())
    for method, url, body in writes(partner, draft, done):
        assert getattr(api_for(), method)(url, body).status_code == 401, url
        expected = 403 if done.public_id in url else 404
        assert getattr(api_for(stranger), method)(url, body).status_code == expected, url
        assert getattr(with_token(partner.anna, "lesen"), method)(url, body).status_code == 403, url
    assert list(Modulversion.objects.order_by("pk").values()) == before


def test_token_with_scope_may_write(partner):
    draft = partner.entwurf()
    client = with_token(partner.anna, "lesen", "schreiben")
    assert client.get(f"{BASE}/kataloge/").json()["results"][0]["id"] == partner.katalog.public_id
    assert client.patch(f"{BASE}/modulversionen/{draft.public_id}/", {"titel": "Neu"}).status_code == 200


def test_idempotency_key_creates_one_module(partner):
    body = {
        "katalog": partner.katalog.public_id,
        "verantwortlich": partner.hochschule.public_id,
        "code": "API-1",
        "titel": "Einmal",
    }
    client = api_for(partner.anna)
    one = client.post(f"{BASE}/module/", body, headers={"Idempotency-Key": "k1"})
    two = client.post(f"{BASE}/module/", body, headers={"Idempotency-Key": "k1"})
    assert one.json() == two.json()
    assert Modul.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"titel": ""}, "titel"),
        ({"ects": "viele"}, "ects"),
        ({"quelle_url": "x"}, "quelle_url"),
        ({"notenskala": 0}, "notenskala"),
    ],
)
def test_bad_values_name_their_field(partner, change, field):
    draft = partner.entwurf()
    response = api_for(partner.anna).patch(f"{BASE}/modulversionen/{draft.public_id}/", change)
    assert response.status_code == 400
    assert response.json()["code"] == "eingabe_ungueltig"
    assert list(response.json()["fields"]) == [field]


def test_filter_order_and_cursor():
    for titel, ects in (("A", 5), ("B", 8), ("C", 10)):
        ModulversionFactory(titel=titel, ects=ects)
    client = api_for()

    def titles(query):
        return [row["version"]["titel"] for row in client.get(f"{BASE}/module/?{query}").json()["results"]]

    assert titles("ects_von=6&ordering=titel") == ["B", "C"]
    assert titles("ects_bis=6") == ["A"]
    assert titles("ordering=-titel") == ["C", "B", "A"]
    first = client.get(f"{BASE}/module/?ordering=titel&page_size=2").json()
    assert [row["version"]["titel"] for row in first["results"]] == ["A", "B"]
    second = client.get(first["next"]).json()
    assert [row["version"]["titel"] for row in second["results"]] == ["C"]


@pytest.mark.parametrize("anzahl", [1, 3])
def test_queries(partner, anzahl):
    for index in range(anzahl):
        partner.veroeffentlicht(f"M-{index}")
    client = api_for(partner.anna)
    found = {}
    for url in (f"{BASE}/module/", f"{BASE}/modulversionen/", f"{BASE}/kataloge/"):
        with CaptureQueriesContext(connection) as captured:
            assert len(client.get(url).json()["results"]) >= 1
        found[url] = len(captured)
    assert found == {f"{BASE}/module/": 2, f"{BASE}/modulversionen/": 1, f"{BASE}/kataloge/": 2}


def test_programme_by_api(partner):
    modul = partner.veroeffentlicht().modul
    anna = api_for(partner.anna)
    version = anna.post(f"{BASE}/programme/", {"katalog": partner.katalog.public_id, "titel": "P"}).json()
    url = f"{BASE}/programmversionen/{version['version']}/"
    assert anna.post(f"{url}bausteine/", {"art": "pflicht", "modul": modul.public_id}).json()["titel"] == modul.titel
    again = anna.post(f"{url}bausteine/", {"art": "pflicht", "modul": modul.public_id})
    assert (again.status_code, again.json()["code"]) == (409, "modul_schon_enthalten")
    assert anna.patch(url, {"abschluss": "Zertifikat"}).json()["abschluss"] == "Zertifikat"
    assert anna.post(f"{url}veroeffentlichen/").json()["status"] == "veroeffentlicht"
    public = api_for().get(f"{BASE}/programme/{version['id']}/").json()
    assert [part["modul"] for part in public["bausteine"]] == [modul.public_id]
    assert api_for().get(f"{BASE}/programme/?q=P").json()["results"][0]["id"] == version["id"]
    other = programme.create_programm(partner.anna, partner.katalog, titel="Entwurf")
    assert api_for().get(f"{BASE}/programme/{other.programm.public_id}/").status_code == 404
    assert api_for(PersonFactory()).get(f"{BASE}/programmversionen/{other.public_id}/").status_code == 404
