"""Consent: only for one's own employer, under the wording in force, gone at once when withdrawn or unemployed."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from lms.core.errors import DomainError
from lms.konten.beschaeftigungen import (
    add_beschaeftigung,
    confirm_beschaeftigung,
    end_beschaeftigung,
    update_beschaeftigung,
    withdraw_orphaned_consents,
)
from lms.konten.enums import Datenkategorie, Rolle
from lms.konten.models import Beschaeftigung, Einwilligung
from lms.konten.selectors import beschaeftigungen_for, has_einwilligung, with_einwilligung
from lms.konten.services import give_einwilligung, withdraw_einwilligung
from lms.konten.texte import TEXTE, ensure_einwilligungstexte
from tests.factories import BeschaeftigungFactory, EinwilligungstextFactory, OrganisationFactory, PersonFactory, member

pytestmark = pytest.mark.django_db
FORTSCHRITT = Datenkategorie.FORTSCHRITT


@pytest.fixture
def stelle(db):
    ensure_einwilligungstexte()
    return BeschaeftigungFactory()


def test_giving_is_for_this_employer_and_category_only(stelle):
    other = BeschaeftigungFactory(person=stelle.person)
    give_einwilligung(stelle.person, stelle.arbeitgeber, FORTSCHRITT)
    assert has_einwilligung(stelle.person, stelle.arbeitgeber, FORTSCHRITT)
    assert not has_einwilligung(stelle.person, stelle.arbeitgeber, Datenkategorie.ZERTIFIKATE)
    assert not has_einwilligung(stelle.person, other.arbeitgeber, FORTSCHRITT)


def test_giving_twice_is_one_row_and_a_new_giving_after_withdrawal_is_a_new_one(stelle):
    first = give_einwilligung(stelle.person, stelle.arbeitgeber, FORTSCHRITT)
    assert give_einwilligung(stelle.person, stelle.arbeitgeber, FORTSCHRITT) == first
    withdraw_einwilligung(stelle.person, stelle.arbeitgeber, FORTSCHRITT)
    withdraw_einwilligung(stelle.person, stelle.arbeitgeber, FORTSCHRITT)
    assert not has_einwilligung(stelle.person, stelle.arbeitgeber, FORTSCHRITT)
    assert give_einwilligung(stelle.person, stelle.arbeitgeber, FORTSCHRITT) != first
    assert Einwilligung.objects.count() == 2


def test_the_wording_in_force_is_kept_and_a_future_one_is_not_used(stelle):
    EinwilligungstextFactory(kategorie=FORTSCHRITT, version=2, gueltig_ab=dt.date(2999, 1, 1), text="Zukunft")
    row = give_einwilligung(stelle.person, stelle.arbeitgeber, FORTSCHRITT)
    assert (row.text.version, row.text.text) == (1, TEXTE[FORTSCHRITT])


def test_without_a_wording_nothing_is_given():
    stelle = BeschaeftigungFactory()
    with pytest.raises(DomainError) as error:
        give_einwilligung(stelle.person, stelle.arbeitgeber, FORTSCHRITT)
    assert error.value.code == "einwilligungstext_fehlt"


def test_no_consent_for_a_foreign_employer(stelle):
    with pytest.raises(DomainError) as error:
        give_einwilligung(stelle.person, OrganisationFactory(arbeitgeber=True), FORTSCHRITT)
    assert error.value.code == "kein_arbeitgeber"


def test_the_end_of_the_employment_ends_the_consent_and_a_new_one_does_not_revive_it(stelle):
    give_einwilligung(stelle.person, stelle.arbeitgeber, FORTSCHRITT)
    end_beschaeftigung(stelle, stelle.person)
    assert not has_einwilligung(stelle.person, stelle.arbeitgeber, FORTSCHRITT)
    add_beschaeftigung(stelle.person, stelle.arbeitgeber)
    assert not has_einwilligung(stelle.person, stelle.arbeitgeber, FORTSCHRITT)


def test_an_end_in_the_future_keeps_the_consent_until_the_sweep_of_that_day(stelle):
    give_einwilligung(stelle.person, stelle.arbeitgeber, FORTSCHRITT)
    today = timezone.localdate()
    end_beschaeftigung(stelle, stelle.person, today + dt.timedelta(days=3))
    assert withdraw_orphaned_consents(today) == 0
    assert has_einwilligung(stelle.person, stelle.arbeitgeber, FORTSCHRITT)
    assert withdraw_orphaned_consents(today + dt.timedelta(days=4)) == 1
    assert withdraw_orphaned_consents(today + dt.timedelta(days=4)) == 0
    assert not has_einwilligung(stelle.person, stelle.arbeitgeber, FORTSCHRITT)


def test_employer_reads_the_consent_per_employee(stelle):
    silent = BeschaeftigungFactory(arbeitgeber=stelle.arbeitgeber)
    give_einwilligung(stelle.person, stelle.arbeitgeber, FORTSCHRITT)
    chef = member(stelle.arbeitgeber, Rolle.PERSONALVERANTWORTUNG)
    rows = with_einwilligung(beschaeftigungen_for(chef), FORTSCHRITT)
    assert {row.person_id: row.eingewilligt for row in rows} == {stelle.person_id: True, silent.person_id: False}


def test_only_the_person_confirms_and_both_sides_end(stelle):
    chef = member(stelle.arbeitgeber, Rolle.PERSONALVERANTWORTUNG)
    with pytest.raises(PermissionDenied):
        confirm_beschaeftigung(stelle, chef)
    with pytest.raises(PermissionDenied):
        end_beschaeftigung(stelle, PersonFactory())
    with pytest.raises(DomainError):
        end_beschaeftigung(stelle, chef, stelle.von - dt.timedelta(days=1))
    assert end_beschaeftigung(stelle, chef).bis == timezone.localdate()
    with pytest.raises(DomainError) as error:
        end_beschaeftigung(stelle, stelle.person)
    assert error.value.code == "beschaeftigung_beendet"


def test_only_the_employer_writes_the_qualification_status(stelle):
    chef, fremd = (
        member(stelle.arbeitgeber, Rolle.PERSONALVERANTWORTUNG),
        member(OrganisationFactory(arbeitgeber=True), Rolle.LEITUNG),
    )
    for person in (stelle.person, fremd):
        with pytest.raises(PermissionDenied):
            update_beschaeftigung(stelle, person, taetigkeit="x", qualifikationsstatus="ausnahme")
    update_beschaeftigung(stelle, chef, taetigkeit="Beratung", qualifikationsstatus="ausnahme")
    stelle.refresh_from_db()
    assert (stelle.taetigkeit, stelle.qualifikationsstatus, stelle.history.count()) == ("Beratung", "ausnahme", 2)


def test_one_click_each_on_the_page(client, stelle):
    client.force_login(stelle.person)
    body = client.get("/mein-konto/").content.decode()
    assert TEXTE[FORTSCHRITT] in body
    base = f"/mein-konto/einwilligungen/{stelle.arbeitgeber.public_id}/fortschritt/"
    client.post(f"{base}erteilen/")
    assert has_einwilligung(stelle.person, stelle.arbeitgeber, FORTSCHRITT)
    assert "Fassung 1" in client.get("/mein-konto/").content.decode()
    client.post(f"{base}widerrufen/")
    assert not has_einwilligung(stelle.person, stelle.arbeitgeber, FORTSCHRITT)
    assert client.get(f"{base}erteilen/").status_code == 405
    assert client.post(base.replace("fortschritt", "noten") + "erteilen/").status_code == 404


def test_nobody_decides_for_another(client, stelle):
    client.force_login(PersonFactory())
    base = f"/mein-konto/einwilligungen/{stelle.arbeitgeber.public_id}/fortschritt/"
    assert client.post(f"{base}erteilen/").status_code == 404
    assert client.post(f"/mein-konto/beschaeftigungen/{stelle.public_id}/bestaetigen/").status_code == 404
    assert client.post(f"/mein-konto/beschaeftigungen/{stelle.public_id}/beenden/").status_code == 404
    stelle.refresh_from_db()
    assert (stelle.bestaetigt_at, stelle.bis, Einwilligung.objects.count()) == (None, None, 0)


def test_employment_is_confirmed_and_ended_on_the_page(client, stelle):
    client.force_login(stelle.person)
    base = f"/mein-konto/beschaeftigungen/{stelle.public_id}/"
    assert "bestätigen" in client.get("/start/").content.decode()
    client.post(f"{base}bestaetigen/")
    bad = client.post(f"{base}beenden/", {"bis": "1999-01-01"})
    assert bad.status_code == 422
    assert "vor dem Beginn" in bad.content.decode()
    assert 'value="1999-01-01"' in bad.content.decode()
    client.post(f"{base}beenden/", {"bis": timezone.localdate().isoformat()})
    row = Beschaeftigung.objects.get()
    assert row.bestaetigt_at is not None
    assert row.bis == timezone.localdate()
