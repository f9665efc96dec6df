"""Public pages: what visitors read, find and may not see."""

import json
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from module import kursangebot, services
from module.enums import BausteinArt, VersionStatus
from module.felder import GRUPPEN
from module.models import Baustein, Modulversion, Programm, Programmversion
from tests.factories import KatalogFactory, ModulFactory, ModulversionFactory, NotenskalaFactory

pytestmark = pytest.mark.django_db


def programm(titel="Grundlagen", module=(), **felder):
    einordnung = felder.pop("einordnung", "direct")
    row = Programm.objects.create(
        katalog=KatalogFactory(), titel=titel, einrichtung="Hochschule Quelle", einordnung=einordnung
    )
    version = Programmversion.objects.create(programm=row, nummer=1, status=VersionStatus.VEROEFFENTLICHT, **felder)
    for index, modul in enumerate(module):
        Baustein.objects.create(programmversion=version, modul=modul, titel=modul.titel, reihenfolge=index)
    return version


def titles(response):
    return [version.titel for version in response.context["seite"]]


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(url).status_code == 200
    return len(found)


# --- catalogue ------------------------------------------------------------------------------------------------------
def test_catalogue_shows_published_modules_only(client):
    shown = ModulversionFactory(titel="Sichtbar")
    for status in (VersionStatus.ENTWURF, VersionStatus.EINGEREICHT, VersionStatus.ABGELOEST):
        ModulversionFactory(titel=f"Verborgen {status}", status=status)
    response = client.get("/")
    assert titles(response) == ["Sichtbar"]
    assert f'href="{reverse("modul", args=[shown.modul.public_id])}"' in response.content.decode()
    assert "Verborgen" not in response.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=trauma", ["Umgang mit Trauma"]),
        ("q=TRAUMA", ["Umgang mit Trauma"]),
        ("q=umgang+trauma", ["Umgang mit Trauma"]),
        ("q=Übergänge", ["Jugendhilfe"]),
        ("q=übergänge", ["Jugendhilfe"]),
        ("q=Kitaprogramm", ["Jugendhilfe"]),
        ("q=gibtesnicht", []),
        ("ects_von=6", ["Jugendhilfe"]),
        ("ects_bis=5", ["Umgang mit Trauma"]),
        ("einordnung=template-saxony", ["Jugendhilfe"]),
        ("abschluss=Zertifikat+A", ["Jugendhilfe"]),
    ],
)
def test_search_and_filters(client, query, found):
    ModulversionFactory(titel="Umgang mit Trauma", ects=Decimal(5))
    one = ModulversionFactory(titel="Jugendhilfe", inhalte="Übergänge", ects=Decimal(8))
    programm("Kitaprogramm", [one.modul], einordnung="template-saxony", abschluss="Zertifikat A")
    assert titles(client.get(f"/?{query}")) == found


def test_filter_by_programme(client):
    one = ModulversionFactory(titel="Drin")
    ModulversionFactory(titel="Draußen")
    version = programm("P", [one.modul])
    assert titles(client.get(f"/?programm={version.programm.public_id}")) == ["Drin"]


@pytest.mark.parametrize("query", ["ects_von=viele", "ects_von=8&ects_bis=2", "programm=unbekannt", "einordnung=x"])
def test_unusable_filters_are_explained_and_filter_nothing(client, query):
    ModulversionFactory(titel="Da")
    response = client.get(f"/?{query}")
    assert response.status_code == 200
    assert response.context["form"].errors
    assert titles(response) == ["Da"]


@pytest.mark.parametrize("seite", ["2", "99", "-1", "x", ""])
def test_any_page_number_answers(client, seite):
    for _index in range(30):
        ModulversionFactory()
    response = client.get(f"/?seite={seite}")
    assert response.status_code == 200
    assert 0 < len(response.context["seite"]) <= 24


def test_empty_catalogue(client):
    assert "Noch ist kein Modul veröffentlicht." in client.get("/").content.decode()
    assert "Kein Modul passt" in client.get("/?q=x").content.decode()


@pytest.mark.parametrize("anzahl", [1, 3])
def test_catalogue_queries(client, anzahl):
    programm("P", [ModulversionFactory().modul for _index in range(anzahl)])
    assert queries(client, "/") == 5


# --- module page ----------------------------------------------------------------------------------------------------
def test_module_page_shows_all_nine_fields(client):
    version = ModulversionFactory(
        notenskala=NotenskalaFactory(bezeichnung="Hochschulnoten"),
        quelle="Quelle A",
        quelle_url="https://example.org/a",
    )
    html = client.get(reverse("modul", args=[version.modul.public_id])).content.decode()
    for gruppe in GRUPPEN:
        assert f"{gruppe.nummer}. {gruppe.titel}" in html
    for name in ("qualifikationsziele", "lehrformen", "verwendbarkeit", "haeufigkeit", "dauer", "pruefungsform"):
        assert getattr(version, name) in html
    assert "Hochschulnoten" in html
    assert 'href="https://example.org/a"' in html
    assert "keine Angabe in der Quelle" not in html


def test_unknown_fields_say_so(client):
    version = Modulversion.objects.create(
        modul=ModulFactory(), nummer=1, titel="Leer", status=VersionStatus.VEROEFFENTLICHT
    )
    html = client.get(reverse("modul", args=[version.modul.public_id])).content.decode()
    assert html.count("keine Angabe in der Quelle") == 9


def test_older_versions_stay_readable(client, partner):
    old = partner.veroeffentlicht()
    new = services.create_version(old.modul, partner.anna)
    services.update_version(new, partner.anna, lehrformen="Werkstatt")
    partner.release(services.submit_version(new, partner.anna))
    url = reverse("modul", args=[old.modul.public_id])
    assert "Werkstatt" in client.get(url).content.decode()
    html = client.get(reverse("modul_version", args=[old.modul.public_id, 1])).content.decode()
    assert "Das ist eine ältere Version" in html
    assert "Werkstatt" not in html
    assert "application/ld+json" not in html


@pytest.mark.parametrize("status", ["entwurf", "eingereicht", "zurueckgegeben"])
def test_unpublished_is_not_there(client, status):
    version = ModulversionFactory(status=status)
    assert client.get(reverse("modul", args=[version.modul.public_id])).status_code == 404
    assert client.get(reverse("modul_version", args=[version.modul.public_id, 1])).status_code == 404


def test_unknown_ids_are_not_there(client):
    for url in ("/module/gibtesnicht/", "/programme/gibtesnicht/", "/module/x/version/9/", "/programme/x/version/9/"):
        assert client.get(url).status_code == 404


@pytest.fixture
def angebote(monkeypatch):
    rows: list = []
    monkeypatch.setattr(kursangebot, "_providers", [])
    kursangebot.register(lambda modul: rows)
    return rows


def test_open_courses_come_from_the_registry(client, angebote):
    beginn = timezone.now()
    angebote.append({"titel": "Kurs im Mai", "url": "/kurse/abc/", "beginn": beginn, "freie_plaetze": 1})
    angebote.append({"titel": "Kurs im Juni", "url": "/kurse/def/", "beginn": None, "freie_plaetze": None})
    version = ModulversionFactory()
    html = client.get(reverse("modul", args=[version.modul.public_id])).content.decode()
    assert "Kurs im Mai" in html
    assert "1 Platz frei" in html
    assert "Termine folgen" in html


def jsonld(response):
    found = re.findall(
        r'<script type="application/ld\+json" nonce="([^"]+)">(.*?)</script>', response.content.decode(), re.S
    )
    assert len(found) == 1
    nonce, text = found[0]
    assert nonce in response["Content-Security-Policy"]
    return json.loads(text)


def test_jsonld_is_valid_and_says_only_what_is_known(client, angebote):
    angebote.append({"titel": "K", "url": "/kurse/abc/", "beginn": timezone.now(), "freie_plaetze": 3})
    version = ModulversionFactory(ects=Decimal("7.50"))
    data = jsonld(client.get(reverse("modul", args=[version.modul.public_id])))
    assert (data["@context"], data["@type"], data["name"]) == ("https://schema.org", "Course", version.titel)
    assert data["numberOfCredits"]["value"] == "7.5"
    assert data["timeRequired"] == "PT24H"
    assert data["hasCourseInstance"][0]["url"].startswith("http")
    empty = Modulversion.objects.create(
        modul=ModulFactory(), nummer=1, titel="Leer", status=VersionStatus.VEROEFFENTLICHT
    )
    data = jsonld(client.get(reverse("modul", args=[empty.modul.public_id])))
    assert not {"numberOfCredits", "timeRequired", "coursePrerequisites", "teaches", "isBasedOn"} & set(data)


def test_jsonld_cannot_break_out(client, angebote):
    evil = "</script><script>alert(1)</script>&\u2028"
    version = ModulversionFactory(titel=evil, qualifikationsziele=evil)
    response = client.get(reverse("modul", args=[version.modul.public_id]))
    assert jsonld(response)["name"] == evil
    assert "<script>alert(1)" not in response.content.decode()


@pytest.mark.parametrize("anzahl", [1, 3])
def test_module_queries(client, anzahl, angebote):
    version = ModulversionFactory()
    for index in range(anzahl):
        programm(f"P{index}", [version.modul])
    angebote.extend({"titel": "K", "url": "/", "beginn": None, "freie_plaetze": 1} for _index in range(anzahl))
    assert queries(client, reverse("modul", args=[version.modul.public_id])) == 3


# --- programmes -----------------------------------------------------------------------------------------------------
def test_programme_shows_path_groups_totals_and_source(client):
    version = programm("Weg", ects_gesamt=Decimal(10), quelle="VwV", quelle_url="https://example.org/vwv")
    published, draft = ModulversionFactory(), ModulversionFactory(status=VersionStatus.ENTWURF)
    rows = [
        {"titel": "Recht", "modul": published.modul, "ects": Decimal(5)},
        {
            "titel": "Kultur",
            "modul": draft.modul,
            "art": BausteinArt.WAHLPFLICHT,
            "gruppe": "A",
            "gruppe_mindestens": 1,
        },
        {"titel": "Sprache", "art": BausteinArt.WAHLPFLICHT, "gruppe": "A", "gruppe_mindestens": 1},
        {"titel": "Praxis", "art": BausteinArt.PRAXIS, "stunden": Decimal(800)},
    ]
    for index, row in enumerate(rows):
        Baustein.objects.create(programmversion=version, reihenfolge=index, **row)
    response = client.get(reverse("programm", args=[version.programm.public_id]))
    html = response.content.decode()
    assert [step["titel"] for step in response.context["schritte"]] == ["Recht", "Kultur", "Sprache", "Praxis"]
    assert reverse("modul", args=[published.modul.public_id]) in html
    assert reverse("modul", args=[draft.modul.public_id]) not in html
    assert "mindestens 1 von 2" in html
    assert "10\N{NO-BREAK SPACE}ECTS" in html
    assert "Summe der Teile mit Angabe: 5 ECTS (1 von 4 Teilen)" in html
    assert "800\N{NO-BREAK SPACE}h" in html
    assert 'href="https://example.org/vwv"' in html


def test_programmes_are_found(client):
    programm("Traumapädagogik", abschluss="Hochschulzertifikat")
    programm("Migrationsrecht", einordnung="adjacent")

    def found(query):
        return [v.programm.titel for v in client.get(f"/programme/?{query}").context["seite"]]

    assert found("q=traumapädagogik") == ["Traumapädagogik"]
    assert found("q=hochschulzertifikat") == ["Traumapädagogik"]
    assert found("einordnung=adjacent") == ["Migrationsrecht"]
    assert found("q=nichts") == []


@pytest.mark.parametrize("anzahl", [1, 3])
def test_programme_queries(client, anzahl):
    for index in range(anzahl):
        version = programm(f"P{index}", [ModulversionFactory().modul for _index in range(anzahl)])
    assert queries(client, "/programme/") == 2
    assert queries(client, reverse("programm", args=[version.programm.public_id])) == 3


def test_public_pages_do_not_accept_writes(client):
    for url in ("/", "/programme/", reverse("modul", args=["x"]), reverse("programm", args=["x"])):
        assert client.post(url).status_code == 405
