"""Races for seats, promotion and decisions; each with a control without the lock."""

import datetime as dt
import threading
from contextlib import suppress

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from kurse.einschreibung import plaetze, services, warteliste
from kurse.einschreibung.enums import PLATZ_BELEGT
from kurse.einschreibung.models import Einschreibung
from kurse.einschreibung.services import approve_einschreibung, cancel_einschreibung, enrol
from kurse.planung.models import Kurs
from lms.core.errors import DomainError
from tests.concurrency import run_parallel
from tests.factories import PersonFactory
from tests.kurse.einschreibung.conftest import build_welt

pytestmark = [
    pytest.mark.nebenlaeufig,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks"),
]
N = 8


@pytest.fixture
def without_lock(monkeypatch):
    """Read the course without its lock, and wait until the others have read it too."""

    def disarm(parties: int) -> None:
        barrier = threading.Barrier(parties)

        def read(kurs):
            row = Kurs.objects.get(pk=kurs.pk)
            with suppress(threading.BrokenBarrierError):
                barrier.wait(3)
            return row

        for module in (plaetze, services, warteliste):
            monkeypatch.setattr(module, "lock_kurs", read)

    return disarm


@pytest.fixture
def without_conditional_update(monkeypatch):
    def take(kurs):
        Kurs.objects.filter(pk=kurs.pk).update(belegt=kurs.belegt + 1)
        return True

    monkeypatch.setattr(plaetze, "take_platz", take)


def check_invariant(kurs):
    kurs.refresh_from_db()
    assert kurs.belegt == kurs.einschreibungen.filter(status__in=PLATZ_BELEGT).count()
    assert kurs.belegt <= kurs.kapazitaet
    assert not (kurs.belegt < kurs.kapazitaet and kurs.einschreibungen.filter(status="warteliste").exists())


def soon(kapazitaet):
    return build_welt(kapazitaet=kapazitaet, beginn=timezone.now() + dt.timedelta(days=2))


def enrol_all(w, people):
    return run_parallel([lambda p=p: enrol(p, w.kurs, p) for p in people])


def test_last_seat_goes_to_one():
    w = soon(1)
    results = enrol_all(w, PersonFactory.create_batch(N))
    assert sorted(row.status for row in results) == ["warteliste"] * (N - 1) + ["zugelassen"]
    assert sorted(row.rang for row in results if row.rang) == list(range(1, N))
    check_invariant(w.kurs)


def test_control_without_both_guards_the_course_is_overbooked(without_lock, without_conditional_update):
    w = soon(1)
    people = PersonFactory.create_batch(N)
    without_lock(N)
    enrol_all(w, people)
    assert Einschreibung.objects.filter(kurs=w.kurs, status="zugelassen").count() > 1


def test_control_conditional_update_alone_prevents_overbooking(without_lock):
    w = soon(1)
    people = PersonFactory.create_batch(N)
    without_lock(N)
    results = enrol_all(w, people)
    refused = [r for r in results if isinstance(r, DomainError)]
    assert {r.code for r in refused} == {"kurs_voll"}
    assert Einschreibung.objects.filter(kurs=w.kurs, status="zugelassen").count() == 1


def test_same_person_many_times_is_one_row():
    w = soon(3)
    results = enrol_all(w, [w.frei] * N)
    assert len({row.pk for row in results}) == 1
    assert w.frei.post.count() == 1
    check_invariant(w.kurs)


def test_control_without_the_lock_only_the_constraint_is_left(without_lock):
    w = soon(N)
    without_lock(N)
    results = enrol_all(w, [w.frei] * N)
    assert [type(r) for r in results].count(IntegrityError) == N - 1
    assert Einschreibung.objects.filter(kurs=w.kurs).count() == 1


def build_list():
    w = soon(2)
    people = PersonFactory.create_batch(6)
    rows = [enrol(p, w.kurs, p) for p in people]
    return w, people, rows


def test_two_withdrawals_promote_the_first_two():
    w, people, rows = build_list()
    run_parallel([lambda i=i: cancel_einschreibung(rows[i], people[i]) for i in (0, 1)])
    found = [row.status for row in Einschreibung.objects.filter(kurs=w.kurs).order_by("id")]
    assert found == ["storniert", "storniert", "zugelassen", "zugelassen", "warteliste", "warteliste"]
    check_invariant(w.kurs)


def test_control_two_people_join_the_list_without_the_lock(without_lock):
    """Both count the same next rank; only the unique constraint keeps the order of the list."""
    w = soon(1)
    enrol(w.frei, w.kurs, w.frei)
    people = PersonFactory.create_batch(N)
    without_lock(N)
    results = enrol_all(w, people)
    assert IntegrityError in {type(r) for r in results}


def leave_and_join(w, first, joining):
    return run_parallel([lambda: cancel_einschreibung(first, first.person), lambda: enrol(joining, w.kurs, joining)])


def test_leaving_against_joining():
    for _ in range(4):
        w = soon(1)
        leave_and_join(w, enrol(w.frei, w.kurs, w.frei), PersonFactory())
        check_invariant(w.kurs)
        assert w.kurs.belegt == 1


def test_control_leaving_against_joining_without_the_lock(without_lock, monkeypatch):
    """The one who joins saw a full course and comes to the list when the other has already looked there."""
    w = soon(1)
    first, joining = enrol(w.frei, w.kurs, w.frei), PersonFactory()
    left = threading.Event()
    original, promote = plaetze.next_rang, services.promote_warteliste

    def slow(kurs):
        left.wait(30)
        return original(kurs)

    def promote_and_tell(kurs):
        found = promote(kurs)
        left.set()
        return found

    monkeypatch.setattr(plaetze, "next_rang", slow)
    monkeypatch.setattr(services, "promote_warteliste", promote_and_tell)
    without_lock(2)
    leave_and_join(w, first, joining)
    w.kurs.refresh_from_db()
    assert (w.kurs.belegt, w.kurs.einschreibungen.get(person=joining).status) == (0, "warteliste")


def test_withdrawals_enrolments_and_the_sweep_together():
    w, people, rows = build_list()
    new = PersonFactory.create_batch(3)
    acts = [lambda i=i: cancel_einschreibung(rows[i], people[i]) for i in (0, 1, 3)]
    acts += [lambda p=p: enrol(p, w.kurs, p) for p in new]
    acts += [warteliste.promote_everywhere, lambda: warteliste.promote_warteliste(w.kurs)]
    results = run_parallel(acts)
    assert not [r for r in results if isinstance(r, Exception)]
    found = {row.pk: row.status for row in Einschreibung.objects.filter(kurs=w.kurs)}
    assert [found[row.pk] for row in rows] == [
        "storniert",
        "storniert",
        "zugelassen",
        "storniert",
        "zugelassen",
        "warteliste",
    ]
    check_invariant(w.kurs)


def approve_and_cancel(w, row):
    return run_parallel([lambda: approve_einschreibung(row, w.personal), lambda: cancel_einschreibung(row, w.anna)])


def test_approving_against_withdrawing():
    w = soon(2)
    for _ in range(5):
        row = enrol(w.anna, w.kurs, w.anna)
        approved, cancelled = approve_and_cancel(w, row)
        row.refresh_from_db()
        assert (row.status, cancelled.status) == ("storniert", "storniert")
        assert not isinstance(approved, Exception) or approved.code == "einschreibung_beendet"
        check_invariant(w.kurs)


def test_control_approving_against_withdrawing_without_the_lock(monkeypatch):
    """Both acts decide on what they read before: the approval brings the withdrawn person back, without a seat."""
    w = soon(2)
    row = enrol(w.anna, w.kurs, w.anna)
    barrier = threading.Barrier(2)

    def read(einschreibung):
        found = Einschreibung.objects.select_related("person", "kurs", "arbeitgeber").get(pk=einschreibung.pk)
        barrier.wait(5)
        return found

    monkeypatch.setattr(services, "lock_einschreibung", read)
    monkeypatch.setattr(services, "promote_warteliste", lambda kurs: [])
    results = approve_and_cancel(w, row)
    assert not [r for r in results if isinstance(r, Exception)]
    row.refresh_from_db()
    w.kurs.refresh_from_db()
    assert {r.status for r in results} == {"zugelassen", "storniert"}  # both were told that they succeeded
    assert w.kurs.belegt == 0
