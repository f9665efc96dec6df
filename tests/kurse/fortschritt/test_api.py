"""The API tells what the pages tell."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from lms.core.api.auth import issue_token
from tests.factories import LehrauftragFactory, PersonFactory
from tests.kurse.fortschritt.welt import employee

pytestmark = pytest.mark.django_db


def api(client, person, name, *args, status=200, **query):
    client.force_login(person)
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == status
    return response.json()


def test_own_progress(client, welt):
    data = api(client, welt.anna, "api_fortschritt")
    assert (data["ue_geplant"], data["ue_besucht"]) == ("12.00", "4.00")
    row = data["staende"][0]
    assert (row["stand"], row["anteil"], row["schwelle"], row["spielraum_minuten"]) == (
        "laufend",
        "33.33",
        "75.00",
        -45,
    )
    assert [s["stand"] for s in data["programme"][0]["schritte"]] == ["laufend", "fehlt"]
    assert api(client, PersonFactory(), "api_fortschritt")["staende"] == []


def test_course_progress(client, welt):
    lehrende = LehrauftragFactory(kurs=welt.kurs).person
    (row,) = api(client, lehrende, "api_kurs_fortschritt", welt.kurs.public_id)
    assert (row["name"], row["ue_besucht"]) == ("Anna Apfel", "4.00")
    api(client, welt.anna, "api_kurs_fortschritt", welt.kurs.public_id, status=404)


def test_team_comes_in_pages_without_gap_or_repeat(client, welt):
    for number in range(6):
        employee(welt.traeger, vorname="P", nachname=f"Person{number}")
    seen, url = [], reverse("api_traeger_fortschritt") + "?page_size=3"
    client.force_login(welt.leitung)
    while url:
        data = client.get(url).json()
        seen += [row["nachname"] for row in data["results"]]
        url = data["next"]
    assert sorted(seen) == ["Apfel", *(f"Person{n}" for n in range(6))]


def test_team_fields_are_a_closed_list(client, welt):
    welt.secrets()
    row = api(client, welt.leitung, "api_traeger_fortschritt")["results"][0]
    assert set(row) == {
        "person", "vorname", "nachname", "arbeitgeber", "eingewilligt", "qualifikationsstatus", "module", "zertifikate",
    }  # fmt: skip
    assert set(row["module"][0]) == {
        "code", "titel", "kurs", "kurs_titel", "kurs_nummer", "beginn", "ende", "stand", "ue_geplant", "ue_besucht",
        "abgeschlossen",
    }  # fmt: skip


def test_team_is_forbidden_for_others_and_bad_filters_are_refused(client, welt):
    api(client, welt.anna, "api_traeger_fortschritt", status=403)
    assert (
        api(client, welt.leitung, "api_traeger_fortschritt", status=400, stand="krank")["code"] == "eingabe_ungueltig"
    )


def test_token_is_enough(client, welt):
    _row, clear = issue_token(welt.anna, "Skript", ["lesen"], timezone.now() + dt.timedelta(days=1))
    response = client.get(reverse("api_fortschritt"), headers={"authorization": f"Bearer {clear}"})
    assert response.json()["ue_besucht"] == "4.00"
    assert client.get(reverse("api_fortschritt")).status_code == 401
