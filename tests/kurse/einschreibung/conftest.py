import datetime as dt

import pytest
from django.utils import timezone

from lms.konten.enums import Rolle
from tests.factories import BeschaeftigungFactory, KursFactory, OrganisationFactory, PersonFactory, member


@pytest.fixture
def welt(db):
    """A course that begins in three weeks, its administration, and an employer with two people."""
    return build_welt()


class Welt:
    """Names for the people of one small world."""


def build_welt(kapazitaet: int = 2, **kurs) -> Welt:
    w = Welt()
    w.bildungstraeger = OrganisationFactory(bildungstraeger=True)
    w.arbeitgeber = OrganisationFactory(arbeitgeber=True)
    w.verwaltung = member(w.bildungstraeger, Rolle.KURSVERWALTUNG)
    w.personal = member(w.arbeitgeber, Rolle.PERSONALVERANTWORTUNG)
    kurs.setdefault("beginn", timezone.now() + dt.timedelta(days=21))
    w.kurs = KursFactory(veranstalter=w.bildungstraeger, kapazitaet=kapazitaet, **kurs)
    anna, bernd = PersonFactory(vorname="Anna", nachname="Ahorn"), PersonFactory(vorname="Bernd", nachname="Birke")
    w.anna = BeschaeftigungFactory(arbeitgeber=w.arbeitgeber, person=anna).person
    w.bernd = BeschaeftigungFactory(arbeitgeber=w.arbeitgeber, person=bernd).person
    w.frei = PersonFactory(vorname="Frida", nachname="Freitag")
    return w
