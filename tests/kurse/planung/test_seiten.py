"""Pages of the planner, without JavaScript."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kurse.planung.models import Kurs, Ort, Termin
from kurse.planung.services import add_termine, assign_lehrauftrag, cancel_termin, move_termin, publish_kurs
from lms.konten.enums import Kreis, Rolle
from tests.factories import EinschreibungFactory, KursFactory, OrganisationFactory, PersonFactory, TerminFactory, member

MONTAG = dt.date(2027, 10, 4)


@pytest.fixture
def planer(client, welt):
    client.force_login(welt.planung)
    return client


def serie_daten(**mehr):
    return {
        "art": "woechentlich",
        "von": MONTAG.isoformat(),
        "anzahl": "5",
        "rhythmus": "1",
        "beginn": "09:00",
        "ende": "12:15",
        "pausenart": "standard",
        "feiertage_auslassen": "on",
        **mehr,
    }


def kurs_daten(welt, **mehr):
    heute = timezone.localdate()
    return {
        "art": "modulkurs",
        "modulversion": welt.version.pk,
        "veranstalter": welt.org.pk,
        "titel": "",
        "nummer": "",
        "modus": "praesenz",
        "kreis": Kreis.DRESDEN,
        "kapazitaet": "12",
        "mindestteilnehmende": "4",
        "anmeldung_von": f"{heute}T08:00",
        "anmeldung_bis": f"{heute + dt.timedelta(days=5)}T18:00",
        "genehmigung_noetig": "on",
        "barrierefreiheit": "stufenlos",
        **mehr,
    }


def test_from_the_form_to_the_published_course(planer, welt):
    answer = planer.post(reverse("planung_kurs_neu"), kurs_daten(welt))
    kurs = Kurs.objects.get()
    assert answer.url == reverse("planung_kurs", args=[kurs.public_id])
    neu = reverse("planung_termine_neu", args=[kurs.public_id])
    preview = planer.post(neu, serie_daten(ort=welt.ort.public_id, schritt="vorschau"))
    assert preview.status_code == 200
    assert not Termin.objects.exists()
    assert "5 Termine" in preview.content.decode()
    saved = planer.post(neu, serie_daten(ort=welt.ort.public_id, schritt="speichern"))
    assert saved.url == reverse("planung_termine", args=[kurs.public_id])
    assert list(Termin.objects.values_list("minuten", flat=True)) == [180] * 5
    planer.post(
        reverse("planung_lehrende", args=[kurs.public_id]), {"email": welt.lehrende.email.upper(), "rolle": "leitung"}
    )
    planer.post(reverse("planung_kurs_veroeffentlichen", args=[kurs.public_id]))
    kurs.refresh_from_db()
    assert (kurs.status, kurs.titel) == ("veroeffentlicht", welt.version.titel)


def test_a_refused_form_keeps_what_was_entered(planer, welt):
    answer = planer.post(reverse("planung_kurs_neu"), kurs_daten(welt, titel="Mein Titel", mindestteilnehmende="40"))
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "Die Mindestzahl darf nicht größer sein als die Zahl der Plätze." in html
    assert 'value="Mein Titel"' in html
    assert not Kurs.objects.exists()


def test_overlong_input_is_named(planer, welt):
    answer = planer.post(reverse("planung_kurs_neu"), kurs_daten(welt, titel="x" * 301))
    assert answer.status_code == 422
    assert "titel" in answer.context["form"].errors


def test_conflicts_are_shown_and_must_be_accepted(planer, welt):
    other, kurs = welt.kurs(titel="Anderer Kurs"), welt.kurs()
    assign_lehrauftrag(other, welt.lehrende, welt.planung)
    assign_lehrauftrag(kurs, welt.lehrende, welt.planung)
    neu = reverse("planung_termine_neu", args=[other.public_id])
    planer.post(neu, serie_daten(ort=welt.ort.public_id, schritt="speichern"))
    neu = reverse("planung_termine_neu", args=[kurs.public_id])
    data = serie_daten(ort=welt.ort.public_id, schritt="vorschau", beginn="11:00", ende="14:00")
    html = planer.post(neu, data).content.decode()
    assert "Lea Lehr unterrichtet schon am 04.10.2027 von 09:00 bis 12:15 Uhr im Kurs „Anderer Kurs“." in html
    assert "schon belegt" in html
    refused = planer.post(neu, {**data, "schritt": "speichern"})
    assert refused.status_code == 422
    assert "Bitte bestätigen Sie" in refused.content.decode()
    assert kurs.termine.count() == 0
    # the preview carries everything on, so ticking the box is enough
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', refused.content.decode()))
    hidden.pop("csrfmiddlewaretoken", None)
    assert hidden["von"] in (MONTAG.isoformat(), "04.10.2027")
    planer.post(neu, {**hidden, "trotz_konflikten": "on", "schritt": "speichern"})
    assert kurs.termine.count() == 5


@pytest.mark.parametrize(
    ("felder", "text"),
    [
        ({"ende": "08:00"}, "Das Ende muss nach dem Beginn liegen."),
        ({"von": "2020-01-06"}, "liegt in der Vergangenheit"),
        ({"anzahl": ""}, "wie oft oder bis wann"),
        ({"anzahl": "121"}, "anzahl"),
        ({"pausenart": "eigene", "pausen": "irgendwann"}, "Bitte schreiben Sie Pausen so"),
        ({"pausenart": "eigene", "pausen": "07:00–07:30"}, "innerhalb des Termins"),
        ({"art": "einzeln", "tage": "31.2.2027"}, "ist kein Datum"),
        ({"link": "kein link"}, "link"),
    ],
)
def test_bad_series_are_named_and_kept(planer, welt, felder, text):
    kurs = welt.kurs()
    url = reverse("planung_termine_neu", args=[kurs.public_id])
    for schritt in ("vorschau", "speichern"):
        answer = planer.post(url, serie_daten(thema="Mein Thema", schritt=schritt, **felder))
        assert answer.status_code == 422
        html = answer.content.decode()
        assert text in html
        assert 'value="Mein Thema"' in html
    assert not Termin.objects.exists()


def test_the_same_series_twice_is_refused(planer, welt):
    kurs = welt.kurs()
    url = reverse("planung_termine_neu", args=[kurs.public_id])
    planer.post(url, serie_daten(schritt="speichern"))
    answer = planer.post(url, serie_daten(schritt="speichern"))
    assert answer.status_code == 422
    assert "schon einen Termin zu dieser Zeit" in answer.content.decode()
    assert kurs.termine.count() == 5


def test_the_live_preview_is_a_fragment(planer, welt):
    url = reverse("planung_serie_vorschau", args=[welt.kurs().public_id])
    html = planer.post(url, serie_daten(), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in html
    assert "5 Termine" in html
    assert "sobald die Angaben vollständig sind" in planer.post(url, {}).content.decode()


def test_move_and_cancel_pages(planer, welt):
    kurs = publish_kurs(welt.fertiger_kurs(), welt.planung)
    termin = kurs.termine.get()
    url = reverse("planung_termin_verlegen", args=[termin.public_id])
    page = planer.get(url).content.decode()
    assert "10:30–10:45" in page
    tag = (timezone.localtime(termin.beginn) + dt.timedelta(days=1)).date().isoformat()
    data = {"tag": tag, "beginn": "10:00", "ende": "12:00", "pausen": "", "ort": welt.ort.public_id, "grund": ""}
    refused = planer.post(url, data)
    assert refused.status_code == 422
    assert "grund" in refused.context["form"].errors
    planer.post(url, {**data, "grund": "Raum gesperrt"})
    termin.refresh_from_db()
    assert termin.minuten == 120
    planer.post(reverse("planung_termin_absagen", args=[termin.public_id]), {"grund": "Raum gesperrt"})
    termin.refresh_from_db()
    assert termin.status == "abgesagt"
    html = planer.get(reverse("planung_termine", args=[kurs.public_id])).content.decode()
    assert html.count("Raum gesperrt") == 2


def test_lecturers_by_membership_or_address(planer, welt):
    kurs = welt.kurs()
    own = member(welt.org, Rolle.LEHRENDE, vorname="Eva", nachname="Eigen")
    url = reverse("planung_lehrende", args=[kurs.public_id])
    assert "Eva Eigen" in planer.get(url).content.decode()
    planer.post(url, {"person": own.public_id, "rolle": "mitwirkung"})
    assert [(a.person, a.rolle) for a in kurs.lehrauftraege.all()] == [(own, "mitwirkung")]
    for data, text in (
        ({}, "Bitte wählen Sie eine Person aus"),
        ({"email": "niemand@example.org"}, "gibt es kein Konto"),
        ({"email": welt.lehrende.email, "person": own.public_id}, "Bitte wählen Sie eine Person aus"),
        ({"person": welt.lehrende.public_id}, "person"),
    ):
        answer = planer.post(url, {"rolle": "leitung", **data})
        assert answer.status_code == 422
        assert text in answer.content.decode()
    planer.post(reverse("planung_lehrauftrag_entfernen", args=[kurs.lehrauftraege.get().public_id]))
    assert not kurs.lehrauftraege.exists()


def test_places_pages(planer, welt):
    data = {"organisation": welt.org.pk, "name": "Saal", "ort": "Pirna", "kreis": Kreis.DRESDEN, "plz": "0179"}
    assert planer.post(reverse("planung_ort_neu"), data).status_code == 422
    planer.post(reverse("planung_ort_neu"), {**data, "plz": "01796", "plaetze": "20"})
    ort = Ort.objects.get(name="Saal")
    assert planer.get(reverse("planung_orte")).content.decode().count("Barrierefreiheit fehlt") == 1
    planer.post(reverse("planung_ort", args=[ort.public_id]), {**data, "plz": "01796", "barrierefreiheit": "Aufzug"})
    ort.refresh_from_db()
    assert (ort.barrierefreiheit, ort.plaetze) == ("Aufzug", None)
    planer.post(reverse("planung_ort_loeschen", args=[ort.public_id]))
    assert not Ort.objects.filter(pk=ort.pk).exists()


def _urls(welt, kurs, termin, auftrag):
    one = [
        "planung_kurs", "planung_kurs_bearbeiten", "planung_kurs_veroeffentlichen", "planung_kurs_absagen",
        "planung_kurs_abschliessen", "planung_lehrende", "planung_termine", "planung_termine_neu",
        "planung_serie_vorschau",
    ]  # fmt: skip
    yield from (reverse(name, args=[kurs.public_id]) for name in one)
    for name in ("planung_termin", "planung_termin_verlegen", "planung_termin_absagen", "planung_termin_loeschen"):
        yield reverse(name, args=[termin.public_id])
    yield reverse("planung_lehrauftrag_entfernen", args=[auftrag.public_id])
    yield reverse("planung_ort", args=[welt.ort.public_id])
    yield reverse("planung_ort_loeschen", args=[welt.ort.public_id])


def test_other_providers_and_lecturers_get_nothing(client, welt):
    kurs = welt.fertiger_kurs()
    urls = list(_urls(welt, kurs, kurs.termine.get(), kurs.lehrauftraege.get()))
    stranger = member(OrganisationFactory(bildungstraeger=True), Rolle.LEITUNG)
    before = Termin.objects.values().get()
    for person in (stranger, welt.lehrende, PersonFactory()):
        client.force_login(person)
        for url in urls:
            assert {client.get(url).status_code, client.post(url, {"grund": "x"}).status_code} <= {404, 405}, url
    client.logout()
    for url in urls:
        assert client.post(url).status_code == 302
    assert Termin.objects.values().get() == before
    assert kurs.lehrauftraege.count() == 1


def test_who_plans_nothing_has_no_workspace(client, welt):
    client.force_login(welt.lehrende)
    for name in ("planung", "planung_kurs_neu", "planung_orte", "planung_ort_neu"):
        assert client.get(reverse(name)).status_code == 403
        assert client.post(reverse(name), {}).status_code in (403, 405)


def _queries(client, url):
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_query_counts_do_not_grow(planer, welt):
    def fill():
        for _ in range(2):
            kurs = publish_kurs(welt.fertiger_kurs(), welt.planung)
            EinschreibungFactory(kurs=kurs)

    kurs = publish_kurs(welt.fertiger_kurs(), welt.planung)
    urls = {
        "planung": reverse("planung"),
        "orte": reverse("planung_orte"),
        "termine": reverse("planung_termine", args=[kurs.public_id]),
        "kurs": reverse("planung_kurs", args=[kurs.public_id]),
        "oeffentlich": reverse("kurs", args=[kurs.public_id]),
        "suche": reverse("kurse"),
    }
    one = {name: _queries(planer, url) for name, url in urls.items()}
    fill()
    add_termine(kurs, welt.planung, [welt.entwurf(20), welt.entwurf(21)])
    for _ in range(2):
        assign_lehrauftrag(kurs, PersonFactory(), welt.planung)
    termin = kurs.termine.first()
    move_termin(
        termin, welt.planung, beginn=termin.beginn + dt.timedelta(minutes=30), ende=termin.ende, grund="x", pausen=[]
    )
    cancel_termin(kurs.termine.last(), welt.planung, "y")
    assert {name: _queries(planer, url) for name, url in urls.items()} == one
    assert max(one.values()) <= 25, one


def test_conflict_preview_has_a_constant_number_of_queries(planer, welt):
    kurs = welt.kurs()
    assign_lehrauftrag(kurs, welt.lehrende, welt.planung)
    url = reverse("planung_termine_neu", args=[kurs.public_id])

    def count(n):
        with CaptureQueriesContext(connection) as found:
            html = planer.post(
                url, serie_daten(anzahl="3", ort=welt.ort.public_id, schritt="vorschau")
            ).content.decode()
        assert html.count("Lea Lehr unterrichtet schon") == n
        return len(found)

    def busy(n):
        other = KursFactory()
        for index in range(n):
            beginn = timezone.make_aware(dt.datetime.combine(MONTAG + dt.timedelta(weeks=index), dt.time(9)))
            TerminFactory(kurs=other, beginn=beginn)
        assign = type(kurs.lehrauftraege.get())
        assign.objects.create(kurs=other, person=welt.lehrende)

    busy(1)
    first = count(1)
    busy(2)
    assert count(3) == first
