"""What anybody sees: search, course page, schema.org, calendar."""

import datetime as dt
import json
import re

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from kurse.planung import aktionen
from kurse.planung.enums import KursArt
from kurse.planung.models import Kurs
from kurse.planung.selectors import open_angebote
from kurse.planung.services import cancel_kurs, cancel_termin, move_termin, publish_kurs, update_kurs, update_termin
from kurse.planung.setup import next_steps
from lms.konten.enums import Kreis
from module.models import Baustein
from tests.factories import EinschreibungFactory, KursFactory, PersonFactory, ProgrammversionFactory

LINK = "https://raum.example.org/geheim"


@pytest.fixture
def kurs(welt):
    row = publish_kurs(welt.fertiger_kurs(beschreibung="Worum <b>es</b> geht", entgelt="120.00"), welt.planung)
    update_termin(row.termine.get(), welt.planung, thema="Recht & Verfahren </script>", link=LINK)
    return row


def titles(answer):
    return [row.titel for row in answer.context["seite"]]


def search(client, **filters):
    return titles(client.get(reverse("kurse"), filters))


def test_the_page_names_what_the_law_wants(client, kurs, welt):
    """WbFöVO § 2 Abs. 5: organiser, topic, place, date, accessibility."""
    html = client.get(reverse("kurs", args=[kurs.public_id])).content.decode()
    termin = kurs.termine.get()
    for text in (
        welt.org.name,
        kurs.titel,
        str(welt.ort.name),
        f"{timezone.localtime(termin.beginn):%d.%m.%Y}",
        "stufenloser Zugang",
        "12 von 12 Plätzen frei",
    ):
        assert text in html
    assert LINK not in html
    assert "<b>es</b>" not in html


def test_drafts_are_only_for_their_staff(client, welt):
    kurs = welt.fertiger_kurs()
    urls = [reverse("kurs", args=[kurs.public_id]), reverse("kurs_kalender", args=[kurs.public_id])]
    client.force_login(PersonFactory())
    assert [client.get(url).status_code for url in urls] == [404, 404]
    client.logout()
    assert [client.get(url).status_code for url in urls] == [404, 404]
    for person in (welt.planung, welt.lehrende):
        client.force_login(person)
        assert [client.get(url).status_code for url in urls] == [200, 200]
    assert search(client) == []


def test_link_and_reasons_are_for_people_of_the_course(client, kurs, welt):
    termin = kurs.termine.get()
    move_termin(
        termin,
        welt.planung,
        beginn=termin.beginn + dt.timedelta(hours=1),
        ende=termin.ende + dt.timedelta(hours=1),
        grund="Wasserschaden",
    )
    url = reverse("kurs", args=[kurs.public_id])
    admitted = EinschreibungFactory(kurs=kurs).person
    waiting = EinschreibungFactory(kurs=kurs, status="warteliste").person
    for person, sees in ((admitted, True), (welt.lehrende, True), (welt.planung, True), (waiting, False)):
        client.force_login(person)
        html = client.get(url).content.decode()
        calendar = client.get(reverse("kurs_kalender", args=[kurs.public_id])).content.decode()
        assert [LINK in html, "Wasserschaden" in html, LINK in calendar.replace("\r\n ", "")] == [sees] * 3


def json_ld(client, kurs):
    html = client.get(reverse("kurs", args=[kurs.public_id])).content.decode()
    found = re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', html, re.DOTALL)
    assert len(found) == 1
    return json.loads(found[0])


def test_json_ld(client, kurs, welt):
    data = json_ld(client, kurs)
    assert data["@type"] == "Course"
    assert data["provider"] == {"@type": "Organization", "name": welt.org.name}
    assert data["numberOfCredits"]["value"] == "5"
    assert data["offers"][0]["price"] == "120.00"
    instance = data["hasCourseInstance"][0]
    termin = kurs.termine.get()
    assert instance["courseMode"] == "onsite"
    assert dt.datetime.fromisoformat(instance["startDate"]) == termin.beginn
    assert instance["remainingAttendeeCapacity"] == 12
    assert instance["location"][0]["address"]["addressLocality"] == welt.ort.ort
    event = instance["subEvent"][0]
    assert event["name"] == "Recht & Verfahren </script>"
    assert event["eventStatus"] == "https://schema.org/EventScheduled"
    cancel_kurs(kurs, welt.planung, "entfällt")
    instance = json_ld(client, kurs)["hasCourseInstance"][0]
    assert instance["eventStatus"] == "https://schema.org/EventCancelled"
    assert instance["subEvent"][0]["eventStatus"] == "https://schema.org/EventCancelled"
    assert LINK not in json.dumps(data)


def test_calendar_is_readable_and_counts_changes(client, kurs, welt):
    termin = kurs.termine.get()
    cancel_termin(termin, welt.planung, "x")
    answer = client.get(reverse("kurs_kalender", args=[kurs.public_id]))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="kurs-{kurs.nummer}.ics"'
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert len(events) == 1
    assert events[0]["STATUS"] == "CANCELLED"
    assert int(events[0]["SEQUENCE"]) == 1
    assert events[0].decoded("dtstart") == termin.beginn
    assert welt.ort.ort in events[0]["LOCATION"]


def test_search_filters(client, welt, kurs):
    KursFactory(titel="Online-Abend", art=KursArt.VORTRAG, modus="online", modulversion=None, kreis=Kreis.BAUTZEN)
    now = timezone.now()
    full = KursFactory(titel="Voll", kapazitaet=1, beginn=now + dt.timedelta(days=40), ende=now + dt.timedelta(days=41))
    EinschreibungFactory(kurs=full)
    KursFactory(titel="Entwurf", status="entwurf")
    KursFactory(titel="Vorbei", beginn=now - dt.timedelta(days=9), ende=now - dt.timedelta(days=8))
    everything = [kurs.titel, "Voll", "Online-Abend"]
    assert search(client) == everything
    assert search(client, q="online") == ["Online-Abend"]
    assert search(client, q=f"{welt.org.name.split()[1]} {kurs.titel}") == [kurs.titel]
    assert search(client, modus="online") == ["Online-Abend"]
    assert search(client, art="vortrag") == ["Online-Abend"]
    assert search(client, kreis=Kreis.BAUTZEN) == ["Online-Abend"]
    assert search(client, von=(now + dt.timedelta(days=30)).date()) == ["Voll"]
    assert search(client, bis=(now + dt.timedelta(days=30)).date()) == [kurs.titel]
    assert search(client, frei="on") == [kurs.titel, "Online-Abend"]
    assert search(client, ects="5") == [kurs.titel, "Voll"]
    assert search(client, ects="6") == []
    version = ProgrammversionFactory()
    Baustein.objects.create(programmversion=version, modul=welt.version.modul, titel="Teil")
    assert search(client, programm=version.programm.public_id) == [kurs.titel]


def test_wrong_filter_values_are_named_and_hide_nothing(client, kurs):
    answer = client.get(reverse("kurse"), {"von": "gestern", "kreis": "99999", "ects": "viel", "seite": "abc"})
    assert answer.status_code == 200
    assert titles(answer) == [kurs.titel]
    assert set(answer.context["form"].errors) == {"von", "kreis", "ects"}


def test_search_pages_and_queries(client, db):
    def count():
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("kurse"))
        return len(found)

    KursFactory()
    one = count()
    for _ in range(29):
        KursFactory()
    assert count() == one <= 10
    assert len(titles(client.get(reverse("kurse"), {"seite": "2"}))) == 5


def test_actions_of_rooms_above_are_drawn(client, kurs, monkeypatch):
    monkeypatch.setattr(aktionen, "_providers", [])
    aktionen.register(lambda request, row: [aktionen.Aktion("Jetzt anmelden", "/hin/", art="primary")])
    aktionen.register(lambda request, row: [aktionen.Aktion("Abmelden", "/weg/", "post"), aktionen.Aktion("Nur Text")])
    html = client.get(reverse("kurs", args=[kurs.public_id])).content.decode()
    assert 'href="/hin/"' in html
    assert 'action="/weg/"' in html
    assert "Nur Text" in html


def test_open_courses_of_a_module(welt, kurs):
    KursFactory()
    found = open_angebote(welt.version.modul)
    assert [(row["titel"], row["freie_plaetze"], row["beginn"]) for row in found] == [
        (kurs.titel, 12, Kurs.objects.get(pk=kurs.pk).beginn)
    ]


def test_start_page_says_what_to_do_next(welt, kurs):
    draft = welt.kurs(titel="Noch Entwurf")
    kurs.lehrauftraege.all().delete()
    update_kurs(kurs, welt.planung, mindestteilnehmende=4)
    request = RequestFactory().get("/start/")
    request.user = welt.planung
    with CaptureQueriesContext(connection) as found:
        rows = next_steps(request)[0].zeilen
    assert len(found) <= 4
    assert [(row.url, row.dringend) for row in rows] == [
        (reverse("planung_lehrende", args=[kurs.public_id]), True),
        (reverse("planung_kurs", args=[kurs.public_id]), True),
        (reverse("planung_kurs", args=[draft.public_id]), False),
    ]
    request = RequestFactory().get("/start/")
    request.user = welt.lehrende
    assert next_steps(request) == []
