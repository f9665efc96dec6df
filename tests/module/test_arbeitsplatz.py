"""Pages of the partners: drafts, stale forms, decisions, comparison, programmes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lms.core import start
from lms.konten.enums import Rolle
from module import programme, services
from module.enums import VersionStatus
from module.felder import INHALTSFELDER
from module.models import Modul, Modulversion, Programm
from tests.factories import OrganisationFactory, PersonFactory, member
from tests.factories.katalog import pflichtfelder, redaktion

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_anna(client, partner):
    client.force_login(partner.anna)
    return client


def form_data(version, **changes):
    """What the browser sends for the form of this version."""
    values = {name: getattr(version, name) for name in INHALTSFELDER}
    values["notenskala"] = version.notenskala_id
    values["anwesenheitsregel"] = version.anwesenheitsregel_id
    data = {name: "" if value is None else str(value) for name, value in values.items()}
    return {**data, "stand": services.stand_of(version), "aktion": "speichern", **changes}


def edit_url(version):
    return reverse("modulversion_bearbeiten", args=[version.public_id])


def detail_url(version):
    return reverse("modulversion", args=[version.public_id])


# --- drafts ---------------------------------------------------------------------------------------------------------
def test_new_module_leads_to_its_draft(as_anna, partner):
    url = reverse("modul_neu", args=[partner.katalog.public_id])
    data = {"code": "FSA-1", "titel": "Netzwerke", "verantwortlich": partner.traeger.pk}
    response = as_anna.post(url, data)
    version = Modulversion.objects.get()
    assert response["Location"] == edit_url(version)
    assert (version.modul.code, version.titel, version.modul.verantwortlich) == ("FSA-1", "Netzwerke", partner.traeger)
    response = as_anna.post(url, {**data, "titel": "Anderes"})
    assert response.status_code == 422
    assert "schon vergeben" in response.content.decode()
    assert 'value="Anderes"' in response.content.decode()


def test_strangers_cannot_be_put_in_charge(as_anna, partner):
    url = reverse("modul_neu", args=[partner.katalog.public_id])
    stranger = OrganisationFactory()
    response = as_anna.post(url, {"code": "X", "titel": "X", "verantwortlich": stranger.pk})
    assert response.status_code == 422
    assert not Modul.objects.exists()


def test_draft_is_saved_with_gaps(as_anna, partner):
    version = partner.entwurf(inhalte="Eins")
    response = as_anna.post(edit_url(version), form_data(version, lehrformen="Seminar"), follow=True)
    version.refresh_from_db()
    assert version.lehrformen == "Seminar"
    assert version.status == VersionStatus.ENTWURF
    html = response.content.decode()
    assert "Der Entwurf ist gespeichert." in html
    assert "Für die Einreichung fehlen noch" in html


def test_bad_input_keeps_everything_that_was_entered(as_anna, partner):
    version = partner.entwurf()
    response = as_anna.post(edit_url(version), form_data(version, ects="fünf", lehrformen="Neue Form", titel=""))
    assert response.status_code == 422
    html = response.content.decode()
    assert 'value="fünf"' in html
    assert "Neue Form" in html
    version.refresh_from_db()
    assert version.lehrformen == "Seminar"


def test_stale_form_shows_both_and_saves_on_the_second_try(as_anna, partner):
    version = partner.entwurf()
    stale = form_data(version, lehrformen="Vorlesung", dauer="ein Jahr")
    services.update_version(version, partner.ben, lehrformen="Werkstatt")
    response = as_anna.post(edit_url(version), stale)
    assert response.status_code == 409
    html = response.content.decode()
    assert "inzwischen geändert" in html
    differing = {row.name: (row.alt, row.neu) for row in response.context["unterschiede"]}
    assert differing == {"lehrformen": ("Werkstatt", "Vorlesung"), "dauer": ("ein Semester", "ein Jahr")}
    assert "<del>Werkstatt</del>" in html
    assert "<ins>Vorlesung</ins>" in html
    version.refresh_from_db()
    assert version.lehrformen == "Werkstatt"
    again = {**stale, "stand": response.context["form"]["stand"].value()}
    assert as_anna.post(edit_url(version), again).status_code == 302
    version.refresh_from_db()
    assert (version.lehrformen, version.dauer) == ("Vorlesung", "ein Jahr")


def test_save_and_submit_in_one_act(as_anna, partner):
    version = partner.entwurf()
    response = as_anna.post(edit_url(version), form_data(version, aktion="einreichen", dauer="ein Jahr"))
    assert response["Location"] == detail_url(version)
    version.refresh_from_db()
    assert (version.status, version.dauer) == (VersionStatus.EINGEREICHT, "ein Jahr")


def test_incomplete_submission_is_saved_and_explained(as_anna, partner):
    version = partner.entwurf(inhalte="Eins")
    response = as_anna.post(edit_url(version), form_data(version, aktion="einreichen", dauer="ein Jahr"), follow=True)
    assert "Vor dem Einreichen fehlen noch" in response.content.decode()
    version.refresh_from_db()
    assert (version.status, version.dauer) == (VersionStatus.ENTWURF, "ein Jahr")


def test_submitted_version_sends_to_the_review_page(as_anna, partner):
    version = partner.eingereicht()
    assert as_anna.get(edit_url(version))["Location"] == detail_url(version)
    as_anna.post(edit_url(version), form_data(version, titel="heimlich"))
    version.refresh_from_db()
    assert version.titel == "Modul M-1"


def test_discard(as_anna, partner):
    version = partner.entwurf()
    as_anna.post(reverse("modulversion_verwerfen", args=[version.public_id]))
    assert not Modul.objects.exists()


# --- review ---------------------------------------------------------------------------------------------------------
def decide(client, version, **data):
    return client.post(reverse("modulversion_entscheiden", args=[version.public_id]), data)


def test_both_partners_release_in_the_browser(client, partner):
    version = partner.eingereicht()
    for person, organisation in ((partner.anna, partner.hochschule), (partner.ben, partner.traeger)):
        client.force_login(person)
        html = client.get(detail_url(version)).content.decode()
        assert "Ihre Entscheidung" in html
        decide(client, version, organisation=organisation.public_id, entscheidung="freigegeben")
    html = client.get(detail_url(version)).content.decode()
    assert "Alle Partner haben freigegeben" in html
    assert "Ihre Entscheidung" not in html
    assert "Neue Version beginnen" in html
    version.refresh_from_db()
    assert version.status == VersionStatus.VEROEFFENTLICHT


def test_return_without_comment_is_asked_for(as_anna, partner):
    version = partner.eingereicht()
    response = decide(
        as_anna, version, organisation=partner.hochschule.public_id, entscheidung="zurueckgegeben", kommentar=""
    )
    assert response.status_code == 422
    assert "Bitte begründen Sie die Rückgabe." in response.content.decode()
    decide(as_anna, version, organisation=partner.hochschule.public_id, entscheidung="zurueckgegeben", kommentar="A\nB")
    html = as_anna.get(detail_url(version)).content.decode()
    assert "A<br>B" in html
    assert partner.hochschule.name in as_anna.get(edit_url(version)).content.decode()


def test_the_name_of_another_partner_is_refused(as_anna, partner):
    version = partner.eingereicht()
    response = decide(as_anna, version, organisation=partner.traeger.public_id, entscheidung="freigegeben")
    assert response.status_code == 422
    assert not version.freigaben.exists()


def test_comparison_names_what_changed(as_anna, partner):
    old = partner.veroeffentlicht()
    response = as_anna.post(reverse("modulversion_neu", args=[old.modul.public_id]))
    new = old.modul.versionen.get(nummer=2)
    assert response["Location"] == edit_url(new)
    services.update_version(new, partner.anna, inhalte="Trauma\nFlucht")
    response = as_anna.get(reverse("modulversion_vergleich", args=[new.public_id]))
    changed = {row.name: [(z.art, z.text) for z in row.zeilen] for row in response.context["zeilen"]}
    assert changed["inhalte"] == [("gleich", "Trauma"), ("weg", "Gesundheit"), ("neu", "Flucht")]
    assert set(changed) == {"inhalte", "gueltig_ab"}
    assert as_anna.get(reverse("modulversion_vergleich", args=[new.public_id]) + "?mit=77").status_code == 404
    assert as_anna.get(reverse("modulversion_vergleich", args=[old.public_id])).status_code == 404


def test_start_page_and_list_say_what_to_do(as_anna, partner, rf):
    version = partner.eingereicht()
    request = rf.get("/start/")
    request.user = partner.ben
    (section,) = [s for s in start.abschnitte_for(request) if str(s.titel) == "Modulkatalog"]
    assert [row.url for row in section.zeilen] == [detail_url(version)]
    assert version.titel in as_anna.get("/kataloge/").content.decode()


# --- who may --------------------------------------------------------------------------------------------------------
def workspace_urls(partner):
    draft, done = partner.entwurf("M-1"), partner.veroeffentlicht("M-2")
    version = programme.create_programm(partner.anna, partner.katalog, titel="P")
    programme.add_baustein(version, partner.anna, titel="Praxis", art="praxis")
    return {
        "get": [
            reverse("katalog_detail", args=[partner.katalog.public_id]),
            reverse("modul_neu", args=[partner.katalog.public_id]),
            reverse("programm_neu", args=[partner.katalog.public_id]),
            detail_url(draft),
            edit_url(draft),
            reverse("programmversion", args=[version.public_id]),
        ],
        "post": [
            reverse("modul_neu", args=[partner.katalog.public_id]),
            reverse("programm_neu", args=[partner.katalog.public_id]),
            reverse("modulversion_neu", args=[done.modul.public_id]),
            edit_url(draft),
            reverse("modulversion_einreichen", args=[draft.public_id]),
            reverse("modulversion_entscheiden", args=[draft.public_id]),
            reverse("modulversion_verwerfen", args=[draft.public_id]),
            reverse("programmversion", args=[version.public_id]),
            reverse("programmversion_neu", args=[version.programm.public_id]),
            reverse("baustein_neu", args=[version.public_id]),
            reverse("baustein", args=[version.public_id, 0]),
            reverse("programmversion_veroeffentlichen", args=[version.public_id]),
        ],
    }


def test_only_partners_see_the_workspace(client, partner):
    urls = workspace_urls(partner)
    for url in urls["get"]:
        assert client.get(url)["Location"].startswith("/konto/login/")
    for person in (PersonFactory(), redaktion(OrganisationFactory()), member(partner.hochschule, Rolle.LEHRENDE)):
        client.force_login(person)
        assert [client.get(url).status_code for url in urls["get"]] == [404] * len(urls["get"])
        assert [client.post(url).status_code for url in urls["post"]] == [404] * len(urls["post"])
        assert partner.katalog.titel not in client.get("/kataloge/").content.decode()
    client.force_login(partner.ben)
    assert [client.get(url).status_code for url in urls["get"]] == [200] * len(urls["get"])


@pytest.mark.parametrize("anzahl", [1, 3])
def test_workspace_queries(as_anna, partner, anzahl):
    for index in range(anzahl):
        version = partner.eingereicht(f"M-{index}")
        services.decide_freigabe(version, partner.traeger, partner.ben, entscheidung="freigegeben")
        parts = programme.create_programm(partner.anna, partner.katalog, titel=f"P{index}")
    for index in range(anzahl):
        programme.add_baustein(parts, partner.anna, modul=Modul.objects.get(code=f"M-{index}"))
    limits = {
        "/kataloge/": 5,
        reverse("katalog_detail", args=[partner.katalog.public_id]): 10,
        detail_url(version): 7,
        reverse("programmversion", args=[parts.public_id]): 6,
    }
    found = {}
    for url in limits:
        as_anna.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert as_anna.get(url).status_code == 200
        # the frame of the page (session, person, navigation of other rooms) is not counted here
        found[url] = sum('"module_' in query["sql"] for query in captured)
        assert len(captured) <= 25
    assert found == limits


# --- programmes -----------------------------------------------------------------------------------------------------
def test_programme_from_draft_to_publication(as_anna, partner):
    modul = partner.veroeffentlicht().modul
    as_anna.post(reverse("programm_neu", args=[partner.katalog.public_id]), {"titel": "Grundlagen"})
    version = Programm.objects.get(titel="Grundlagen").versionen.get()
    url = reverse("programmversion", args=[version.public_id])
    add = reverse("baustein_neu", args=[version.public_id])
    assert as_anna.post(add, {"teil-art": "pflicht", "teil-modul": modul.pk}).status_code == 302
    assert as_anna.post(add, {"teil-art": "praxis", "teil-titel": "Praxis", "teil-stunden": "80"}).status_code == 302
    response = as_anna.post(add, {"teil-art": "wahlpflicht", "teil-titel": "Sprache"})
    assert response.status_code == 422
    assert "Bitte nennen Sie die Gruppe" in response.content.decode()
    assert 'value="Sprache"' in response.content.decode()
    as_anna.post(reverse("baustein", args=[version.public_id, 1]), {"aktion": "hoch"})
    assert [part.titel for part in version.bausteine.all()] == ["Praxis", "Modul M-1"]
    as_anna.post(url, {"abschluss": "Zertifikat", "ects_gesamt": "5"})
    as_anna.post(reverse("programmversion_veroeffentlichen", args=[version.public_id]))
    version.refresh_from_db()
    assert (version.status, version.abschluss, version.ects_gesamt) == ("veroeffentlicht", "Zertifikat", 5)
    assert "Grundlagen" in as_anna.get("/programme/").content.decode()
    assert as_anna.post(url, {"abschluss": "Anders"}).status_code == 422
    as_anna.post(reverse("programmversion_neu", args=[version.programm.public_id]))
    new = version.programm.versionen.get(nummer=2)
    assert [part.titel for part in new.bausteine.all()] == ["Praxis", "Modul M-1"]
    as_anna.post(reverse("baustein", args=[new.public_id, 0]), {"aktion": "entfernen"})
    assert new.bausteine.count() == 1
    assert version.bausteine.count() == 2


def test_programme_needs_parts_and_published_modules(as_anna, partner):
    version = programme.create_programm(partner.anna, partner.katalog, titel="P")
    url = reverse("programmversion_veroeffentlichen", args=[version.public_id])
    assert "mindestens einen Teil" in as_anna.post(url, follow=True).content.decode()
    programme.add_baustein(version, partner.anna, modul=partner.entwurf(**pflichtfelder()).modul)
    assert "noch keine veröffentlichte Version" in as_anna.post(url, follow=True).content.decode()
    version.refresh_from_db()
    assert version.status == VersionStatus.ENTWURF
