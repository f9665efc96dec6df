"""A course with a lecturer, its provider's administration, participants and a session that has just begun."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.utils import timezone

from kurse.anwesenheit.eintrag import AnwesenheitEintrag
from lms.konten.enums import Rolle
from tests.factories import EinschreibungFactory, KursFactory, LehrauftragFactory, TerminFactory, member

_counter = iter(range(10**9))


def eintrag(einschreibung, status="anwesend", **felder):
    felder.setdefault("client_key", f"test:{next(_counter)}")
    return AnwesenheitEintrag(einschreibung_id=einschreibung.pk, status=status, **felder)


def past(hours=1, **felder):
    """Arguments of a session of 180 minutes that began `hours` ago."""
    beginn = timezone.now().replace(second=0, microsecond=0) - dt.timedelta(hours=hours)
    return {"beginn": beginn, "ende": beginn + dt.timedelta(minutes=180), **felder}


@pytest.fixture
def welt(db):
    kurs = KursFactory(kapazitaet=40)
    return SimpleNamespace(
        kurs=kurs,
        termin=TerminFactory(kurs=kurs, **past()),
        lehrende=LehrauftragFactory(kurs=kurs).person,
        verwaltung=member(kurs.veranstalter, Rolle.KURSVERWALTUNG),
        pruefungsamt=member(kurs.veranstalter, Rolle.PRUEFUNGSAMT),
        teilnehmende=[EinschreibungFactory(kurs=kurs) for _ in range(3)],
    )
