import datetime as dt
import re

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kurse.anwesenheit.models import Anwesenheitsstand, Anwesenheitsvermerk
from kurse.anwesenheit.services import close_liste, record_anwesenheit
from kurse.planung.models import Pause, Termin
from lms.konten.enums import Rolle
from tests.factories import (
    BeschaeftigungFactory,
    EinschreibungFactory,
    KursFactory,
    LehrauftragFactory,
    PersonFactory,
    TerminFactory,
    member,
)
from tests.kurse.anwesenheit.conftest import eintrag, past


def login(person):
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def url(termin):
    return reverse("anwesenheit", args=[termin.public_id])


def fields(page):
    """What a browser without JavaScript would send back from the page, untouched."""
    html = page.content.decode()
    form = html[html.index('class="liste"') : html.index("</form>", html.index('class="liste"'))]
    data = {}
    for tag in re.findall(r"<input[^>]*>", form):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if attributes.get("type") == "radio" and " checked" not in tag:
            continue
        data[attributes["name"]] = attributes.get("value", "")
    return data


def states():
    return dict(Anwesenheitsstand.objects.values_list("einschreibung_id", "status"))


def texts(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_the_way_of_a_lecturer_without_javascript(welt):
    a, b, c = welt.teilnehmende
    client = login(welt.lehrende)
    page = client.get(url(welt.termin))
    assert "0 von 3 erfasst" in page.content.decode()
    data = fields(page) | {f"status-{b.public_id}": "entschuldigt", "aktion": "alle"}
    response = client.post(url(welt.termin), data)
    assert response.status_code == 302
    assert texts(response) == ["Gespeichert: 2 anwesend, 1 entschuldigt."]
    assert states() == {a.pk: "anwesend", b.pk: "entschuldigt", c.pk: "anwesend"}

    data = fields(client.get(url(welt.termin)))
    assert data[f"status-{b.public_id}"] == "entschuldigt"
    local = timezone.localtime(welt.termin.beginn + dt.timedelta(minutes=20))
    data |= {f"status-{c.public_id}": "teilweise", f"von-{c.public_id}": f"{local:%H:%M}", "aktion": "schliessen"}
    response = client.post(url(welt.termin), data)
    assert response.status_code == 302
    assert Anwesenheitsstand.objects.get(einschreibung=c).minuten == 160
    welt.termin.refresh_from_db()
    assert welt.termin.liste_geschlossen

    data = fields(client.get(url(welt.termin))) | {f"status-{a.public_id}": "abwesend", "aktion": "speichern"}
    response = client.post(url(welt.termin), data)
    assert response.status_code == 422
    assert "Bitte begründen Sie die Berichtigung." in response.content.decode()
    assert fields(response)[f"status-{a.public_id}"] == "abwesend"
    response = client.post(url(welt.termin), fields(response) | {"grund": "verwechselt", "aktion": "speichern"})
    assert response.status_code == 302
    assert states()[a.pk] == "abwesend"
    assert "verwechselt" in client.get(url(welt.termin)).content.decode()


def test_double_click_and_stale_page(welt):
    a = welt.teilnehmende[0]
    client = login(welt.lehrende)
    data = fields(client.get(url(welt.termin))) | {f"status-{a.public_id}": "anwesend", "aktion": "speichern"}
    assert [client.post(url(welt.termin), data).status_code for _ in range(2)] == [302, 302]
    assert Anwesenheitsvermerk.objects.count() == 1
    # the browser's back button brings the same page again: same key, other content
    stale = data | {f"status-{a.public_id}": "abwesend"}
    response = client.post(url(welt.termin), stale)
    assert response.status_code == 422
    assert "schon mit anderem Inhalt gespeichert" in response.content.decode()
    again = fields(response)
    assert again[f"status-{a.public_id}"] == "abwesend"
    assert again["nonce"] != data["nonce"]


def test_two_lecturers_meet_in_a_comparison(welt):
    a, b, _ = welt.teilnehmende
    first, second = login(welt.lehrende), login(welt.verwaltung)
    data = fields(second.get(url(welt.termin)))
    first.post(url(welt.termin), fields(first.get(url(welt.termin))) | {f"status-{a.public_id}": "anwesend"})
    data |= {f"status-{a.public_id}": "abwesend", f"status-{b.public_id}": "anwesend", f"notiz-{b.public_id}": "Ü"}
    response = second.post(url(welt.termin), data)
    assert response.status_code == 422
    html = response.content.decode()
    assert f"Inzwischen erfasst: <strong>anwesend</strong> (180 min) von {welt.lehrende.name}" in html
    again = fields(response)
    assert again[f"status-{a.public_id}"] == "abwesend"
    assert again[f"notiz-{b.public_id}"] == "Ü"
    assert states() == {a.pk: "anwesend"}
    assert second.post(url(welt.termin), again).status_code == 302
    assert states() == {a.pk: "abwesend", b.pk: "anwesend"}


@pytest.mark.parametrize(
    ("felder", "text"),
    [
        ({"minuten": "viele"}, "Bitte geben Sie ganze Minuten"),
        ({"minuten": "-5"}, "Bitte geben Sie ganze Minuten"),
        ({"minuten": "9" * 50}, "Bitte geben Sie ganze Minuten"),
        ({"von": "25:00"}, "Bitte geben Sie ganze Minuten"),
        ({"minuten": "200"}, "Der Termin hat 180 Unterrichtsminuten."),
        ({}, "Bitte geben Sie an, wie viele Minuten"),
        ({"minuten": "30", "notiz": "x" * 201}, "Die Notiz hat höchstens 200 Zeichen."),
    ],
)
def test_bad_input_is_shown_at_the_person_and_nothing_is_lost(welt, felder, text):
    a, b, _ = welt.teilnehmende
    client = login(welt.lehrende)
    data = fields(client.get(url(welt.termin)))
    data |= {f"status-{a.public_id}": "teilweise", f"status-{b.public_id}": "abwesend"}
    data |= {f"{name}-{a.public_id}": value for name, value in felder.items()}
    response = client.post(url(welt.termin), data)
    assert response.status_code == 422
    row = response.content.decode().split(f'id="fehler-{a.public_id}">')[1].split("</p>")[0]
    assert text in row
    again = fields(response)
    del data["csrfmiddlewaretoken"]
    assert {name: again[name] for name in data} == data
    assert states() == {}


def test_forged_forms_do_no_harm(welt):
    a = welt.teilnehmende[0]
    stranger = EinschreibungFactory()
    client = login(welt.lehrende)
    for data in (
        {f"basis-{stranger.public_id}": "0", f"status-{stranger.public_id}": "anwesend"},
        {f"basis-{a.public_id}": "0", f"status-{a.public_id}": "erfunden"},
        {"basis-": "x", "status-": "anwesend"},
        {f"basis-{'x' * 80}": "9" * 40, f"status-{'x' * 80}": "anwesend"},
    ):
        assert client.post(url(welt.termin), data).status_code == 422
    assert client.post(url(welt.termin), {}).status_code == 302
    assert states() == {}


def test_closing_an_incomplete_list_keeps_what_was_saved(welt):
    a = welt.teilnehmende[0]
    client = login(welt.lehrende)
    data = fields(client.get(url(welt.termin))) | {f"status-{a.public_id}": "anwesend", "aktion": "schliessen"}
    response = client.post(url(welt.termin), data)
    assert texts(response) == [
        "Gespeichert: 1 anwesend.",
        "Die Liste kann noch nicht geschlossen werden: Für 2 Person(en) ist noch nichts erfasst.",
    ]
    assert states() == {a.pk: "anwesend"}


def test_reopening(welt):
    record_anwesenheit(welt.termin, welt.lehrende, [eintrag(e) for e in welt.teilnehmende])
    close_liste(welt.termin, welt.lehrende)
    target = reverse("anwesenheit_oeffnen", args=[welt.termin.public_id])
    assert login(welt.lehrende).post(target, {"grund": "x"}).status_code == 403
    client = login(welt.verwaltung)
    response = client.post(target, {"grund": ""})
    assert response.status_code == 422
    assert "Bitte begründen Sie" in response.content.decode()
    assert client.post(target, {"grund": "Falsche Liste"}).status_code == 302
    assert "Falsche Liste" in client.get(url(welt.termin)).content.decode()
    assert "Liste wieder öffnen" not in login(welt.lehrende).get(url(welt.termin)).content.decode()


def test_who_may_open_what(welt):
    a, b, _ = welt.teilnehmende
    employer = BeschaeftigungFactory(person=a.person).arbeitgeber
    boss = member(employer, Rolle.LEITUNG)
    people = {
        "lehrende": welt.lehrende,
        "verwaltung": welt.verwaltung,
        "pruefungsamt": welt.pruefungsamt,
        "selbst": a.person,
        "andere": b.person,
        "arbeitgeber": boss,
        "fremd": LehrauftragFactory().person,
    }
    staff = {"lehrende": 200, "verwaltung": 200, "pruefungsamt": 200}
    nobody = dict.fromkeys(people, 404)
    expected = {
        url(welt.termin): nobody | staff,
        reverse("anwesenheit_uebersicht", args=[welt.kurs.public_id]): nobody | staff,
        reverse("meine_anwesenheit", args=[a.public_id]): nobody | staff | {"selbst": 200},
        reverse("heute"): dict.fromkeys(people, 200),
    }
    for target, table in expected.items():
        assert {name: login(person).get(target).status_code for name, person in people.items()} == table, target
        assert Client().get(target).status_code == 302
    posted = {name: login(person).post(url(welt.termin), {}).status_code for name, person in people.items()}
    assert posted == nobody | {"lehrende": 302, "verwaltung": 302, "pruefungsamt": 403}


def test_the_note_is_only_for_those_who_record(welt):
    a = welt.teilnehmende[0]
    record_anwesenheit(welt.termin, welt.lehrende, [eintrag(a, "entschuldigt", notiz="Krankenhaus")])
    record_anwesenheit(welt.termin, welt.lehrende, [eintrag(a, "anwesend", notiz="Tippfehler", grund="sichtbar")])
    own = reverse("meine_anwesenheit", args=[a.public_id])

    def shows(person, target):
        html = login(person).get(target).content.decode()
        return ("Krankenhaus" in html or "Tippfehler" in html, "sichtbar" in html)

    assert shows(a.person, own) == (False, True)
    assert shows(welt.pruefungsamt, own) == (False, True)
    assert shows(welt.pruefungsamt, url(welt.termin)) == (False, True)
    assert shows(welt.lehrende, own) == (True, True)
    assert shows(welt.verwaltung, url(welt.termin)) == (True, True)


def test_own_page_explains_the_number(welt):
    a = welt.teilnehmende[0]
    TerminFactory(kurs=welt.kurs, **past(30))
    record_anwesenheit(welt.termin, welt.lehrende, [eintrag(a, "teilweise", minuten=100)])
    html = login(a.person).get(reverse("meine_anwesenheit", args=[a.public_id])).content.decode()
    text = " ".join(re.sub(r"<[^>]+>", " ", html).replace("\N{NO-BREAK SPACE}", " ").split())
    for part in (
        "1 h 40 min von 6 h besucht (27,77 %)",
        "Die Schwelle von 75 % (4 h 30 min) ist noch nicht erreicht ; es fehlen 2 h 50 min.",
        "2,22 UE von 8 UE",
        "1 von 2 Terminen erfasst; 1 vergangener Termin ist noch nicht erfasst",
        "noch nicht erfasst 0 min von 3 h",
        "teilweise anwesend 1 h 40 min von 3 h",
    ):
        assert part in text, part


def test_sessions_that_cannot_be_recorded_say_why(welt):
    client = login(welt.lehrende)
    future = TerminFactory(kurs=welt.kurs, **past(-48))
    assert "Die Anwesenheit kann erst ab" in client.get(url(future)).content.decode()
    Termin.objects.filter(pk=welt.termin.pk).update(status="abgesagt")
    html = client.get(url(welt.termin)).content.decode()
    assert "Dieser Termin ist abgesagt." in html
    assert "status-" not in html
    assert client.post(url(future), {f"basis-{welt.teilnehmende[0].public_id}": "0"}).status_code == 422


def test_the_lecturers_day(welt):
    TerminFactory(kurs=welt.kurs, thema="Vergangen", **past(72))
    TerminFactory(kurs=welt.kurs, thema="Kommend", **past(-72))
    TerminFactory(kurs=welt.kurs, thema="Abgesagt", status="abgesagt", **past(72))
    closed = TerminFactory(kurs=welt.kurs, thema="Geschlossen", **past(96))
    Termin.objects.filter(pk=closed.pk).update(liste_geschlossen_at=timezone.now())
    TerminFactory(thema="Fremd", **past(72))

    def parts(person):
        html = login(person).get(reverse("heute")).content.decode()
        return {w for w in ("Vergangen", "Kommend", "Abgesagt", "Geschlossen", "Fremd") if f": {w}<" in html}

    assert parts(welt.lehrende) == {"Vergangen", "Kommend"}
    assert parts(welt.verwaltung) == {"Vergangen"}
    assert parts(PersonFactory()) == set()
    start = login(welt.lehrende).get(reverse("start")).content.decode()
    assert "Nicht geschlossene Listen" in start
    assert ">Heute</a>" in start
    assert ">Heute</a>" not in login(welt.verwaltung).get(reverse("start")).content.decode()


def test_the_matrix_tells_every_state_in_words(welt):
    a, b, c = welt.teilnehmende
    spaeter = TerminFactory(kurs=welt.kurs, **past(-48))
    frueher = TerminFactory(kurs=welt.kurs, **past(48))
    TerminFactory(kurs=welt.kurs, status="abgesagt", **past(72))
    record_anwesenheit(
        welt.termin, welt.lehrende, [eintrag(a), eintrag(b, "teilweise", minuten=60), eintrag(c, "entschuldigt")]
    )
    html = login(welt.lehrende).get(reverse("anwesenheit_uebersicht", args=[welt.kurs.public_id])).content.decode()
    cells = re.findall(r'matrix__zelle--(\w+)"><span[^>]*>([^<]+)</span><span class="kern-sr-only">([^<]+)<', html)
    assert len(cells) == 12
    assert set(cells) == {
        ("abgesagt", "–", "abgesagt"),
        ("fehlt", "?", "noch nicht erfasst"),
        ("geplant", "○", "steht noch bevor"),
        ("anwesend", "✓", "anwesend, 3\N{NO-BREAK SPACE}h"),
        ("teilweise", "60", "teilweise anwesend, 1\N{NO-BREAK SPACE}h"),
        ("entschuldigt", "E", "entschuldigt"),
    }
    for termin in (spaeter, frueher):
        assert url(termin) in html


# --- the number of queries is part of the interface -----------------------------------------------------------------


def saving(people, *, person=None):
    """Queries of one whole request that records `people` participants, one of them late by the clock."""
    kurs = KursFactory(kapazitaet=people)
    lecturer = LehrauftragFactory(kurs=kurs).person
    rows = [EinschreibungFactory(kurs=kurs) for _ in range(people)]
    termin = TerminFactory(kurs=kurs, **past())
    Pause.objects.create(
        termin=termin,
        beginn=termin.beginn + dt.timedelta(minutes=60),
        ende=termin.beginn + dt.timedelta(minutes=75),
    )
    client = login(person(kurs) if person else lecturer)
    data = fields(client.get(url(termin))) | {"aktion": "alle"}
    late = timezone.localtime(termin.beginn + dt.timedelta(minutes=10))
    data |= {f"status-{rows[0].public_id}": "teilweise", f"von-{rows[0].public_id}": f"{late:%H:%M}"}
    with CaptureQueriesContext(connection) as context:
        assert client.post(url(termin), data).status_code == 302
    assert Anwesenheitsstand.objects.filter(termin=termin).count() == people
    return len(context), "\n".join(query["sql"][:150] for query in context)


@pytest.mark.django_db
def test_saving_thirty_people_takes_as_many_queries_as_three():
    few, _ = saving(3)
    many, statements = saving(30)
    provider, _ = saving(30, person=lambda kurs: member(kurs.veranstalter, Rolle.KURSVERWALTUNG))
    assert (few, many, provider) == (12, 12, 12), statements


def opening(number, page, person):
    """Queries of a GET with `number` rows of everything that the page lists."""
    kurs = KursFactory(kapazitaet=10)
    lecturer = LehrauftragFactory(kurs=kurs).person
    rows = [EinschreibungFactory(kurs=kurs) for _ in range(number)]
    for days in range(number):
        for hours in (1, 72 + 24 * days, -72 - 24 * days):
            termin = TerminFactory(kurs=kurs, **past(hours))
            if hours > 0:
                record_anwesenheit(termin, lecturer, [eintrag(row) for row in rows])
                record_anwesenheit(termin, lecturer, [eintrag(row, "abwesend", notiz="x") for row in rows])
    client = login(lecturer if person == "lehrende" else rows[0].person)
    targets = {
        "heute": reverse("heute"),
        "liste": url(kurs.termine.filter(beginn__lte=timezone.now()).first()),
        "uebersicht": reverse("anwesenheit_uebersicht", args=[kurs.public_id]),
        "nachweis": reverse("meine_anwesenheit", args=[rows[0].public_id]),
    }
    client.get(targets[page])
    with CaptureQueriesContext(connection) as context:
        assert client.get(targets[page]).status_code == 200
    return len(context)


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["heute", "liste", "uebersicht", "nachweis"])
def test_pages_open_with_the_same_queries_for_one_and_three_rows(page):
    person = "selbst" if page == "nachweis" else "lehrende"
    one, three = opening(1, page, person), opening(3, page, person)
    assert one == three
    assert three <= 25
