"""Two at once: handing in, grading, confirming. The locks give one clean outcome, the constraints hold anyway."""

import time
from contextlib import contextmanager
from unittest import mock

import pytest
from django.db import IntegrityError, connection

from kurse.aufgaben import bewertung, ergebnis, services
from kurse.aufgaben.models import Abgabe, Bewertung, Modulergebnis
from kurse.aufgaben.services import grade_abgabe, submit_abgabe
from kurse.einschreibung.models import Einschreibung
from lms.core.errors import DomainError
from tests.concurrency import run_parallel
from tests.kurse.aufgaben.welt import build_welt

pytestmark = [
    pytest.mark.nebenlaeufig,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="row locks need PostgreSQL"),
]


@pytest.fixture
def welt():
    return build_welt()


def unlocked(einschreibung):
    return Einschreibung.objects.select_related("person").get(pk=einschreibung.pk)


@contextmanager
def without_lock():
    """The control: the enrolment is read without its lock, and the gap before the write is wide enough to meet in."""
    real = bewertung._check_bewertung

    def slow(*args):
        real(*args)
        time.sleep(1.5)

    def new_after_a_while(*_args):
        time.sleep(1.5)
        return False

    with (
        mock.patch.object(bewertung, "lock_einschreibung", unlocked),
        mock.patch.object(services, "lock_einschreibung", unlocked),
        mock.patch.object(bewertung, "_check_bewertung", slow),
        mock.patch.object(services, "_is_same", new_after_a_while),
        mock.patch.object(ergebnis, "_lock", lambda _kurs, pks: [unlocked(Einschreibung(pk=pk)) for pk in pks]),
    ):
        yield


def submit(welt, text="A"):
    return lambda: submit_abgabe(welt.aufgabe, welt.teilnahme, welt.person, text=text)


def errors(results):
    return [r for r in results if isinstance(r, Exception)]


class TestSubmitTwice:
    def test_double_click_is_one_submission(self, welt):
        results = run_parallel([submit(welt)] * 4)
        assert len({row.pk for row in results}) == 1
        assert Abgabe.objects.count() == 1

    def test_two_texts_are_two_versions_in_order(self, welt):
        results = run_parallel([submit(welt, "A"), submit(welt, "B"), submit(welt, "C")])
        assert sorted(row.versuch for row in results) == [1, 2, 3]

    def test_control_without_the_lock(self, welt):
        with without_lock():
            results = run_parallel([submit(welt)] * 2)
        assert [type(e) for e in errors(results)] == [IntegrityError]
        assert Abgabe.objects.count() == 1


class TestGradeTwice:
    @pytest.fixture
    def abgabe(self, welt):
        return submit(welt)()

    def graders(self, welt, abgabe):
        return [
            lambda: grade_abgabe(abgabe, welt.lehrende, ergebnis="bestanden", bisher=""),
            lambda: grade_abgabe(abgabe, welt.verwaltung, ergebnis="nicht_bestanden", bisher=""),
        ]

    def test_the_second_is_told_instead_of_replacing_unseen(self, welt, abgabe):
        results = run_parallel(self.graders(welt, abgabe))
        (refused,) = errors(results)
        assert isinstance(refused, DomainError)
        assert refused.code == "inzwischen_bewertet"
        only = Bewertung.objects.get()
        abgabe.refresh_from_db()
        assert abgabe.status == only.ergebnis

    def test_control_without_the_lock(self, welt, abgabe):
        with without_lock(), mock.patch.object(bewertung.Abgabe.objects, "select_for_update", _plain):
            results = run_parallel(self.graders(welt, abgabe))
        assert [type(e) for e in errors(results)] == [IntegrityError]
        assert Bewertung.objects.count() == 1

    def test_grading_and_a_new_version_leave_no_graded_old_version(self, welt, abgabe):
        results = run_parallel([self.graders(welt, abgabe)[1], submit(welt, "neue Fassung")])
        newest = Abgabe.objects.latest("versuch")
        if errors(results):
            assert errors(results)[0].code == "abgabe_ueberholt"
            assert not Bewertung.objects.exists()
        assert (newest.versuch, newest.status) == (2, "eingereicht")


class TestConfirmTwice:
    @pytest.fixture
    def fertig(self, welt):
        row = submit(welt)()
        grade_abgabe(row, welt.lehrende, ergebnis="bestanden")
        return welt

    def confirm(self, welt):
        return lambda: ergebnis.confirm_ergebnis(welt.teilnahme, welt.pruefungsamt)

    def test_one_result(self, fertig):
        results = run_parallel(
            [self.confirm(fertig)] * 3 + [lambda: ergebnis.confirm_alle(fertig.kurs, fertig.pruefungsamt)]
        )
        assert errors(results) == []
        assert Modulergebnis.objects.count() == 1
        assert len({row.pk for row in results[:3]}) == 1
        fertig.teilnahme.refresh_from_db()
        assert fertig.teilnahme.status == "abgeschlossen"

    def test_control_without_the_lock(self, fertig):
        real = ergebnis.propose_many

        def slow(*args):
            found = real(*args)
            time.sleep(1.5)
            return found

        with without_lock(), mock.patch.object(ergebnis, "propose_many", slow):
            results = run_parallel([self.confirm(fertig)] * 2)
        assert [type(e) for e in errors(results)] == [IntegrityError]
        assert Modulergebnis.objects.count() == 1

    def test_regrading_and_confirming_agree(self, fertig):
        row = Abgabe.objects.get()
        results = run_parallel(
            [self.confirm(fertig), lambda: grade_abgabe(row, fertig.verwaltung, ergebnis="nicht_bestanden")]
        )
        found = Modulergebnis.objects.get()
        row.refresh_from_db()
        if isinstance(results[1], DomainError):
            assert (results[1].code, found.status) == ("ergebnis_bestaetigt", "bestanden")
        else:
            assert found.status == "nicht_bestanden"
        assert row.status == found.status == found.berechnung["aufgaben"][0]["stand"]


def _plain(*args, **kwargs):
    return Abgabe.objects.all()
