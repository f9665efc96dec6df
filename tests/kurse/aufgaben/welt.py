"""A small course for the tests: two held sessions, a lecturer, offices, an employer, two participants."""

import datetime as dt
import io
import uuid
import zipfile
from types import SimpleNamespace

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from kurse.anwesenheit.models import Anwesenheitsstand, Anwesenheitsvermerk
from lms.konten.enums import Rolle
from tests.factories import (
    AufgabeFactory,
    BeschaeftigungFactory,
    EinschreibungFactory,
    KursFactory,
    LehrauftragFactory,
    PersonFactory,
    TerminFactory,
    member,
)

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\0" * 20
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\0" * 20


def zip_bytes(**members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            # fixed date: the bytes name test cases, and every worker must find the same names
            archive.writestr(zipfile.ZipInfo(name.replace("__", "/").replace("_DOT_", ".")), content)
    return buffer.getvalue()


def broken_deflate() -> bytes:
    """An archive whose member cannot be unpacked."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), "application/vnd" * 9, zipfile.ZIP_DEFLATED)
    start = 30 + len("mimetype")
    return buffer.getvalue()[:start] + b"\xff" * 8 + buffer.getvalue()[start + 8 :]


DOCX = zip_bytes(word__document_DOT_xml="<w/>")
ODT = zip_bytes(mimetype="application/vnd.oasis.opendocument.text", content_DOT_xml="<o/>")


def upload(name: str = "bericht.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def record(termin, einschreibung, minuten=180, status="anwesend"):
    vermerk = Anwesenheitsvermerk.objects.create(
        termin=termin, einschreibung=einschreibung, status=status, minuten=minuten, client_key=uuid.uuid4().hex
    )
    return Anwesenheitsstand.objects.create(
        termin=termin, einschreibung=einschreibung, vermerk=vermerk, status=status, minuten=minuten
    )


def past_termin(kurs, days_ago, *, closed=True):
    beginn = timezone.now().replace(microsecond=0) - dt.timedelta(days=days_ago)
    return TerminFactory(kurs=kurs, beginn=beginn, liste_geschlossen_at=timezone.now() if closed else None)


def build_welt(**aufgabe) -> SimpleNamespace:
    kurs = KursFactory()
    employer = BeschaeftigungFactory().arbeitgeber
    teilnahme = EinschreibungFactory(kurs=kurs, arbeitgeber=employer, person__nachname="Adler")
    andere = EinschreibungFactory(kurs=kurs, person__nachname="Berg")
    termine = [past_termin(kurs, 20), past_termin(kurs, 10)]
    for termin in termine:
        record(termin, teilnahme)
        record(termin, andere)
    return SimpleNamespace(
        kurs=kurs,
        lehrende=LehrauftragFactory(kurs=kurs).person,
        verwaltung=member(kurs.veranstalter, Rolle.KURSVERWALTUNG),
        pruefungsamt=member(kurs.veranstalter, Rolle.PRUEFUNGSAMT),
        arbeitgeber=member(employer, Rolle.PERSONALVERANTWORTUNG),
        fremde=PersonFactory(),
        teilnahme=teilnahme,
        person=teilnahme.person,
        andere=andere,
        termine=termine,
        aufgabe=AufgabeFactory(kurs=kurs, titel="Fachbericht schreiben", **aufgabe),
    )
