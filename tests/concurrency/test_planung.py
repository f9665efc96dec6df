"""Races in planning: capacity against enrolling, two series at once, two numbers at once; each with a control."""

import threading
from contextlib import suppress

import pytest
from django.db import IntegrityError, connection
from django.db.models import F

from kurse.planung import services, termine
from kurse.planung.models import Kurs
from kurse.planung.services import add_termine, publish_kurs, update_kurs
from lms.core.errors import DomainError
from lms.konten.models import Organisation
from tests.concurrency import run_parallel
from tests.kurse.planung.welt import Welt

pytestmark = [
    pytest.mark.nebenlaeufig,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks"),
]


@pytest.fixture
def welt():
    return Welt()


@pytest.fixture
def without_lock(monkeypatch):
    """Read the course without its lock, and wait until the others have read it too."""

    def disarm(parties: int) -> None:
        barrier = threading.Barrier(parties)

        def read(kurs):
            row = Kurs.objects.select_related("veranstalter", "modulversion__anwesenheitsregel").get(pk=kurs.pk)
            with suppress(threading.BrokenBarrierError):
                barrier.wait(10)
            return row

        for module in (services, termine):
            monkeypatch.setattr(module, "lock_kurs", read)

    return disarm


def take_seat(kurs):
    """What enrolling does to the course row."""
    return Kurs.objects.filter(pk=kurs.pk, belegt__lt=F("kapazitaet")).update(belegt=F("belegt") + 1)


def shrink_while_enrolling(welt, kurs):
    results = run_parallel(
        [*[lambda: take_seat(kurs)] * 7, lambda: update_kurs(kurs, welt.planung, kapazitaet=3, mindestteilnehmende=1)]
    )
    kurs.refresh_from_db()
    return results


def test_capacity_never_falls_below_the_seats_taken(welt):
    kurs = publish_kurs(welt.fertiger_kurs(kapazitaet=7), welt.planung)
    for _ in range(3):
        Kurs.objects.filter(pk=kurs.pk).update(kapazitaet=7, belegt=0)
        results = shrink_while_enrolling(welt, kurs)
        errors = [result for result in results if isinstance(result, Exception)]
        assert all(isinstance(e, DomainError) and e.code == "kapazitaet_unter_belegt" for e in errors), errors
        assert kurs.belegt == sum(result for result in results[:7])
        assert kurs.belegt <= kurs.kapazitaet


def test_control_without_the_lock_only_the_constraint_holds(welt, monkeypatch):
    """Reading before the lock decides on old numbers; the database then refuses with an error nobody can read."""
    kurs = publish_kurs(welt.fertiger_kurs(kapazitaet=7), welt.planung)
    read, taken = threading.Event(), threading.Event()

    def read_too_early(kurs):
        row = Kurs.objects.select_related("veranstalter", "modulversion__anwesenheitsregel").get(pk=kurs.pk)
        read.set()
        assert taken.wait(20)
        return row

    def shrink():
        return update_kurs(kurs, welt.planung, kapazitaet=3, mindestteilnehmende=1)

    def fill():
        assert read.wait(20)
        for _ in range(7):
            take_seat(kurs)
        taken.set()

    monkeypatch.setattr(services, "lock_kurs", read_too_early)
    results = run_parallel([shrink, fill])
    assert isinstance(results[0], IntegrityError)
    kurs.refresh_from_db()
    assert (kurs.belegt, kurs.kapazitaet) == (7, 7)


def test_two_planners_add_the_same_session_once(welt):
    kurs = welt.kurs()
    results = run_parallel([lambda: add_termine(kurs, welt.planung, [welt.entwurf()])] * 4)
    assert kurs.termine.count() == 1
    refused = [result for result in results if isinstance(result, DomainError)]
    assert [error.code for error in refused] == ["termin_ueberschneidung"] * 3


def test_control_without_the_lock_sessions_overlap(welt, without_lock, monkeypatch):
    """Both have looked for overlaps before either writes."""
    kurs = welt.kurs()
    without_lock(2)
    barrier, look = threading.Barrier(2), termine.check_no_overlap

    def look_together(*args, **kwargs):
        look(*args, **kwargs)
        barrier.wait(20)

    monkeypatch.setattr(termine, "check_no_overlap", look_together)
    results = run_parallel([lambda: add_termine(kurs, welt.planung, [welt.entwurf()])] * 2)
    assert kurs.termine.count() == 2, results


def test_numbers_are_given_once(welt):
    results = run_parallel([welt.kurs] * 5)
    assert not [result for result in results if isinstance(result, Exception)]
    assert len({kurs.nummer for kurs in results}) == 5


def test_control_without_the_lock_numbers_collide(welt, monkeypatch):
    barrier = threading.Barrier(3)
    real = services._next_nummer

    def slow(org: Organisation) -> str:
        number = real(org)
        with suppress(threading.BrokenBarrierError):
            barrier.wait(10)
        return number

    monkeypatch.setattr(services, "_next_nummer", slow)
    monkeypatch.setattr(Organisation.objects.__class__, "select_for_update", lambda self, **kwargs: self.all())
    results = run_parallel([welt.kurs] * 3)
    assert [result for result in results if isinstance(result, (IntegrityError, DomainError))]
