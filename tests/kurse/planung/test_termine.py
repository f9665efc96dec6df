import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kurse.anwesenheit.models import Anwesenheitsvermerk
from kurse.einschreibung.enums import NIMMT_TEIL, EinschreibungStatus
from kurse.planung import ereignisse
from kurse.planung.beteiligte import AKTIV, TEILNEHMEND
from kurse.planung.checkliste import checkliste_of, ue_plan_of
from kurse.planung.konflikte import find_konflikte
from kurse.planung.models import Termin, Terminaenderung
from kurse.planung.serie import TerminEntwurf, build_serie
from kurse.planung.services import (
    add_termine,
    assign_lehrauftrag,
    cancel_termin,
    create_ort,
    delete_termin,
    move_termin,
    publish_kurs,
    update_kurs,
    update_termin,
)
from lms.core.errors import DomainError
from lms.konten.enums import Kreis
from lms.post.models import Nachricht
from module.enums import UeRundung
from tests.factories import EinschreibungFactory, KursFactory, OrtFactory, PersonFactory, TerminFactory

STUNDE = dt.timedelta(hours=1)


def refused(act) -> str:
    with pytest.raises(DomainError) as excinfo:
        act()
    return excinfo.value.code


def test_the_states_read_through_reverse_relations_exist():
    assert set(AKTIV) < set(EinschreibungStatus.values)
    assert set(TEILNEHMEND) == set(NIMMT_TEIL)


def test_breaks_are_saved_and_left_out(welt):
    kurs = welt.kurs()
    termin = add_termine(kurs, welt.planung, [welt.entwurf()])[0]
    assert (termin.minuten, termin.pausen.count()) == (180, 1)
    kurs.refresh_from_db()
    assert (kurs.beginn, kurs.ende) == (termin.beginn, termin.ende)


@pytest.mark.parametrize(
    ("felder", "code"),
    [
        ({"ende": "08:00", "pausen": ()}, "ende_vor_beginn"),
        ({"ende": "09:00", "pausen": ()}, "ende_vor_beginn"),
        ({"ende": "21:01", "pausen": ()}, "termin_zu_lang"),
        ({"tage": -1}, "termin_vergangen"),
        ({"pausen": (("08:45", "09:15"),)}, "pause_ausserhalb"),
        ({"pausen": (("12:00", "12:30"),)}, "pause_ausserhalb"),
        ({"pausen": (("10:45", "10:30"),)}, "pause_ungueltig"),
        ({"pausen": (("10:00", "10:30"), ("10:15", "10:45"))}, "pausen_ueberschneiden"),
        ({"pausen": (("09:00", "12:15"),)}, "keine_unterrichtszeit"),
        ({"link": "javascript:alert(1)"}, "link_ungueltig"),
        ({"thema": "x" * 201}, "eingabe_ungueltig"),
    ],
)
def test_bad_sessions_are_refused_all_or_none(welt, felder, code):
    kurs = welt.kurs()
    assert refused(lambda: add_termine(kurs, welt.planung, [welt.entwurf(30), welt.entwurf(**felder)])) == code
    assert not Termin.objects.exists()


def test_past_sessions_only_when_asked_for(welt):
    assert len(add_termine(welt.kurs(), welt.planung, [welt.entwurf(-30)], vergangen_erlaubt=True)) == 1


def test_touching_sessions_are_fine_overlapping_ones_are_not(welt):
    kurs = welt.kurs()
    add_termine(kurs, welt.planung, [welt.entwurf()])
    add_termine(kurs, welt.planung, [welt.entwurf(beginn="12:15", ende="13:00", pausen=())])
    late = welt.entwurf(beginn="12:14", ende="14:00", pausen=())
    assert refused(lambda: add_termine(kurs, welt.planung, [late])) == "termin_ueberschneidung"
    twice = [welt.entwurf(15), welt.entwurf(15)]
    assert refused(lambda: add_termine(kurs, welt.planung, twice)) == "termin_ueberschneidung"
    cancel_termin(kurs.termine.last(), welt.planung, "frei")
    assert add_termine(kurs, welt.planung, [welt.entwurf(beginn="12:15", ende="14:00", pausen=())])


def test_the_place_must_be_the_providers(welt):
    entwurf = welt.entwurf(ort=OrtFactory())
    assert refused(lambda: add_termine(welt.kurs(), welt.planung, [entwurf])) == "ort_fremd"


def test_the_database_itself_refuses_a_session_that_ends_before_it_begins(welt):
    termin = TerminFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Termin.objects.filter(pk=termin.pk).update(ende=termin.beginn)


def test_move_keeps_the_old_times_and_tells_everybody_once(welt):
    kurs = publish_kurs(welt.fertiger_kurs(), welt.planung)
    person = EinschreibungFactory(kurs=kurs).person
    EinschreibungFactory(kurs=kurs, status="storniert")
    termin = kurs.termine.get()
    old_begin, old_end = termin.beginn, termin.ende
    for _ in range(2):
        move_termin(termin, welt.planung, beginn=old_begin + STUNDE, ende=old_end + STUNDE, grund=" Raum  gesperrt ")
    termin.refresh_from_db()
    assert (termin.beginn, termin.minuten) == (old_begin + STUNDE, 180)
    assert termin.pausen.get().beginn == old_begin + dt.timedelta(minutes=150)
    change = Terminaenderung.objects.get()
    assert (change.alt_beginn, change.alt_ende, change.grund) == (old_begin, old_end, "Raum gesperrt")
    assert change.alt_ort == str(welt.ort)
    mails = list(Nachricht.objects.all())
    assert {mail.empfaenger for mail in mails} == {person, welt.lehrende}
    assert len(mails) == 2
    assert all(f"{timezone.localtime(old_begin):%d.%m.%Y}" in mail.text for mail in mails)
    assert not any("gesperrt" in mail.text for mail in mails)
    assert "SEQUENCE:1" in mails[0].kalender
    kurs.refresh_from_db()
    assert kurs.beginn == termin.beginn


def test_move_changes_place_link_and_breaks_only_when_asked(welt):
    kurs = welt.fertiger_kurs()
    termin = kurs.termine.get()
    same = {"beginn": termin.beginn, "ende": termin.ende, "grund": "x"}
    other = create_ort(welt.planung, organisation=welt.org, name="Neu", ort="Pirna", kreis=Kreis.DRESDEN)
    assert move_termin(termin, welt.planung, **same, ort=other).ort == other
    assert move_termin(termin, welt.planung, **same, link="https://raum.example.org/").ort == other
    moved = move_termin(termin, welt.planung, **same, ort=None, pausen=[])
    assert (moved.ort, moved.link, moved.minuten) == (None, "https://raum.example.org/", 195)
    assert not Nachricht.objects.exists()


def test_move_rules(welt):
    kurs = publish_kurs(welt.fertiger_kurs(), welt.planung)
    termin = kurs.termine.get()
    add_termine(kurs, welt.planung, [welt.entwurf(11)])
    day = dt.timedelta(days=1)
    new = {"beginn": termin.beginn + day, "ende": termin.ende + day, "grund": "x"}
    assert refused(lambda: move_termin(termin, welt.planung, **new)) == "termin_ueberschneidung"
    later = {"beginn": termin.beginn + 2 * day, "ende": termin.ende + 2 * day}
    assert refused(lambda: move_termin(termin, welt.planung, **later, grund="")) == "grund_fehlt"
    assert refused(lambda: move_termin(termin, welt.planung, **later, grund="x" * 301)) == "grund_zu_lang"
    past = {"beginn": termin.beginn - 40 * day, "ende": termin.ende - 40 * day, "grund": "x"}
    assert refused(lambda: move_termin(termin, welt.planung, **past)) == "termin_vergangen"
    short = {"beginn": termin.beginn, "ende": termin.beginn + STUNDE, "grund": "x"}
    assert refused(lambda: move_termin(termin, welt.planung, **short)) == "pause_ausserhalb"
    with pytest.raises(PermissionDenied):
        move_termin(termin, welt.lehrende, **later, grund="x")
    cancel_termin(termin, welt.planung, "x")
    assert refused(lambda: move_termin(termin, welt.planung, **later, grund="x")) == "termin_abgesagt"
    assert Terminaenderung.objects.count() == 1


def test_a_closed_list_holds_the_session_where_it_was(welt):
    kurs = publish_kurs(welt.fertiger_kurs(), welt.planung)
    termin = kurs.termine.get()
    Termin.objects.filter(pk=termin.pk).update(liste_geschlossen_at=timezone.now())
    new = {"beginn": termin.beginn + STUNDE, "ende": termin.ende + STUNDE, "grund": "x"}
    assert refused(lambda: move_termin(termin, welt.planung, **new)) == "liste_geschlossen"
    assert refused(lambda: cancel_termin(termin, welt.planung, "x")) == "liste_geschlossen"
    assert not Terminaenderung.objects.exists()


def test_recorded_attendance_holds_the_session_too(welt):
    kurs = publish_kurs(welt.fertiger_kurs(), welt.planung)
    termin = kurs.termine.get()
    row = EinschreibungFactory(kurs=kurs)
    Anwesenheitsvermerk.objects.create(
        termin=termin, einschreibung=row, status="anwesend", minuten=180, client_key="a", erfasst_von=welt.lehrende
    )
    assert refused(lambda: cancel_termin(termin, welt.planung, "x")) == "anwesenheit_erfasst"


def test_cancel_once(welt):
    kurs = publish_kurs(welt.fertiger_kurs(), welt.planung)
    termin = kurs.termine.get()
    for _ in range(2):
        cancel_termin(termin, welt.planung, "Sturmwarnung")
    termin.refresh_from_db()
    assert (termin.status, termin.grund) == ("abgesagt", "Sturmwarnung")
    assert Terminaenderung.objects.count() == 1
    mail = Nachricht.objects.get()
    assert mail.empfaenger == welt.lehrende
    assert "STATUS:CANCELLED" in mail.kalender
    kurs.refresh_from_db()
    assert kurs.beginn is None


def test_sessions_of_a_draft_are_deleted_those_of_a_published_course_are_not(welt):
    kurs = welt.fertiger_kurs()
    add_termine(kurs, welt.planung, [welt.entwurf(40)])
    delete_termin(kurs.termine.last(), welt.planung)
    publish_kurs(kurs, welt.planung)
    assert refused(lambda: delete_termin(kurs.termine.get(), welt.planung)) == "termin_veroeffentlicht"


def test_topic_and_link(welt):
    termin = welt.fertiger_kurs().termine.get()
    row = update_termin(termin, welt.planung, thema=" Asylverfahren ", link="https://raum.example.org/")
    assert (row.thema, row.link) == ("Asylverfahren", "https://raum.example.org/")
    assert refused(lambda: update_termin(termin, welt.planung, thema="x" * 201, link="")) == "eingabe_ungueltig"
    assert refused(lambda: update_termin(termin, welt.planung, thema="", link="kein link")) == "eingabe_ungueltig"


def test_events_reach_the_rooms_above(welt, monkeypatch):
    monkeypatch.setattr(ereignisse, "_listeners", {})
    heard = []
    ereignisse.on(ereignisse.TERMIN_GEAENDERT, heard.append)
    ereignisse.on(ereignisse.TERMIN_GEAENDERT, heard.append)
    kurs = welt.fertiger_kurs()
    cancel_termin(kurs.termine.get(), welt.planung, "x")
    assert heard == [kurs, kurs]
    with pytest.raises(ValueError, match="unknown"):
        ereignisse.on("kurs_geoeffnet", heard.append)


# --- teaching units -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rundung", "ist"), [("exakt", "6.66"), ("kaufmaennisch", "7"), ("abgerundet", "6")])
def test_units_are_rounded_once_on_the_sum_by_the_rule(welt, rundung, ist):
    welt.version.anwesenheitsregel.ue_rundung = UeRundung(rundung)
    welt.version.anwesenheitsregel.save()
    kurs = welt.kurs()
    hundred = [welt.entwurf(day, ende="10:40", pausen=()) for day in (10, 11, 12)]
    add_termine(kurs, welt.planung, hundred)
    kurs.refresh_from_db()
    plan = ue_plan_of(kurs, list(kurs.termine.all()))
    assert (plan.minuten, str(plan.ist)) == (300, ist)


@pytest.mark.parametrize(("anzahl", "text"), [(3, "es fehlt noch"), (4, ""), (5, "mehr als die 16 UE")])
def test_units_are_compared_with_the_module(welt, anzahl, text):
    kurs = welt.kurs()
    add_termine(kurs, welt.planung, [welt.entwurf(10 + day) for day in range(anzahl)])
    kurs.refresh_from_db()
    point = next(p for p in checkliste_of(kurs) if p.code == "ue")
    assert (point.erfuellt, point.pflicht) == (anzahl == 4, False)
    assert text in point.text


def test_cancelled_sessions_count_nowhere(welt):
    kurs = welt.kurs()
    add_termine(kurs, welt.planung, [welt.entwurf(10), welt.entwurf(11)])
    cancel_termin(kurs.termine.first(), welt.planung, "x")
    assert ue_plan_of(kurs, list(kurs.termine.all())).minuten == 180


# --- conflicts ------------------------------------------------------------------------------------------------------


def at(entwurf, **shift):
    delta = dt.timedelta(**shift)
    return TerminEntwurf(entwurf.beginn + delta, entwurf.ende + delta, (), entwurf.ort)


def test_conflicts_name_who_what_and_when(welt):
    kurs, entwurf = welt.kurs(), welt.entwurf()
    assign_lehrauftrag(kurs, welt.lehrende, welt.planung)
    other = KursFactory(titel="Recht", veranstalter=welt.org)
    assign_lehrauftrag(other, welt.lehrende, welt.planung)
    TerminFactory(kurs=other, beginn=entwurf.beginn, ende=entwurf.ende, ort=welt.ort)
    for person in (PersonFactory(), PersonFactory()):
        EinschreibungFactory(kurs=kurs, person=person)
        EinschreibungFactory(kurs=other, person=person, status="warteliste")
    found = find_konflikte(kurs, [at(entwurf, days=1), entwurf])
    assert [(k.art, k.index, k.anzahl) for k in found] == [("lehrende", 1, 1), ("ort", 1, 1), ("teilnehmende", 1, 2)]
    when = f"am {timezone.localtime(entwurf.beginn):%d.%m.%Y} von 09:00 bis 12:15 Uhr"
    assert found[0].text == f"Lea Lehr unterrichtet schon {when} im Kurs „Recht“."
    assert found[2].text == f"2 Personen aus diesem Kurs haben {when} schon einen Termin im Kurs „Recht“."


def test_touching_and_cancelled_sessions_are_no_conflict(welt):
    kurs, entwurf = welt.kurs(), welt.entwurf()
    other = KursFactory(veranstalter=welt.org)
    TerminFactory(kurs=other, beginn=entwurf.beginn - STUNDE, ende=entwurf.beginn, ort=welt.ort)
    TerminFactory(kurs=other, beginn=entwurf.ende, ende=entwurf.ende + STUNDE, ort=welt.ort)
    TerminFactory(kurs=other, beginn=entwurf.beginn, ende=entwurf.ende, ort=welt.ort, status="abgesagt")
    gone = KursFactory(veranstalter=welt.org, status="abgesagt")
    TerminFactory(kurs=gone, beginn=entwurf.beginn, ende=entwurf.ende, ort=welt.ort)
    assert find_konflikte(kurs, [entwurf]) == []
    assert len(find_konflikte(kurs, [at(entwurf, minutes=1)])) == 1


def test_an_unpublished_plan_of_another_provider_stays_unnamed(welt):
    kurs, entwurf = welt.kurs(), welt.entwurf()
    assign_lehrauftrag(kurs, welt.lehrende, welt.planung)
    secret = KursFactory(titel="Geheimer Plan", status="entwurf")
    secret.lehrauftraege.create(person=welt.lehrende)
    TerminFactory(kurs=secret, beginn=entwurf.beginn, ende=entwurf.ende)
    text = find_konflikte(kurs, [entwurf])[0].text
    assert "Geheimer Plan" not in text
    assert secret.veranstalter.kurzname in text


def test_moving_does_not_collide_with_itself_and_asks_before_it_collides(welt):
    kurs = welt.fertiger_kurs()
    termin = kurs.termine.get()
    other = KursFactory(veranstalter=welt.org)
    TerminFactory(kurs=other, beginn=termin.ende, ende=termin.ende + STUNDE, ort=welt.ort)
    new = {"beginn": termin.beginn + STUNDE, "ende": termin.ende + STUNDE, "grund": "x"}
    assert refused(lambda: move_termin(termin, welt.planung, **new, trotz_konflikten=False)) == "termin_konflikte"
    assert move_termin(termin, welt.planung, **new).beginn == new["beginn"]


def test_conflicts_take_a_constant_number_of_queries(welt):
    kurs = welt.kurs()
    assign_lehrauftrag(kurs, welt.lehrende, welt.planung)
    start = timezone.localdate() + dt.timedelta(days=30)
    drafts = build_serie(art="block", von=start, anzahl=20, beginn=dt.time(9), ende=dt.time(12), ort=welt.ort)

    def fill(count):
        for draft in drafts[:count]:
            other = KursFactory(veranstalter=welt.org)
            other.lehrauftraege.create(person=welt.lehrende)
            TerminFactory(kurs=other, beginn=draft.beginn, ende=draft.ende, ort=welt.ort)

    def count(expected):
        with CaptureQueriesContext(connection) as found:
            assert len(find_konflikte(kurs, drafts)) == expected
        return len(found)

    fill(1)
    assert count(2) == 5
    fill(20)
    assert count(42) == 5


def test_no_change_after_the_course_is_over(welt):
    kurs = publish_kurs(welt.fertiger_kurs(), welt.planung)
    termin = kurs.termine.get()
    type(kurs).objects.filter(pk=kurs.pk).update(status="abgeschlossen")
    assert refused(lambda: cancel_termin(termin, welt.planung, "x")) == "kurs_beendet"
    assert refused(lambda: update_kurs(kurs, welt.planung, titel="x")) == "kurs_beendet"
