"""Leaving and moving up: cancel, reject, offers, expiry, the sweep, and what a course does to its enrolments."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from kurse.einschreibung.models import Angebotsregel, Einschreibung
from kurse.einschreibung.services import (
    accept_angebot,
    approve_einschreibung,
    cancel_all,
    cancel_einschreibung,
    close_open_einschreibungen,
    enrol,
    finish_einschreibung,
    promote_warteliste,
    reject_einschreibung,
)
from kurse.einschreibung.tasks import sweep_warteliste
from kurse.einschreibung.warteliste import expire_angebote
from kurse.planung import ereignisse
from kurse.planung.models import Kurs
from lms.core.errors import DomainError
from tests.factories import LehrauftragFactory, PersonFactory
from tests.kurse.einschreibung.conftest import build_welt
from tests.kurse.einschreibung.test_enrol import aktionen, belegt, subjects

SOON, FAR = 2, 21


@pytest.fixture
def voll(db):
    """One seat, taken; three people wait. The course begins soon, so places are given at once."""
    return build_voll(SOON)


def build_voll(days):
    w = build_welt(kapazitaet=1, beginn=timezone.now() + dt.timedelta(days=days))
    w.personen = PersonFactory.create_batch(4)
    w.rows = [enrol(p, w.kurs, p) for p in w.personen]
    assert [r.status for r in w.rows] == ["zugelassen", "warteliste", "warteliste", "warteliste"]
    return w


def states(w):
    return list(Einschreibung.objects.filter(kurs=w.kurs).order_by("id").values_list("status", flat=True))


def test_withdrawing_gives_the_seat_to_the_first_of_the_list(voll):
    row = cancel_einschreibung(voll.rows[0], voll.personen[0], "Umzug")
    assert (row.status, row.grund) == ("storniert", "Umzug")
    assert states(voll) == ["storniert", "zugelassen", "warteliste", "warteliste"]
    assert belegt(voll.kurs) == 1
    assert subjects(voll.personen[0])[-1] == f"Ihre Einschreibung ist beendet: {voll.kurs.titel}"
    assert subjects(voll.personen[1])[-1] == f"Sie haben einen Platz: {voll.kurs.titel}"
    assert aktionen(voll.rows[1])[-1] == ("warteliste_nachgerueckt", None)


def test_withdrawing_twice_changes_nothing(voll):
    for _ in range(2):
        cancel_einschreibung(voll.rows[0], voll.personen[0])
    assert states(voll) == ["storniert", "zugelassen", "warteliste", "warteliste"]
    assert len(subjects(voll.personen[0])) == 2


def test_leaving_the_list_frees_no_seat(voll):
    cancel_einschreibung(voll.rows[1], voll.personen[1])
    assert states(voll) == ["zugelassen", "storniert", "warteliste", "warteliste"]
    assert belegt(voll.kurs) == 1


def test_far_from_the_beginning_the_place_is_offered(db):
    w = build_voll(FAR)
    cancel_einschreibung(w.rows[0], w.personen[0])
    row = Einschreibung.objects.get(pk=w.rows[1].pk)
    assert row.status == "angeboten"
    assert dt.timedelta(hours=71) < row.angebot_bis - timezone.now() <= dt.timedelta(hours=72)
    assert belegt(w.kurs) == 1
    assert subjects(w.personen[1])[-1] == f"Ein Platz ist frei: {w.kurs.titel}"
    row = accept_angebot(row, w.personen[1])
    assert (row.status, row.angebot_bis) == ("zugelassen", None)
    assert accept_angebot(row, w.personen[1]).status == "zugelassen"
    assert belegt(w.kurs) == 1


def test_declined_offer_goes_to_the_next(db):
    w = build_voll(FAR)
    cancel_einschreibung(w.rows[0], w.personen[0])
    cancel_einschreibung(w.rows[1], w.personen[1])
    assert states(w) == ["storniert", "storniert", "angeboten", "warteliste"]


def test_expired_offer_goes_to_the_next_by_the_sweep(db):
    w = build_voll(FAR)
    cancel_einschreibung(w.rows[0], w.personen[0])
    Einschreibung.objects.filter(status="angeboten").update(angebot_bis=timezone.now() - dt.timedelta(minutes=1))
    with pytest.raises(DomainError) as caught:
        accept_angebot(w.rows[1], w.personen[1])
    assert caught.value.code == "angebot_abgelaufen"
    sweep_warteliste()
    sweep_warteliste()
    assert states(w) == ["storniert", "storniert", "angeboten", "warteliste"]
    assert belegt(w.kurs) == 1
    assert subjects(w.personen[1])[-1] == f"Das Angebot ist abgelaufen: {w.kurs.titel}"
    assert enrol(w.personen[1], w.kurs, w.personen[1]).rang == 4  # again at the end of the list


def test_expiry_looks_again_under_the_lock(db):
    w = build_voll(FAR)
    cancel_einschreibung(w.rows[0], w.personen[0])
    accept_angebot(w.rows[1], w.personen[1])
    assert expire_angebote(timezone.now() + dt.timedelta(days=30)) == 0


def test_without_a_rule_places_are_given_at_once(db):
    Angebotsregel.objects.all().delete()
    w = build_voll(FAR)
    cancel_einschreibung(w.rows[0], w.personen[0])
    assert states(w)[1] == "zugelassen"


def test_newer_rule_counts_from_its_day(db):
    Angebotsregel.objects.create(gueltig_ab=timezone.localdate(), frist_stunden=24, vorlauf_stunden=24)
    w = build_voll(SOON)
    cancel_einschreibung(w.rows[0], w.personen[0])
    bis = Einschreibung.objects.get(pk=w.rows[1].pk).angebot_bis
    assert bis - timezone.now() <= dt.timedelta(hours=24)


def test_nobody_moves_up_after_the_beginning(voll):
    Kurs.objects.filter(pk=voll.kurs.pk).update(beginn=timezone.now() - dt.timedelta(hours=1))
    cancel_einschreibung(voll.rows[0], voll.verwaltung, "nicht erschienen")
    assert states(voll) == ["storniert", "warteliste", "warteliste", "warteliste"]
    assert belegt(voll.kurs) == 0


def test_more_capacity_moves_the_list(voll):
    Kurs.objects.filter(pk=voll.kurs.pk).update(kapazitaet=3)
    voll.kurs.refresh_from_db()
    ereignisse.fire(ereignisse.KAPAZITAET_GEAENDERT, voll.kurs)
    assert states(voll) == ["zugelassen", "zugelassen", "zugelassen", "warteliste"]
    assert belegt(voll.kurs) == 3
    assert promote_warteliste(voll.kurs) == []


def test_sweep_repairs_a_lost_event(voll):
    Kurs.objects.filter(pk=voll.kurs.pk).update(kapazitaet=2)
    sweep_warteliste()
    assert states(voll) == ["zugelassen", "zugelassen", "warteliste", "warteliste"]


def test_promoted_person_without_approval_is_applied_for(db):
    w = build_welt(kapazitaet=1, beginn=timezone.now() + dt.timedelta(days=SOON))
    first = enrol(w.frei, w.kurs, w.frei)
    anna, bernd = enrol(w.anna, w.kurs, w.anna), enrol(w.bernd, w.kurs, w.bernd)
    assert approve_einschreibung(bernd, w.personal).status == "warteliste"
    cancel_einschreibung(first, w.frei)
    anna.refresh_from_db()
    assert (anna.status, anna.genehmigung) == ("beantragt", "offen")
    reject_einschreibung(anna, w.personal, "Dienstplan")
    bernd.refresh_from_db()
    assert (bernd.status, bernd.genehmigung) == ("zugelassen", "erteilt")
    assert belegt(w.kurs) == 1


def test_accepting_without_approval_waits_for_the_employer(db):
    w = build_welt(kapazitaet=1)
    first = enrol(w.frei, w.kurs, w.frei)
    anna = enrol(w.anna, w.kurs, w.anna)
    cancel_einschreibung(first, w.frei)
    assert accept_angebot(anna, w.anna).status == "beantragt"
    assert approve_einschreibung(anna, w.personal).status == "zugelassen"


def test_no_offer_to_accept_and_no_stranger(voll):
    with pytest.raises(DomainError) as caught:
        accept_angebot(voll.rows[1], voll.personen[1])
    assert caught.value.code == "kein_angebot"
    with pytest.raises(PermissionDenied):
        accept_angebot(voll.rows[1], voll.personen[2])


def test_own_withdrawal_ends_with_the_beginning(voll):
    Kurs.objects.filter(pk=voll.kurs.pk).update(beginn=timezone.now() - dt.timedelta(hours=1))
    with pytest.raises(DomainError) as caught:
        cancel_einschreibung(voll.rows[0], voll.personen[0])
    assert caught.value.code == "kurs_hat_begonnen"
    assert cancel_einschreibung(voll.rows[1], voll.personen[1]).status == "storniert"
    assert cancel_einschreibung(voll.rows[0], voll.verwaltung, "verzogen").status == "storniert"


def test_provider_needs_a_reason_that_fits(voll):
    for grund, code in (("  ", "grund_fehlt"), ("x" * 301, "grund_zu_lang")):
        with pytest.raises(DomainError) as caught:
            cancel_einschreibung(voll.rows[0], voll.verwaltung, grund)
        assert (caught.value.code, caught.value.field) == (code, "grund")
    assert belegt(voll.kurs) == 1


def test_who_may_not_cancel(voll):
    lehrend = LehrauftragFactory(kurs=voll.kurs).person
    for akteur in (voll.personen[1], lehrend, voll.personal):
        with pytest.raises(PermissionDenied):
            cancel_einschreibung(voll.rows[0], akteur, "Grund")


def test_who_may_not_decide(welt):
    row = enrol(welt.anna, welt.kurs, welt.anna)
    for akteur in (welt.anna, welt.bernd, LehrauftragFactory(kurs=welt.kurs).person):
        with pytest.raises(PermissionDenied):
            approve_einschreibung(row, akteur)
        with pytest.raises(PermissionDenied):
            reject_einschreibung(row, akteur, "Grund")


def test_rejecting_needs_a_reason_and_frees_the_seat(welt):
    row = enrol(welt.anna, welt.kurs, welt.anna)
    with pytest.raises(DomainError) as caught:
        reject_einschreibung(row, welt.personal, "")
    assert caught.value.code == "grund_fehlt"
    row = reject_einschreibung(row, welt.personal, "Dienstplan")
    assert (row.status, row.genehmigung, row.grund) == ("abgelehnt", "abgelehnt", "Dienstplan")
    assert belegt(welt.kurs) == 0
    assert "Dienstplan" not in "".join(n.text for n in welt.anna.post.all())
    reject_einschreibung(row, welt.personal, "noch einmal")
    assert len(subjects(welt.anna)) == 2


def test_employer_that_approved_cannot_reject(welt):
    row = approve_einschreibung(enrol(welt.anna, welt.kurs, welt.anna), welt.personal)
    with pytest.raises(DomainError) as caught:
        reject_einschreibung(row, welt.personal, "doch nicht")
    assert caught.value.code == "einschreibung_beendet"


@pytest.mark.parametrize(
    ("act", "args"), [(approve_einschreibung, []), (reject_einschreibung, ["Grund"])], ids=["approve", "reject"]
)
def test_stale_decision_about_a_withdrawn_application(welt, act, args):
    row = enrol(welt.anna, welt.kurs, welt.anna)
    cancel_einschreibung(row, welt.anna)
    with pytest.raises(DomainError) as caught:
        act(row, welt.personal, *args)
    assert caught.value.code == "einschreibung_beendet"
    assert "storniert" in caught.value.message


def test_nothing_to_approve(welt):
    welt.kurs.genehmigung_noetig = False
    welt.kurs.save()
    row = enrol(welt.anna, welt.kurs, welt.anna)
    with pytest.raises(DomainError) as caught:
        approve_einschreibung(row, welt.verwaltung)
    assert caught.value.code == "einschreibung_beendet"


def test_provider_records_an_approval_on_paper(welt):
    row = approve_einschreibung(enrol(welt.anna, welt.kurs, welt.anna), welt.verwaltung)
    assert (row.status, row.genehmigung_von) == ("zugelassen", welt.verwaltung)


def test_finishing(welt):
    row = enrol(welt.frei, welt.kurs, welt.frei)
    row = finish_einschreibung(row, bestanden=False)
    assert row.status == "nicht_bestanden"
    row = finish_einschreibung(row, bestanden=True)
    assert (row.status, finish_einschreibung(row, bestanden=True).status) == ("abgeschlossen", "abgeschlossen")
    assert belegt(welt.kurs) == 1
    with pytest.raises(DomainError) as caught:
        finish_einschreibung(row, bestanden=False)
    assert caught.value.code == "uebergang_unzulaessig"
    with pytest.raises(DomainError):
        cancel_einschreibung(row, welt.verwaltung, "zu spät")


def test_finishing_needs_admission(welt):
    row = enrol(welt.anna, welt.kurs, welt.anna)
    with pytest.raises(DomainError) as caught:
        finish_einschreibung(row, bestanden=True)
    assert caught.value.code == "uebergang_unzulaessig"


def test_cancelled_course_ends_everything_but_results(voll):
    finish_einschreibung(voll.rows[0], bestanden=True)
    Kurs.objects.filter(pk=voll.kurs.pk).update(status="abgesagt")
    voll.kurs.refresh_from_db()
    ereignisse.fire(ereignisse.KURS_ABGESAGT, voll.kurs)
    assert states(voll) == ["abgeschlossen", "storniert", "storniert", "storniert"]
    assert belegt(voll.kurs) == 1
    assert cancel_all(voll.kurs) == 0


def test_completed_course_ends_what_was_never_admitted(voll):
    ereignisse.fire(ereignisse.KURS_ABGESCHLOSSEN, voll.kurs)
    assert states(voll) == ["zugelassen", "storniert", "storniert", "storniert"]
    assert close_open_einschreibungen(voll.kurs) == 0
    assert subjects(voll.personen[3])[-1] == f"Der Kurs ist beendet: {voll.kurs.titel}"


def test_mails_escape_nothing(welt):
    welt.kurs.titel = "Asyl & Aufenthalt: „Was ist's?“ <1>"
    welt.kurs.save()
    enrol(welt.frei, welt.kurs, welt.frei)
    nachricht = welt.frei.post.get()
    assert nachricht.betreff == f"Sie sind eingeschrieben: {welt.kurs.titel}"
    assert "&" in nachricht.text
    assert "&amp;" not in nachricht.text
    assert "&#x27;" not in nachricht.text
