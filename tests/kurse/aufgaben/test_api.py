from decimal import Decimal

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from kurse.aufgaben.models import Abgabe, Aufgabe, Bewertung, Modulergebnis
from kurse.aufgaben.services import create_aufgabe, grade_abgabe, submit_abgabe
from tests.factories import AufgabeFactory, EinschreibungFactory, NotenskalaFactory
from tests.kurse.aufgaben.test_abgabe import future, hand_in
from tests.kurse.aufgaben.welt import PDF, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def api():
    def for_person(person):
        client = APIClient()
        client.force_authenticate(person)
        return client

    return for_person


def test_the_whole_way(welt, api):
    """Set, hand in, return, hand in again, grade, confirm: every act through the API."""
    data = {"kurs": welt.kurs.public_id, "titel": "Bericht", "faellig_at": future(9).isoformat()}
    aufgabe = api(welt.lehrende).post(reverse("api_aufgaben"), data)
    assert aufgabe.status_code == 201
    task = aufgabe.json()["id"]
    Aufgabe.objects.exclude(public_id=task).delete()
    person, teacher, office = api(welt.person), api(welt.lehrende), api(welt.pruefungsamt)

    sent = person.post(reverse("api_abgaben"), {"aufgabe": task, "text": "T", "datei": upload()}, format="multipart")
    assert sent.status_code == 201
    assert (sent.json()["versuch"], sent.json()["mime"], sent.json()["bewertung"]) == (1, "application/pdf", None)
    file = person.get(reverse("api_abgabe_datei", args=[sent.json()["id"]]))
    assert b"".join(file.streaming_content) == PDF
    assert file["Content-Disposition"].startswith("attachment")

    back = {"abgabe": sent.json()["id"], "ergebnis": "ueberarbeiten", "kommentar": "Bitte kürzen"}
    assert teacher.post(reverse("api_bewertungen"), back).status_code == 201
    again = person.post(reverse("api_abgaben"), {"aufgabe": task, "text": "Kürzer"}).json()
    assert again["versuch"] == 2
    grading = {"abgabe": again["id"], "ergebnis": "bestanden", "bisher": ""}
    assert teacher.post(reverse("api_bewertungen"), grading).status_code == 201
    seen = person.get(reverse("api_abgaben"), {"status": "ueberarbeiten"}).json()["results"]
    assert [row["bewertung"]["kommentar"] for row in seen] == ["Bitte kürzen"]

    proposals = office.get(reverse("api_ergebnisvorschlaege", args=[welt.kurs.public_id])).json()
    mine = next(p for p in proposals if p["einschreibung"] == welt.teilnahme.public_id)
    assert (mine["status"], mine["entschieden"], mine["anteil"]) == ("bestanden", True, "100.00")
    done = office.post(reverse("api_ergebnisse"), {"einschreibung": welt.teilnahme.public_id})
    assert (done.status_code, done.json()["status"], done.json()["ue_besucht"]) == (201, "bestanden", "8.00")
    assert len(person.get(reverse("api_ergebnisse")).json()["results"]) == 1
    bulk = office.post(reverse("api_ergebnisse_bestaetigen", args=[welt.kurs.public_id])).json()
    assert (bulk["bestaetigt"], len(bulk["uebersprungen"])) == ([], 1)


def test_refusals_use_the_envelope(welt, api):
    person = api(welt.person)
    answer = person.post(reverse("api_abgaben"), {"aufgabe": welt.aufgabe.public_id})
    assert answer.status_code == 409
    assert answer.json()["code"] == "abgabe_leer"
    assert "text" in answer.json()["fields"]
    bad = {"aufgabe": welt.aufgabe.public_id, "datei": upload("a.exe", b"MZ")}
    answer = person.post(reverse("api_abgaben"), bad, format="multipart")
    assert (answer.status_code, answer.json()["code"]) == (409, "dateityp_unzulaessig")
    answer = api(welt.lehrende).post(reverse("api_aufgaben"), {"kurs": welt.kurs.public_id})
    assert (answer.status_code, answer.json()["code"]) == (400, "eingabe_ungueltig")


def test_idempotency_key(welt, api):
    person, data = api(welt.person), {"aufgabe": welt.aufgabe.public_id, "text": "Einmal"}
    answers = [person.post(reverse("api_abgaben"), data, headers={"Idempotency-Key": "k1"}) for _n in range(2)]
    assert answers[0].json() == answers[1].json()
    assert answers[1]["Idempotent-Replay"] == "true"
    assert Abgabe.objects.count() == 1


def test_exam_and_extension(welt, api):
    exam = AufgabeFactory(kurs=welt.kurs, art="pruefung", notenskala=NotenskalaFactory())
    data = {"aufgabe": exam.public_id, "einschreibung": welt.teilnahme.public_id}
    teacher = api(welt.lehrende)
    answer = teacher.post(reverse("api_pruefungsergebnisse"), {**data, "ergebnis": "bestanden", "note": "1.7"})
    assert (answer.status_code, answer.json()["note"]) == (201, "1.7")
    bis = {"aufgabe": welt.aufgabe.public_id, "einschreibung": welt.teilnahme.public_id, "grund": "Krankheit"}
    answer = teacher.post(reverse("api_fristverlaengerungen"), {**bis, "bis": future(60).isoformat()})
    assert answer.status_code == 201
    own = api(welt.person).get(reverse("api_fristverlaengerungen")).json()["results"]
    assert [row["grund"] for row in own] == ["Krankheit"]
    assert api(welt.andere.person).get(reverse("api_fristverlaengerungen")).json()["results"] == []
    assert api(welt.person).post(reverse("api_fristverlaengerungen"), bis | {"bis": future(9)}).status_code == 403
    foreign = EinschreibungFactory()
    answer = teacher.post(reverse("api_pruefungsergebnisse"), {**data, "einschreibung": foreign.public_id})
    assert answer.status_code == 400
    answer = teacher.post(
        reverse("api_pruefungsergebnisse"), {**data, "einschreibung": foreign.public_id, "ergebnis": "bestanden"}
    )
    assert answer.status_code == 404


@pytest.mark.parametrize("who", ["arbeitgeber", "fremde", "andere"])
def test_others_find_nothing(welt, api, who):
    row = hand_in(welt, datei=upload())
    grade_abgabe(row, welt.lehrende, ergebnis="bestanden", kommentar="vertraulich")
    client = api(welt.andere.person if who == "andere" else getattr(welt, who))
    for name in ("api_abgabe", "api_abgabe_datei"):
        assert client.get(reverse(name, args=[row.public_id])).status_code == 404
    for name in ("api_abgaben", "api_bewertungen", "api_ergebnisse"):
        assert client.get(reverse(name)).json()["results"] == []
    grading = {"abgabe": row.public_id, "ergebnis": "nicht_bestanden"}
    assert client.post(reverse("api_bewertungen"), grading).status_code == 404
    confirm = {"einschreibung": welt.teilnahme.public_id}
    assert client.post(reverse("api_ergebnisse"), confirm).status_code == 404
    assert client.get(reverse("api_ergebnisvorschlaege", args=[welt.kurs.public_id])).status_code == 404
    assert Bewertung.objects.get().ergebnis == "bestanden"
    assert not Modulergebnis.objects.exists()


def test_participants_neither_grade_nor_manage(welt, api):
    row, client = hand_in(welt), api(welt.person)
    answer = client.post(reverse("api_bewertungen"), {"abgabe": row.public_id, "ergebnis": "bestanden"})
    assert answer.status_code == 403
    page = reverse("api_aufgabe", args=[welt.aufgabe.public_id])
    assert client.patch(page, {"titel": "X"}).status_code == 403
    answer = api(welt.lehrende).patch(page, {"titel": "Neu", "gewicht": "2.5"})
    assert (answer.json()["titel"], answer.json()["gewicht"]) == ("Neu", "2.50")
    bulk = reverse("api_ergebnisse_bestaetigen", args=[welt.kurs.public_id])
    assert client.post(bulk).status_code == 403
    assert api(welt.lehrende).post(bulk).status_code == 403


@pytest.mark.parametrize("name", ["api_aufgaben", "api_abgaben", "api_bewertungen"])
def test_lists_take_the_same_queries_for_one_and_three(welt, api, name, django_assert_max_num_queries):
    counts, client = [], api(welt.lehrende)
    for number in (1, 3):
        while Aufgabe.objects.count() < number:
            create_aufgabe(welt.kurs, welt.lehrende, titel=f"A{Aufgabe.objects.count()}", faellig_at=future(3))
        for task in Aufgabe.objects.all():
            row = submit_abgabe(task, welt.teilnahme, welt.person, text="A") if not task.abgaben.exists() else None
            if row:
                grade_abgabe(row, welt.lehrende, ergebnis="bestanden")
        with django_assert_max_num_queries(5) as captured:
            assert len(client.get(reverse(name)).json()["results"]) == number
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_list_filters_by_course(welt, api):
    other = AufgabeFactory()
    EinschreibungFactory(kurs=other.kurs, person=welt.person)
    client = api(welt.person)
    assert len(client.get(reverse("api_aufgaben")).json()["results"]) == 2
    found = client.get(reverse("api_aufgaben"), {"kurs": other.kurs.public_id}).json()["results"]
    assert [row["id"] for row in found] == [other.public_id]
    assert Decimal(found[0]["gewicht"]) == 1
