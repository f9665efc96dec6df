"""The ledger, the current state and the sums can never disagree."""

import contextlib
import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kurse.anwesenheit.models import Anwesenheitsstand, Anwesenheitsvermerk
from kurse.anwesenheit.selectors import belege_of
from kurse.anwesenheit.services import record_anwesenheit
from kurse.anwesenheit.zeiten import Zeiten, anteil, schwelle_erreicht, zeiten_of
from kurse.planung.models import Termin
from lms.core.errors import DomainError
from module.models import Anwesenheitsregel
from tests.factories import EinschreibungFactory, TerminFactory
from tests.kurse.anwesenheit.conftest import eintrag, past


def replay():
    """The current state as the ledger tells it: the entry that no other entry replaces, found without the table."""
    rows = list(Anwesenheitsvermerk.objects.order_by("id"))
    replaced = {row.ersetzt_id for row in rows}
    standing = [row for row in rows if row.pk not in replaced]
    found = {(row.termin_id, row.einschreibung_id): (row.pk, row.status, row.minuten) for row in standing}
    assert len(found) == len(standing), "one standing entry per person and session"
    return found


def current():
    rows = Anwesenheitsstand.objects.all()
    return {(row.termin_id, row.einschreibung_id): (row.vermerk_id, row.status, row.minuten) for row in rows}


acts = st.lists(
    st.tuples(
        st.integers(0, 1),  # session
        st.integers(0, 2),  # person
        st.sampled_from(["anwesend", "teilweise", "entschuldigt", "abwesend"]),
        st.integers(1, 180),
        st.integers(0, 3),  # client key: few, so that keys come again
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts)
def test_any_sequence_gives_the_same_totals_from_ledger_state_and_evidence(welt, sequence):
    with transaction.atomic():
        zweiter = TerminFactory(kurs=welt.kurs, **past(30))
        termine = [welt.termin, zweiter]
        _play(welt, termine, sequence)
        assert replay() == current()
        sums = zeiten_of(welt.teilnehmende)
        for row in welt.teilnehmende:
            belege = belege_of(row)
            assert sums[row.pk].minuten_besucht == sum(b.minuten for b in belege)
            assert sums[row.pk].minuten_geplant == sum(b.minuten_geplant for b in belege)
            assert sums[row.pk].termine_erfasst == sum(1 for b in belege if b.status)
        transaction.set_rollback(True)


def _play(welt, termine, sequence):
    for session, person, status, minuten, key in sequence:
        felder = {"minuten": minuten} if status == "teilweise" else {}
        entry = eintrag(welt.teilnehmende[person], status, client_key=f"k{session}{person}{key}", **felder)
        with contextlib.suppress(DomainError):  # a key that comes again with other content
            record_anwesenheit(termine[session], welt.lehrende, [entry])


def test_sums(welt):
    a, b, c = welt.teilnehmende
    zweiter = TerminFactory(kurs=welt.kurs, **past(30))
    TerminFactory(kurs=welt.kurs, **past(-30))
    abgesagt = TerminFactory(kurs=welt.kurs, **past(50))
    record_anwesenheit(abgesagt, welt.lehrende, [eintrag(a)])
    Termin.objects.filter(pk=abgesagt.pk).update(status="abgesagt")
    record_anwesenheit(welt.termin, welt.lehrende, [eintrag(a), eintrag(b, "teilweise", minuten=60)])
    record_anwesenheit(zweiter, welt.lehrende, [eintrag(a, "entschuldigt"), eintrag(b, "abwesend")])
    plan = {"minuten_geplant": 540, "minuten_gehalten": 180, "termine_gesamt": 3, "termine_gehalten": 1}
    assert zeiten_of(welt.teilnehmende) == {
        a.pk: Zeiten(minuten_besucht=180, minuten_entschuldigt=180, termine_erfasst=2, **plan),
        b.pk: Zeiten(minuten_besucht=60, minuten_versaeumt=300, termine_erfasst=2, **plan),
        c.pk: Zeiten(termine_offen=1, **plan),
    }


def test_a_closed_list_counts_as_held_before_its_end(welt):
    Termin.objects.filter(pk=welt.termin.pk).update(liste_geschlossen_at=timezone.now())
    found = zeiten_of(welt.teilnehmende[:1])[welt.teilnehmende[0].pk]
    assert (found.minuten_gehalten, found.termine_offen) == (180, 1)


def test_a_session_shortened_afterwards_never_gives_more_than_planned(welt):
    a = welt.teilnehmende[0]
    record_anwesenheit(welt.termin, welt.lehrende, [eintrag(a)])
    Termin.objects.filter(pk=welt.termin.pk).update(minuten=90)
    found = zeiten_of([a])[a.pk]
    assert (found.minuten_besucht, found.minuten_geplant, found.minuten_versaeumt) == (90, 90, 0)


def test_sums_of_nobody_and_of_a_course_without_sessions(db):
    assert zeiten_of([]) == {}
    row = EinschreibungFactory()
    assert zeiten_of([row]) == {row.pk: Zeiten()}
    assert anteil(Zeiten(), None) == Decimal("0.00")
    assert not schwelle_erreicht(Zeiten(), Anwesenheitsregel(schwelle_prozent=75))


@pytest.mark.parametrize("number", [1, 3, 40])
def test_sums_need_two_queries(welt, number, django_assert_num_queries):
    rows = [EinschreibungFactory(kurs=welt.kurs) for _ in range(min(number, 3))]
    rows += [EinschreibungFactory() for _ in range(number - len(rows))]
    with django_assert_num_queries(2):
        zeiten_of(rows)


def regel(schwelle, zaehlt="nicht", obergrenze="0"):
    return Anwesenheitsregel(
        schwelle_prozent=Decimal(schwelle),
        entschuldigt_zaehlt=zaehlt,
        entschuldigt_obergrenze_prozent=Decimal(obergrenze),
    )


@pytest.mark.parametrize(
    ("besucht", "entschuldigt", "geplant", "rule", "share", "reached"),
    [
        (750, 0, 1000, regel("75"), "75.00", True),
        (749, 0, 1000, regel("75"), "74.90", False),
        (74999, 0, 100000, regel("75"), "74.99", False),  # would be 75.00 if rounded
        (2, 0, 3, regel("66.67"), "66.66", False),
        (700, 200, 1000, regel("75"), "70.00", False),
        (700, 200, 1000, regel("75", "bis_obergrenze", "10"), "80.00", True),
        (650, 200, 1000, regel("75", "bis_obergrenze", "10"), "75.00", True),
        (649, 200, 1000, regel("75", "bis_obergrenze", "10"), "74.90", False),
        (600, 50, 1000, regel("75", "bis_obergrenze", "10"), "65.00", False),
        (600, 200, 1000, regel("75", "neutral"), "75.00", True),
        (599, 200, 1000, regel("75", "neutral"), "74.87", False),
        (0, 1000, 1000, regel("75", "neutral"), "0.00", False),
        (10, 0, 1000, None, "1.00", True),
    ],
)
def test_share_is_cut_off_and_the_threshold_compared_exactly(besucht, entschuldigt, geplant, rule, share, reached):
    zeiten = Zeiten(minuten_besucht=besucht, minuten_entschuldigt=entschuldigt, minuten_geplant=geplant)
    assert anteil(zeiten, rule) == Decimal(share)
    assert schwelle_erreicht(zeiten, rule) is reached


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(0, 10_000), st.decimals(0, 100, places=2))
def test_the_shown_share_never_promises_a_threshold_that_is_not_reached(besucht, entschuldigt, rest, schwelle):
    zeiten = Zeiten(
        minuten_besucht=besucht, minuten_entschuldigt=entschuldigt, minuten_geplant=besucht + entschuldigt + rest
    )
    for art in ("nicht", "bis_obergrenze", "neutral"):
        rule = regel(schwelle, art, "10")
        if anteil(zeiten, rule) >= schwelle > 0:
            assert schwelle_erreicht(zeiten, rule)


@pytest.mark.django_db(transaction=True)
def test_the_triggers_are_there_after_the_database_was_emptied():
    """A transactional test empties the database; the next one must still have a guarded ledger."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        names = {row[0] for row in cursor.fetchall()}
    assert {"anwesenheitsvermerk_kein_update", "anwesenheitsvermerk_kein_delete"} <= names


@pytest.mark.django_db(transaction=True)
def test_a_filled_ledger_can_be_emptied_between_tests_but_not_by_the_service():
    from tests.factories import KursFactory, LehrauftragFactory

    kurs = KursFactory()
    termin = TerminFactory(kurs=kurs, **past())
    record_anwesenheit(termin, LehrauftragFactory(kurs=kurs).person, [eintrag(EinschreibungFactory(kurs=kurs))])
    with pytest.raises(IntegrityError), transaction.atomic():
        Anwesenheitsvermerk.objects.all()._raw_delete("default")
    assert Anwesenheitsvermerk.objects.count() == 1
    assert termin.beginn < timezone.now() + dt.timedelta(minutes=1)
