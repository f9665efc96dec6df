import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from kurse.aufgaben.ergebnis import confirm_ergebnis
from kurse.aufgaben.models import Abgabe, Aufgabe, Bewertung, Fristverlaengerung, Modulergebnis
from kurse.aufgaben.services import grade_abgabe, submit_abgabe, update_aufgabe
from tests.factories import AufgabeFactory, EinschreibungFactory, NotenskalaFactory
from tests.kurse.aufgaben.test_abgabe import close_result, hand_in
from tests.kurse.aufgaben.welt import PDF, build_welt, past_termin, upload

pytestmark = pytest.mark.django_db


def url(name, *rows):
    return reverse(name, args=[row.public_id for row in rows])


def login(client, person):
    client.force_login(person)
    return client


@pytest.fixture
def benotet(welt):
    """A graded submission with a feedback that must not leak."""
    update_aufgabe(welt.aufgabe, welt.lehrende, notenskala=NotenskalaFactory())
    row = hand_in(welt, text="Geheimer Text", datei=upload("geheim.pdf"))
    grade_abgabe(row, welt.lehrende, ergebnis="bestanden", note=Decimal("2.3"), kommentar="Vertrauliche Rückmeldung")
    return row


class TestWhoSeesWhat:
    @pytest.mark.parametrize("who", ["arbeitgeber", "fremde", "andere"])
    def test_submissions_of_others_do_not_exist(self, welt, client, benotet, who):
        login(client, welt.andere.person if who == "andere" else getattr(welt, who))
        for name in ("abgabe", "abgabe_datei"):
            assert client.get(url(name, benotet)).status_code == 404
        assert client.post(url("abgabe", benotet), {"ergebnis": "bestanden"}).status_code == 404
        assert client.get(url("ergebnis", welt.teilnahme)).status_code == 404
        assert client.get(url("ergebnisse", welt.kurs)).status_code == 404

    @pytest.mark.parametrize("who", ["arbeitgeber", "fremde"])
    def test_outsiders_see_no_page_of_the_room(self, welt, client, benotet, who):
        login(client, getattr(welt, who))
        for name, row in [("aufgaben", welt.kurs), ("aufgabe", welt.aufgabe), ("aufgabe_neu", welt.kurs)]:
            assert client.get(url(name, row)).status_code == 404
        for name in ("api_aufgaben", "api_abgaben", "api_bewertungen", "api_fristverlaengerungen", "api_ergebnisse"):
            assert client.get(reverse(name)).json()["results"] == []

    def test_other_participants_never_see_grade_or_feedback(self, welt, client, benotet):
        login(client, welt.andere.person)
        for page in (url("aufgaben", welt.kurs), url("aufgabe", welt.aufgabe), reverse("api_abgaben")):
            body = client.get(page).content.decode()
            for secret in ("2,3", "2.3", "Vertrauliche", "Geheimer", "geheim.pdf"):
                assert secret not in body

    def test_the_own_grade_and_feedback_are_there(self, welt, client, benotet):
        login(client, welt.person)
        assert "2,3" in client.get(url("aufgaben", welt.kurs)).content.decode()
        body = client.get(url("aufgabe", welt.aufgabe)).content.decode()
        for part in ("2,3", "Vertrauliche Rückmeldung", "Geheimer Text", "geheim.pdf"):
            assert part in body
        assert client.get(url("abgabe", benotet)).url == url("aufgabe", welt.aufgabe)

    def test_anonymous_is_sent_to_the_login(self, welt, client, benotet):
        for name, row in [("aufgaben", welt.kurs), ("abgabe", benotet), ("abgabe_datei", benotet)]:
            assert reverse("account_login") in client.get(url(name, row)).url

    def test_examination_office_reads_but_does_not_grade(self, welt, client, benotet):
        login(client, welt.pruefungsamt)
        body = client.get(url("abgabe", benotet)).content.decode()
        assert "Vertrauliche" in body
        assert 'name="ergebnis"' not in body
        assert client.post(url("abgabe", benotet), {"ergebnis": "bestanden"}).status_code == 403
        assert client.get(url("aufgabe_neu", welt.kurs)).status_code == 403

    def test_lecturers_see_results_but_do_not_confirm(self, welt, client):
        login(client, welt.lehrende)
        assert client.get(url("ergebnisse", welt.kurs)).status_code == 200
        assert client.post(url("ergebnisse_bestaetigen", welt.kurs)).status_code == 403
        assert client.post(url("ergebnis", welt.teilnahme), {"status": "bestanden"}).status_code == 403
        assert not Modulergebnis.objects.exists()

    def test_participants_do_not_manage(self, welt, client):
        login(client, welt.person)
        assert client.get(url("aufgabe_neu", welt.kurs)).status_code == 403
        assert client.post(url("aufgabe_bearbeiten", welt.aufgabe), {"titel": "X"}).status_code == 403
        assert client.post(url("frist", welt.aufgabe), {}).status_code == 403
        assert client.get(url("ergebnisse", welt.kurs)).status_code == 404

    def test_a_cancelled_participant_sees_the_course_no_more_but_keeps_the_own_file(self, welt, client):
        row = hand_in(welt, datei=upload())
        type(welt.teilnahme).objects.filter(pk=welt.teilnahme.pk).update(status="storniert")
        login(client, welt.person)
        assert client.get(url("aufgaben", welt.kurs)).status_code == 404
        assert client.get(url("abgabe_datei", row)).status_code == 200


def test_download_is_an_attachment(welt, client):
    row = hand_in(welt, datei=upload("Größe & Maß.pdf"))
    response = login(client, welt.person).get(url("abgabe_datei", row))
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    assert client.get(url("abgabe_datei", hand_in(welt, text="nur Text"))).status_code == 404


class TestHandIn:
    def test_text_and_file(self, welt, client):
        response = login(client, welt.person).post(
            url("aufgabe", welt.aufgabe), {"text": "Mein Bericht", "datei": upload()}
        )
        assert response.url == url("aufgabe", welt.aufgabe)
        row = Abgabe.objects.get()
        assert (row.text, row.dateiname) == ("Mein Bericht", "bericht.pdf")

    @pytest.mark.parametrize(
        ("name", "content", "message"),
        [
            ("a.exe", b"MZ", "Dieser Dateityp wird nicht angenommen"),
            ("a.pdf", b"MZ", "passt nicht zur Endung"),
            ("a.pdf", b"", "Die Datei ist leer"),
            ("a.pdf", PDF * 10, "Die Datei ist zu groß"),
            ("x" * 250 + ".pdf", PDF, "200"),
        ],
    )
    def test_an_error_keeps_the_text(self, welt, client, settings, name, content, message):
        settings.UPLOAD_MAX_BYTES = 200
        data = {"text": "Viele Stunden Arbeit <b>", "datei": upload(name, content)}
        response = login(client, welt.person).post(url("aufgabe", welt.aufgabe), data)
        body = response.content.decode()
        assert response.status_code == 422
        assert message in body
        assert "Viele Stunden Arbeit &lt;b&gt;" in body
        assert "Bitte wählen Sie die Datei noch einmal aus" in body
        assert not Abgabe.objects.exists()

    def test_nothing_entered(self, welt, client):
        response = login(client, welt.person).post(url("aufgabe", welt.aufgabe), {"text": ""})
        assert response.status_code == 422
        assert "Bitte schreiben Sie einen Text oder wählen Sie eine Datei" in response.content.decode()

    def test_after_the_deadline_the_text_is_kept(self, welt, client):
        past = timezone.now() - dt.timedelta(days=1)
        update_aufgabe(welt.aufgabe, welt.lehrende, faellig_at=past, verspaetet_erlaubt=False)
        response = login(client, welt.person).post(url("aufgabe", welt.aufgabe), {"text": "Fast fertig"})
        assert response.status_code == 422
        assert "Die Frist ist am" in response.content.decode()
        assert "Fast fertig" in response.content.decode()

    def test_double_click(self, welt, client):
        login(client, welt.person)
        for _click in range(2):
            assert client.post(url("aufgabe", welt.aufgabe), {"text": "Einmal"}).status_code == 302
        assert Abgabe.objects.count() == 1

    def test_lecturers_do_not_hand_in(self, welt, client):
        assert login(client, welt.lehrende).post(url("aufgabe", welt.aufgabe), {"text": "A"}).status_code == 403


class TestStaff:
    felder = {"titel": "Neu", "art": "abgabe", "faellig_at": "2030-01-31T12:00", "gewicht": "1,5", "max_versuche": "3"}

    def test_create_and_edit(self, welt, client):
        response = login(client, welt.lehrende).post(url("aufgabe_neu", welt.kurs), {**self.felder, "pflicht": "on"})
        assert response.url == url("aufgaben", welt.kurs)
        row = Aufgabe.objects.get(titel="Neu")
        assert (row.gewicht, row.pflicht, row.verspaetet_erlaubt) == (Decimal("1.5"), True, False)
        client.post(url("aufgabe_bearbeiten", row), {**self.felder, "titel": "Anders"})
        row.refresh_from_db()
        assert (row.titel, row.pflicht) == ("Anders", False)

    def test_an_error_keeps_the_input(self, welt, client):
        data = {**self.felder, "titel": "", "beschreibung": "Lange Aufgabenstellung"}
        for page in (url("aufgabe_neu", welt.kurs), url("aufgabe_bearbeiten", welt.aufgabe)):
            response = login(client, welt.lehrende).post(page, data)
            assert response.status_code == 422
            assert "Lange Aufgabenstellung" in response.content.decode()

    def test_grade_and_go_to_the_next(self, welt, client):
        first = hand_in(welt)
        second = submit_abgabe(welt.aufgabe, welt.andere, welt.andere.person, text="B")
        login(client, welt.lehrende)
        listed = client.get(url("aufgabe", welt.aufgabe) + "?zeige=zu_bewerten").content.decode()
        assert url("abgabe", first) in listed
        data = {"ergebnis": "bestanden", "kommentar": "Gut", "bisher": "", "weiter": "1"}
        assert client.post(url("abgabe", first), data).url == url("abgabe", second)
        assert client.post(url("abgabe", second), data).url == url("aufgabe", welt.aufgabe)
        listed = client.get(url("aufgabe", welt.aufgabe) + "?zeige=zu_bewerten").content.decode()
        assert url("abgabe", first) not in listed

    def test_an_error_keeps_the_comment(self, welt, client):
        update_aufgabe(welt.aufgabe, welt.lehrende, notenskala=NotenskalaFactory())
        row = hand_in(welt)
        data = {"ergebnis": "bestanden", "note": "", "kommentar": "Ausführliche Rückmeldung", "bisher": ""}
        response = login(client, welt.lehrende).post(url("abgabe", row), data)
        assert response.status_code == 422
        assert "Bitte wählen Sie eine Note" in response.content.decode()
        assert "Ausführliche Rückmeldung" in response.content.decode()
        assert client.post(url("abgabe", row), {**data, "note": "9.9"}).status_code == 422
        assert not Bewertung.objects.exists()

    def test_stale_form_is_refused_once_then_replaces(self, welt, client):
        row = hand_in(welt)
        other = grade_abgabe(row, welt.verwaltung, ergebnis="nicht_bestanden", kommentar="Von der Kollegin")
        data = {"ergebnis": "bestanden", "kommentar": "Von mir", "bisher": ""}
        response = login(client, welt.lehrende).post(url("abgabe", row), data)
        body = response.content.decode()
        assert response.status_code == 422
        assert "Von mir" in body
        assert "Von der Kollegin" in body
        assert f'name="bisher" value="{other.public_id}"' in body
        assert client.post(url("abgabe", row), {**data, "bisher": other.public_id}).status_code == 302
        assert Bewertung.objects.get(ersetzt_durch=None).kommentar == "Von mir"

    def test_older_version_cannot_be_graded(self, welt, client):
        first = hand_in(welt)
        newer = hand_in(welt, text="neuer")
        body = login(client, welt.lehrende).get(url("abgabe", first)).content.decode()
        assert url("abgabe", newer) in body
        assert 'name="ergebnis"' not in body
        assert client.post(url("abgabe", first), {"ergebnis": "bestanden"}).status_code == 422

    def test_extension(self, welt, client):
        login(client, welt.lehrende)
        page = client.get(url("frist", welt.aufgabe) + f"?person={welt.teilnahme.public_id}").content.decode()
        assert f'value="{welt.teilnahme.public_id}" selected' in page
        data = {"einschreibung": welt.teilnahme.public_id, "bis": "2031-01-31T12:00", "grund": "Krankheit"}
        bad = client.post(url("frist", welt.aufgabe), {**data, "bis": "2001-01-01T00:00"})
        assert bad.status_code == 422
        assert "Krankheit" in bad.content.decode()
        assert client.post(url("frist", welt.aufgabe), data).status_code == 302
        assert Fristverlaengerung.objects.get().einschreibung == welt.teilnahme
        foreign = client.post(url("frist", welt.aufgabe), {**data, "einschreibung": EinschreibungFactory().public_id})
        assert foreign.status_code == 422

    def test_exam(self, welt, client):
        exam = AufgabeFactory(kurs=welt.kurs, art="pruefung", notenskala=NotenskalaFactory())
        page = url("pruefung", exam, welt.teilnahme)
        login(client, welt.lehrende)
        assert page in client.get(url("aufgabe", exam)).content.decode()
        assert client.get(page).status_code == 200
        assert client.post(page, {"ergebnis": "bestanden", "kommentar": "K"}).status_code == 422
        assert client.post(page, {"ergebnis": "bestanden", "note": "1.0"}).status_code == 302
        assert Bewertung.objects.get().note == Decimal("1.0")
        assert client.get(url("pruefung", exam, EinschreibungFactory())).status_code == 404


class TestResults:
    def passed(self, welt):
        return grade_abgabe(hand_in(welt), welt.lehrende, ergebnis="bestanden")

    def test_numbers_open_to_entries_assignments_and_rule(self, welt, client):
        row = self.passed(welt)
        body = login(client, welt.pruefungsamt).get(url("ergebnisse", welt.kurs)).content.decode()
        for termin in welt.termine:
            assert f"{timezone.localtime(termin.beginn):%d.%m.%Y}" in body
        assert url("abgabe", row.abgabe) in body
        assert "VwV Weiterbildung Kindheitspädagogik" in body
        assert "8 von 8\N{NO-BREAK SPACE}UE besucht" in body

    def test_confirm_one_and_all(self, welt, client):
        self.passed(welt)
        login(client, welt.pruefungsamt)
        page = url("ergebnis", welt.teilnahme)
        assert client.post(page, {"status": "bestanden"}).url == url("ergebnisse", welt.kurs)
        assert client.post(page, {"status": "bestanden"}).url == page
        grade_abgabe(
            submit_abgabe(welt.aufgabe, welt.andere, welt.andere.person, text="B"), welt.lehrende, ergebnis="bestanden"
        )
        response = client.post(url("ergebnisse_bestaetigen", welt.kurs), follow=True)
        assert "1 Ergebnis wurde bestätigt." in response.content.decode()
        assert Modulergebnis.objects.count() == 2
        assert f"bestätigt am {timezone.localdate():%d.%m.%Y}" in response.content.decode()

    def test_deviation_asks_for_the_reason_and_keeps_the_choice(self, welt, client):
        login(client, welt.pruefungsamt)
        page = url("ergebnis", welt.teilnahme)
        response = client.post(page, {"status": "bestanden", "abweichung_grund": ""})
        assert response.status_code == 422
        assert "Bitte nennen Sie den Grund" in response.content.decode()
        assert client.post(page, {"status": "bestanden", "abweichung_grund": "Härtefall"}).status_code == 302

    def test_open_sessions_are_named(self, welt, client):
        extra = past_termin(welt.kurs, 5, closed=False)
        response = login(client, welt.pruefungsamt).post(
            url("ergebnis", welt.teilnahme), {"status": "bestanden", "abweichung_grund": "X"}
        )
        assert response.status_code == 422
        assert f"{timezone.localtime(extra.beginn):%d.%m.%Y}" in response.content.decode()

    def test_participant_sees_only_the_confirmed_result(self, welt, client):
        self.passed(welt)
        login(client, welt.person)
        assert client.get(url("ergebnis", welt.teilnahme)).status_code == 404
        confirm_ergebnis(welt.teilnahme, welt.pruefungsamt)
        assert client.get(url("ergebnis", welt.teilnahme)).status_code == 200
        assert url("ergebnis", welt.teilnahme) in client.get(url("aufgaben", welt.kurs)).content.decode()
        assert client.post(url("ergebnis", welt.teilnahme), {"status": "bestanden"}).status_code == 403


class TestQueries:
    """The same number whatever the rows; at most 25."""

    def grow(self, welt, count):
        while welt.kurs.aufgaben.count() < count:
            AufgabeFactory(kurs=welt.kurs)
        while welt.kurs.einschreibungen.count() < count + 1:
            EinschreibungFactory(kurs=welt.kurs)
        for person in welt.kurs.einschreibungen.exclude(abgaben__isnull=False):
            grade_abgabe(
                submit_abgabe(welt.aufgabe, person, person.person, text="A"), welt.lehrende, ergebnis="bestanden"
            )

    @pytest.mark.parametrize(
        ("who", "name", "row"),
        [
            ("person", "aufgaben", "kurs"),
            ("lehrende", "aufgaben", "kurs"),
            ("person", "aufgabe", "aufgabe"),
            ("lehrende", "aufgabe", "aufgabe"),
            ("pruefungsamt", "ergebnisse", "kurs"),
        ],
    )
    def test_one_and_three(self, client, django_assert_max_num_queries, who, name, row):
        welt = build_welt()
        login(client, getattr(welt, who))
        counts = []
        for number in (1, 3):
            self.grow(welt, number)
            with django_assert_max_num_queries(25) as captured:
                assert client.get(url(name, getattr(welt, row))).status_code == 200
            counts.append(len(captured))
        assert counts[0] == counts[1]

    def test_start_sections(self, welt, rf, django_assert_num_queries):
        from kurse.aufgaben.start import abschnitte

        hand_in(welt)
        close_result(welt.andere)
        type(welt.kurs).objects.update(ende=timezone.now())
        found = {}
        # rights and teaching are read once for the whole page, then one query per section that may have lines
        for who, queries in {"person": 3, "lehrende": 4, "pruefungsamt": 4, "arbeitgeber": 3}.items():
            request = rf.get("/")
            request.user = getattr(welt, who)
            with django_assert_num_queries(queries):
                found[who] = [len(part.zeilen) for part in abschnitte(request)]
        assert found == {
            "person": [0, 0, 0],
            "lehrende": [0, 1, 0],
            "pruefungsamt": [0, 0, 1],
            "arbeitgeber": [0, 0, 0],
        }

    def test_start_names_due_and_returned(self, welt, rf):
        from kurse.aufgaben.start import abschnitte

        request = rf.get("/")
        request.user = welt.person
        due = abschnitte(request)[0].zeilen[0]
        assert (due.titel, due.dringend) == ("Fachbericht schreiben", False)
        grade_abgabe(hand_in(welt), welt.lehrende, ergebnis="ueberarbeiten", kommentar="Kürzen")
        back = abschnitte(request)[0].zeilen[0]
        assert back.dringend
        assert "zurückgegeben" in back.text


def test_tabs_remember_rights_only_while_they_are_drawn(welt, django_assert_num_queries):
    from kurse.planung.permissions import may_grade, may_manage, may_record, remembered_kursrechte

    for person, expected in ((welt.lehrende, [True, True, False]), (welt.verwaltung, [True, True, True])):
        with remembered_kursrechte(person), django_assert_num_queries(1):
            found = [check(person, welt.kurs) for check in (may_grade, may_record, may_manage)]
        assert found == expected
        assert [check(person, welt.kurs) for check in (may_grade, may_record, may_manage)] == expected
    welt.verwaltung.groups.clear()
    assert not may_manage(welt.verwaltung, welt.kurs)
