"""Races for certificate numbers and for the one valid certificate of an enrolment."""

import hashlib
import threading

import pytest
from django.db import connection
from django.utils import timezone

from tests.concurrency import run_parallel
from tests.zertifikate.welt import Welt
from zertifikate import services
from zertifikate.models import Nummernkreis, Zertifikat
from zertifikate.services import draw_zertifikat, issue_zertifikat
from zertifikate.vorlagen import current_vorlage

pytestmark = [
    pytest.mark.nebenlaeufig,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks"),
]


def issue(welt, row):
    return lambda: issue_zertifikat(row, "modulbescheinigung", welt.amt)


def one_provider(courses):
    """Courses of one provider: issuing in one course locks its sessions, so the race is between courses."""
    first = Welt()
    return [first, *(Welt(veranstalter=first.kurs.veranstalter) for _ in range(courses - 1))]


def test_numbers_have_no_gap_and_no_twin():
    results = run_parallel([issue(welt, welt.einschreibung) for welt in one_provider(8)])
    assert sorted(z.laufend for z in results) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert Nummernkreis.objects.get().letzte == 8


def test_control_without_the_row_lock_numbers_collide(monkeypatch):
    """The same race with an unlocked counter: the constraint refuses twins, so certificates are lost."""

    def unlocked(organisation, jahr):
        Nummernkreis.objects.get_or_create(organisation=organisation, jahr=jahr)
        kreis = Nummernkreis.objects.get(organisation=organisation, jahr=jahr)
        barrier.wait(20)
        kreis.letzte += 1
        kreis.save(update_fields=["letzte"])
        return kreis.letzte

    barrier = threading.Barrier(4)
    welten = one_provider(4)
    anbieter = welten[0].kurs.veranstalter
    current_vorlage(anbieter, "modulbescheinigung")
    Nummernkreis.objects.create(organisation=anbieter, jahr=timezone.localdate().year)
    monkeypatch.setattr(services, "_next_number", unlocked)
    results = run_parallel([issue(welt, welt.einschreibung) for welt in welten])
    assert sum(isinstance(result, Exception) for result in results) == 3


def test_one_person_gets_one_valid_certificate():
    welt = Welt(personen=1)
    results = run_parallel([issue(welt, welt.einschreibung)] * 6)
    assert len({z.pk for z in results}) == 1
    assert Nummernkreis.objects.get().letzte == 1


def test_two_workers_draw_one_file():
    welt = Welt(personen=1)
    zertifikat = issue_zertifikat(welt.einschreibung, "modulbescheinigung", welt.amt)
    results = run_parallel([lambda: draw_zertifikat(zertifikat.pk)] * 2)
    assert not [r for r in results if isinstance(r, Exception)]
    fresh = Zertifikat.objects.get(pk=zertifikat.pk)
    assert {r.sha256 for r in results} == {fresh.sha256}
    fresh.datei.open()
    assert hashlib.sha256(fresh.datei.read()).hexdigest() == fresh.sha256
