"""Invitations: who may invite to what, and what a link is worth in the wrong hands."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from lms.core.errors import DomainError
from lms.konten.einladungen import accept_einladung, accept_own_einladung, invite, revoke_einladung
from lms.konten.enums import Rolle
from lms.konten.models import Beschaeftigung, Einladung, Mitgliedschaft, Person
from lms.post.models import Nachricht
from tests.factories import BeschaeftigungFactory, OrganisationFactory, PersonFactory, member

pytestmark = pytest.mark.django_db


def person_of(email, verified=True):
    person = PersonFactory(email=email)
    EmailAddress.objects.create(user=person, email=email, primary=True, verified=verified)
    return person


def token_in_mail():
    return re.search(r"/einladung/([^/\s]+)/", Nachricht.objects.latest("id").text)[1]


@pytest.fixture
def org():
    return OrganisationFactory(arbeitgeber=True, bildungstraeger=True)


@pytest.fixture
def leitung(org):
    return member(org, Rolle.LEITUNG)


def test_accepting_gives_exactly_the_role_and_the_employment(org, leitung):
    invite(org, leitung, email="Neu@Example.org", rolle=Rolle.KURSVERWALTUNG, als_beschaeftigte=True)
    person = person_of("neu@example.org")
    accept_einladung(token_in_mail(), person)
    assert list(person.mitgliedschaften.values_list("organisation", "rolle")) == [(org.pk, "kursverwaltung")]
    assert person.groups.count() == 1
    assert person.beschaeftigungen.get().bestaetigt_at is not None


def test_the_token_is_stored_nowhere_but_in_the_unsent_mail(org, leitung):
    row = invite(org, leitung, email="neu@example.org", rolle=Rolle.LEHRENDE)
    token = token_in_mail()
    assert token not in str(Einladung.objects.filter(pk=row.pk).values().get())
    assert len(row.digest) == 64
    assert Nachricht.objects.get().vertraulich


def test_a_foreign_token_gives_nothing(org, leitung, client):
    invite(org, leitung, email="neu@example.org", rolle=Rolle.LEITUNG)
    token = token_in_mail()
    thief = person_of("dieb@example.org")
    with pytest.raises(DomainError) as error:
        accept_einladung(token, thief)
    assert error.value.code == "einladung_fremd"
    client.force_login(thief)
    answer = client.post(f"/einladung/{token}/")
    assert answer.status_code == 409
    assert "neu@example.org" not in answer.content.decode()
    assert not thief.mitgliedschaften.exists()


def test_an_unverified_address_is_not_enough(org, leitung):
    invite(org, leitung, email="neu@example.org", rolle=Rolle.LEITUNG)
    with pytest.raises(DomainError, match="andere Adresse"):
        accept_einladung(token_in_mail(), person_of("neu@example.org", verified=False))


def test_twice_is_once_for_the_same_person_and_an_error_for_another(org, leitung):
    invite(org, leitung, email="neu@example.org", rolle=Rolle.LEHRENDE)
    token, person, other = token_in_mail(), person_of("neu@example.org"), person_of("andere@example.org")
    assert accept_einladung(token, person) == accept_einladung(token, person)
    assert person.mitgliedschaften.count() == 1
    EmailAddress.objects.filter(user=person).delete()
    EmailAddress.objects.create(user=other, email="neu@example.org", verified=True)
    with pytest.raises(DomainError) as error:
        accept_einladung(token, other)
    assert error.value.code == "einladung_benutzt"


@pytest.mark.parametrize("end", ["expired", "revoked", "replaced"])
def test_a_dead_link_gives_nothing_and_says_so(org, leitung, client, end):
    row = invite(org, leitung, email="neu@example.org", rolle=Rolle.LEITUNG)
    token = token_in_mail()
    if end == "expired":
        Einladung.objects.update(gueltig_bis=timezone.now() - timedelta(seconds=1))
    elif end == "revoked":
        revoke_einladung(row, leitung)
    else:
        invite(org, leitung, email="neu@example.org", rolle=Rolle.LEITUNG)
    client.force_login(person_of("neu@example.org"))
    assert "gilt nicht mehr" in client.get(f"/einladung/{token}/").content.decode()
    assert client.post(f"/einladung/{token}/").status_code == 409
    assert Mitgliedschaft.objects.count() == 1


def test_unknown_token_is_404(client, db):
    assert client.get("/einladung/x/").status_code == 404
    assert client.post("/einladung/x/").status_code == 404


def test_only_the_leadership_invites_to_roles_and_personnel_only_employees(org):
    personal, lehrende = member(org, Rolle.PERSONALVERANTWORTUNG), member(org, Rolle.LEHRENDE)
    with pytest.raises(PermissionDenied):
        invite(org, personal, email="x@example.org", rolle=Rolle.LEITUNG)
    with pytest.raises(PermissionDenied):
        invite(org, personal, email="x@example.org", rolle=Rolle.LEITUNG, als_beschaeftigte=True)
    with pytest.raises(PermissionDenied):
        invite(org, lehrende, email="x@example.org", als_beschaeftigte=True)
    with pytest.raises(PermissionDenied):
        invite(OrganisationFactory(arbeitgeber=True), personal, email="x@example.org", als_beschaeftigte=True)
    assert not Einladung.objects.exists()
    assert invite(org, personal, email="x@example.org", als_beschaeftigte=True).als_beschaeftigte


@pytest.mark.parametrize("rolle", [Rolle.FACHSTELLE, Rolle.PERSONALVERANTWORTUNG])
def test_a_leadership_cannot_hand_out_roles_that_do_not_fit(rolle):
    org = OrganisationFactory(bildungstraeger=True)
    leitung = member(org, Rolle.LEITUNG)
    with pytest.raises(DomainError) as error:
        invite(org, leitung, email="neu@example.org", rolle=rolle)
    assert error.value.code == "rolle_unpassend"


def test_an_employee_who_is_there_already_is_not_invited_again(org, leitung):
    row = BeschaeftigungFactory(arbeitgeber=org)
    with pytest.raises(DomainError) as error:
        invite(org, leitung, email=row.person.email, als_beschaeftigte=True)
    assert error.value.code == "schon_mitglied"


def test_a_new_person_registers_with_the_link_although_registration_is_closed(client, settings, org, leitung):
    settings.REGISTRIERUNG = "einladung"
    invite(org, leitung, email="neu@example.org", rolle=Rolle.LEHRENDE)
    path = f"/einladung/{token_in_mail()}/"
    assert "Neues Konto anlegen" in client.get(path).content.decode()
    signup = client.post(path).url
    assert 'value="neu@example.org"' in client.get(signup).content.decode()
    data = {
        "vorname": "Neu",
        "nachname": "Hier",
        "password1": "ein-langes-Wort-7",
        "password2": "ein-langes-Wort-7",
        "next": path,
    }
    wrong = client.post(signup, {**data, "email": "anders@example.org"})
    assert "an die die Einladung ging" in wrong.content.decode()
    done = client.post(signup, {**data, "email": "neu@example.org"})
    assert done.url == path
    assert client.post(path).url == "/start/"
    person = Person.objects.get(email="neu@example.org")
    assert person.mitgliedschaften.get().rolle == "lehrende"
    client.logout()
    assert 'name="password1"' not in client.get("/konto/signup/").content.decode()


def test_start_page_offers_the_invitation_without_the_link(client, org, leitung):
    row = invite(org, leitung, email="neu@example.org", als_beschaeftigte=True)
    person, other = person_of("neu@example.org"), person_of("andere@example.org")
    client.force_login(other)
    assert org.name not in client.get("/start/").content.decode()
    assert client.post(f"/einladungen/{row.public_id}/annehmen/").status_code == 404
    client.force_login(person)
    assert f"Einladung von {org.name}" in client.get("/start/").content.decode()
    client.post(f"/einladungen/{row.public_id}/annehmen/")
    assert Beschaeftigung.objects.get().person == person
    assert accept_own_einladung(row, person).angenommen_von == person


def test_invitation_pages_of_the_organisation(client, org, leitung):
    client.force_login(leitung)
    base = f"/organisationen/{org.public_id}/"
    answer = client.post(f"{base}einladen/", {"email": "kaputt", "rolle": Rolle.LEHRENDE})
    assert answer.status_code == 422
    assert 'value="kaputt"' in answer.content.decode()
    assert client.post(f"{base}einladen/", {"email": "neu@example.org", "rolle": Rolle.LEHRENDE}).status_code == 302
    assert "neu@example.org" in client.get(f"{base}mitglieder/").content.decode()
    row = Einladung.objects.get()
    foreign = OrganisationFactory(bildungstraeger=True)
    client.force_login(member(foreign, Rolle.LEITUNG))
    assert client.post(f"{base}einladungen/{row.public_id}/widerrufen/").status_code == 404
    wrong_org = f"/organisationen/{foreign.public_id}/einladungen/{row.public_id}/widerrufen/"
    assert client.post(wrong_org).status_code == 404
    row.refresh_from_db()
    assert row.widerrufen_at is None
    client.force_login(leitung)
    client.post(f"{base}einladungen/{row.public_id}/widerrufen/")
    assert "neu@example.org" not in client.get(f"{base}mitglieder/").content.decode()
