"""The API: the same acts, the same refusals; what an employer may read."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from kurse.einschreibung.models import Einschreibung
from kurse.einschreibung.services import cancel_einschreibung, enrol
from kurse.planung.models import Kurs
from tests.factories import BeschaeftigungFactory, KursFactory, LehrauftragFactory, PersonFactory

LISTE = "/api/v1/einschreibungen/"


@pytest.fixture
def als():
    def login(person):
        client = APIClient()
        client.force_authenticate(person)
        return client

    return login


def act(client, row, name, **data):
    return client.post(f"{LISTE}{row.public_id}/{name}/", data, format="json")


def test_enrolling_oneself(welt, als):
    client = als(welt.frei)
    response = client.post(LISTE, {"kurs": welt.kurs.public_id}, format="json")
    assert response.status_code == 201
    row = Einschreibung.objects.get()
    assert response.data["id"] == row.public_id
    assert (response.data["status"], response.data["person"]["name"]) == ("zugelassen", "Frida Freitag")
    assert client.post(LISTE, {"kurs": welt.kurs.public_id}, format="json").status_code == 200


def test_idempotency_key_replays(welt, als):
    client = als(welt.frei)
    answers = [
        client.post(LISTE, {"kurs": welt.kurs.public_id}, format="json", headers={"Idempotency-Key": "k"})
        for _ in range(2)
    ]
    assert [a.status_code for a in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["Idempotent-Replay"] == "true"


@pytest.mark.parametrize("wer", ["personal", "verwaltung", "frei"])
def test_enrolling_somebody(welt, als, wer):
    akteur = getattr(welt, wer)
    data = {"kurs": welt.kurs.public_id, "person": welt.anna.public_id, "arbeitgeber": welt.arbeitgeber.public_id}
    response = als(akteur).post(LISTE, data, format="json")
    expected = {"personal": (201, "zugelassen"), "verwaltung": (201, "beantragt"), "frei": (400, None)}[wer]
    assert (response.status_code, response.data.get("status")) == expected


def test_employer_cannot_name_foreign_people(welt, als):
    data = {"kurs": welt.kurs.public_id, "email": welt.frei.email, "arbeitgeber": welt.arbeitgeber.public_id}
    response = als(welt.personal).post(LISTE, data, format="json")
    assert (response.status_code, response.data["code"]) == (400, "eingabe_ungueltig")
    assert not Einschreibung.objects.exists()


@pytest.mark.parametrize(
    "data", [{}, {"kurs": "unbekannt"}, {"kurs": "x" * 13}, {"kurs": "entwurf"}, {"kurs": "gut", "arbeitgeber": "nix"}]
)
def test_bad_input(welt, als, data):
    names = {"entwurf": KursFactory(status="entwurf").public_id, "gut": welt.kurs.public_id}
    data = {key: names.get(value, value) for key, value in data.items()}
    response = als(welt.frei).post(LISTE, data, format="json")
    assert response.status_code == 400
    assert set(response.data) == {"code", "detail", "fields"}
    assert not Einschreibung.objects.exists()


def test_broken_rule_is_a_conflict_with_its_code(welt, als):
    Kurs.objects.update(anmeldung_bis=welt.kurs.anmeldung_von + (welt.kurs.anmeldung_bis - welt.kurs.anmeldung_von) / 4)
    response = als(welt.frei).post(LISTE, {"kurs": welt.kurs.public_id}, format="json")
    assert (response.status_code, response.data["code"]) == (409, "anmeldung_geschlossen")


def test_approving_and_rejecting(welt, als):
    anna, bernd = (enrol(p, welt.kurs, p) for p in (welt.anna, welt.bernd))
    client = als(welt.personal)
    assert act(client, anna, "genehmigen").data["status"] == "zugelassen"
    assert act(client, bernd, "ablehnen").status_code == 400
    answer = act(client, bernd, "ablehnen", grund="Dienstplan").data
    assert (answer["status"], answer["grund"]) == ("abgelehnt", "Dienstplan")


def test_withdrawing_and_accepting(welt, als):
    Kurs.objects.update(kapazitaet=1)
    first = enrol(welt.frei, welt.kurs, welt.frei)
    person = PersonFactory()
    second = enrol(person, welt.kurs, person)
    assert als(person).get(f"{LISTE}{second.public_id}/").data["warteplatz"] == 1
    assert act(als(person), second, "annehmen").data["code"] == "kein_angebot"
    assert act(als(welt.frei), first, "stornieren").data["status"] == "storniert"
    assert act(als(person), second, "annehmen").data["status"] == "zugelassen"


def test_acts_by_others(welt, als):
    row = enrol(welt.anna, welt.kurs, welt.anna)
    lehrend = LehrauftragFactory(kurs=welt.kurs).person
    for person, expected in ((welt.frei, 404), (lehrend, 403), (welt.anna, 403)):
        assert act(als(person), row, "genehmigen").status_code == expected
        assert act(als(person), row, "ablehnen", grund="x").status_code == expected
    assert act(als(welt.personal), row, "stornieren", grund="x").status_code == 403
    assert act(als(welt.verwaltung), row, "stornieren").data["code"] == "grund_fehlt"
    assert APIClient().get(LISTE).status_code == 401
    row.refresh_from_db()
    assert row.status == "beantragt"


def test_who_sees_which_rows(welt, als):
    mine = enrol(welt.anna, welt.kurs, welt.anna)
    private = enrol(welt.anna, KursFactory(genehmigung_noetig=False), welt.anna)
    foreign_person = BeschaeftigungFactory().person
    foreign = enrol(foreign_person, welt.kurs, foreign_person)

    def seen(person, **query):
        return {row["id"] for row in als(person).get(LISTE, query).data["results"]}

    assert seen(welt.anna) == {mine.public_id, private.public_id}
    assert seen(welt.personal) == {mine.public_id}
    assert seen(welt.verwaltung) == {mine.public_id, foreign.public_id}
    assert seen(LehrauftragFactory(kurs=welt.kurs).person) == {mine.public_id, foreign.public_id}
    assert seen(welt.frei) == set()
    assert seen(welt.anna, kurs=welt.kurs.public_id) == {mine.public_id}
    assert seen(welt.verwaltung, arbeitgeber=welt.arbeitgeber.public_id) == {mine.public_id}
    assert seen(welt.verwaltung, eigene="true") == set()
    assert seen(welt.anna, status="zugelassen") == {private.public_id}


def test_employer_reads_no_reasons_and_no_results(welt, als):
    row = enrol(welt.anna, welt.kurs, welt.anna)
    act(als(welt.personal), row, "genehmigen")
    cancel_einschreibung(row, welt.anna, "Pflege eines Angehörigen")
    assert als(welt.personal).get(f"{LISTE}{row.public_id}/").data["grund"] == ""
    assert als(welt.verwaltung).get(f"{LISTE}{row.public_id}/").data["grund"] == "Pflege eines Angehörigen"
    Einschreibung.objects.filter(pk=row.pk).update(status="nicht_bestanden")
    assert als(welt.personal).get(f"{LISTE}{row.public_id}/").status_code == 404


def test_existing_private_enrolment_stays_private(welt, als):
    kurs = KursFactory(genehmigung_noetig=False)
    enrol(welt.anna, kurs, welt.anna)
    data = {"kurs": kurs.public_id, "person": welt.anna.public_id, "arbeitgeber": welt.arbeitgeber.public_id}
    response = als(welt.personal).post(LISTE, data, format="json")
    assert (response.status_code, response.data["code"]) == (409, "schon_eingeschrieben")


def test_several_at_once(welt, als):
    data = {
        "kurs": welt.kurs.public_id,
        "arbeitgeber": welt.arbeitgeber.public_id,
        "personen": [welt.anna.public_id, welt.bernd.public_id],
    }
    response = als(welt.personal).post(f"{LISTE}mehrere/", data, format="json")
    assert [(r["person"]["name"], r["code"]) for r in response.data] == [
        ("Anna Ahorn", "eingeschrieben"),
        ("Bernd Birke", "eingeschrieben"),
    ]
    assert all(r["einschreibung"] for r in response.data)
    assert als(welt.verwaltung).post(f"{LISTE}mehrere/", data, format="json").status_code == 403
    data["personen"].append(welt.frei.public_id)
    assert als(welt.personal).post(f"{LISTE}mehrere/", data, format="json").status_code == 400


def test_import(welt, als):
    client = als(welt.verwaltung)
    path = f"/api/v1/kurse/{welt.kurs.public_id}/teilnehmende-import/"

    def upload(who, data=b"Vorname;Nachname;E-Mail\nNeu;Mensch;neu@example.org\n"):
        return als(who).post(path, {"datei": SimpleUploadedFile("liste.csv", data)}, format="multipart")

    assert upload(welt.frei).status_code == 404
    assert upload(LehrauftragFactory(kurs=welt.kurs).person).status_code == 403
    assert upload(welt.verwaltung, b"kaputt").data["code"] == "spalten_fehlen"
    response = upload(welt.verwaltung)
    assert response.status_code == 201
    assert [(z["nr"], z["befund"]) for z in response.data["zeilen"]] == [(2, "neu")]
    lauf = f"/api/v1/importe/{response.data['id']}/"
    assert als(welt.frei).get(lauf).status_code == 404
    assert client.get(lauf).data["zeilen"] == response.data["zeilen"]
    for _ in range(2):
        assert client.post(f"{lauf}bestaetigen/", {}, format="json").data["ergebnis"]["neu"] == 1
    assert Einschreibung.objects.count() == 1
    second = upload(welt.verwaltung).data["id"]
    assert client.post(f"/api/v1/importe/{second}/verwerfen/").data["verworfen_at"]
    assert client.post(f"/api/v1/importe/{second}/bestaetigen/", {}, format="json").status_code == 409


def test_list_takes_the_same_queries_for_one_and_three(welt, als):
    client = als(welt.verwaltung)
    found = []
    for n in (1, 3):
        while Einschreibung.objects.count() < n:
            person = PersonFactory()
            enrol(person, welt.kurs, person)
        with CaptureQueriesContext(connection) as caught:
            assert len(client.get(LISTE).data["results"]) == n
        found.append(len(caught))
    assert found == [1, 1]
