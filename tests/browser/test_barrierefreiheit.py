"""The main pages of every role in the demo world: axe, small screens, headings, language, status.

One test for all pages, because the demo world is built once; it collects the findings and names each page.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from kurse.aufgaben.models import Abgabe, Aufgabe
from kurse.einschreibung.enums import EinschreibungStatus
from kurse.einschreibung.models import Einschreibung
from kurse.planung.enums import KursStatus
from kurse.planung.models import Kurs, Termin
from lms.konten.models import Organisation, Person
from module.enums import VersionStatus
from module.models import Modulkatalog, Modulversion, Programm
from zertifikate.models import Zertifikat

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: Facts of the page that need no axe. `inhalt` is how far the page can be scrolled sideways.
LAGE = """() => ({h1: document.querySelectorAll('h1').length, lang: document.documentElement.lang,
  titel: document.title, ids: [...document.querySelectorAll('[id]')].map(e => e.id)
    .filter((id, i, all) => all.indexOf(id) !== i)})"""
UEBERHANG = "() => document.documentElement.scrollWidth - window.innerWidth"
BREITEN = (1280, 360, 320)


def _person(login: str) -> Person:
    return Person.objects.get(email=f"{login}@demo.example")


def _id(rows: Any) -> str:
    row = rows.first()
    assert row is not None
    return row.public_id


def _kurse() -> dict[str, str]:
    """Public ids of the courses of provider one, by what can be seen in them."""
    bt1 = Kurs.objects.filter(veranstalter=_person("kursverwaltung").mitgliedschaften.first().organisation)
    heute = Termin.objects.filter(
        kurs__in=bt1, kurs__lehrauftraege__person=_person("lehrende"), beginn__date=timezone.localdate()
    )
    return {
        "fertig": _id(bt1.filter(status=KursStatus.ABGESCHLOSSEN)),
        "laufend": heute.first().kurs.public_id,
        "entwurf": _id(bt1.filter(status=KursStatus.ENTWURF)),
        "offen": _id(
            bt1.filter(einschreibungen__status=EinschreibungStatus.BEANTRAGT, status=KursStatus.VEROEFFENTLICHT)
        ),
        "pruefen": _id(
            bt1.filter(einschreibungen__modulergebnis=None, aufgaben__abgaben__isnull=False).exclude(
                status=KursStatus.ABGESCHLOSSEN
            )
        ),
        "abgesagt": _id(bt1.filter(status=KursStatus.ABGESAGT)),
    }


def _seiten() -> dict[str, list[str]]:
    """Addresses by login; "" is nobody."""
    kurs = _kurse()
    ich = _person("teilnehmerin")
    eigene = Einschreibung.objects.filter(person=ich)
    zertifikat = Zertifikat.objects.filter(einschreibung__person=ich).first()
    aufgabe = Aufgabe.objects.filter(kurs__public_id=kurs["laufend"]).first()
    abgabe = Abgabe.objects.filter(aufgabe__kurs__public_id=kurs["pruefen"]).first()
    termine = Termin.objects.filter(kurs__public_id=kurs["laufend"]).order_by("beginn")
    antrag = Einschreibung.objects.filter(
        arbeitgeber=_person("arbeitgeber").mitgliedschaften.first().organisation, status=EinschreibungStatus.BEANTRAGT
    )
    hochschule = _person("katalog").mitgliedschaften.first().organisation
    return {
        "": [
            reverse("katalog"),
            reverse("modul", args=[Modulversion.objects.filter(status="veroeffentlicht").first().modul.public_id]),
            reverse("programme"),
            reverse("programm", args=[_id(Programm.objects.all())]),
            reverse("kurse"),
            reverse("kurs", args=[kurs["offen"]]),
            reverse("kurs", args=[kurs["abgesagt"]]),
            reverse("account_login"),
            reverse("pruefen_start"),
            reverse("pruefen", args=[zertifikat.pruefcode]),
            reverse("barrierefreiheit"),
        ],
        "teilnehmerin": [
            reverse("start"),
            reverse("mein_weg"),
            reverse("meine_kurse"),
            reverse("meine_zertifikate"),
            reverse("mein_konto"),
            reverse("meine_anwesenheit", args=[eigene.get(kurs__public_id=kurs["laufend"]).public_id]),
            reverse("kurs", args=[kurs["laufend"]]),
            reverse("einschreiben", args=[kurs["offen"]]),
            reverse("aufgabe", args=[aufgabe.public_id]),
        ],
        "lehrende": [
            reverse("start"),
            reverse("heute"),
            reverse("anwesenheit", args=[termine.last().public_id]),
            reverse("anwesenheit", args=[termine.filter(liste_geschlossen_at=None).first().public_id]),
            reverse("anwesenheit_uebersicht", args=[kurs["laufend"]]),
            reverse("aufgaben", args=[kurs["laufend"]]),
            reverse("aufgabe", args=[aufgabe.public_id]),
            reverse("aufgabe_neu", args=[kurs["laufend"]]),
        ],
        "lehrende2": [reverse("abgabe", args=[abgabe.public_id])],
        "kursverwaltung": [
            reverse("planung"),
            reverse("planung_kurs", args=[kurs["entwurf"]]),
            reverse("planung_kurs_bearbeiten", args=[kurs["entwurf"]]),
            reverse("planung_termine", args=[kurs["entwurf"]]),
            reverse("planung_termine_neu", args=[kurs["entwurf"]]),
            reverse("planung_lehrende", args=[kurs["entwurf"]]),
            reverse("teilnehmende", args=[kurs["offen"]]),
            reverse("teilnehmende_import", args=[kurs["offen"]]),
            reverse("kurs_fortschritt", args=[kurs["laufend"]]),
        ],
        "pruefungsamt": [
            reverse("start"),
            reverse("ergebnisse", args=[kurs["pruefen"]]),
            reverse("kurs_zertifikate", args=[kurs["fertig"]]),
            reverse("zertifikatsregister"),
            reverse("zertifikat", args=[zertifikat.public_id]),
            reverse("vorlagen"),
        ],
        "katalog": [
            reverse("kataloge"),
            reverse("katalog_detail", args=[_id(Modulkatalog.objects.all())]),
            reverse("modulversion_bearbeiten", args=[_id(Modulversion.objects.filter(status=VersionStatus.ENTWURF))]),
            reverse("organisation", args=[hochschule.public_id]),
        ],
        "katalog2": [
            reverse("modulversion", args=[_id(Modulversion.objects.filter(status=VersionStatus.EINGEREICHT))])
        ],
        "arbeitgeber": [
            reverse("start"),
            reverse("genehmigungen"),
            reverse("genehmigung", args=[_id(antrag)]),
            reverse("traeger_fortschritt"),
            reverse("traeger_person", args=[_traeger_person()]),
            reverse("traeger_einschreiben"),
        ],
        "landesfachstelle": [reverse("landesfachstelle")],
    }


def _traeger_person() -> str:
    org = Organisation.objects.get(pk=_person("arbeitgeber").mitgliedschaften.first().organisation_id)
    return org.beschaeftigungen.first().person.public_id


def _check(page: Any, url: str, axe: Callable) -> list[str]:
    """What is wrong with one page, one line per finding; on a phone in dark colours."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": BREITEN[0], "height": 900})
    answer = page.goto(page.base + url)
    lage = page.evaluate(LAGE)
    found = [] if answer.status == 200 else [f"status {answer.status}"]
    found += [] if lage["h1"] == 1 else [f"{lage['h1']} h1"]
    found += [] if lage["lang"] == "de" else [f"lang={lage['lang']}"]
    found += [f"id twice: {name}" for name in lage["ids"]]
    for width in BREITEN:
        page.set_viewport_size({"width": width, "height": 780})
        wide = page.evaluate(UEBERHANG)
        found += [f"{width}px: {wide}px too wide"] if wide > 1 else []
        if width == 360:
            page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        if width != 320:
            found += [f"{width}px: {line}" for line in axe(page)]
    return [f"{url}: {line}" for line in found]


def test_main_pages_of_every_role_are_accessible(new_page, login, axe):
    call_command("demo_welt", verbosity=0)
    findings, seen = [], 0
    for name, urls in _seiten().items():
        page = new_page()
        if name:
            login(page, _person(name))
        for url in urls:
            findings += [f"[{name or 'nobody'}] {line}" for line in _check(page, url, axe)]
            seen += 1
    assert seen >= 45
    assert not findings, "\n" + "\n".join(findings)
