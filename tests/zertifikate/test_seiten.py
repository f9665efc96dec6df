import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lms.konten.enums import Datenkategorie, Recht, Rolle
from lms.konten.services import give_einwilligung, withdraw_einwilligung
from tests.factories import BeschaeftigungFactory, EinwilligungstextFactory, PersonFactory, member
from tests.zertifikate.welt import Welt
from zertifikate.services import draw_zertifikat, issue_zertifikat

pytestmark = pytest.mark.django_db


def queries(client, url):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def issue_all(welt, count):
    for row in welt.einschreibungen[:count]:
        draw_zertifikat(issue_zertifikat(row, "modulbescheinigung", welt.amt).pk)


@pytest.mark.parametrize("path", ["/zertifikate/register/", "/kurse/{kurs}/zertifikate/"])
def test_number_of_queries_does_not_grow(client, path):
    welt = Welt(personen=4)
    client.force_login(welt.amt)
    url = path.format(kurs=welt.kurs.public_id)
    issue_all(welt, 1)
    queries(client, url)
    one = queries(client, url)
    issue_all(welt, 3)
    assert queries(client, url) == one
    assert one <= 20


def test_own_list_does_not_grow(client):
    one, three = Welt(personen=1), [Welt(personen=1) for _ in range(3)]
    holder, other = one.einschreibung.person, PersonFactory()
    issue_all(one, 1)
    for welt in three:
        welt.einschreibung.person = other
        welt.einschreibung.save()
        issue_all(welt, 1)
    client.force_login(holder)
    first = queries(client, "/zertifikate/")
    client.force_login(other)
    assert queries(client, "/zertifikate/") == first


def test_issue_one_by_the_page(client):
    welt = Welt(personen=2)
    client.force_login(welt.amt)
    url = f"/kurse/{welt.kurs.public_id}/zertifikate/"
    page = client.get(url).content.decode()
    assert welt.einschreibung.person.name in page
    response = client.post(url, {"art": "zertifikat", "einschreibung": [welt.einschreibung.public_id]})
    assert response.status_code == 302
    assert welt.einschreibung.zertifikate.get().art == "zertifikat"
    many = client.post(url, {"art": "modulbescheinigung", "einschreibung": [e.public_id for e in welt.einschreibungen]})
    assert "/vorgaenge/" in many.url
    nobody = client.post(url, {"art": "modulbescheinigung"})
    assert nobody.status_code == 422
    assert "mindestens eine Person" in nobody.content.decode()


def test_download_is_for_holder_issuer_and_employer_with_consent(client):
    welt = Welt()
    person = welt.einschreibung.person
    job = BeschaeftigungFactory(person=person)
    boss = member(job.arbeitgeber, Rolle.PERSONALVERANTWORTUNG)
    EinwilligungstextFactory(kategorie=Datenkategorie.ZERTIFIKATE)
    EinwilligungstextFactory(kategorie=Datenkategorie.FORTSCHRITT)
    zertifikat = draw_zertifikat(issue_zertifikat(welt.einschreibung, "modulbescheinigung", welt.amt).pk)
    url = f"/zertifikate/{zertifikat.public_id}/pdf/"

    def status(who):
        client.force_login(who)
        return client.get(url).status_code

    assert status(person) == 200
    assert status(welt.amt) == 200
    assert status(PersonFactory()) == 404
    assert status(member(welt.kurs.veranstalter, Rolle.KURSVERWALTUNG)) == 404
    assert status(boss) == 404
    give_einwilligung(person, job.arbeitgeber, Datenkategorie.FORTSCHRITT)
    assert status(boss) == 404
    give_einwilligung(person, job.arbeitgeber, Datenkategorie.ZERTIFIKATE)
    assert status(boss) == 200
    client.force_login(boss)
    assert client.get(f"/zertifikate/{zertifikat.public_id}/").status_code == 404
    withdraw_einwilligung(person, job.arbeitgeber, Datenkategorie.ZERTIFIKATE)
    assert status(boss) == 404
    give_einwilligung(person, job.arbeitgeber, Datenkategorie.ZERTIFIKATE)
    job.bis = job.von
    job.save()
    assert status(boss) == 404
    assert Recht.FORTSCHRITT_EINSEHEN


def test_revoke_by_the_page_needs_a_reason(client):
    welt = Welt()
    zertifikat = issue_zertifikat(welt.einschreibung, "modulbescheinigung", welt.amt)
    client.force_login(welt.amt)
    url = f"/zertifikate/{zertifikat.public_id}/"
    assert client.post(url, {"grund": ""}).status_code == 422
    assert client.post(url, {"grund": "Irrtum"}).status_code == 302
    zertifikat.refresh_from_db()
    assert (zertifikat.status, zertifikat.widerrufsgrund) == ("widerrufen", "Irrtum")
    page = client.get(url).content.decode()
    assert "Irrtum" in page
    assert "zertifikat_" not in page, "the history speaks German, not in codes of the audit log"


def test_register_is_searched_and_belongs_to_the_issuer(client):
    welt, other = Welt(), Welt()
    mine = issue_zertifikat(welt.einschreibung, "modulbescheinigung", welt.amt)
    foreign = issue_zertifikat(other.einschreibung, "modulbescheinigung", other.amt)
    client.force_login(welt.amt)
    page = client.get("/zertifikate/register/").content.decode()
    assert mine.nummer in page
    assert foreign.nummer not in page
    assert mine.nummer in client.get("/zertifikate/register/", {"suche": mine.nummer}).content.decode()
    assert mine.nummer not in client.get("/zertifikate/register/", {"suche": "gibtesnicht"}).content.decode()


def test_template_preview_and_new_version(client):
    welt = Welt()
    client.force_login(welt.amt)
    url = f"/zertifikate/vorlagen/{welt.kurs.veranstalter.public_id}/zertifikat/"
    data = {
        "ueberschrift": "Zertifikat der Probe",
        "einleitung": "hat teilgenommen",
        "schlusstext": "",
        "rechtsgrundlage": "",
        "nummer_format": "{kuerzel}/{jahr}/{laufend}",
        "unterzeichnende_zeilen": "Prof. Dr. Erika Beispiel; Leitung",
    }
    preview = client.post(url, {**data, "vorschau": "1"})
    assert preview["Content-Type"] == "application/pdf"
    assert preview.content.startswith(b"%PDF")
    assert client.post(url, {**data, "nummer_format": "x"}).status_code == 422
    assert client.post(url, data).status_code == 302
    vorlage = welt.kurs.veranstalter.zertifikatsvorlagen.get(version=2)
    assert vorlage.unterzeichnende == [{"name": "Prof. Dr. Erika Beispiel", "funktion": "Leitung"}]
    assert client.get("/zertifikate/vorlagen/").status_code == 200
    assert client.get(f"/zertifikate/vorlagen/{welt.kurs.veranstalter.public_id}/quatsch/").status_code == 404
