"""Data that could leak is there; none of it reaches the employer by page, file or API."""

import csv
import datetime as dt
import io

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from kurse.fortschritt.nachweise import Nachweis
from lms.core.models import AuditEintrag
from lms.konten.enums import Datenkategorie, Rolle
from lms.konten.models import Beschaeftigung
from lms.konten.services import withdraw_einwilligung
from tests.factories import BeschaeftigungFactory, EinschreibungFactory, KursFactory, member
from tests.kurse.fortschritt.welt import GEHEIM, consent, employee, termine

pytestmark = pytest.mark.django_db


def xlsx_text(content: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return "\n".join(
        ";".join(str(v) for v in row if v is not None) for s in book for row in s.iter_rows(values_only=True)
    )


def everything(client, person, *people, **query) -> dict[str, str]:
    """All that the employer can get, by channel; `people` also on their own pages."""
    client.force_login(person)
    found = {
        "seite": client.get(reverse("traeger_fortschritt"), query).content.decode(),
        "xlsx": xlsx_text(client.get(reverse("traeger_export", args=["xlsx"]), query).content),
        "csv": client.get(reverse("traeger_export", args=["csv"]), query).content.decode("utf-8-sig"),
        "api": client.get(reverse("api_traeger_fortschritt"), query).content.decode(),
        "start": client.get(reverse("start")).content.decode(),
    }
    for row in people:
        found[f"person {row.pk}"] = client.get(reverse("traeger_person", args=[row.public_id])).content.decode()
    return found


def assert_nowhere(found: dict[str, str], *words: str) -> None:
    assert [(channel, word) for channel, text in found.items() for word in words if word in text] == []


def test_no_grade_reason_submission_or_contact(client, welt):
    failed = welt.secrets()
    found = everything(client, welt.leitung, welt.anna)
    assert all("Apfel" in text for channel, text in found.items() if channel != "start")
    assert_nowhere(found, *(value for key, value in GEHEIM.items()), "1990-05-17", "entschuldigt", "1.7")
    # a failed module is only "begun", another employer is not named, a private application stays private
    assert failed.status == "nicht_bestanden"
    assert_nowhere(found, "nicht bestanden", "nicht_bestanden", welt.fremd.name, welt.fremd.kurzname, "PRIV-1")
    assert "Trauma" in found[f"person {welt.anna.pk}"]


def test_state_filters_do_not_tell_a_failed_module_apart(client, welt):
    welt.secrets()
    for stand in ("begonnen", "abgeschlossen"):
        assert "Apfel" in everything(client, welt.leitung, stand=stand)["csv"]
    assert "Apfel" not in everything(client, welt.leitung, stand="angemeldet")["csv"]


def test_search_finds_names_and_nothing_else(client, welt):
    assert "Apfel" in everything(client, welt.leitung, q="apf")["csv"]
    for q in ("privat-geheim", "Asylrecht", "A-1", "1990"):
        assert "Apfel" not in everything(client, welt.leitung, q=q)["csv"]


def test_without_consent_the_name_and_nothing_else(client, welt):
    otto = employee(welt.traeger, eingewilligt=False, vorname="Otto", nachname="Ohne", email="otto-ohne@example.org")
    kurs = KursFactory(titel="Verborgener Kurs", nummer="VERB-1")
    termine(kurs, -3)
    EinschreibungFactory(kurs=kurs, person=otto, arbeitgeber=welt.traeger)
    Beschaeftigung.objects.filter(person=otto).update(qualifikationsstatus="bestandsschutz")
    found = everything(client, welt.leitung, otto)
    assert_nowhere(found, "VERB-1", "Verborgener Kurs", "otto-ohne@", "Bestandsschutz")
    row = next(row for row in csv.reader(io.StringIO(found["csv"]), delimiter=";") if "Ohne" in row)
    assert [value for value in row if value] == ["Ohne", "Otto", welt.traeger.name, "keine Einwilligung"]
    # no filter by state finds a person who did not consent
    for stand in ("angemeldet", "begonnen", "abgeschlossen", "fehlt"):
        assert_nowhere(everything(client, welt.leitung, stand=stand), "Otto")
    assert_nowhere(everything(client, welt.leitung, programm=welt.programm.programm.public_id), "Otto")
    assert "Ohne" in everything(client, welt.leitung, stand="ohne_einwilligung")["csv"]


def test_people_of_others_and_former_employees_are_invisible(client, welt):
    employee(welt.fremd, vorname="Frieda", nachname="Fremd")
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    former = employee(welt.traeger, vorname="Emil", nachname="Ehemals", bis=yesterday)
    future = employee(welt.traeger, vorname="Zoe", nachname="Zukunft", von=timezone.localdate() + dt.timedelta(days=9))
    assert_nowhere(everything(client, welt.leitung), "Frieda", "Fremd", "Emil", "Ehemals", "Zoe", "Zukunft")
    for person in (former, future):
        assert client.get(reverse("traeger_person", args=[person.public_id])).status_code == 404


def test_last_day_of_an_employment_still_counts(client, welt):
    employee(welt.traeger, vorname="Heute", nachname="Letzter", bis=timezone.localdate())
    assert "Letzter" in everything(client, welt.leitung)["csv"]


def test_consent_to_another_employer_opens_nothing_here(client, welt):
    """Two employers, consent to one of them: the other sees the name only."""
    both = employee(welt.traeger, eingewilligt=False, vorname="Bea", nachname="Beide")
    BeschaeftigungFactory(person=both, arbeitgeber=welt.fremd)
    consent(both, welt.fremd)
    consent(both, welt.fremd, Datenkategorie.ZERTIFIKATE)
    EinschreibungFactory(kurs=welt.kurs, person=both, arbeitgeber=welt.fremd)
    row = [r for r in csv.reader(io.StringIO(everything(client, welt.leitung)["csv"]), delimiter=";") if "Beide" in r]
    assert [[v for v in r if v] for r in row] == [["Beide", "Bea", welt.traeger.name, "keine Einwilligung"]]
    other = member(welt.fremd, Rolle.PERSONALVERANTWORTUNG)
    assert "A-1" in next(line for line in everything(client, other)["csv"].splitlines() if "Beide" in line)


def test_application_is_shown_only_to_the_employer_it_names(client, welt):
    ahead = KursFactory(titel="Kommender Kurs", nummer="KOMM-1")
    termine(ahead, 20)
    row = EinschreibungFactory(kurs=ahead, person=welt.anna, arbeitgeber=welt.fremd)
    assert_nowhere(everything(client, welt.leitung, welt.anna), "KOMM-1")
    row.arbeitgeber = welt.traeger
    row.save()
    assert "KOMM-1" in everything(client, welt.leitung)["csv"]


def test_cancelled_and_rejected_enrolments_are_nobodys_business(client, welt):
    for status, nummer in (("storniert", "STOR-1"), ("abgelehnt", "ABGE-1")):
        kurs = KursFactory(nummer=nummer)
        termine(kurs, -2)
        EinschreibungFactory(kurs=kurs, person=welt.anna, arbeitgeber=welt.traeger, status=status)
    assert_nowhere(everything(client, welt.leitung, welt.anna), "STOR-1", "ABGE-1")


def test_withdrawn_consent_closes_at_once(client, welt):
    assert "A-1" in everything(client, welt.leitung)["csv"]
    withdraw_einwilligung(welt.anna, welt.traeger, Datenkategorie.FORTSCHRITT)
    found = everything(client, welt.leitung, welt.anna)
    assert_nowhere(found, "A-1", "Asylrecht im Herbst")
    assert "Apfel" in found["seite"]


def test_certificates_need_their_own_consent(client, welt, register):
    def provider(persons):
        nachweis = Nachweis("Modulbescheinigung Asylrecht", "ZERT-0007", dt.date(2026, 5, 1), "/zertifikate/x/")
        return {pk: [nachweis] for pk in persons}

    register(provider)
    found = everything(client, welt.leitung, welt.anna)
    assert_nowhere(found, "ZERT-0007")
    consent(welt.anna, welt.traeger, Datenkategorie.ZERTIFIKATE)
    found = everything(client, welt.leitung, welt.anna)
    assert all("ZERT-0007" in found[name] for name in ("xlsx", "csv", "api", f"person {welt.anna.pk}"))
    withdraw_einwilligung(welt.anna, welt.traeger, Datenkategorie.ZERTIFIKATE)
    assert_nowhere(everything(client, welt.leitung, welt.anna), "ZERT-0007")


def test_two_employers_of_one_reader_are_two_rows(client, welt):
    from lms.konten.services import add_mitgliedschaft

    add_mitgliedschaft(welt.leitung, welt.fremd, Rolle.PERSONALVERANTWORTUNG)
    BeschaeftigungFactory(person=welt.anna, arbeitgeber=welt.fremd)
    found = everything(client, welt.leitung)
    rows = [r for r in csv.reader(io.StringIO(found["csv"]), delimiter=";") if "Apfel" in r]
    assert sorted((r[2], r[3]) for r in rows) == [(welt.traeger.name, "ja"), (welt.fremd.name, "keine Einwilligung")]
    only = everything(client, welt.leitung, arbeitgeber=welt.fremd.public_id)["csv"]
    assert "A-1" not in only
    assert "Apfel" in only


def test_two_open_employments_at_one_employer_are_one_row(client, welt):
    in_a_year = timezone.localdate() + dt.timedelta(days=365)
    BeschaeftigungFactory(person=welt.anna, arbeitgeber=welt.traeger, von=dt.date(2025, 1, 1), bis=in_a_year)
    client.force_login(welt.leitung)
    assert client.get(reverse("api_traeger_fortschritt")).json()["results"][0]["nachname"] == "Apfel"
    assert len(client.get(reverse("api_traeger_fortschritt")).json()["results"]) == 1


def test_who_saw_whom_is_logged(client, welt):
    client.force_login(welt.leitung)
    client.get(reverse("traeger_person", args=[welt.anna.public_id]))
    entry = AuditEintrag.objects.get(aktion="fortschritt_eingesehen")
    assert (entry.akteur, entry.objekt_id) == (welt.leitung, welt.anna.public_id)
    assert entry.daten == {"arbeitgeber": welt.traeger.public_id}
    client.get(reverse("traeger_export", args=["csv"]))
    entry = AuditEintrag.objects.get(aktion="fortschritt_exportiert")
    assert (entry.daten["format"], entry.daten["personen"]) == ("csv", 1)


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1+1", "-2", "@SUM(A1)", " =1", "\t=1"])
def test_names_are_never_formulas(client, welt, name):
    employee(welt.traeger, eingewilligt=False, vorname="X", nachname=name)
    client.force_login(welt.leitung)
    text = client.get(reverse("traeger_export", args=["csv"])).content
    assert text.startswith(b"\xef\xbb\xbf")
    cells = [cell for row in csv.reader(io.StringIO(text.decode("utf-8-sig")), delimiter=";") for cell in row]
    assert not [cell for cell in cells if cell.lstrip()[:1] in ("=", "+", "-", "@")]
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("traeger_export", args=["xlsx"])).content))
    assert "f" not in {cell.data_type for row in book.active.iter_rows() for cell in row}
