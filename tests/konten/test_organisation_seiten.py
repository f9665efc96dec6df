"""The organisation's pages: 404 without a role, 403 without the right, and what each role may change."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lms.core.errors import DomainError
from lms.konten.enums import Recht, Rolle
from lms.konten.models import Organisation
from lms.konten.rechte import hat_recht
from lms.konten.services import add_mitgliedschaft, end_expired_mitgliedschaften, end_mitgliedschaft
from tests.factories import BeschaeftigungFactory, OrganisationFactory, PersonFactory, member

pytestmark = pytest.mark.django_db
PAGES = ["", "bearbeiten/", "mitglieder/", "rollen/neu/", "einladen/", "beschaeftigte/"]
ALLOWED = {
    Rolle.LEITUNG: PAGES,
    Rolle.PERSONALVERANTWORTUNG: ["", "einladen/", "beschaeftigte/"],
    Rolle.KURSVERWALTUNG: [""],
    Rolle.LEHRENDE: [""],
    Rolle.PRUEFUNGSAMT: [""],
    Rolle.KATALOGREDAKTION: [""],
}


@pytest.fixture
def org():
    return OrganisationFactory(arbeitgeber=True, bildungstraeger=True)


def base(org):
    return f"/organisationen/{org.public_id}/"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("rolle", list(ALLOWED))
def test_pages_by_role(client, org, rolle, page):
    employee = BeschaeftigungFactory(arbeitgeber=org, person__nachname="Vertraulich")
    client.force_login(member(org, rolle))
    answer = client.get(base(org) + page)
    assert answer.status_code == (200 if page in ALLOWED[rolle] else 403)
    shows_employees = page == "beschaeftigte/" and page in ALLOWED[rolle]
    assert (employee.person.name in answer.content.decode()) == shows_employees


@pytest.mark.parametrize("page", PAGES)
def test_the_organisation_does_not_exist_for_strangers_and_employees_without_a_role(client, org, page):
    former = member(org, Rolle.LEITUNG)
    member(org, Rolle.LEITUNG)
    end_mitgliedschaft(former.mitgliedschaften.get(), None, former.mitgliedschaften.get().von)
    employee = BeschaeftigungFactory(arbeitgeber=org).person
    for person in (PersonFactory(), employee, former, member(OrganisationFactory(arbeitgeber=True), Rolle.LEITUNG)):
        client.force_login(person)
        answer = client.get(base(org) + page)
        assert answer.status_code == 404
        assert org.name not in answer.content.decode()


def test_forbidden_posts_change_nothing(client, org):
    leitung, target = member(org, Rolle.LEITUNG), member(org, Rolle.LEHRENDE)
    row, stelle = leitung.mitgliedschaften.get(), BeschaeftigungFactory(arbeitgeber=org)
    acts = {
        "bearbeiten/": {"name": "Gekapert"},
        "rollen/neu/": {"person": target.public_id, "rolle": "leitung"},
        f"rollen/{row.public_id}/beenden/": {},
        "einladen/": {"email": "x@example.org", "rolle": "leitung"},
        f"beschaeftigte/{stelle.public_id}/": {"qualifikationsstatus": "ausnahme"},
        f"beschaeftigte/{stelle.public_id}/beenden/": {"bis": "2026-01-01"},
    }
    client.force_login(member(org, Rolle.KURSVERWALTUNG))
    for path, data in acts.items():
        assert client.post(base(org) + path, data).status_code == 403, path
    client.force_login(PersonFactory())
    for path, data in acts.items():
        assert client.post(base(org) + path, data).status_code == 404, path
    stelle.refresh_from_db()
    row.refresh_from_db()
    assert (stelle.bis, stelle.qualifikationsstatus, row.bis) == (None, "offen", None)
    assert not org.einladungen.exists()
    assert list(target.mitgliedschaften.values_list("rolle", flat=True)) == ["lehrende"]
    assert Organisation.objects.get(pk=org.pk).name == org.name


def test_ids_of_another_organisation_do_not_work_under_ones_own(client, org):
    foreign = OrganisationFactory(arbeitgeber=True)
    chef = member(foreign, Rolle.LEITUNG)
    stelle = BeschaeftigungFactory(arbeitgeber=foreign)
    client.force_login(member(org, Rolle.LEITUNG))
    for path in (
        f"rollen/{chef.mitgliedschaften.get().public_id}/beenden/",
        f"beschaeftigte/{stelle.public_id}/beenden/",
    ):
        assert client.post(base(org) + path, {"bis": "2026-01-01"}).status_code == 404
    stelle.refresh_from_db()
    assert (stelle.bis, chef.mitgliedschaften.get().bis) == (None, None)


def test_leadership_edits_the_data_but_not_what_the_organisation_is(client, org):
    client.force_login(member(org, Rolle.LEITUNG))
    data = {
        "name": "Neuer Name", "kurzname": "NN", "traegerart": "frei", "kreis": "14612", "strasse": "Weg 2",
        "plz": "01067", "ort": "Dresden", "email": "", "stunden_pro_ects": "25", "ist_landesfachstelle": "on",
    }  # fmt: skip
    assert client.post(base(org) + "bearbeiten/", data).status_code == 302
    org.refresh_from_db()
    assert (org.name, org.stunden_pro_ects, org.ist_landesfachstelle) == ("Neuer Name", 25, False)
    assert org.history.count() == 2
    taken = OrganisationFactory()
    for bad in ({"plz": "1067"}, {"stunden_pro_ects": "31"}, {"name": taken.name}, {"name": ""}):
        answer = client.post(base(org) + "bearbeiten/", data | {"ort": "Pirna"} | bad)
        assert answer.status_code == 422
        assert 'value="Pirna"' in answer.content.decode()
    org.refresh_from_db()
    assert (org.name, org.ort) == ("Neuer Name", "Dresden")


def test_roles_are_given_and_ended_on_the_page(client, org):
    leitung, person = member(org, Rolle.LEITUNG), member(org, Rolle.LEHRENDE)
    client.force_login(leitung)
    client.post(base(org) + "rollen/neu/", {"person": person.public_id, "rolle": Rolle.PRUEFUNGSAMT})
    assert hat_recht(person, Recht.ZERTIFIKATE_AUSSTELLEN, org)
    assert (
        client.post(base(org) + "rollen/neu/", {"person": person.public_id, "rolle": "fachstelle"}).status_code == 422
    )
    stranger = PersonFactory()
    bad = client.post(base(org) + "rollen/neu/", {"person": stranger.public_id, "rolle": Rolle.PRUEFUNGSAMT})
    assert bad.status_code == 422
    assert stranger.name not in bad.content.decode()
    row = person.mitgliedschaften.get(rolle=Rolle.PRUEFUNGSAMT)
    client.post(base(org) + f"rollen/{row.public_id}/beenden/")
    assert not hat_recht(person, Recht.ZERTIFIKATE_AUSSTELLEN, org)


def test_the_last_leadership_cannot_leave(client, org):
    leitung = member(org, Rolle.LEITUNG)
    client.force_login(leitung)
    row = leitung.mitgliedschaften.get()
    answer = client.post(base(org) + f"rollen/{row.public_id}/beenden/", follow=True)
    assert "braucht eine Leitung" in answer.content.decode()
    row.refresh_from_db()
    assert row.bis is None
    member(org, Rolle.LEITUNG)
    client.post(base(org) + f"rollen/{row.public_id}/beenden/")
    assert not hat_recht(leitung, Recht.MITGLIEDER_VERWALTEN, org)


def test_leadership_of_an_employer_cannot_make_itself_the_state_office(org):
    leitung = member(org, Rolle.LEITUNG)
    with pytest.raises(DomainError) as error:
        add_mitgliedschaft(leitung, org, Rolle.FACHSTELLE, akteur=leitung)
    assert error.value.code == "rolle_unpassend"
    assert not hat_recht(leitung, Recht.LANDESWEIT_EINSEHEN, org)


def test_sweep_takes_the_group_on_the_day_and_only_once(org):
    import datetime as dt

    from django.utils import timezone

    person = member(org, Rolle.KURSVERWALTUNG)
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    end_mitgliedschaft(person.mitgliedschaften.get(), None, tomorrow)
    assert end_expired_mitgliedschaften() == 0
    assert hat_recht(person, Recht.KURSE_VERWALTEN, org)
    assert [end_expired_mitgliedschaften(tomorrow), end_expired_mitgliedschaften(tomorrow)] == [1, 0]
    assert not hat_recht(person, Recht.KURSE_VERWALTEN, org)


def test_employer_edits_and_ends_an_employment(client, org):
    stelle = BeschaeftigungFactory(arbeitgeber=org)
    client.force_login(member(org, Rolle.PERSONALVERANTWORTUNG))
    path = base(org) + f"beschaeftigte/{stelle.public_id}/"
    client.post(path, {"taetigkeit": "Beratung", "qualifikationsstatus": "vergleichbar"})
    bad = client.post(path, {"taetigkeit": "x" * 121, "qualifikationsstatus": "erfunden"})
    assert bad.status_code == 422
    stelle.refresh_from_db()
    assert (stelle.taetigkeit, stelle.qualifikationsstatus) == ("Beratung", "vergleichbar")
    assert client.post(path + "beenden/", {"bis": "1990-01-01"}).status_code == 422
    client.post(path + "beenden/", {"bis": "2025-01-31"})
    stelle.refresh_from_db()
    assert str(stelle.bis) == "2025-01-31"
    assert stelle.person.name not in client.get(base(org) + "beschaeftigte/").content.decode()


def test_employee_list_shows_no_private_contact_and_is_searched_by_name(client, org):
    one = BeschaeftigungFactory(arbeitgeber=org, person__nachname="Ahorn")
    two = BeschaeftigungFactory(arbeitgeber=org, person__nachname="Buche")
    client.force_login(member(org, Rolle.PERSONALVERANTWORTUNG))
    body = client.get(base(org) + "beschaeftigte/").content.decode()
    assert one.person.name in body
    assert one.person.email not in body
    assert "1990" not in body
    found = client.get(base(org) + "beschaeftigte/", {"q": "ahorn"}).content.decode()
    assert one.person.name in found
    assert two.person.name not in found


@pytest.mark.parametrize("page", ["mitglieder/", "beschaeftigte/"])
def test_three_rows_take_as_many_queries_as_one(client, org, page):
    leitung = member(org, Rolle.LEITUNG)
    client.force_login(leitung)
    counts = []
    for _ in range(3):
        member(org, Rolle.LEHRENDE)
        BeschaeftigungFactory(arbeitgeber=org)
        with CaptureQueriesContext(connection) as found:
            client.get(base(org) + page)
        counts.append(len(found))
    assert counts[0] == counts[2] <= 20
