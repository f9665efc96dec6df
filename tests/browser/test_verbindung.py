"""A connection that breaks while attendance is saved loses nothing, and a double click saves once."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from kurse.anwesenheit.models import Anwesenheitsvermerk
from kurse.aufgaben.models import Abgabe
from kurse.einschreibung.models import Einschreibung
from tests.browser.welt import laufender_kurs
from tests.factories import AufgabeFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def liste(new_page, login):
    """The page of a running session on the lecturer's phone."""
    _kurs, termin, lehrende = laufender_kurs()
    page = new_page(360, 780)
    login(page, lehrende)
    page.goto(page.base + reverse("anwesenheit", args=[termin.public_id]))
    return page


def choose(page, row: int, status: str) -> None:
    page.locator("fieldset.az").nth(row).locator(f"label.az__knopf--{status}").click()


def save(page):
    return page.locator(".aktionsleiste").get_by_role("button", name="Speichern", exact=True)


def test_offline_keeps_the_page_and_saves_after_reconnecting(liste):
    choose(liste, 0, "anwesend")
    choose(liste, 1, "abwesend")
    liste.context.set_offline(True)
    save(liste).click()
    expect(liste.get_by_text("Keine Verbindung.")).to_be_visible()
    expect(liste.get_by_role("radio", name="abwesend", checked=True)).to_have_count(1)
    assert not Anwesenheitsvermerk.objects.exists()
    liste.context.set_offline(False)
    expect(liste.get_by_text("Die Verbindung ist wieder da.")).to_be_visible()
    save(liste).click()
    expect(liste.locator(".liste__meta")).to_contain_text("2 von 3 erfasst")
    assert Anwesenheitsvermerk.objects.count() == 2


def test_entries_survive_a_request_that_breaks_in_the_middle(liste):
    """The browser shows its own error page; back on the list the entries are offered again and can be saved."""
    address = liste.url
    choose(liste, 0, "anwesend")
    choose(liste, 2, "entschuldigt")
    liste.route("**/anwesenheit/", lambda route: route.abort("connectionreset"))
    with liste.expect_event("requestfailed"):
        save(liste).click()
    liste.wait_for_url("chrome-error://**")
    liste.unroute("**/anwesenheit/")
    liste.goto(address)
    liste.get_by_role("button", name="Wiederherstellen").click()
    expect(liste.get_by_role("radio", checked=True)).to_have_count(2)
    save(liste).click()
    expect(liste.locator(".liste__meta")).to_contain_text("2 von 3 erfasst")
    assert Anwesenheitsvermerk.objects.count() == 2
    liste.goto(address)
    expect(liste.get_by_role("button", name="Wiederherstellen")).to_have_count(0)


def test_an_answer_that_is_lost_does_not_record_twice(liste):
    """The server saved, the phone never heard of it: sending the same page again changes nothing."""
    choose(liste, 0, "anwesend")
    liste.evaluate("() => { window.daten = new URLSearchParams(new FormData(document.querySelector('form.liste'))) }")
    twice = """async () => { for (const n of [1, 2]) {
        await fetch(location.href, {method: 'POST', body: window.daten, redirect: 'manual'}) } }"""
    liste.evaluate(twice)
    assert Anwesenheitsvermerk.objects.count() == 1


def test_a_double_click_saves_attendance_once(liste):
    posts = []
    liste.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    choose(liste, 0, "anwesend")
    save(liste).dblclick()
    expect(liste.locator(".liste__meta")).to_contain_text("1 von 3 erfasst")
    assert len(posts) == 1
    assert Anwesenheitsvermerk.objects.count() == 1


def test_a_double_click_hands_in_once(new_page, login):
    kurs, _termin, _lehrende = laufender_kurs(1)
    aufgabe = AufgabeFactory(kurs=kurs)
    page = new_page(360, 780)
    login(page, Einschreibung.objects.get().person)
    page.goto(page.base + reverse("aufgabe", args=[aufgabe.public_id]))
    page.get_by_label("Ihr Text").fill("Mein Text")
    page.get_by_role("button", name="Abgeben", exact=True).dblclick()
    expect(page.locator("main")).to_contain_text("Ihre Abgabe ist eingegangen")
    assert Abgabe.objects.count() == 1
