"""Two partners release at the same moment: published exactly once. With the control that shows what would happen."""

import threading
from contextlib import suppress

import pytest
from django.db import IntegrityError, connection

from lms.core.models import AuditEintrag
from module import services
from module.enums import VersionStatus
from module.models import Modul, Modulversion
from tests.concurrency import run_parallel
from tests.factories.katalog import Partnerschaft

pytestmark = [
    pytest.mark.nebenlaeufig,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks"),
]


@pytest.fixture
def partner():
    return Partnerschaft()


@pytest.fixture
def together(monkeypatch):
    """Both partners look at the releases after both have written theirs, and go on after both have looked, as far as
    the lock lets them."""
    barrier = threading.Barrier(2)
    look = services.all_partner_released

    def meet(version):
        with suppress(threading.BrokenBarrierError):
            barrier.wait(5)
        seen = look(version)
        with suppress(threading.BrokenBarrierError):
            barrier.wait(5)
        return seen

    monkeypatch.setattr(services, "all_partner_released", meet)


@pytest.fixture
def without_lock(monkeypatch):
    def read(version):
        return Modulversion.objects.select_related("modul__katalog", "modul__verantwortlich").get(pk=version.pk)

    monkeypatch.setattr(services, "lock_version", read)


def release_together(partner, version):
    pairs = [(partner.hochschule, partner.anna), (partner.traeger, partner.ben)]
    return run_parallel(
        [
            lambda pair=pair: services.decide_freigabe(version, pair[0], pair[1], entscheidung="freigegeben")
            for pair in pairs
        ]
    )


def published_times(version):
    return AuditEintrag.objects.filter(aktion="modulversion_veroeffentlicht", objekt_id=version.public_id).count()


def test_two_releases_publish_exactly_once(partner, together):
    version = partner.eingereicht()
    results = release_together(partner, version)
    assert not [r for r in results if isinstance(r, Exception)]
    version.refresh_from_db()
    assert version.status == VersionStatus.VEROEFFENTLICHT
    assert published_times(version) == 1


def test_control_without_the_lock_nobody_publishes(partner, together, without_lock):
    """Each sees only its own release, so the version would wait for ever."""
    version = partner.eingereicht()
    release_together(partner, version)
    version.refresh_from_db()
    assert version.freigaben.count() == 2
    assert (version.status, published_times(version)) == (VersionStatus.EINGEREICHT, 0)


def test_two_people_begin_a_change_and_get_the_same_draft(partner):
    modul = partner.veroeffentlicht().modul
    one, two = run_parallel(
        [lambda: services.create_version(modul, partner.anna), lambda: services.create_version(modul, partner.ben)]
    )
    assert one == two
    assert modul.versionen.filter(status=VersionStatus.ENTWURF).count() == 1


def test_control_without_the_lock_the_constraint_still_holds(partner, monkeypatch):
    """Without the lock one of them fails; a second draft cannot exist."""
    modul = partner.veroeffentlicht().modul
    barrier = threading.Barrier(2)
    number = services.next_nummer

    def meet(row):
        barrier.wait(5)
        return number(row)

    monkeypatch.setattr(services, "next_nummer", meet)
    monkeypatch.setattr(Modul.objects, "select_for_update", Modul.objects.all)
    results = run_parallel(
        [lambda: services.create_version(modul, partner.anna), lambda: services.create_version(modul, partner.ben)]
    )
    assert sorted(type(r) for r in results if isinstance(r, Exception)) == [IntegrityError]
    assert modul.versionen.filter(status=VersionStatus.ENTWURF).count() == 1
