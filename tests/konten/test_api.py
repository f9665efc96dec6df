"""The account API: the same services, the same doors, compared by content."""

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lms.konten.enums import Rolle
from lms.konten.models import Einwilligung, Mitgliedschaft
from lms.konten.selectors import has_einwilligung
from lms.konten.texte import ensure_einwilligungstexte
from tests.factories import BeschaeftigungFactory, OrganisationFactory, PersonFactory, member

pytestmark = pytest.mark.django_db
API = "/api/v1/"


@pytest.fixture
def org():
    return OrganisationFactory(arbeitgeber=True, bildungstraeger=True)


def post(client, path, data=None, **extra):
    return client.post(API + path, data or {}, content_type="application/json", **extra)


def patch(client, path, data):
    return client.patch(API + path, data, content_type="application/json")


def ids(client, path):
    return {row["id"] for row in client.get(API + path).json()["results"]}


def test_konto_is_ones_own_with_roles(client, org):
    person = member(org, Rolle.LEHRENDE)
    client.force_login(person)
    data = client.get(f"{API}konto/").json()
    assert data["email"] == person.email
    assert data["rollen"] == [{"organisation": org.public_id, "name": org.name, "rolle": "lehrende"}]
    assert patch(client, "konto/", {"vorname": "Ǧamīla"}).json()["vorname"] == "Ǧamīla"
    bad = patch(client, "konto/", {"vorname": "Иван"})
    assert (bad.status_code, bad.json()["code"], list(bad.json()["fields"])) == (409, "name_ungueltig", ["vorname"])
    assert patch(client, "konto/", {"email": "neu@example.org", "is_staff": True}).json()["email"] == person.email
    person.refresh_from_db()
    assert (person.vorname, person.is_staff) == ("Ǧamīla", False)


def test_organisations_by_role_only(client, org):
    foreign = OrganisationFactory()
    client.force_login(member(org, Rolle.LEHRENDE))
    assert ids(client, "organisationen/") == {org.public_id}
    assert client.get(f"{API}organisationen/{foreign.public_id}/").status_code == 404
    assert patch(client, f"organisationen/{org.public_id}/", {"ort": "Pirna"}).status_code == 403
    client.force_login(member(org, Rolle.LEITUNG))
    answer = patch(client, f"organisationen/{org.public_id}/", {"ort": "Pirna", "ist_landesfachstelle": True})
    assert (answer.json()["ort"], answer.json()["ist_landesfachstelle"]) == ("Pirna", False)
    bad = patch(client, f"organisationen/{org.public_id}/", {"name": foreign.name})
    assert (bad.status_code, list(bad.json()["fields"])) == (400, ["name"])


def test_memberships_are_given_and_ended_by_the_leadership_only(client, org):
    leitung, person = member(org, Rolle.LEITUNG), member(org, Rolle.LEHRENDE)
    body = {"person": person.public_id, "organisation": org.public_id, "rolle": Rolle.KURSVERWALTUNG}
    client.force_login(person)
    assert ids(client, "mitgliedschaften/") == {person.mitgliedschaften.get().public_id}
    assert post(client, "mitgliedschaften/", body).status_code == 403
    assert Mitgliedschaft.objects.count() == 2
    client.force_login(leitung)
    assert len(ids(client, "mitgliedschaften/")) == 2
    new = post(client, "mitgliedschaften/", body).json()
    assert (new["rolle"], new["person"]["id"], new["organisation"]["id"]) == (
        "kursverwaltung",
        person.public_id,
        org.public_id,
    )
    assert "email" not in new["person"]
    stranger = PersonFactory()
    assert post(client, "mitgliedschaften/", body | {"person": stranger.public_id}).status_code == 404
    client.force_login(person)
    assert post(client, f"mitgliedschaften/{new['id']}/beenden/").status_code == 403
    client.force_login(leitung)
    assert post(client, f"mitgliedschaften/{new['id']}/beenden/").json()["bis"]
    wrong = post(client, "mitgliedschaften/", body | {"rolle": "fachstelle"})
    assert (wrong.status_code, wrong.json()["code"]) == (409, "rolle_unpassend")


def test_employments_are_seen_by_both_sides_and_nobody_else(client, org):
    stelle = BeschaeftigungFactory(arbeitgeber=org)
    chef = member(org, Rolle.PERSONALVERANTWORTUNG)
    path = f"beschaeftigungen/{stelle.public_id}/"
    for stranger in (
        PersonFactory(),
        member(org, Rolle.LEHRENDE),
        member(OrganisationFactory(arbeitgeber=True), Rolle.LEITUNG),
    ):
        client.force_login(stranger)
        assert ids(client, "beschaeftigungen/") == set()
        assert client.get(API + path).status_code == 404
        assert patch(client, path, {"taetigkeit": "x"}).status_code == 404
        assert post(client, f"{path}beenden/").status_code == 404
    client.force_login(stelle.person)
    assert patch(client, path, {"qualifikationsstatus": "ausnahme"}).status_code == 403
    assert post(client, f"{path}bestaetigen/").json()["bestaetigt_at"]
    client.force_login(chef)
    assert post(client, f"{path}bestaetigen/").status_code == 403
    seen = patch(client, path, {"qualifikationsstatus": "ausnahme"}).json()
    assert (seen["qualifikationsstatus"], set(seen["person"])) == ("ausnahme", {"id", "vorname", "nachname"})
    assert post(client, f"{path}beenden/").json()["bis"]
    again = post(client, f"{path}beenden/")
    assert (again.status_code, again.json()["code"]) == (409, "beschaeftigung_beendet")


def test_consents_are_given_listed_and_withdrawn_by_the_person_only(client, org):
    ensure_einwilligungstexte()
    stelle = BeschaeftigungFactory(arbeitgeber=org)
    body = {"arbeitgeber": org.public_id, "kategorie": "fortschritt"}
    for stranger in (PersonFactory(), member(org, Rolle.LEITUNG)):
        client.force_login(stranger)
        assert post(client, "einwilligungen/", body).status_code == 404
    client.force_login(stelle.person)
    given = post(client, "einwilligungen/", body, headers={"Idempotency-Key": "e"})
    again = post(client, "einwilligungen/", body, headers={"Idempotency-Key": "e"})
    assert (given.status_code, again.json()) == (201, given.json())
    assert (given.json()["text_version"], given.json()["widerrufen_at"]) == (1, None)
    assert has_einwilligung(stelle.person, org, "fortschritt")
    path = f"einwilligungen/{given.json()['id']}/widerrufen/"
    client.force_login(member(org, Rolle.LEITUNG))
    assert ids(client, "einwilligungen/") == set()
    assert post(client, path).status_code == 404
    assert has_einwilligung(stelle.person, org, "fortschritt")
    client.force_login(stelle.person)
    first, second = post(client, path).json(), post(client, path).json()
    assert first == second
    assert first["widerrufen_at"]
    assert Einwilligung.objects.count() == 1


def test_invitations_go_by_mail_only_and_are_accepted_by_the_address(client, org):
    person = PersonFactory(email="neu@example.org")
    EmailAddress.objects.create(user=person, email="neu@example.org", verified=True)
    client.force_login(member(org, Rolle.LEITUNG))
    body = {"organisation": org.public_id, "email": "neu@example.org", "rolle": "lehrende"}
    row = post(client, "einladungen/", body)
    assert row.status_code == 201
    assert not {"digest", "token", "link"} & set(row.json())
    path = f"einladungen/{row.json()['id']}/"
    client.force_login(PersonFactory())
    assert ids(client, "einladungen/") == set()
    assert post(client, f"{path}annehmen/").status_code == 404
    client.force_login(person)
    assert ids(client, "einladungen/") == {row.json()["id"]}
    assert client.delete(API + path).status_code == 403
    assert post(client, f"{path}annehmen/").json()["angenommen_at"]
    assert person.mitgliedschaften.get().rolle == "lehrende"
    client.force_login(member(org, Rolle.LEITUNG))
    assert client.delete(API + path).json()["code"] == "einladung_benutzt"
    bad = post(client, "einladungen/", body | {"email": "kein-at"})
    assert (bad.status_code, list(bad.json()["fields"])) == (400, ["email"])


@pytest.mark.parametrize("path", ["organisationen/", "mitgliedschaften/", "beschaeftigungen/", "einladungen/"])
def test_lists_take_the_same_queries_for_one_row_and_three(client, org, path):
    leitung = member(org, Rolle.LEITUNG)
    client.force_login(leitung)
    counts = []
    for _ in range(3):
        BeschaeftigungFactory(arbeitgeber=org)
        member(org, Rolle.LEHRENDE)
        with CaptureQueriesContext(connection) as found:
            client.get(API + path)
        counts.append(len(found))
    assert counts[0] == counts[2] <= 6


def test_lists_are_filtered_and_paged_by_cursor(client, org):
    leitung = member(org, Rolle.LEITUNG)
    for _ in range(3):
        member(org, Rolle.LEHRENDE)
    client.force_login(leitung)
    page = client.get(f"{API}mitgliedschaften/?rolle=lehrende&page_size=2").json()
    rest = client.get(page["next"]).json()
    assert [len(page["results"]), len(rest["results"]), rest["next"]] == [2, 1, None]
    assert {row["rolle"] for row in page["results"] + rest["results"]} == {"lehrende"}
