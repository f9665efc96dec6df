import datetime as dt
import hashlib
import socket
import struct
import threading
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from kurse.aufgaben.bewertung import record_pruefung
from kurse.aufgaben.models import Abgabe, Modulergebnis
from kurse.aufgaben.services import create_aufgabe, extend_frist, grade_abgabe, submit_abgabe, update_aufgabe
from lms.core.errors import DomainError
from lms.core.models import AuditEintrag
from lms.post.models import Nachricht
from tests.factories import (
    AufgabeFactory,
    EinschreibungFactory,
    LehrauftragFactory,
    ModulversionFactory,
    NotenskalaFactory,
)
from tests.kurse.aufgaben.welt import DOCX, JPG, ODT, PDF, PNG, broken_deflate, upload, zip_bytes

pytestmark = pytest.mark.django_db


def code_of(function, *args, **kwargs):
    with pytest.raises(DomainError) as caught:
        function(*args, **kwargs)
    return caught.value.code


def hand_in(welt, **kwargs):
    return submit_abgabe(welt.aufgabe, welt.teilnahme, welt.person, **(kwargs or {"text": "Mein Text"}))


def close_result(einschreibung):
    return Modulergebnis.objects.create(
        einschreibung=einschreibung, status="nicht_bestanden", ue_geplant=8, ue_besucht=8
    )


def past(days=1):
    return timezone.now() - dt.timedelta(days=days)


def future(days=1):
    return timezone.now() + dt.timedelta(days=days)


class TestSubmit:
    def test_text_and_file_are_kept_with_their_digest(self, welt):
        row = hand_in(welt, text="Zeile 1\r\nZeile 2 ", datei=upload("Mein Bericht.pdf"))
        row.refresh_from_db()
        assert (row.text, row.versuch, row.status, row.verspaetet) == ("Zeile 1\nZeile 2", 1, "eingereicht", False)
        assert (row.dateiname, row.mime, row.groesse) == ("Mein Bericht.pdf", "application/pdf", len(PDF))
        assert row.sha256 == hashlib.sha256(PDF).hexdigest()
        assert row.datei.read() == PDF
        assert row.datei.name.startswith(f"abgaben/{welt.aufgabe.public_id}/{row.public_id}")
        assert AuditEintrag.objects.filter(aktion="abgabe_eingereicht", objekt_id=row.public_id).count() == 1
        mail = Nachricht.objects.get()
        assert mail.empfaenger == welt.person
        assert row.sha256 in mail.text

    def test_double_click_is_the_same_submission(self, welt):
        first = hand_in(welt, text="A", datei=upload())
        assert hand_in(welt, text="A", datei=upload()) == first
        assert Abgabe.objects.count() == 1
        assert Nachricht.objects.count() == 1

    def test_every_version_stays(self, welt):
        first = hand_in(welt, datei=upload())
        second = hand_in(welt, text="neu")
        assert [first.versuch, second.versuch] == [1, 2]
        first.refresh_from_db()
        assert first.datei.read() == PDF

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a.pdf", PDF),
            ("a.PDF", PDF),
            ("a.png", PNG),
            ("a.jpg", JPG),
            ("a.jpeg", JPG),
            ("a.docx", DOCX),
            ("a.odt", ODT),
            ("a.txt", "Grüße, Łódź\n".encode()),
        ],
    )
    def test_allowed_types(self, welt, name, content):
        assert hand_in(welt, datei=upload(name, content)).groesse == len(content)

    @pytest.mark.parametrize(
        ("name", "content", "code"),
        [
            ("a.exe", b"MZ\x90\0" + b"\0" * 50, "dateityp_unzulaessig"),
            ("a.html", b"<script>alert(1)</script>", "dateityp_unzulaessig"),
            ("a", PDF, "dateityp_unzulaessig"),
            ("a.pdf.exe", PDF, "dateityp_unzulaessig"),
            ("a.pdf", b"MZ\x90\0" + b"\0" * 50, "dateiinhalt_passt_nicht"),
            ("a.pdf", PNG, "dateiinhalt_passt_nicht"),
            ("a.pdf", b"x", "dateiinhalt_passt_nicht"),
            ("a.png", PDF, "dateiinhalt_passt_nicht"),
            ("a.docx", ODT, "dateiinhalt_passt_nicht"),
            ("a.docx", zip_bytes(evil_DOT_exe="MZ"), "dateiinhalt_passt_nicht"),
            ("a.docx", DOCX[:40], "dateiinhalt_passt_nicht"),
            ("a.odt", DOCX, "dateiinhalt_passt_nicht"),
            ("a.odt", broken_deflate(), "dateiinhalt_passt_nicht"),
            ("a.txt", b"abc\0def", "dateiinhalt_passt_nicht"),
            ("a.pdf", b"", "datei_leer"),
        ],
    )
    def test_refused_files(self, welt, name, content, code):
        assert code_of(hand_in, welt, text="bleibt", datei=upload(name, content)) == code
        assert not Abgabe.objects.exists()

    def test_huge_file(self, welt, settings):
        settings.UPLOAD_MAX_BYTES = len(PDF) - 1
        assert code_of(hand_in, welt, datei=upload()) == "datei_zu_gross"

    def test_type_list_is_a_setting(self, welt, settings):
        settings.ABGABE_DATEITYPEN = ["txt"]
        assert code_of(hand_in, welt, datei=upload()) == "dateityp_unzulaessig"

    def test_name_is_cleaned(self, welt):
        file = upload()
        file._name = "..\\..\\böse\u202eDatei\x07.pdf"
        assert hand_in(welt, datei=file).dateiname == "böseDatei.pdf"

    def test_empty_and_too_long(self, welt):
        assert code_of(hand_in, welt, text=" \n ") == "abgabe_leer"
        assert code_of(hand_in, welt, text="x" * 100_001) == "text_zu_lang"

    def test_only_the_own_enrolment(self, welt):
        with pytest.raises(PermissionDenied):
            submit_abgabe(welt.aufgabe, welt.teilnahme, welt.lehrende, text="A")
        with pytest.raises(PermissionDenied):
            submit_abgabe(welt.aufgabe, welt.teilnahme, welt.andere.person, text="A")

    def test_other_course_and_examination(self, welt):
        foreign = AufgabeFactory()
        assert code_of(submit_abgabe, foreign, welt.teilnahme, welt.person, text="A") == "andere_aufgabe"
        exam = AufgabeFactory(kurs=welt.kurs, art="pruefung")
        assert code_of(submit_abgabe, exam, welt.teilnahme, welt.person, text="A") == "pruefung_ohne_abgabe"

    @pytest.mark.parametrize("status", ["beantragt", "storniert", "nicht_bestanden"])
    def test_only_while_taking_part(self, welt, status):
        row = EinschreibungFactory(kurs=welt.kurs, status=status)
        assert code_of(submit_abgabe, welt.aufgabe, row, row.person, text="A") == "nicht_zugelassen"

    def test_nothing_after_the_result(self, welt):
        close_result(welt.teilnahme)
        assert code_of(hand_in, welt) == "ergebnis_bestaetigt"

    def test_late_is_marked_or_refused(self, welt):
        update_aufgabe(welt.aufgabe, welt.lehrende, faellig_at=past())
        assert hand_in(welt).verspaetet
        update_aufgabe(welt.aufgabe, welt.lehrende, verspaetet_erlaubt=False)
        assert code_of(hand_in, welt, text="zweite Fassung") == "frist_abgelaufen"

    def test_extension_opens_again_for_one_person(self, welt):
        update_aufgabe(welt.aufgabe, welt.lehrende, faellig_at=past(), verspaetet_erlaubt=False)
        extend_frist(welt.aufgabe, welt.teilnahme, welt.lehrende, bis=future(), grund="Krankheit")
        assert not hand_in(welt).verspaetet
        other = welt.andere
        assert code_of(submit_abgabe, welt.aufgabe, other, other.person, text="A") == "frist_abgelaufen"

    def test_attempts_are_limited(self, welt):
        update_aufgabe(welt.aufgabe, welt.lehrende, max_versuche=2)
        hand_in(welt, text="1")
        hand_in(welt, text="2")
        assert code_of(hand_in, welt, text="3") == "keine_versuche"

    def test_after_return_also_past_the_deadline(self, welt):
        row = hand_in(welt)
        grade_abgabe(row, welt.lehrende, ergebnis="ueberarbeiten", kommentar="Bitte kürzen")
        update_aufgabe(welt.aufgabe, welt.lehrende, faellig_at=past(), verspaetet_erlaubt=False)
        again = hand_in(welt)
        assert (again.versuch, again.verspaetet) == (2, False)

    def test_passed_stays_passed(self, welt):
        grade_abgabe(hand_in(welt), welt.lehrende, ergebnis="bestanden")
        assert code_of(hand_in, welt, text="neu") == "schon_bestanden"


class TestVirusScan:
    """Against a socket that speaks clamd's INSTREAM."""

    @pytest.fixture
    def clamd(self, settings):
        server = socket.create_server(("127.0.0.1", 0))
        state = {"answer": b"stream: OK\0", "received": b""}

        def serve():
            connection, _address = server.accept()
            with connection, connection.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                while size := struct.unpack("!L", stream.read(4))[0]:
                    state["received"] += stream.read(size)
                connection.sendall(state["answer"])

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        settings.CLAMAV_SOCKET = f"127.0.0.1:{server.getsockname()[1]}"
        yield state
        thread.join(5)
        server.close()

    def test_clean(self, welt, clamd):
        assert hand_in(welt, datei=upload()).sha256
        assert clamd["received"] == PDF

    def test_found(self, welt, clamd):
        clamd["answer"] = b"stream: Eicar-Test-Signature FOUND\0"
        assert code_of(hand_in, welt, datei=upload()) == "datei_mit_schadsoftware"
        assert not Abgabe.objects.exists()

    def test_silent_scanner_lets_nothing_pass(self, welt, settings):
        settings.CLAMAV_SOCKET = "/nonexistent/clamd.sock"
        assert code_of(hand_in, welt, datei=upload()) == "virenscan_nicht_erreichbar"


class TestAufgabe:
    felder = {"titel": "Reflexion", "art": "reflexion"}

    def test_create_once(self, welt):
        due = future(5)
        first = create_aufgabe(welt.kurs, welt.lehrende, faellig_at=due, **self.felder)
        assert create_aufgabe(welt.kurs, welt.lehrende, faellig_at=due, **self.felder) == first

    @pytest.mark.parametrize("who", ["person", "arbeitgeber", "pruefungsamt", "fremde"])
    def test_who_may_not(self, welt, who):
        with pytest.raises(PermissionDenied):
            create_aufgabe(welt.kurs, getattr(welt, who), faellig_at=future(), **self.felder)
        with pytest.raises(PermissionDenied):
            update_aufgabe(welt.aufgabe, getattr(welt, who), titel="X")

    @pytest.mark.parametrize(
        ("felder", "field"),
        [
            ({"titel": " "}, "titel"),
            ({"titel": "x" * 201}, "titel"),
            ({"faellig_at": None}, "faellig_at"),
            ({"max_versuche": 0}, "max_versuche"),
            ({"gewicht": 1000}, "gewicht"),
            ({"art": "quatsch"}, "art"),
        ],
    )
    def test_bad_input_names_its_field(self, welt, felder, field):
        with pytest.raises(DomainError) as caught:
            create_aufgabe(welt.kurs, welt.lehrende, **{"faellig_at": future(), **self.felder, **felder})
        assert (caught.value.code, caught.value.field) == ("eingabe_ungueltig", field)

    def test_other_scale_than_the_module(self, welt):
        task = AufgabeFactory(kurs__modulversion=ModulversionFactory(notenskala=NotenskalaFactory()))
        teacher = LehrauftragFactory(kurs=task.kurs).person
        assert code_of(update_aufgabe, task, teacher, notenskala=NotenskalaFactory()) == "skala_passt_nicht"

    def test_scale_is_fixed_by_grades(self, welt):
        update_aufgabe(welt.aufgabe, welt.lehrende, notenskala=NotenskalaFactory())
        record = hand_in(welt)
        grade_abgabe(record, welt.lehrende, ergebnis="bestanden", note=Decimal("1.3"))
        assert code_of(update_aufgabe, welt.aufgabe, welt.lehrende, notenskala=None) == "aufgabe_hat_noten"

    def test_results_fix_what_counts(self, welt):
        close_result(welt.andere)
        assert code_of(update_aufgabe, welt.aufgabe, welt.lehrende, pflicht=False) == "ergebnisse_bestaetigt"
        assert update_aufgabe(welt.aufgabe, welt.lehrende, titel="Neu").titel == "Neu"
        refused = code_of(create_aufgabe, welt.kurs, welt.lehrende, faellig_at=future(), **self.felder)
        assert refused == "ergebnisse_bestaetigt"

    def test_cancelled_course(self, welt):
        type(welt.kurs).objects.update(status="abgesagt")
        assert code_of(create_aufgabe, welt.kurs, welt.lehrende, faellig_at=future(), **self.felder) == "kurs_beendet"


class TestExtension:
    def extend(self, welt, **kwargs):
        data = {"bis": future(30), "grund": "Krankheit", **kwargs}
        return extend_frist(welt.aufgabe, data.pop("einschreibung", welt.teilnahme), welt.lehrende, **data)

    def test_same_twice_is_one(self, welt):
        bis = future(30)
        assert self.extend(welt, bis=bis) == self.extend(welt, bis=bis)
        assert Nachricht.objects.filter(empfaenger=welt.person).count() == 1
        assert "Krankheit" not in Nachricht.objects.get().text

    def test_refusals(self, welt):
        assert code_of(self.extend, welt, grund=" ") == "grund_fehlt"
        assert code_of(self.extend, welt, bis=past()) == "frist_in_vergangenheit"
        assert code_of(self.extend, welt, bis=future(1)) == "frist_nicht_laenger"
        assert code_of(self.extend, welt, einschreibung=EinschreibungFactory()) == "andere_aufgabe"
        waiting = EinschreibungFactory(kurs=welt.kurs, status="beantragt")
        assert code_of(self.extend, welt, einschreibung=waiting) == "nicht_zugelassen"
        own = EinschreibungFactory(kurs=welt.kurs, person=welt.lehrende)
        assert code_of(self.extend, welt, einschreibung=own) == "eigene_frist"
        close_result(welt.teilnahme)
        assert code_of(self.extend, welt) == "ergebnis_bestaetigt"
        with pytest.raises(PermissionDenied):
            extend_frist(welt.aufgabe, welt.teilnahme, welt.person, bis=future(30), grund="A")


def test_exam_result_without_submission(welt):
    exam = AufgabeFactory(kurs=welt.kurs, art="pruefung", max_versuche=2)
    failed = record_pruefung(exam, welt.teilnahme, welt.lehrende, ergebnis="nicht_bestanden")
    again = record_pruefung(exam, welt.teilnahme, welt.lehrende, ergebnis="bestanden", wiederholung=True)
    assert (failed.abgabe.versuch, again.abgabe.versuch) == (1, 2)
    args = (exam, welt.teilnahme, welt.lehrende)
    assert code_of(record_pruefung, *args, ergebnis="bestanden", wiederholung=True) == "schon_bestanden"
    assert code_of(record_pruefung, *args, ergebnis="ueberarbeiten", kommentar="A") == "pruefung_ohne_abgabe"
    assert code_of(record_pruefung, welt.aufgabe, *args[1:], ergebnis="bestanden") == "keine_pruefung"
    assert (
        code_of(record_pruefung, exam, EinschreibungFactory(), welt.lehrende, ergebnis="bestanden") == "andere_aufgabe"
    )
    corrected = record_pruefung(*args, ergebnis="nicht_bestanden")
    assert corrected.ersetzt == again
    assert code_of(record_pruefung, *args, ergebnis="bestanden", wiederholung=True) == "keine_versuche"
