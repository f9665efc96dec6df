"""Every form works without JavaScript; with it, everything works from the keyboard."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from kurse.anwesenheit.models import Anwesenheitsstand
from kurse.aufgaben.models import Abgabe
from kurse.einschreibung.models import Einschreibung
from lms.konten.models import Person
from tests.browser.welt import PASSWORT, laufender_kurs, with_login
from tests.factories import AufgabeFactory, KursFactory, PersonFactory, TerminFactory
from tests.zertifikate.test_pruefen import zertifikat  # noqa: F401  (a fixture)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ohne(new_page, login):
    """A page without JavaScript, opened by a person."""

    def make(person: Person | None = None, url: str = "/", width: int = 360):
        page = new_page(width, 780, java_script_enabled=False)
        if person:
            login(page, person)
        page.goto(page.base + url)
        return page

    return make


def click(page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).first.click()


# --- without JavaScript -----------------------------------------------------------------------------------------------
def test_log_in(ohne):
    person = with_login(PersonFactory())
    page = ohne(url=reverse("account_login"))
    page.get_by_label("E-Mail-Adresse").fill(person.email)
    page.get_by_label("Passwort", exact=True).fill(PASSWORT)
    click(page, "Anmelden")
    page.wait_for_url("**/start/")


def test_find_a_course_and_enrol(ohne):
    person, kurs = with_login(PersonFactory()), KursFactory(titel="Asylrecht im Alltag")
    TerminFactory(kurs=kurs)
    page = ohne(person, reverse("kurse"))
    page.locator("summary", has_text="Suchen und filtern").click()
    page.get_by_label("Suchwort").fill("Asylrecht")
    click(page, "Anwenden")
    page.get_by_role("link", name=kurs.titel).click()
    page.get_by_role("link", name="einschreiben").first.click()
    click(page, "Verbindlich einschreiben")
    expect(page.locator("main")).to_contain_text(kurs.titel)
    assert Einschreibung.objects.get().person == person


def test_record_attendance(ohne):
    _kurs, termin, lehrende = laufender_kurs()
    page = ohne(lehrende, reverse("anwesenheit", args=[termin.public_id]))
    page.locator("fieldset.az").nth(1).locator("label.az__knopf--teilweise").click()
    page.locator("fieldset.az").nth(1).get_by_label("oder Minuten").fill("90")
    click(page, "Alle anwesend, speichern")
    expect(page.locator(".liste__meta")).to_contain_text("3 von 3 erfasst")
    minutes = Anwesenheitsstand.objects.order_by("einschreibung").values_list("minuten", flat=True)
    assert list(minutes) == [180, 90, 180]


def test_hand_in_text(ohne):
    kurs, _termin, _lehrende = laufender_kurs(1)
    aufgabe = AufgabeFactory(kurs=kurs)
    page = ohne(Einschreibung.objects.get().person, reverse("aufgabe", args=[aufgabe.public_id]))
    page.get_by_label("Ihr Text").fill("Mein Text")
    click(page, "Abgeben")
    expect(page.locator("main")).to_contain_text("Ihre Abgabe ist eingegangen")
    assert Abgabe.objects.get().text == "Mein Text"


def test_verify_a_certificate(ohne, zertifikat):  # noqa: F811
    page = ohne(url=reverse("pruefen_start"))
    page.get_by_label("Prüfcode").fill(zertifikat.pruefcode.upper())
    click(page, "Prüfen")
    expect(page.locator("main")).to_contain_text("Dieser Nachweis ist gültig.")
    person = zertifikat.snapshot["person"]
    expect(page.locator("main")).not_to_contain_text(person["nachname"])
    page.get_by_label("Vorname und Nachname").fill(f"{person['vorname']} {person['nachname']}")
    click(page, "Angaben anzeigen")
    expect(page.locator("main")).to_contain_text(zertifikat.nummer)


# --- by keyboard ------------------------------------------------------------------------------------------------------
FOKUS = """() => { const e = document.activeElement, o = getComputedStyle(e), label = e.closest('label');
  const marks = [o, label && getComputedStyle(label), e.nextElementSibling && getComputedStyle(e.nextElementSibling)];
  return marks.some(s => s && s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2) }"""


def tab_to(page, target, most: int = 40) -> None:
    """Press Tab until the control has the focus; every stop on the way must be visible as such."""
    for _ in range(most):
        page.keyboard.press("Tab")
        assert page.evaluate(FOKUS), page.evaluate("document.activeElement.outerHTML")
        if target.evaluate("e => e === document.activeElement"):
            return
    raise AssertionError(f"not reached with {most} times Tab: {target}")


def test_skip_link_and_main_navigation(new_page, login):
    page = new_page()
    login(page, with_login(PersonFactory()))
    page.goto(page.base + reverse("start"))
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Zum Inhalt springen")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.reload()
    tab_to(page, page.get_by_role("navigation", name="Hauptnavigation").get_by_role("link", name="Kurse", exact=True))
    page.keyboard.press("Enter")
    page.wait_for_url("**/kurse/")


def test_menu_on_a_phone(new_page, login):
    page = new_page(360, 780)
    login(page, with_login(PersonFactory()))
    page.goto(page.base + reverse("start"))
    navigation = page.get_by_role("navigation", name="Hauptnavigation")
    expect(navigation.get_by_role("link", name="Kurse", exact=True)).to_be_hidden()
    tab_to(page, navigation.locator("summary"))
    page.keyboard.press("Enter")
    tab_to(page, navigation.get_by_role("link", name="Kurse", exact=True))
    page.keyboard.press("Enter")
    page.wait_for_url("**/kurse/")


def test_attendance_by_keyboard(new_page, login):
    _kurs, termin, lehrende = laufender_kurs(2)
    page = new_page()
    login(page, lehrende)
    page.goto(page.base + reverse("anwesenheit", args=[termin.public_id]))
    first, second = page.locator("fieldset.az").all()
    tab_to(page, first.get_by_role("radio", name="anwesend", exact=True))
    page.keyboard.press("Space")
    expect(first.get_by_role("radio", name="anwesend", exact=True)).to_be_checked()
    page.keyboard.press("ArrowRight")
    expect(first.get_by_role("radio", name="teilweise")).to_be_checked()
    tab_to(page, first.get_by_label("oder Minuten"))
    page.keyboard.type("45")
    tab_to(page, second.get_by_role("radio", name="anwesend", exact=True))
    page.keyboard.press("Space")
    tab_to(page, page.locator(".aktionsleiste").get_by_role("button", name="Speichern", exact=True))
    page.keyboard.press("Enter")
    expect(page.locator(".liste__meta")).to_contain_text("2 von 2 erfasst")
    minutes = Anwesenheitsstand.objects.order_by("einschreibung").values_list("minuten", flat=True)
    assert list(minutes) == [45, 180]
