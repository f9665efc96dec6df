import datetime as dt
import hashlib
import io
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from pypdf import PdfReader

from lms.core.errors import DomainError
from lms.core.models import AuditEintrag, Vorgang
from lms.core.vorgaenge import run_vorgang
from lms.konten.enums import Rolle
from lms.post.models import Nachricht
from tests.factories import EinschreibungFactory, OrganisationFactory, TerminFactory, member
from tests.zertifikate.welt import Welt, attended, passed
from zertifikate.models import Zertifikat
from zertifikate.services import draw_zertifikat, issue_zertifikat, revoke_zertifikat, start_ausstellung
from zertifikate.vorlagen import create_vorlage, current_vorlage

pytestmark = pytest.mark.django_db


def read(zertifikat):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(zertifikat.datei.read())).pages)


def test_issue_freezes_every_fact_and_draws_the_file(django_capture_on_commit_callbacks):
    welt = Welt()
    person = welt.einschreibung.person
    with django_capture_on_commit_callbacks(execute=True):
        zertifikat = issue_zertifikat(welt.einschreibung, "modulbescheinigung", welt.amt)
    zertifikat.refresh_from_db()
    assert zertifikat.nummer == f"{welt.kurs.veranstalter.kurzname}-{timezone.localdate().year}-00001"
    assert zertifikat.snapshot["ue_besucht"] == "4.00"
    assert zertifikat.snapshot["note"] == "1,7"
    assert zertifikat.snapshot["ects"] == "5.00"
    assert zertifikat.anforderungen_erfuellt_am == timezone.localdate() - dt.timedelta(days=3)
    assert hashlib.sha256(zertifikat.datei.read()).hexdigest() == zertifikat.sha256
    zertifikat.datei.seek(0)
    text = read(zertifikat)
    assert person.vorname in text
    assert zertifikat.nummer in text
    assert AuditEintrag.objects.filter(aktion="zertifikat_ausgestellt", objekt_id=zertifikat.public_id).count() == 1
    assert Nachricht.objects.filter(empfaenger=person).count() == 1


def test_issuing_twice_is_one_certificate():
    welt = Welt()
    first = issue_zertifikat(welt.einschreibung, "modulbescheinigung", welt.amt)
    assert issue_zertifikat(welt.einschreibung, "modulbescheinigung", welt.amt) == first
    assert Zertifikat.objects.count() == 1


def test_drawing_twice_gives_the_same_file():
    welt = Welt()
    zertifikat = issue_zertifikat(welt.einschreibung, "modulbescheinigung", welt.amt)
    first = draw_zertifikat(zertifikat.pk)
    again = draw_zertifikat(zertifikat.pk)
    assert (first.sha256, first.datei.name) == (again.sha256, again.datei.name)


def test_a_file_left_by_a_crash_is_replaced(settings):
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage

    from zertifikate.models import zertifikat_path

    welt = Welt()
    zertifikat = issue_zertifikat(welt.einschreibung, "modulbescheinigung", welt.amt)
    default_storage.save(zertifikat_path(zertifikat, ""), ContentFile(b"half a file"))
    drawn = draw_zertifikat(zertifikat.pk)
    assert hashlib.sha256(drawn.datei.read()).hexdigest() == drawn.sha256


def test_nothing_that_happens_later_changes_the_certificate():
    welt = Welt()
    zertifikat = draw_zertifikat(issue_zertifikat(welt.einschreibung, "zertifikat", welt.amt).pk)
    before = (zertifikat.snapshot, zertifikat.sha256, zertifikat.datei.read())
    person, version = welt.einschreibung.person, welt.kurs.modulversion
    person.nachname = "Andersheißend"
    person.save()
    type(version).objects.filter(pk=version.pk).update(status="abgeloest")
    create_vorlage(welt.kurs.veranstalter, "zertifikat", welt.amt, ueberschrift="Neue Überschrift")
    fresh = Zertifikat.objects.get(pk=zertifikat.pk)
    assert (fresh.snapshot, fresh.sha256, fresh.datei.read()) == before


def missing(kurs_or_row, art="modulbescheinigung", akteur=None):
    with pytest.raises(DomainError) as error:
        issue_zertifikat(kurs_or_row, art, akteur)
    assert error.value.code == "zertifikat_nicht_moeglich"
    return error.value.details["fehlt"]


def test_refusals_name_what_is_missing():
    welt = Welt()
    row = EinschreibungFactory(kurs=welt.kurs, person__geburtsdatum=None)
    assert missing(row, akteur=welt.amt) == ["geburtsdatum_fehlt", "ergebnis_fehlt"]
    row.person.geburtsdatum = dt.date(1990, 1, 1)
    row.person.save()
    ergebnis = passed(row, status="nicht_bestanden")
    assert missing(row, akteur=welt.amt) == ["nicht_bestanden"]
    assert ergebnis.status == "nicht_bestanden"
    assert missing(row, "teilnahmebescheinigung", welt.amt) == ["nicht_teilgenommen"]
    TerminFactory(kurs=welt.kurs)
    assert missing(row, "teilnahmebescheinigung", welt.amt) == ["liste_offen"]
    assert Zertifikat.objects.count() == 0


def test_a_name_that_cannot_be_set_is_refused_with_the_letter():
    welt = Welt()
    person = welt.einschreibung.person
    person.vorname = "漢字"
    person.save()
    assert missing(welt.einschreibung, akteur=welt.amt) == ["zeichen_nicht_druckbar"]


def test_confirmation_of_attendance_carries_the_persons_own_hours_and_no_grade():
    welt = Welt(modulversion=None, art="seminar")
    row = EinschreibungFactory(kurs=welt.kurs)
    attended(welt.termin, row, 95)
    zertifikat = issue_zertifikat(row, "teilnahmebescheinigung", welt.amt)
    assert Decimal(zertifikat.snapshot["ue_besucht"]) == Decimal("2.11")
    assert Decimal(zertifikat.snapshot["ue_geplant"]) == Decimal("4.00")
    assert zertifikat.snapshot["note"] is None
    assert zertifikat.snapshot["ects"] is None


@pytest.mark.parametrize("rolle", [r for r in Rolle.values if r not in ("pruefungsamt", "leitung")])
def test_only_the_examination_office_issues(rolle):
    welt = Welt()
    with pytest.raises(PermissionDenied):
        issue_zertifikat(welt.einschreibung, "modulbescheinigung", member(welt.kurs.veranstalter, rolle))
    with pytest.raises(PermissionDenied):
        issue_zertifikat(welt.einschreibung, "modulbescheinigung", member(OrganisationFactory(), "pruefungsamt"))
    assert not Zertifikat.objects.exists()


def test_numbers_have_no_gap_after_a_failure():
    welt = Welt(personen=3)
    first, bad, last = welt.einschreibungen
    issue_zertifikat(first, "modulbescheinigung", welt.amt)
    org = welt.kurs.veranstalter
    type(org).objects.filter(pk=org.pk).update(ort="漢")
    with pytest.raises(DomainError, match="Zeichen"):
        issue_zertifikat(bad, "modulbescheinigung", welt.amt)
    type(org).objects.filter(pk=org.pk).update(ort="Dresden")
    assert issue_zertifikat(last, "modulbescheinigung", welt.amt).laufend == 2


def test_revocation_keeps_number_and_file_and_allows_a_new_one():
    welt = Welt()
    old = draw_zertifikat(issue_zertifikat(welt.einschreibung, "modulbescheinigung", welt.amt).pk)
    with pytest.raises(DomainError, match="Grund"):
        revoke_zertifikat(old, welt.amt, "  ")
    revoked = revoke_zertifikat(old, welt.amt, "Schreibfehler")
    assert revoked.status == "widerrufen"
    assert revoke_zertifikat(old, welt.amt, "noch einmal").widerrufsgrund == "Schreibfehler"
    new = issue_zertifikat(welt.einschreibung, "modulbescheinigung", welt.amt)
    assert (new.laufend, new.ersetzt) == (2, old)


@pytest.mark.parametrize(
    "change",
    [
        "nummer = 'X'",
        "laufend = 9",
        "snapshot = '{}'",
        "sha256 = 'x'",
        "pruefcode = 'x'",
        "ausgestellt_am = '2020-01-01'",
    ],
)
def test_the_database_refuses_to_change_an_issued_certificate(change):
    welt = Welt()
    zertifikat = draw_zertifikat(issue_zertifikat(welt.einschreibung, "modulbescheinigung", welt.amt).pk)
    with pytest.raises(IntegrityError, match="immutable"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE zertifikate_zertifikat SET {change} WHERE id = %s", [zertifikat.pk])
    with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
        zertifikat.delete()
    with transaction.atomic(), connection.cursor() as cursor:  # control: forgetting the person is allowed
        cursor.execute("UPDATE zertifikate_zertifikat SET person_id = NULL WHERE id = %s", [zertifikat.pk])


def test_bulk_reports_the_bad_one_and_issues_the_rest(django_capture_on_commit_callbacks):
    welt = Welt(personen=3)
    welt.einschreibungen[1].modulergebnis.delete()
    vorgang = start_ausstellung(welt.kurs, "modulbescheinigung", welt.amt, welt.einschreibungen)
    assert vorgang.parameter["titel"] == f"Modulbescheinigung ausstellen: {welt.kurs.titel}"
    run_vorgang(vorgang.pk)
    vorgang.refresh_from_db()
    assert (vorgang.status, vorgang.erledigt, vorgang.ergebnis) == ("fertig", 3, {"ausgestellt": 2, "fehler": 1})
    assert [f["code"] for f in vorgang.fehler] == ["zertifikat_nicht_moeglich"]
    assert sorted(Zertifikat.objects.values_list("laufend", flat=True)) == [1, 2]
    assert not Zertifikat.objects.filter(sha256="").exists()


def test_bulk_that_lost_its_worker_continues_without_doubles():
    welt = Welt(personen=3)
    vorgang = start_ausstellung(welt.kurs, "modulbescheinigung", welt.amt, welt.einschreibungen)
    issue_zertifikat(welt.einschreibungen[0], "modulbescheinigung", welt.amt, vorgang=vorgang)
    long_ago = timezone.now() - dt.timedelta(minutes=5)
    Vorgang.objects.filter(pk=vorgang.pk).update(status="laufend", lebenszeichen_at=long_ago)
    run_vorgang(vorgang.pk)
    assert sorted(Zertifikat.objects.values_list("laufend", flat=True)) == [1, 2, 3]
    assert not Zertifikat.objects.filter(sha256="").exists()


def test_templates_are_versioned_and_checked():
    welt = Welt()
    org = welt.kurs.veranstalter
    assert current_vorlage(org, "zertifikat").version == 1
    assert create_vorlage(org, "zertifikat", welt.amt).version == 1
    assert create_vorlage(org, "zertifikat", welt.amt, einleitung="Neu").version == 2
    for pattern in ("fest", "{jahr}", "{laufend}", "{unbekannt}", "{jahr.__class__}-{laufend}", "{jahr}-{laufend:",
        "{jahr}-{laufend:099999999d}", "{jahr}-{laufend!r}"):  # fmt: skip
        with pytest.raises(DomainError) as error:
            create_vorlage(org, "zertifikat", welt.amt, nummer_format=pattern)
        assert error.value.code == "nummernformat_ungueltig"


def test_two_issuers_with_the_same_format_of_numbers_get_a_sentence_and_not_a_crash():
    """Short names and formats belong to each issuer; nothing keeps two of them from being alike."""
    first, second = Welt(), Welt()
    for welt in (first, second):
        create_vorlage(welt.kurs.veranstalter, "zertifikat", welt.amt, nummer_format="NQ-{jahr}-{laufend:04d}")
    taken = issue_zertifikat(first.einschreibung, "zertifikat", first.amt)
    with pytest.raises(DomainError) as error:
        issue_zertifikat(second.einschreibung, "zertifikat", second.amt)
    assert (error.value.code, taken.nummer in error.value.message) == ("nummer_vergeben", True)
    create_vorlage(second.kurs.veranstalter, "zertifikat", second.amt, nummer_format="NQ2-{jahr}-{laufend:04d}")
    assert issue_zertifikat(second.einschreibung, "zertifikat", second.amt).laufend == 1
