import datetime as dt
import json
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from kurse.aufgaben.ergebnis import confirm_alle, confirm_ergebnis, propose_ergebnis, propose_for_kurs
from kurse.aufgaben.models import Modulergebnis
from kurse.aufgaben.services import grade_abgabe, submit_abgabe
from kurse.planung.models import Termin
from lms.core.errors import DomainError
from lms.core.models import AuditEintrag
from lms.post.models import Nachricht
from tests.factories import (
    AnwesenheitsregelFactory,
    AufgabeFactory,
    EinschreibungFactory,
    KursFactory,
    LehrauftragFactory,
    ModulversionFactory,
    NotenskalaFactory,
    TerminFactory,
    member,
)
from tests.kurse.aufgaben.test_abgabe import code_of
from tests.kurse.aufgaben.welt import past_termin, record

pytestmark = pytest.mark.django_db


def grade(welt, einschreibung=None, aufgabe=None, ergebnis="bestanden", **kwargs):
    person = einschreibung or welt.teilnahme
    row = submit_abgabe(aufgabe or welt.aufgabe, person, person.person, text="A")
    return grade_abgabe(row, welt.lehrende, ergebnis=ergebnis, **kwargs)


class Kurswelt:
    """A course under a rule of one's own; attendance in minutes of 4 × 180."""

    def __init__(self, *, minuten, benotet=False, **regel):
        rule = AnwesenheitsregelFactory(**{"schwelle_prozent": Decimal("75"), **regel})
        self.skala = NotenskalaFactory() if benotet else None
        version = ModulversionFactory(anwesenheitsregel=rule, notenskala=self.skala)
        self.kurs = KursFactory(modulversion=version)
        self.lehrende = LehrauftragFactory(kurs=self.kurs).person
        self.pruefungsamt = member(self.kurs.veranstalter, "pruefungsamt")
        self.teilnahme = EinschreibungFactory(kurs=self.kurs)
        self.termine = [past_termin(self.kurs, days) for days in (40, 30, 20, 10)]
        rest = minuten
        for termin in self.termine:
            part = min(rest, 180)
            record(termin, self.teilnahme, part, "anwesend" if part == 180 else "teilweise" if part else "abwesend")
            rest -= part
        self.aufgabe = AufgabeFactory(kurs=self.kurs, notenskala=self.skala)


class TestProposal:
    def test_passed_with_its_numbers(self, welt):
        grade(welt)
        v = propose_ergebnis(welt.teilnahme)
        assert (v.status, v.gruende, v.entschieden) == ("bestanden", [], True)
        assert (v.ue_geplant, v.ue_besucht, v.anteil, v.note) == (
            Decimal("8.00"),
            Decimal("8.00"),
            Decimal("100"),
            None,
        )
        assert v.anforderungen_erfuellt_am == timezone.localdate()
        facts = json.loads(json.dumps(v.berechnung))
        assert [t["besucht"] for t in facts["termine"]] == [180, 180]
        assert facts["aufgaben"][0]["stand"] == "bestanden"
        assert facts["regel"]["quelle"] == "VwV Weiterbildung Kindheitspädagogik"

    def test_open_while_the_assignment_is_missing(self, welt):
        v = propose_ergebnis(welt.teilnahme)
        assert v.status == "offen"
        assert v.gruende == ["Fachbericht schreiben: noch nicht abgegeben"]
        assert v.anforderungen_erfuellt_am is None

    def test_optional_assignments_do_not_count(self, welt):
        type(welt.aufgabe).objects.update(pflicht=False)
        assert propose_ergebnis(welt.teilnahme).status == "bestanden"

    def test_failed_assignment_fails(self, welt):
        grade(welt, ergebnis="nicht_bestanden")
        v = propose_ergebnis(welt.teilnahme)
        assert (v.status, v.gruende) == ("nicht_bestanden", ["Fachbericht schreiben: nicht bestanden"])

    def test_missed_deadline_fails_only_when_late_is_refused(self, welt):
        past = timezone.now() - dt.timedelta(days=1)
        type(welt.aufgabe).objects.update(faellig_at=past)
        assert propose_ergebnis(welt.teilnahme).status == "offen"
        type(welt.aufgabe).objects.update(verspaetet_erlaubt=False)
        assert propose_ergebnis(welt.teilnahme).status == "nicht_bestanden"

    @pytest.mark.parametrize(
        ("minuten", "status"),
        [(540, "bestanden"), (539, "nicht_bestanden"), (720, "bestanden"), (0, "nicht_bestanden")],
    )
    def test_threshold_is_never_reached_by_rounding(self, minuten, status):
        world = Kurswelt(minuten=minuten)
        grade(world)
        v = propose_ergebnis(world.teilnahme)
        assert v.status == status
        if minuten == 539:
            assert v.anteil == Decimal("74.86")
            assert v.gruende == [
                "Anwesenheit 74,86\N{NO-BREAK SPACE}%, nötig sind 75\N{NO-BREAK SPACE}%; "
                "ein Ausgleich ist nicht vorgesehen."
            ]

    def test_compensation_leaves_it_open(self):
        world = Kurswelt(minuten=500, ausgleich_zulaessig=True, ausgleich_form="schriftliche Ausarbeitung")
        grade(world)
        v = propose_ergebnis(world.teilnahme)
        assert v.status == "offen"
        assert "schriftliche Ausarbeitung" in v.gruende[0]

    def test_rule_of_the_whole_programme_is_not_applied_to_the_module(self):
        world = Kurswelt(minuten=180, geltungsbereich="programm")
        grade(world)
        assert propose_ergebnis(world.teilnahme).status == "bestanden"

    def test_cancelled_sessions_count_nowhere(self):
        world = Kurswelt(minuten=540)
        Termin.objects.filter(pk=world.termine[3].pk).update(status="abgesagt")
        grade(world)
        v = propose_ergebnis(world.teilnahme)
        assert (v.ue_geplant, v.anteil, len(v.berechnung["termine"])) == (Decimal(12), Decimal(100), 3)

    def test_unrecorded_or_unclosed_sessions_leave_it_open(self, welt):
        grade(welt)
        extra = past_termin(welt.kurs, 5)
        v = propose_ergebnis(welt.teilnahme)
        assert (v.status, v.offene_termine) == ("offen", [extra])
        record(extra, welt.teilnahme)
        assert propose_ergebnis(welt.teilnahme).status == "bestanden"
        Termin.objects.filter(pk=extra.pk).update(liste_geschlossen_at=None)
        assert propose_ergebnis(welt.teilnahme).offene_termine == [extra]

    def test_sessions_ahead_leave_it_open(self, welt):
        grade(welt)
        TerminFactory(kurs=welt.kurs, beginn=timezone.now() + dt.timedelta(days=3))
        v = propose_ergebnis(welt.teilnahme)
        assert (v.status, v.gruende[0], v.offene_termine) == ("offen", "Es steht noch 1 Termin aus.", [])

    def test_module_grade_is_the_weighted_mean_cut_off(self):
        world = Kurswelt(minuten=720, benotet=True)
        second = AufgabeFactory(kurs=world.kurs, notenskala=world.skala, gewicht=2)
        optional = AufgabeFactory(kurs=world.kurs, notenskala=world.skala, pflicht=False, gewicht=9)
        grade(world, note=Decimal("1.0"))
        grade(world, aufgabe=second, note=Decimal("1.7"))
        grade(world, aufgabe=optional, note=Decimal("4.0"))
        v = propose_ergebnis(world.teilnahme)
        assert v.note == Decimal("1.4")  # (1.0 + 2 × 1.7) / 3 = 1.466…
        assert v.berechnung["note"]["mittel"] == "1.4666"
        assert "ohne Rundung" in v.berechnung["note"]["regel"]

    def test_graded_module_without_graded_assignment_is_open(self):
        world = Kurswelt(minuten=720, benotet=True)
        type(world.aufgabe).objects.update(notenskala=None)
        grade(world)
        assert propose_ergebnis(world.teilnahme).status == "offen"

    def test_requirements_met_on_the_later_day(self, welt):
        row = grade(welt)
        day = timezone.now() - dt.timedelta(days=15)
        type(row).objects.update(created_at=day)
        assert propose_ergebnis(welt.teilnahme).anforderungen_erfuellt_am == timezone.localdate(welt.termine[1].ende)

    def test_same_number_of_queries_for_one_and_three(self, welt, django_assert_num_queries):
        grade(welt)
        for wanted in (2, 4):
            while welt.kurs.einschreibungen.count() < wanted:
                EinschreibungFactory(kurs=welt.kurs)
            with django_assert_num_queries(10):
                assert len(propose_for_kurs(welt.kurs)) == wanted


class TestConfirm:
    def test_as_proposed(self, welt):
        grade(welt)
        row = confirm_ergebnis(welt.teilnahme, welt.pruefungsamt)
        welt.teilnahme.refresh_from_db()
        assert (row.status, row.ue_besucht, row.abweichung_grund) == ("bestanden", Decimal("8.00"), "")
        assert row.anforderungen_erfuellt_am == timezone.localdate()
        assert welt.teilnahme.status == "abgeschlossen"
        assert row.berechnung["vorschlag"] == "bestanden"
        assert AuditEintrag.objects.filter(aktion="ergebnis_bestaetigt").count() == 1
        assert Nachricht.objects.filter(schluessel=f"ergebnis:{row.public_id}").count() == 1

    def test_twice_is_once(self, welt):
        grade(welt)
        first = confirm_ergebnis(welt.teilnahme, welt.pruefungsamt)
        assert confirm_ergebnis(welt.teilnahme, welt.pruefungsamt) == first
        refused = code_of(
            confirm_ergebnis, welt.teilnahme, welt.pruefungsamt, status="nicht_bestanden", abweichung_grund="X"
        )
        assert refused == "ergebnis_bestaetigt"

    @pytest.mark.parametrize("who", ["lehrende", "verwaltung", "person", "arbeitgeber", "fremde"])
    def test_only_the_examination_office(self, welt, who):
        grade(welt)
        with pytest.raises(PermissionDenied):
            confirm_ergebnis(welt.teilnahme, getattr(welt, who))
        with pytest.raises(PermissionDenied):
            confirm_alle(welt.kurs, getattr(welt, who))
        assert not Modulergebnis.objects.exists()

    def test_deviation_needs_a_reason(self, welt):
        grade(welt)
        act = (confirm_ergebnis, welt.teilnahme, welt.pruefungsamt)
        assert code_of(*act, status="nicht_bestanden", abweichung_grund=" ") == "abweichung_grund_fehlt"
        row = confirm_ergebnis(
            welt.teilnahme, welt.pruefungsamt, status="nicht_bestanden", abweichung_grund="Täuschung"
        )
        welt.teilnahme.refresh_from_db()
        assert (row.status, row.abweichung_grund, welt.teilnahme.status) == (
            "nicht_bestanden",
            "Täuschung",
            "nicht_bestanden",
        )

    def test_open_proposal_needs_a_decision(self):
        world = Kurswelt(minuten=500, ausgleich_zulaessig=True, ausgleich_form="Gespräch")
        grade(world)
        act = (confirm_ergebnis, world.teilnahme, world.pruefungsamt)
        assert code_of(*act) == "ergebnis_offen"
        assert code_of(*act, status="bestanden") == "abweichung_grund_fehlt"
        row = confirm_ergebnis(*act[1:], status="bestanden", abweichung_grund="Ausgleich am 3.11. erbracht")
        assert row.anforderungen_erfuellt_am == timezone.localdate()

    def test_open_sessions_are_named(self, welt):
        grade(welt)
        extra = past_termin(welt.kurs, 5, closed=False)
        with pytest.raises(DomainError) as caught:
            confirm_ergebnis(welt.teilnahme, welt.pruefungsamt, status="bestanden", abweichung_grund="egal")
        assert caught.value.code == "termine_offen"
        assert f"{timezone.localtime(extra.beginn):%d.%m.%Y}" in caught.value.message
        assert caught.value.details == {"termine": [extra.public_id]}

    def test_own_result_and_not_admitted(self, welt):
        own = EinschreibungFactory(kurs=welt.kurs, person=welt.pruefungsamt)
        assert code_of(confirm_ergebnis, own, welt.pruefungsamt) == "eigenes_ergebnis"
        waiting = EinschreibungFactory(kurs=welt.kurs, status="beantragt")
        assert code_of(confirm_ergebnis, waiting, welt.pruefungsamt) == "nicht_zugelassen"

    def test_grade_by_hand_stays_within_the_scale(self):
        world = Kurswelt(minuten=720, benotet=True)
        grade(world, note=Decimal("2.0"))
        act = (confirm_ergebnis, world.teilnahme, world.pruefungsamt)
        for note in ("0.7", "4.3", "5.0"):
            assert code_of(*act, note=Decimal(note), abweichung_grund="A") == "note_unbekannt"
        assert code_of(*act, note=Decimal("1.8")) == "abweichung_grund_fehlt"
        row = confirm_ergebnis(*act[1:], note=Decimal("1.8"), abweichung_grund="Widerspruch stattgegeben")
        assert row.note == Decimal("1.8")

    def test_graded_module_needs_a_grade(self):
        world = Kurswelt(minuten=720, benotet=True)
        act = (confirm_ergebnis, world.teilnahme, world.pruefungsamt)
        assert code_of(*act, status="bestanden", abweichung_grund="A") == "note_fehlt"

    def test_no_grade_for_an_ungraded_module(self, welt):
        grade(welt)
        act = (confirm_ergebnis, welt.teilnahme, welt.pruefungsamt)
        assert code_of(*act, note=Decimal("1.0"), abweichung_grund="A") == "note_nicht_vorgesehen"

    def test_failed_has_no_grade(self):
        world = Kurswelt(minuten=100, benotet=True)
        grade(world, note=Decimal("1.0"))
        row = confirm_ergebnis(world.teilnahme, world.pruefungsamt)
        assert (row.status, row.note, row.anforderungen_erfuellt_am) == ("nicht_bestanden", None, None)

    def test_all_that_are_decided(self, welt):
        grade(welt)
        result = confirm_alle(welt.kurs, welt.pruefungsamt)
        assert [r.einschreibung for r in result.bestaetigt] == [welt.teilnahme]
        assert [v.einschreibung for v in result.uebersprungen] == [welt.andere]
        again = confirm_alle(welt.kurs, welt.pruefungsamt)
        assert again.bestaetigt == []

    def test_result_is_written_once_in_the_database(self, welt):
        grade(welt)
        row = confirm_ergebnis(welt.teilnahme, welt.pruefungsamt)
        with pytest.raises(DatabaseError), transaction.atomic():
            Modulergebnis.objects.filter(pk=row.pk).update(note=Decimal("1.0"))
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE kurse_modulergebnis SET status = 'nicht_bestanden'")
        Modulergebnis.objects.filter(pk=row.pk).update(bestaetigt_von=None)
        row.refresh_from_db()
        assert (row.status, row.bestaetigt_von) == ("bestanden", None)
