import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from kurse.anwesenheit.models import Anwesenheitsstand, Anwesenheitsvermerk
from kurse.anwesenheit.services import record_anwesenheit
from lms.konten.enums import Rolle
from tests.factories import BeschaeftigungFactory, LehrauftragFactory, member
from tests.kurse.anwesenheit.conftest import eintrag


def api(person):
    client = APIClient()
    client.force_authenticate(person)
    return client


@pytest.fixture
def adresse(welt):
    return reverse("api_anwesenheit", args=[welt.termin.public_id])


def row(einschreibung, status="anwesend", **felder):
    return {"einschreibung": einschreibung.public_id, "status": status, **felder}


def test_bulk_write_close_reopen_and_read(welt, adresse):
    a, b, c = welt.teilnehmende
    client = api(welt.lehrende)
    body = {"eintraege": [row(a), row(b, "teilweise", minuten=50), row(c, "entschuldigt", notiz="Amt")]}
    answer = client.put(adresse, body)
    assert answer.status_code == 200
    assert [(r["status"], r["minuten"]) for r in answer.data] == [
        ("anwesend", 180),
        ("teilweise", 50),
        ("entschuldigt", 0),
    ]
    assert set(Anwesenheitsvermerk.objects.values_list("herkunft", flat=True)) == {"api"}
    closed = client.post(reverse("api_anwesenheit_schliessen", args=[welt.termin.public_id]))
    assert closed.status_code == 200
    assert closed.data["liste_geschlossen_at"]
    refused = client.put(adresse, {"eintraege": [row(a, "abwesend")]})
    assert (refused.status_code, refused.data["code"]) == (409, "grund_fehlt")
    assert refused.data["fields"] == {"grund": ["Die Liste ist geschlossen. Bitte begründen Sie die Berichtigung."]}
    opening = reverse("api_anwesenheit_oeffnen", args=[welt.termin.public_id])
    assert client.post(opening, {"grund": "x"}).status_code == 403
    assert api(welt.verwaltung).post(opening, {}).status_code == 400
    assert api(welt.verwaltung).post(opening, {"grund": "Versehen"}).data["liste_geschlossen_at"] is None
    listed = client.get(adresse).data
    assert listed["erfasst"] == 3
    notes = {r["einschreibung"]: r["vermerk"]["notiz"] for r in listed["teilnehmende"]}
    assert notes == {a.public_id: "", b.public_id: "", c.public_id: "Amt"}
    seen = api(welt.pruefungsamt).get(adresse).data
    assert {r["vermerk"]["notiz"] for r in seen["teilnehmende"]} == {""}


def test_idempotency_key_and_client_key(welt, adresse):
    a = welt.teilnehmende[0]
    client = api(welt.lehrende)
    body = {"eintraege": [row(a, client_key="geraet-1")]}
    first = client.put(adresse, body, HTTP_IDEMPOTENCY_KEY="einmal")
    second = client.put(adresse, body, HTTP_IDEMPOTENCY_KEY="einmal")
    third = client.put(adresse, body)
    assert first.data == second.data == third.data
    assert second.headers["Idempotent-Replay"] == "true"
    assert Anwesenheitsvermerk.objects.count() == 1
    other = client.put(adresse, {"eintraege": [row(a, "abwesend", client_key="geraet-1")]})
    assert (other.status_code, other.data["code"]) == (409, "schluessel_vergeben")


def test_conflict_names_both_sides(welt, adresse):
    a = welt.teilnehmende[0]
    (stand,) = record_anwesenheit(welt.termin, welt.verwaltung, [eintrag(a)])
    answer = api(welt.lehrende).put(adresse, {"eintraege": [row(a, "abwesend", basis=0)]})
    assert (answer.status_code, answer.data["code"]) == (409, "anwesenheit_konflikt")
    assert answer.data["details"]["konflikte"] == [
        {
            "einschreibung": a.public_id,
            "vermerk": stand.vermerk_id,
            "stand": {"status": "anwesend", "minuten": 180, "von": None, "bis": None},
            "gesendet": {"status": "abwesend", "minuten": 0, "von": None, "bis": None},
        }
    ]
    assert Anwesenheitsstand.objects.get().status == "anwesend"


@pytest.mark.parametrize(
    "body", [{}, {"eintraege": []}, {"eintraege": [{"status": "anwesend"}]}, {"eintraege": "x"}, []]
)
def test_bad_bodies_get_the_error_envelope(welt, adresse, body):
    answer = api(welt.lehrende).put(adresse, body)
    assert (answer.status_code, answer.data["code"]) == (400, "eingabe_ungueltig")


def test_own_attendance(welt):
    a, b, _ = welt.teilnehmende
    record_anwesenheit(welt.termin, welt.lehrende, [eintrag(a, "teilweise", minuten=60, notiz="geheim")])
    target = reverse("api_meine_anwesenheit", args=[a.public_id])
    data = api(a.person).get(target).data
    assert (data["minuten_besucht"], data["minuten_geplant"], data["anteil_prozent"]) == (60, 180, "33.33")
    assert (data["schwelle_prozent"], data["schwelle_erreicht"]) == ("75.00", False)
    (termin,) = data["termine"]
    assert [(v["status"], v["minuten"], v["notiz"]) for v in termin["vermerke"]] == [("teilweise", 60, "")]
    assert api(welt.lehrende).get(target).data["termine"][0]["vermerke"][0]["notiz"] == "geheim"
    boss = member(BeschaeftigungFactory(person=a.person).arbeitgeber, Rolle.LEITUNG)
    for person in (b.person, boss, LehrauftragFactory().person):
        assert api(person).get(target).status_code == 404
    assert APIClient().get(target).status_code == 401


def test_rights(welt, adresse):
    a = welt.teilnehmende[0]
    body = {"eintraege": [row(a)]}
    assert api(welt.pruefungsamt).put(adresse, body).status_code == 403
    for person in (a.person, LehrauftragFactory().person):
        assert api(person).get(adresse).status_code == 404
        assert api(person).put(adresse, body).status_code == 404
    assert APIClient().put(adresse, body).status_code == 401
    assert not Anwesenheitsvermerk.objects.exists()
