"""Enrolling: one test per way out; state, seat, audit trail and mail are compared."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from kurse.einschreibung.models import Einschreibung
from kurse.einschreibung.services import (
    approve_einschreibung,
    cancel_einschreibung,
    enrol,
    enrol_many,
    reject_einschreibung,
)
from lms.core.audit import audit_for
from lms.core.errors import DomainError
from lms.konten.enums import Rolle
from lms.post.models import Nachricht
from tests.factories import BeschaeftigungFactory, KursFactory, OrganisationFactory, PersonFactory, member


def belegt(kurs):
    kurs.refresh_from_db()
    return kurs.belegt


def subjects(person):
    return list(Nachricht.objects.filter(an=person.email).order_by("id").values_list("betreff", flat=True))


def aktionen(row):
    return [(e.aktion, e.akteur) for e in audit_for(row).order_by("id")]


def test_without_employer_is_admitted_at_once(welt):
    row = enrol(welt.frei, welt.kurs, welt.frei)
    assert (row.status, row.genehmigung, row.arbeitgeber, row.rang) == ("zugelassen", "nicht_noetig", None, None)
    assert row.zugelassen_at is not None
    assert belegt(welt.kurs) == 1
    assert aktionen(row) == [("eingeschrieben", welt.frei)]
    assert subjects(welt.frei) == [f"Sie sind eingeschrieben: {welt.kurs.titel}"]


def test_with_employer_waits_for_its_approval_and_holds_the_seat(welt):
    row = enrol(welt.anna, welt.kurs, welt.anna)
    assert (row.status, row.genehmigung, row.arbeitgeber) == ("beantragt", "offen", welt.arbeitgeber)
    assert row.zugelassen_at is None
    assert belegt(welt.kurs) == 1
    assert subjects(welt.anna) == [f"Ihre Anmeldung wartet auf Zustimmung: {welt.kurs.titel}"]
    assert subjects(welt.personal) == [f"Bitte entscheiden: Anmeldung zu {welt.kurs.titel}"]
    text = Nachricht.objects.get(an=welt.personal.email).text
    assert welt.anna.nachname not in text
    assert "/genehmigungen/" in text


def test_course_without_approval_admits_employed_people_too(welt):
    welt.kurs.genehmigung_noetig = False
    welt.kurs.save()
    row = enrol(welt.anna, welt.kurs, welt.anna)
    assert (row.status, row.genehmigung, row.arbeitgeber) == ("zugelassen", "nicht_noetig", welt.arbeitgeber)
    assert subjects(welt.personal) == []


def test_enrolling_twice_returns_the_same_row(welt):
    first = enrol(welt.frei, welt.kurs, welt.frei)
    second = enrol(welt.frei, welt.kurs, welt.frei)
    assert first.pk == second.pk
    assert belegt(welt.kurs) == 1
    assert len(aktionen(first)) == 1
    assert len(subjects(welt.frei)) == 1


def test_full_course_puts_people_on_the_list_in_order(welt):
    for _ in range(2):
        person = PersonFactory()
        enrol(person, welt.kurs, person)
    third, fourth = PersonFactory(), PersonFactory()
    rows = [enrol(p, welt.kurs, p) for p in (third, fourth)]
    assert [(r.status, r.rang) for r in rows] == [("warteliste", 1), ("warteliste", 2)]
    assert belegt(welt.kurs) == 2
    assert "Platz 2 der Warteliste" in Nachricht.objects.get(an=fourth.email).text


def test_nobody_overtakes_the_waiting_list(welt):
    rows = [enrol(p, welt.kurs, p) for p in PersonFactory.create_batch(3)]
    type(welt.kurs).objects.filter(pk=welt.kurs.pk).update(kapazitaet=3)  # a seat that nobody was told about
    late = enrol(welt.frei, welt.kurs, welt.frei)
    assert rows[2].status == late.status == "warteliste"


@pytest.mark.parametrize("status", ["entwurf", "abgesagt", "abgeschlossen"])
def test_course_that_is_not_published_refuses_everybody(welt, status):
    kurs = KursFactory(veranstalter=welt.bildungstraeger, status=status)
    for akteur in (welt.frei, welt.verwaltung):
        with pytest.raises(DomainError) as caught:
            enrol(welt.frei, kurs, akteur)
        assert caught.value.code == "kurs_nicht_veroeffentlicht"
    assert belegt(kurs) == 0


@pytest.mark.parametrize(("von", "bis"), [(1, 2), (-2, -1)])
def test_outside_the_window_only_the_provider_enrols(welt, von, bis):
    now = timezone.now()
    kurs = KursFactory(
        veranstalter=welt.bildungstraeger,
        anmeldung_von=now + dt.timedelta(days=von),
        anmeldung_bis=now + dt.timedelta(days=bis),
    )
    with pytest.raises(DomainError) as caught:
        enrol(welt.frei, kurs, welt.frei)
    assert caught.value.code == "anmeldung_geschlossen"
    assert enrol(welt.frei, kurs, welt.verwaltung).status == "zugelassen"
    assert enrol(welt.frei, kurs, welt.frei).status == "zugelassen"  # exists already, so the window does not matter


def test_strangers_are_denied(welt):
    for akteur in (welt.bernd, member(OrganisationFactory(bildungstraeger=True), Rolle.KURSVERWALTUNG), welt.personal):
        with pytest.raises(PermissionDenied):
            enrol(welt.frei, welt.kurs, akteur)
    assert not Einschreibung.objects.exists()


def test_foreign_employer_is_refused(welt):
    with pytest.raises(DomainError) as caught:
        enrol(welt.anna, welt.kurs, welt.anna, arbeitgeber=OrganisationFactory(arbeitgeber=True))
    assert (caught.value.code, caught.value.field) == ("kein_arbeitgeber", "arbeitgeber")


def test_choice_between_two_employers(welt):
    newer = BeschaeftigungFactory(person=welt.anna, von=dt.date(2025, 5, 1)).arbeitgeber
    assert enrol(welt.anna, welt.kurs, welt.anna, arbeitgeber=welt.arbeitgeber).arbeitgeber == welt.arbeitgeber
    other = KursFactory()
    assert enrol(welt.anna, other, welt.anna).arbeitgeber == newer


def test_provider_asks_the_employer_unless_the_approval_is_at_hand(welt):
    row = enrol(welt.anna, welt.kurs, welt.verwaltung)
    assert (row.status, row.genehmigung) == ("beantragt", "offen")
    paper = enrol(welt.bernd, welt.kurs, welt.verwaltung, genehmigung_liegt_vor=True)
    assert (paper.status, paper.genehmigung, paper.genehmigung_von) == ("zugelassen", "erteilt", welt.verwaltung)


def test_person_cannot_claim_an_approval(welt):
    row = enrol(welt.anna, welt.kurs, welt.anna, genehmigung_liegt_vor=True)
    assert (row.status, row.genehmigung) == ("beantragt", "offen")


def test_approver_who_enrols_as_participant_still_asks(welt):
    BeschaeftigungFactory(person=welt.personal, arbeitgeber=welt.arbeitgeber)
    row = enrol(welt.personal, welt.kurs, welt.personal, arbeitgeber=welt.arbeitgeber)
    assert (row.status, row.genehmigung) == ("beantragt", "offen")


def test_again_after_withdrawing_moves_the_same_row(welt):
    first = enrol(welt.frei, welt.kurs, welt.frei)
    cancel_einschreibung(first, welt.frei)
    second = enrol(welt.frei, welt.kurs, welt.frei)
    assert (second.pk, second.status, second.beendet_at, second.grund) == (first.pk, "zugelassen", None, "")
    assert belegt(welt.kurs) == 1
    assert len(subjects(welt.frei)) == 3


def test_again_after_the_employer_rejected_asks_again(welt):
    row = enrol(welt.anna, welt.kurs, welt.anna)
    reject_einschreibung(row, welt.personal, "Dienstplan")
    row = enrol(welt.anna, welt.kurs, welt.anna)
    assert (row.status, row.genehmigung, row.genehmigung_von) == ("beantragt", "offen", None)


def test_again_after_the_provider_rejected_needs_the_provider(welt):
    row = enrol(welt.anna, welt.kurs, welt.anna)
    reject_einschreibung(row, welt.verwaltung, "Voraussetzung fehlt")
    with pytest.raises(DomainError) as caught:
        enrol(welt.anna, welt.kurs, welt.anna)
    assert caught.value.code == "einschreibung_abgelehnt"
    assert enrol(welt.anna, welt.kurs, welt.verwaltung).status == "beantragt"


def test_employer_enrols_several(welt):
    stranger = PersonFactory()
    results = enrol_many(welt.arbeitgeber, welt.kurs, [welt.anna, welt.bernd, stranger, welt.anna], welt.personal)
    assert [(r.person, r.code, r.ok) for r in results] == [
        (welt.anna, "eingeschrieben", True),
        (welt.bernd, "eingeschrieben", True),
        (stranger, "kein_arbeitgeber", False),
    ]
    row = Einschreibung.objects.get(person=welt.anna)
    assert (row.status, row.genehmigung, row.genehmigung_von) == ("zugelassen", "erteilt", welt.personal)
    assert "selbst zurückziehen" in Nachricht.objects.get(an=welt.anna.email).text
    assert belegt(welt.kurs) == 2


def test_employer_enrolling_approves_an_open_application(welt):
    enrol(welt.anna, welt.kurs, welt.anna)
    results = enrol_many(welt.arbeitgeber, welt.kurs, [welt.anna], welt.personal)
    assert [(r.code, r.einschreibung.status) for r in results] == [("genehmigt", "zugelassen")]
    again = enrol_many(welt.arbeitgeber, welt.kurs, [welt.anna], welt.personal)
    assert [r.code for r in again] == ["schon_eingeschrieben"]
    assert belegt(welt.kurs) == 1


def test_employer_needs_the_right_and_the_window(welt):
    with pytest.raises(PermissionDenied):
        enrol_many(welt.arbeitgeber, welt.kurs, [welt.anna], welt.bernd)
    welt.kurs.anmeldung_bis = timezone.now() - dt.timedelta(hours=1)
    welt.kurs.save()
    results = enrol_many(welt.arbeitgeber, welt.kurs, [welt.anna], welt.personal)
    assert [r.code for r in results] == ["anmeldung_geschlossen"]


def test_more_people_than_seats_go_to_the_list(welt):
    third = BeschaeftigungFactory(arbeitgeber=welt.arbeitgeber).person
    results = enrol_many(welt.arbeitgeber, welt.kurs, [welt.anna, welt.bernd, third], welt.personal)
    assert [r.einschreibung.status for r in results] == ["zugelassen", "zugelassen", "warteliste"]
    assert results[2].meldung == "auf der Warteliste"


def test_approve_admits_and_tells(welt):
    row = enrol(welt.anna, welt.kurs, welt.anna)
    row = approve_einschreibung(row, welt.personal)
    assert (row.status, row.genehmigung, row.genehmigung_von) == ("zugelassen", "erteilt", welt.personal)
    assert belegt(welt.kurs) == 1
    assert subjects(welt.anna)[-1] == f"Ihr Arbeitgeber hat zugestimmt: {welt.kurs.titel}"
    approve_einschreibung(row, welt.personal)
    assert len(subjects(welt.anna)) == 2
    assert [a for a, _ in aktionen(row)] == ["eingeschrieben", "einschreibung_genehmigt"]
