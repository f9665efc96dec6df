"""One story by clicking: from the draft of a module to a stranger who verifies the certificate."""

import datetime as dt
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from kurse.planung.models import Kurs
from lms.konten.enums import Datenkategorie
from lms.konten.models import Person
from tests.browser.welt import PASSWORT, Welt, shift_into_past
from tests.factories.katalog import pflichtfelder

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITEL = "Beratung im Asylverfahren"
AUFGABE = "Fachbericht Beratung"
NUMBERS = ("ects", "praesenz_stunden", "selbststudium_stunden")


@dataclass
class Buehne:
    """What every act needs: the world, a page for a person, a camera."""

    welt: Welt
    neu: Callable[..., Page]
    login: Callable[[Page, Person], None]
    foto: Callable[[Page, str], Path]
    ordner: Path

    def als(self, person: Person, url: str = "start", *args: str, telefon: bool = False) -> Page:
        page = self.neu(360, 780) if telefon else self.neu()
        self.login(page, person)
        page.goto(page.base + reverse(url, args=args))
        return page


def click(page: Page, name: str, role: str = "button") -> None:
    page.locator("main").get_by_role(role, name=name, exact=True).first.click()


def erfolg(page: Page, text: str) -> None:
    expect(page.locator("#meldungen")).to_contain_text(text)


def test_from_the_draft_to_the_verified_certificate(new_page, login, shoot, tmp_path):
    buehne = Buehne(Welt(), new_page, login, shoot, tmp_path)
    modul_wird_gemeinsam_veroeffentlicht(buehne)
    kurs = kurs_wird_geplant(buehne)
    beschaeftigte_werden_eingeschrieben(buehne, kurs)
    aufgabe_wird_gestellt(buehne, kurs)
    shift_into_past(Kurs.objects.get(pk=kurs.pk), 30)
    anwesenheit_wird_erfasst(buehne)
    for person in (buehne.welt.samira, buehne.welt.jonas):
        abgabe_wird_eingereicht(buehne, person)
    abgaben_werden_bewertet(buehne, kurs)
    zertifikate_werden_ausgestellt(buehne, kurs)
    pdf = zertifikat_wird_heruntergeladen(buehne)
    arbeitgeber_sieht_fortschritt(buehne)
    fremde_pruefen(buehne, pdf)


# --- 1. catalogue -----------------------------------------------------------------------------------------------------
def modul_wird_gemeinsam_veroeffentlicht(b: Buehne) -> None:
    page = b.neu()
    login_with_form(page, b.welt.redaktion_a)
    page.goto(page.base + reverse("kataloge"))
    page.get_by_role("link", name=b.welt.katalog.titel).first.click()
    click(page, "Modul anlegen", "link")
    page.get_by_label("Code").fill("FSA-7")
    page.get_by_label("Titel").fill(TITEL)
    page.locator("[name=verantwortlich]").select_option(label=b.welt.hochschule_a.name)
    click(page, "Anlegen und beschreiben")
    for name, value in pflichtfelder(notenskala=None, ue="16").items():
        if name != "notenskala":
            page.locator(f"[name={name}]").fill(str(value))
    page.locator("[name=notenskala]").select_option(label=str(b.welt.skala))
    page.locator("[name=anwesenheitsregel]").select_option(label=str(b.welt.regel))
    b.foto(page, "01-entwurf")
    click(page, "Speichern und einreichen")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITEL)
    address = page.url
    for number, person in enumerate((b.welt.redaktion_a, b.welt.redaktion_b, b.welt.redaktion_c)):
        if number:
            page = b.als(person)
            page.get_by_role("link", name=TITEL).first.click()
            assert page.url == address
        page.get_by_label("freigeben", exact=True).check()
        click(page, "Entscheidung speichern")
        expect(page.locator("#verlauf")).to_contain_text(person.name)
    b.foto(page, "02-freigegeben")
    oeffentlich = b.neu()
    oeffentlich.goto(oeffentlich.base + "/")
    expect(oeffentlich.get_by_role("link", name=TITEL)).to_be_visible()
    b.foto(oeffentlich, "03-katalog")


def login_with_form(page: Page, person: Person) -> None:
    page.goto(page.base + "/")
    page.get_by_role("link", name="Anmelden").click()
    page.get_by_label("E-Mail-Adresse").fill(person.email)
    page.get_by_label("Passwort", exact=True).fill(PASSWORT)
    click(page, "Anmelden")
    page.wait_for_url("**/start/")


# --- 2. planning ------------------------------------------------------------------------------------------------------
def kurs_wird_geplant(b: Buehne) -> Kurs:
    page = b.als(b.welt.planung, "planung")
    click(page, "Kurs anlegen", "link")
    option = page.locator("[name=modulversion] option", has_text=TITEL)
    page.locator("[name=modulversion]").select_option(value=option.get_attribute("value"))
    page.locator("[name=kapazitaet]").fill("12")
    heute = dt.date.today()
    page.locator("[name=anmeldung_bis]").fill(f"{heute + dt.timedelta(days=8)}T18:00")
    click(page, "Kurs anlegen")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITEL)
    kurs = Kurs.objects.get()
    termine_werden_angelegt(b, page, heute)
    page.get_by_role("link", name="Lehrende", exact=True).click()
    page.locator("[name=person]").select_option(label=b.welt.lehrende.name)
    click(page, "Benennen")
    expect(page.get_by_role("row", name=b.welt.lehrende.name)).to_be_visible()
    page.get_by_role("link", name="Stand der Planung", exact=True).click()
    page.locator("summary", has_text="Veröffentlichen").click()
    b.foto(page, "05-veroeffentlichen")
    page.get_by_role("dialog").get_by_role("button", name="Jetzt veröffentlichen").click()
    expect(page.locator(".seitenkopf")).to_contain_text("veröffentlicht")
    return kurs


def termine_werden_angelegt(b: Buehne, page: Page, heute: dt.date) -> None:
    page.get_by_role("link", name="Termine", exact=True).first.click()
    click(page, "Termine anlegen", "link")
    tage = ", ".join(f"{heute + dt.timedelta(days=days):%d.%m.%Y}" for days in (10, 11))
    page.locator("[name=art][value=einzeln]").check()
    page.locator("[name=feiertage_auslassen]").uncheck()
    page.locator("[name=tage]").fill(tage)
    page.locator("[name=ort]").select_option(label=str(b.welt.ort))
    with page.expect_navigation():
        click(page, "Vorschau")
    expect(page.get_by_role("table", name="2 Termine")).to_contain_text("keine")
    b.foto(page, "04-vorschau")
    click(page, "Termine anlegen")
    erfolg(page, "2 Termine sind angelegt.")


# --- 3. enrolment -----------------------------------------------------------------------------------------------------
def beschaeftigte_werden_eingeschrieben(b: Buehne, kurs: Kurs) -> None:
    page = b.als(b.welt.samira, "kurse")
    page.get_by_label("Suchwort").fill("Asylverfahren")
    click(page, "Anwenden")
    expect(page.locator("#treffer")).to_have_text("1 Treffer")
    page.get_by_role("link", name=TITEL).click()
    page.get_by_role("link", name=re.compile("[Ee]inschreiben")).first.click()
    click(page, "Verbindlich einschreiben")
    expect(page.locator("main")).to_contain_text("beantragt")
    b.foto(page, "06-eingeschrieben")
    chefin = b.als(b.welt.chefin, "genehmigungen")
    chefin.get_by_label(b.welt.samira.name).check()
    click(chefin, "Ausgewählte genehmigen")
    expect(chefin.locator("#entschieden")).to_contain_text(b.welt.samira.name)
    b.foto(chefin, "07-genehmigt")
    click(chefin, "Beschäftigte einschreiben", "link")
    chefin.get_by_role("row", name=TITEL).get_by_role("link").last.click()
    chefin.get_by_label(f"{b.welt.jonas.name} auswählen").check()
    click(chefin, "Ausgewählte einschreiben")
    expect(chefin.locator("#ergebnis")).to_contain_text(b.welt.jonas.name)
    kurs.refresh_from_db()
    assert kurs.belegt == 2


# --- 4. attendance, on a phone ----------------------------------------------------------------------------------------
def anwesenheit_wird_erfasst(b: Buehne) -> None:
    page = b.als(b.welt.lehrende, "heute", telefon=True)
    for number in range(2):
        page.goto(page.base + reverse("heute"))
        page.get_by_role("link", name=TITEL).first.click()
        click(page, "Alle anwesend, speichern")
        expect(page.locator(".liste__meta")).to_contain_text("2 von 2 erfasst")
        if not number:
            zeile = page.locator("fieldset.az", has_text="Weber, Jonas")
            zeile.locator("label.az__knopf--teilweise").click()
            zeile.get_by_label("oder Minuten").fill("300")
            b.foto(page, "08-anwesenheit-telefon")
        click(page, "Speichern und schließen")
        expect(page.locator("main")).to_contain_text("Die Liste ist geschlossen")
    b.foto(page, "09-liste-geschlossen-telefon")
    page.goto(page.base + reverse("heute"))
    expect(page.get_by_role("link", name=TITEL)).to_have_count(0)


# --- 5. assignment ----------------------------------------------------------------------------------------------------
def aufgabe_wird_gestellt(b: Buehne, kurs: Kurs) -> None:
    page = b.als(b.welt.lehrende, "aufgaben", kurs.public_id, telefon=True)
    click(page, "Aufgabe anlegen", "link")
    page.get_by_label("Titel").fill(AUFGABE)
    page.locator("[name=beschreibung]").fill("Beschreiben Sie eine eigene Beratung, ohne Namen.")
    page.locator("[name=faellig_at]").fill(f"{dt.date.today() + dt.timedelta(days=7)}T18:00")
    page.locator("[name=notenskala]").select_option(label=str(b.welt.skala))
    b.foto(page, "10-aufgabe-telefon")
    click(page, "Speichern")
    expect(page.get_by_role("row", name=AUFGABE)).to_be_visible()


def abgabe_wird_eingereicht(b: Buehne, person: Person) -> None:
    page = b.als(person, telefon=person == b.welt.samira)
    page.get_by_role("link", name=AUFGABE).first.click()
    page.get_by_label("Ihr Text").fill("In der Beratung ging es um die Frist der Klage.")
    click(page, "Abgeben")
    expect(page.locator("main")).to_contain_text("Ihre Abgabe ist eingegangen")
    b.foto(page, f"11-abgabe-{person.vorname}")


def abgaben_werden_bewertet(b: Buehne, kurs: Kurs) -> None:
    page = b.als(b.welt.lehrende, "aufgaben", kurs.public_id, telefon=True)
    page.get_by_role("link", name=AUFGABE, exact=True).click()
    click(page, "Nächste bewerten", "link")
    for note in ("1.3", "2.0"):
        page.get_by_label("bestanden", exact=True).check()
        page.locator("[name=note]").select_option(value=note)
        page.get_by_label("Rückmeldung").fill("Klar gegliedert und gut begründet.")
        if note == "1.3":
            b.foto(page, "12-bewerten-telefon")
        with page.expect_navigation():
            click(page, "Speichern und nächste")
    page.goto(page.base + reverse("aufgaben", args=[kurs.public_id]))
    expect(page.get_by_role("row", name=AUFGABE).get_by_role("cell").last).to_have_text("2")


# --- 6. results and certificates --------------------------------------------------------------------------------------
def zertifikate_werden_ausgestellt(b: Buehne, kurs: Kurs) -> None:
    page = b.als(b.welt.amt)
    page.get_by_role("link", name=TITEL).first.click()
    expect(page.locator("main")).to_contain_text("16 von 16")
    page.locator("summary", has_text="Alle Vorschläge bestätigen").click()
    b.foto(page, "13-ergebnisse")
    page.get_by_role("dialog").get_by_role("button", name="Bestätigen", exact=True).click()
    expect(page.locator("main")).to_contain_text("bestätigt am")
    page.get_by_role("link", name="Zertifikate", exact=True).last.click()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(2)
    b.foto(page, "14-ausstellen")
    click(page, "Für die Ausgewählten ausstellen")
    expect(page.locator("#vorgang")).to_contain_text("Alles ist erledigt.")
    expect(page.locator("#vorgang")).to_contain_text("2 von 2 erledigt (100 %)")
    b.foto(page, "15-vorgang")
    click(page, "Weiter", "link")
    expect(page.get_by_role("table")).to_contain_text("LHP-")


# --- 7. holder and employer -------------------------------------------------------------------------------------------
def zertifikat_wird_heruntergeladen(b: Buehne) -> Path:
    page = b.als(b.welt.samira, "meine_zertifikate")
    b.foto(page, "16-meine-zertifikate")
    with page.expect_download() as download:
        click(page, "Herunterladen (PDF)", "link")
    pdf = b.ordner / "zertifikat.pdf"
    download.value.save_as(pdf)
    assert pdf.read_bytes().startswith(b"%PDF")
    text = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    assert b.welt.samira.name in text
    assert TITEL in " ".join(text.split())
    page.locator("summary", has_text=b.welt.samira.nachname).click()
    page.get_by_role("link", name="Mein Konto", exact=True).click()
    page.locator(f'form[action*="/{Datenkategorie.FORTSCHRITT}/erteilen/"] button').click()
    expect(page.get_by_role("button", name="Einwilligung widerrufen")).to_have_count(1)
    b.foto(page, "17-einwilligung")
    return pdf


def arbeitgeber_sieht_fortschritt(b: Buehne) -> None:
    page = b.als(b.welt.chefin, "traeger_fortschritt")
    samira = page.get_by_role("row", name=b.welt.samira.name)
    expect(samira).to_contain_text("1 abgeschlossen")
    expect(samira).to_contain_text("16 von 16")
    expect(page.get_by_role("row", name=b.welt.jonas.name)).to_contain_text("keine Einwilligung")
    expect(page.locator("main")).not_to_contain_text("1,3")
    b.foto(page, "18-traeger")
    with page.expect_download() as download:
        click(page, "Excel (XLSX)", "link")
    download.value.save_as(b.ordner / "fortschritt.xlsx")
    zellen = [str(v) for row in load_workbook(b.ordner / "fortschritt.xlsx").active.values for v in row]
    assert any(b.welt.samira.nachname in zelle for zelle in zellen)


# --- 8. a stranger ----------------------------------------------------------------------------------------------------
def fremde_pruefen(b: Buehne, pdf: Path) -> None:
    page = b.neu(360, 780)
    page.goto(pruefadresse(pdf))
    expect(page.locator("main")).to_contain_text("Dieser Nachweis ist gültig.")
    expect(page.locator("main")).not_to_contain_text("Özkan")
    b.foto(page, "19-pruefen-telefon")
    page.get_by_label("Vorname und Nachname").fill("samira ozkan")
    click(page, "Angaben anzeigen")
    expect(page.locator("main")).to_contain_text(b.welt.samira.name)
    expect(page.locator("main")).to_contain_text(TITEL)
    b.foto(page, "20-geprueft-telefon")


def pruefadresse(pdf: Path) -> str:
    """From the QR code as a phone reads it; from the printed text where no reader is installed."""
    if shutil.which("zbarimg") and shutil.which("pdftoppm"):
        subprocess.run(["pdftoppm", "-r", "200", "-png", "-singlefile", pdf, pdf.with_suffix("")], check=True)
        command = ["zbarimg", "--quiet", "--raw", pdf.with_suffix(".png")]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    text = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, text=True, check=True).stdout
    return re.search(r"https?://\S+/pruefen/[a-z0-9-]+/?", text)[0]
