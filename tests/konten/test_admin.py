"""Operators: the admin opens for them only, acts go through the services, ledgers cannot be edited."""

import pytest
from django.core import mail

from lms.core.models import AuditEintrag
from lms.konten.enums import Recht, Rolle
from lms.konten.models import Person
from lms.konten.rechte import hat_recht
from lms.post.models import Nachricht
from lms.post.services import queue_text
from tests.factories import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db
LISTS = [
    "konten/person",
    "konten/organisation",
    "konten/mitgliedschaft",
    "konten/beschaeftigung",
    "konten/einwilligung",
    "konten/einwilligungstext",
    "konten/einladung",
    "core/auditeintrag",
    "core/vorgang",
    "post/nachricht",
]
READ_ONLY = ["konten/beschaeftigung", "konten/einwilligung", "konten/einladung", "core/auditeintrag", "post/nachricht"]


@pytest.fixture
def operator(client):
    row = PersonFactory(is_staff=True, is_superuser=True)
    client.force_login(row)
    return row


@pytest.mark.parametrize("path", LISTS)
def test_lists_open_for_operators_only(client, path):
    client.force_login(PersonFactory())
    assert client.get(f"/verwaltung/{path}/").status_code == 403
    client.force_login(PersonFactory(is_staff=True, is_superuser=True))
    assert client.get(f"/verwaltung/{path}/").status_code == 200


@pytest.mark.parametrize("path", READ_ONLY)
def test_ledgers_cannot_be_added_to(client, operator, path):
    assert client.get(f"/verwaltung/{path}/add/").status_code == 403


def test_a_name_is_changed_by_the_service(client, operator):
    person = PersonFactory(vorname="Alt", nachname="Name")
    data = {"vorname": "Neu", "nachname": "Name", "geburtsdatum": "17.05.1990", "is_active": "on"}
    client.post(f"/verwaltung/konten/person/{person.pk}/change/", data)
    person.refresh_from_db()
    assert person.vorname == "Neu"
    row = AuditEintrag.objects.get(aktion="stammdaten_geaendert")
    assert (row.akteur, row.objekt_id, row.daten) == (operator, person.public_id, {"felder": ["vorname"]})


def test_a_blocked_account_cannot_be_used(client, operator):
    person = PersonFactory(vorname="Alt", nachname="Name")
    data = {"vorname": "Alt", "nachname": "Name", "geburtsdatum": "17.05.1990"}
    client.post(f"/verwaltung/konten/person/{person.pk}/change/", data)
    assert not Person.objects.get(pk=person.pk).is_active
    client.force_login(person)
    assert client.get("/start/").status_code == 302


def test_the_first_leadership_gets_its_rights(client, operator):
    org, person = OrganisationFactory(), PersonFactory()
    data = {"person": person.pk, "organisation": org.pk, "rolle": Rolle.LEITUNG}
    client.post("/verwaltung/konten/mitgliedschaft/add/", data)
    assert hat_recht(person, Recht.MITGLIEDER_VERWALTEN, org)
    assert person.mitgliedschaften.count() == 1


def test_a_failed_mail_is_retried_and_its_text_stays_closed(client, operator):
    row = queue_text("k", "a@example.org", "Betreff", "Geheimer Text")
    Nachricht.objects.update(status="fehlgeschlagen", versuche=10)
    assert "Geheimer Text" not in client.get(f"/verwaltung/post/nachricht/{row.pk}/change/").content.decode()
    client.post("/verwaltung/post/nachricht/", {"action": "retry", "_selected_action": [row.pk]})
    row.refresh_from_db()
    assert (row.status, row.versuche) == ("wartend", 0)
    assert mail.outbox == []
