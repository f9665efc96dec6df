"""Every page renders with data and empty, and only for those who may see it."""

import pytest
from django.urls import reverse

from lms.konten.enums import Rolle
from tests.factories import LehrauftragFactory, OrganisationFactory, PersonFactory, member
from tests.kurse.fortschritt.welt import consent, employee

pytestmark = pytest.mark.django_db


def get(client, person, name, *args, status=200, **query):
    client.force_login(person)
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == status
    return response.content.decode()


def test_my_way_shows_path_numbers_and_next_session(client, welt):
    html = get(client, welt.anna, "mein_weg")
    assert "Asylrecht" in html
    assert "Trauma" in html
    assert "0 von 2 nötigen Modulen abgeschlossen" in html
    assert "4 von 12\N{NO-BREAK SPACE}UE besucht" in html
    assert "Nächste Termine" in html


def test_my_way_is_empty_for_a_new_person(client, db):
    assert "Sie sind noch in keinem Kurs" in get(client, PersonFactory(), "mein_weg")


def test_my_way_warns_in_words_when_the_threshold_is_lost(client, welt):
    # 540 minutes planned, 75 % are 405; 180 were missed, so at best 360 remain
    assert "nicht mehr zu erreichen" in get(client, welt.anna, "mein_weg")
    assert "nicht mehr zu erreichen" in get(client, welt.anna, "start")


def test_programme_is_chosen_by_the_address(client, welt):
    from tests.kurse.fortschritt.welt import programm

    other = programm(welt.version, titel="Zweites Programm")
    html = get(client, welt.anna, "mein_weg", programm=other.programm.public_id)
    assert "0 von 1 nötigen Modulen abgeschlossen" in html
    assert "0 von 2 nötigen Modulen abgeschlossen" in get(client, welt.anna, "mein_weg", programm="gibt-es-nicht")


def test_course_tab_is_for_its_staff(client, welt):
    lehrende = LehrauftragFactory(kurs=welt.kurs).person
    html = get(client, lehrende, "kurs_fortschritt", welt.kurs.public_id)
    assert "Anna Apfel" in html
    assert "Schwelle nicht mehr erreichbar" in html
    for person in (welt.anna, welt.leitung, PersonFactory()):
        get(client, person, "kurs_fortschritt", welt.kurs.public_id, status=404)


def test_team_page_lists_with_and_without_consent(client, welt):
    employee(welt.traeger, eingewilligt=False, vorname="Otto", nachname="Ohne")
    html = get(client, welt.leitung, "traeger_fortschritt")
    assert "Anna Apfel" in html
    assert "4 von 12\N{NO-BREAK SPACE}UE" in html
    assert "Otto Ohne" in html
    assert "keine Einwilligung" in html


def test_team_page_is_forbidden_without_the_right(client, welt):
    for person in (welt.anna, PersonFactory()):
        get(client, person, "traeger_fortschritt", status=403)
        get(client, person, "traeger_export", "xlsx", status=403)
        get(client, person, "traeger_person", welt.anna.public_id, status=404)


def test_team_page_is_empty_without_people(client, db):
    leitung = member(OrganisationFactory(arbeitgeber=True), Rolle.PERSONALVERANTWORTUNG)
    assert "Noch sind keine Beschäftigten eingetragen" in get(client, leitung, "traeger_fortschritt")
    assert "Niemand passt zu dieser Auswahl" in get(client, leitung, "traeger_fortschritt", q="zzz")


def test_land_page_is_only_for_the_landesfachstelle(client, welt):
    office = member(OrganisationFactory(landesfachstelle=True), Rolle.FACHSTELLE)
    html = get(client, office, "landesfachstelle")
    assert "Nordsachsen" in html
    assert "Anna" not in html
    assert "Apfel" not in html
    for person in (welt.anna, welt.leitung, PersonFactory()):
        get(client, person, "landesfachstelle", status=403)
        get(client, person, "land_export", "csv", status=403)


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("mein_weg", []),
        ("traeger_fortschritt", []),
        ("traeger_export", ["xlsx"]),
        ("landesfachstelle", []),
        ("land_export", ["csv"]),
    ],
)
def test_visitors_are_sent_to_the_login_and_nobody_posts(client, welt, name, args):
    assert client.get(reverse(name, args=args)).status_code == 302
    client.force_login(welt.leitung)
    assert client.post(reverse(name, args=args)).status_code == 405


def test_navigation_shows_what_a_person_may_open(client, welt):
    office = member(OrganisationFactory(landesfachstelle=True), Rolle.FACHSTELLE)
    shown = {welt.anna: "/mein-weg/", welt.leitung: "/traeger/", office: "/landesfachstelle/"}
    for person, url in shown.items():
        html = get(client, person, "start")
        nav = html.split('class="hauptnavigation"')[1].split("</nav>")[0]
        assert {u for u in shown.values() if f'href="{u}"' in nav} == {url}


def test_start_page_tells_the_employer_who_learns(client, welt):
    html = get(client, welt.leitung, "start")
    assert "Bei 1 Person ist der Qualifikationsstatus noch nicht geklärt" in html
    assert "1 Person lernt gerade in einem Kurs" in html


def test_preview_equals_the_employers_page(client, welt):
    """The person sees the very fragment that the employer sees, byte by byte."""
    welt.secrets()
    consent(welt.anna, welt.traeger, "zertifikate")

    def fragment(html):
        return html[html.index('<section class="abschnitt" aria-labelledby="ansicht-') : html.rindex("</main>")].strip()

    mine = fragment(get(client, welt.anna, "mein_weg_arbeitgeber", welt.traeger.public_id))
    theirs = fragment(get(client, welt.leitung, "traeger_person", welt.anna.public_id))
    assert mine == theirs
    assert "Asylrecht" in mine


def test_preview_only_for_present_employers(client, welt):
    get(client, welt.anna, "mein_weg_arbeitgeber", welt.fremd.public_id, status=404)
    assert "kein Fortschritt" not in get(client, welt.anna, "mein_weg_arbeitgeber", welt.traeger.public_id)
