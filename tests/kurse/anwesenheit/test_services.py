import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kurse.anwesenheit.models import Anwesenheitsstand, Anwesenheitsvermerk, Listenereignis
from kurse.anwesenheit.permissions import with_rechte
from kurse.anwesenheit.services import AnwesenheitKonflikt, close_liste, record_anwesenheit, reopen_liste
from kurse.planung.models import Pause, Termin
from kurse.planung.permissions import may_manage, may_record, may_see_teilnehmende
from lms.core.audit import audit_for
from lms.core.errors import DomainError
from lms.konten.models import Person
from tests.factories import EinschreibungFactory, LehrauftragFactory, PersonFactory, TerminFactory
from tests.kurse.anwesenheit.conftest import eintrag, past


def refused(code, function, *args, **kwargs):
    before = (Anwesenheitsvermerk.objects.count(), list(Anwesenheitsstand.objects.values_list("pk", "vermerk_id")))
    with pytest.raises(DomainError) as caught:
        function(*args, **kwargs)
    assert caught.value.code == code
    assert before == (
        Anwesenheitsvermerk.objects.count(),
        list(Anwesenheitsstand.objects.values_list("pk", "vermerk_id")),
    )
    return caught.value


def test_records_many_with_ledger_state_and_audit(welt):
    a, b, c = welt.teilnehmende
    staende = record_anwesenheit(
        welt.termin,
        welt.lehrende,
        [eintrag(a), eintrag(b, "entschuldigt", notiz="  Arzt\n termin "), eintrag(c, "teilweise", minuten=60)],
    )
    assert [(s.einschreibung_id, s.status, s.minuten) for s in staende] == [
        (a.pk, "anwesend", 180),
        (b.pk, "entschuldigt", 0),
        (c.pk, "teilweise", 60),
    ]
    assert {s.pk for s in staende} == set(Anwesenheitsstand.objects.values_list("pk", flat=True))
    rows = Anwesenheitsvermerk.objects.order_by("einschreibung_id")
    assert [(v.status, v.minuten, v.notiz, v.erfasst_von, v.ersetzt) for v in rows] == [
        ("anwesend", 180, "", welt.lehrende, None),
        ("entschuldigt", 0, "Arzt termin", welt.lehrende, None),
        ("teilweise", 60, "", welt.lehrende, None),
    ]
    (log,) = audit_for(welt.termin)
    assert log.aktion == "anwesenheit_erfasst"
    assert log.daten == {"anzahl": 3, "berichtigt": 0, "herkunft": "lehrende", "nach_schliessung": False}


def test_unchanged_state_writes_nothing(welt):
    a, b, _ = welt.teilnehmende
    record_anwesenheit(welt.termin, welt.lehrende, [eintrag(a), eintrag(b, "teilweise", minuten=60)])
    again = record_anwesenheit(welt.termin, welt.lehrende, [eintrag(a), eintrag(b, "teilweise", minuten=60)])
    assert [(s.status, s.minuten) for s in again] == [("anwesend", 180), ("teilweise", 60)]
    assert Anwesenheitsvermerk.objects.count() == 2
    assert audit_for(welt.termin).count() == 1


def test_correction_replaces_and_keeps_the_old_entry(welt):
    a = welt.teilnehmende[0]
    record_anwesenheit(welt.termin, welt.lehrende, [eintrag(a)])
    record_anwesenheit(welt.termin, welt.verwaltung, [eintrag(a, "abwesend")])
    first, second = Anwesenheitsvermerk.objects.order_by("id")
    assert (first.status, first.erfasst_von) == ("anwesend", welt.lehrende)
    assert (second.status, second.ersetzt, second.erfasst_von) == ("abwesend", first, welt.verwaltung)
    stand = Anwesenheitsstand.objects.get()
    assert (stand.vermerk, stand.status, stand.minuten) == (second, "abwesend", 0)


def test_double_click_is_one_entry_and_the_same_answer(welt):
    a = welt.teilnehmende[0]
    request = [eintrag(a, "teilweise", minuten=45, client_key="nonce:a")]
    first = record_anwesenheit(welt.termin, welt.lehrende, request)
    second = record_anwesenheit(welt.termin, welt.lehrende, request)
    assert [(s.pk, s.vermerk_id, s.minuten) for s in first] == [(s.pk, s.vermerk_id, s.minuten) for s in second]
    assert Anwesenheitsvermerk.objects.count() == 1


def test_a_key_sent_again_after_a_correction_does_not_undo_it(welt):
    a = welt.teilnehmende[0]
    request = [eintrag(a, client_key="nonce:a")]
    record_anwesenheit(welt.termin, welt.lehrende, request)
    record_anwesenheit(welt.termin, welt.lehrende, [eintrag(a, "abwesend")])
    (stand,) = record_anwesenheit(welt.termin, welt.lehrende, request)
    assert stand.status == "abwesend"
    assert Anwesenheitsvermerk.objects.count() == 2


def test_same_key_with_other_content_is_refused(welt):
    a, b, _ = welt.teilnehmende
    record_anwesenheit(welt.termin, welt.lehrende, [eintrag(a, client_key="k")])
    refused(
        "schluessel_vergeben", record_anwesenheit, welt.termin, welt.lehrende, [eintrag(a, "abwesend", client_key="k")]
    )
    refused("schluessel_vergeben", record_anwesenheit, welt.termin, welt.lehrende, [eintrag(b, client_key="k")])
    other = TerminFactory(kurs=welt.kurs, **past(30))
    refused("schluessel_vergeben", record_anwesenheit, other, welt.lehrende, [eintrag(a, client_key="k")])
    refused(
        "schluessel_vergeben",
        record_anwesenheit,
        other,
        welt.lehrende,
        [eintrag(a, client_key="zweimal"), eintrag(b, client_key="zweimal")],
    )


@pytest.mark.parametrize(
    ("code", "felder"),
    [
        ("status_unbekannt", {"status": "vielleicht"}),
        ("modus_unbekannt", {"modus": "telefon"}),
        ("schluessel_ungueltig", {"client_key": ""}),
        ("schluessel_ungueltig", {"client_key": "x" * 65}),
        ("notiz_zu_lang", {"notiz": "x" * 201}),
        ("grund_zu_lang", {"grund": "x" * 301}),
        ("minuten_fehlen", {"status": "teilweise"}),
        ("minuten_unmoeglich", {"status": "teilweise", "minuten": 181}),
        ("minuten_unmoeglich", {"status": "teilweise", "minuten": -1}),
        ("keine_zeit_anwesend", {"status": "teilweise", "minuten": 0}),
    ],
)
def test_refuses_impossible_content(welt, code, felder):
    good = eintrag(welt.teilnehmende[1])
    error = refused(
        code, record_anwesenheit, welt.termin, welt.lehrende, [good, eintrag(welt.teilnehmende[0], **felder)]
    )
    assert error.details == {"einschreibung": welt.teilnehmende[0].pk}


def test_refuses_impossible_times(welt):
    t, (a, *_) = welt.termin, welt.teilnehmende
    hour = dt.timedelta(hours=1)
    for code, felder in [
        ("minuten_doppelt", {"minuten": 30, "von": t.beginn}),
        ("zeit_ungueltig", {"von": t.beginn + hour, "bis": t.beginn}),
        ("keine_zeit_anwesend", {"von": t.ende + hour}),
        ("keine_zeit_anwesend", {"bis": t.beginn}),
    ]:
        refused(code, record_anwesenheit, t, welt.lehrende, [eintrag(a, "teilweise", **felder)])


def test_late_and_early_leave_out_the_breaks(welt):
    t, (a, b, c) = welt.termin, welt.teilnehmende
    minute = dt.timedelta(minutes=1)
    Pause.objects.create(termin=t, beginn=t.beginn + 90 * minute, ende=t.beginn + 105 * minute)
    Termin.objects.filter(pk=t.pk).update(minuten=165)
    record_anwesenheit(
        t,
        welt.lehrende,
        [
            eintrag(a, "teilweise", von=t.beginn + 20 * minute),
            eintrag(b, "teilweise", bis=t.beginn + 100 * minute),
            eintrag(c, "teilweise", von=t.beginn, bis=t.ende),
        ],
    )
    found = Anwesenheitsvermerk.objects.order_by("einschreibung_id").values_list("status", "minuten", "von", "bis")
    assert list(found) == [
        ("teilweise", 145, t.beginn + 20 * minute, None),
        ("teilweise", 90, None, t.beginn + 100 * minute),
        ("anwesend", 165, None, None),
    ]


def test_refuses_sessions_that_cannot_be_recorded(welt):
    a = welt.teilnehmende[0]
    now = timezone.now()
    minute = dt.timedelta(minutes=1)
    future = TerminFactory(kurs=welt.kurs, beginn=now + 61 * minute, ende=now + 120 * minute)
    refused("termin_in_zukunft", record_anwesenheit, future, welt.lehrende, [eintrag(a)])
    soon = TerminFactory(kurs=welt.kurs, beginn=now + 59 * minute, ende=now + 120 * minute)
    assert len(record_anwesenheit(soon, welt.lehrende, [eintrag(a)])) == 1
    Termin.objects.filter(pk=welt.termin.pk).update(status="abgesagt")
    refused("termin_abgesagt", record_anwesenheit, welt.termin, welt.lehrende, [eintrag(a)])
    refused("termin_abgesagt", close_liste, welt.termin, welt.lehrende)
    Termin.objects.filter(pk=welt.termin.pk).update(status="geplant")
    for status in ("entwurf", "abgesagt"):
        type(welt.kurs).objects.filter(pk=welt.kurs.pk).update(status=status)
        refused("kurs_nicht_aktiv", record_anwesenheit, welt.termin, welt.lehrende, [eintrag(a)])


@pytest.mark.parametrize("status", ["beantragt", "warteliste", "angeboten", "abgelehnt", "storniert"])
def test_refuses_people_who_do_not_take_part(welt, status):
    row = EinschreibungFactory(kurs=welt.kurs, status=status)
    refused("nimmt_nicht_teil", record_anwesenheit, welt.termin, welt.lehrende, [eintrag(row)])


def test_refuses_people_of_other_courses_and_doubles(welt):
    a = welt.teilnehmende[0]
    refused("nimmt_nicht_teil", record_anwesenheit, welt.termin, welt.lehrende, [eintrag(EinschreibungFactory())])
    refused("eintrag_doppelt", record_anwesenheit, welt.termin, welt.lehrende, [eintrag(a), eintrag(a, "abwesend")])


def test_somebody_who_left_the_course_keeps_the_record_but_gets_no_new_one(welt):
    a = welt.teilnehmende[0]
    record_anwesenheit(welt.termin, welt.lehrende, [eintrag(a)])
    type(a).objects.filter(pk=a.pk).update(status="storniert")
    (stand,) = record_anwesenheit(welt.termin, welt.lehrende, [eintrag(a)])
    assert stand.status == "anwesend"
    refused("nimmt_nicht_teil", record_anwesenheit, welt.termin, welt.lehrende, [eintrag(a, "abwesend")])


def test_rights(welt):
    a = welt.teilnehmende[0]
    stranger = LehrauftragFactory().person
    for person in (PersonFactory(), stranger, welt.pruefungsamt, a.person):
        with pytest.raises(PermissionDenied):
            record_anwesenheit(welt.termin, person, [eintrag(a)])
        with pytest.raises(PermissionDenied):
            close_liste(welt.termin, person)
        with pytest.raises(PermissionDenied):
            reopen_liste(welt.termin, person, "Grund")
    with pytest.raises(PermissionDenied):
        reopen_liste(welt.termin, welt.lehrende, "Grund")
    assert not Anwesenheitsvermerk.objects.exists()


def test_annotated_rights_agree_with_the_rights_of_planning(welt):
    for person in (welt.lehrende, welt.verwaltung, welt.pruefungsamt, welt.teilnehmende[0].person):
        row = with_rechte(Termin.objects.all(), person).get(pk=welt.termin.pk)
        assert (row.darf_erfassen, row.darf_verwalten, row.darf_einsehen) == (
            may_record(person, welt.kurs),
            may_manage(person, welt.kurs),
            may_see_teilnehmende(person, welt.kurs),
        )


def test_stale_basis_is_a_conflict_that_shows_both_sides(welt):
    a, b, _ = welt.teilnehmende
    record_anwesenheit(welt.termin, welt.lehrende, [eintrag(a, basis=0)])
    error = refused(
        "anwesenheit_konflikt",
        record_anwesenheit,
        welt.termin,
        welt.verwaltung,
        [eintrag(a, "abwesend", basis=0), eintrag(b, basis=0)],
    )
    assert isinstance(error, AnwesenheitKonflikt)
    (konflikt,) = error.konflikte
    assert (konflikt.einschreibung_id, konflikt.stand.status, konflikt.eigener.status) == (
        a.public_id,
        "anwesend",
        "abwesend",
    )
    staende = record_anwesenheit(
        welt.termin, welt.verwaltung, [eintrag(a, "abwesend", basis=konflikt.vermerk_id), eintrag(b, basis=0)]
    )
    assert [s.status for s in staende] == ["abwesend", "anwesend"]


def test_a_stale_form_that_repeats_what_it_saw_does_not_undo_the_newer_entry(welt):
    a, b, _ = welt.teilnehmende
    (seen,) = record_anwesenheit(welt.termin, welt.lehrende, [eintrag(a)])
    record_anwesenheit(welt.termin, welt.verwaltung, [eintrag(a, "abwesend", basis=seen.vermerk_id)])
    staende = record_anwesenheit(welt.termin, welt.lehrende, [eintrag(a, basis=seen.vermerk_id), eintrag(b, basis=0)])
    assert [s.status for s in staende] == ["abwesend", "anwesend"]


def test_a_forged_basis_is_a_conflict(welt):
    a, b, _ = welt.teilnehmende
    (other,) = record_anwesenheit(welt.termin, welt.lehrende, [eintrag(b, "abwesend")])
    record_anwesenheit(welt.termin, welt.lehrende, [eintrag(a)])
    request = [eintrag(a, "abwesend", basis=other.vermerk_id)]
    refused("anwesenheit_konflikt", record_anwesenheit, welt.termin, welt.lehrende, request)


def test_closing_needs_everybody(welt):
    record_anwesenheit(welt.termin, welt.lehrende, [eintrag(e) for e in welt.teilnehmende[:2]])
    EinschreibungFactory(kurs=welt.kurs, status="warteliste")
    error = refused("liste_unvollstaendig", close_liste, welt.termin, welt.lehrende)
    assert error.details == {"offen": 1}
    record_anwesenheit(welt.termin, welt.lehrende, [eintrag(welt.teilnehmende[2], "abwesend")])
    closed = close_liste(welt.termin, welt.lehrende)
    assert closed.liste_geschlossen
    assert closed.liste_geschlossen_von == welt.lehrende
    again = close_liste(welt.termin, welt.verwaltung)
    assert again.liste_geschlossen_von == welt.lehrende
    assert [e.art for e in Listenereignis.objects.all()] == ["geschlossen"]


def test_closing_before_the_beginning_is_refused(welt):
    now = timezone.now()
    soon = TerminFactory(kurs=welt.kurs, beginn=now + dt.timedelta(minutes=30), ende=now + dt.timedelta(minutes=120))
    record_anwesenheit(soon, welt.lehrende, [eintrag(e) for e in welt.teilnehmende])
    refused("termin_in_zukunft", close_liste, soon, welt.lehrende)


def test_after_closing_a_correction_needs_a_reason_and_stays_visible(welt):
    a = welt.teilnehmende[0]
    record_anwesenheit(welt.termin, welt.lehrende, [eintrag(e) for e in welt.teilnehmende])
    close_liste(welt.termin, welt.lehrende)
    error = refused("grund_fehlt", record_anwesenheit, welt.termin, welt.lehrende, [eintrag(a, "abwesend", grund=" ")])
    assert error.field == "grund"
    assert record_anwesenheit(welt.termin, welt.lehrende, [eintrag(a)])[0].status == "anwesend"
    record_anwesenheit(welt.termin, welt.lehrende, [eintrag(a, "abwesend", grund="verwechselt")])
    last = Anwesenheitsvermerk.objects.last()
    assert (last.grund, last.ersetzt.status, last.status) == ("verwechselt", "anwesend", "abwesend")


def test_only_the_provider_reopens_with_a_reason(welt):
    assert not reopen_liste(welt.termin, welt.verwaltung, "").liste_geschlossen
    record_anwesenheit(welt.termin, welt.lehrende, [eintrag(e) for e in welt.teilnehmende])
    close_liste(welt.termin, welt.lehrende)
    refused("grund_fehlt", reopen_liste, welt.termin, welt.verwaltung, "  ")
    refused("grund_zu_lang", reopen_liste, welt.termin, welt.verwaltung, "x" * 301)
    opened = reopen_liste(welt.termin, welt.verwaltung, "Falscher Tag")
    assert not opened.liste_geschlossen
    assert [(e.art, e.grund, e.person) for e in Listenereignis.objects.all()] == [
        ("geschlossen", "", welt.lehrende),
        ("geoeffnet", "Falscher Tag", welt.verwaltung),
    ]
    assert [e.aktion for e in audit_for(welt.termin)][:2] == ["liste_geoeffnet", "liste_geschlossen"]


# --- the database itself ---------------------------------------------------------------------------------------------


def _vermerk(welt):
    record_anwesenheit(welt.termin, welt.lehrende, [eintrag(welt.teilnehmende[0])])
    return Anwesenheitsvermerk.objects.get()


@pytest.mark.parametrize("felder", [{"status": "abwesend", "minuten": 0}, {"notiz": "x"}, {"client_key": "anders"}])
def test_the_database_refuses_changes_of_the_ledger(welt, felder):
    row = _vermerk(welt)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Anwesenheitsvermerk.objects.filter(pk=row.pk).update(**felder)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Anwesenheitsvermerk.objects.filter(pk=row.pk).update(erfasst_von=None, **felder)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Anwesenheitsvermerk.objects.filter(pk=row.pk).update(erfasst_von=welt.verwaltung)


def test_the_database_refuses_deletion_of_the_ledger(welt):
    _vermerk(welt)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM kurse_anwesenheitsvermerk")
    assert Anwesenheitsvermerk.objects.count() == 1


def test_erasing_a_person_leaves_the_entry_without_its_author(welt):
    row = _vermerk(welt)
    Anwesenheitsvermerk.objects.filter(pk=row.pk).update(erfasst_von=None)
    row.refresh_from_db()
    assert row.erfasst_von is None
    assert row.status == "anwesend"


def test_the_chain_has_one_beginning_and_no_fork(welt):
    row = _vermerk(welt)
    base = {"termin": row.termin, "einschreibung": row.einschreibung, "status": "abwesend", "minuten": 0}
    with pytest.raises(IntegrityError), transaction.atomic():
        Anwesenheitsvermerk.objects.create(client_key="zweiter-anfang", **base)
    Anwesenheitsvermerk.objects.create(client_key="berichtigung", ersetzt=row, **base)
    with pytest.raises(IntegrityError), transaction.atomic():
        Anwesenheitsvermerk.objects.create(client_key="gabelung", ersetzt=row, **base)


def test_service_queries_do_not_grow(welt):
    minute = dt.timedelta(minutes=1)

    def count(people):
        termin = TerminFactory(kurs=welt.kurs, **past(3))
        entries = [eintrag(e) for e in people[1:]]
        entries.append(eintrag(people[0], "teilweise", von=termin.beginn + 5 * minute))
        with CaptureQueriesContext(
            connection,
        ) as ctx:
            record_anwesenheit(termin, Person.objects.get(pk=welt.lehrende.pk), entries)
        return len(ctx) - 1

    thirty = [EinschreibungFactory(kurs=welt.kurs) for _ in range(30)]
    assert [count(thirty[:3]), count(thirty)] == [9, 9]
