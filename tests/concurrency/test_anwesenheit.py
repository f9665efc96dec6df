"""Two people at one list. The interleaving is forced: the first writer stops after reading until the second is done.

With the lock the second cannot be done before, so the first goes on after a moment; without it the second slips in.
"""

import datetime as dt
import threading
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from kurse.anwesenheit import services
from kurse.anwesenheit.eintrag import AnwesenheitEintrag
from kurse.anwesenheit.models import Anwesenheitsstand, Anwesenheitsvermerk, Listenereignis
from kurse.anwesenheit.permissions import with_rechte
from kurse.anwesenheit.services import AnwesenheitKonflikt, close_liste, record_anwesenheit
from kurse.planung.models import Termin
from lms.core.errors import DomainError
from tests.concurrency import run_parallel
from tests.factories import EinschreibungFactory, KursFactory, LehrauftragFactory, TerminFactory

pytestmark = [
    pytest.mark.nebenlaeufig,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks"),
]
PATIENCE = 1.0


@pytest.fixture
def liste():
    kurs = KursFactory()
    beginn = timezone.now() - dt.timedelta(hours=1)
    return SimpleNamespace(
        termin=TerminFactory(kurs=kurs, beginn=beginn, ende=beginn + dt.timedelta(hours=3)),
        personen=[EinschreibungFactory(kurs=kurs) for _ in range(5)],
        erste=LehrauftragFactory(kurs=kurs).person,
        zweite=LehrauftragFactory(kurs=kurs).person,
    )


@pytest.fixture
def ohne_sperre(monkeypatch):
    """The control experiment: the same service without the lock on the session."""

    def read_only(termin, akteur):
        return with_rechte(Termin.objects.select_related("kurs"), akteur).get(pk=termin.pk)

    monkeypatch.setattr(services, "_lock", read_only)


@pytest.fixture
def verzahnt(monkeypatch):
    """`verzahnt(first, second)` runs both; the first reads, then waits for the end of the second (or gives up)."""
    first_has_read, second_is_done = threading.Event(), threading.Event()
    original = services.load_bestand

    def read_then_wait(*args):
        bestand = original(*args)
        if threading.current_thread().name == "erste":
            first_has_read.set()
            second_is_done.wait(PATIENCE)
        return bestand

    monkeypatch.setattr(services, "load_bestand", read_then_wait)

    def run(first, second):
        def run_first():
            threading.current_thread().name = "erste"
            return first()

        def run_second():
            first_has_read.wait(10)
            try:
                return second()
            finally:
                second_is_done.set()

        return run_parallel([run_first, run_second])

    return run


def entries(liste, status, key, **felder):
    return [AnwesenheitEintrag(e.pk, status, f"{key}:{e.pk}", **felder) for e in liste.personen]


def ledger():
    return list(Anwesenheitsvermerk.objects.values_list("status", flat=True))


# --- two lecturers save at once --------------------------------------------------------------------------------------


def save_at_once(liste, verzahnt):
    return verzahnt(
        lambda: record_anwesenheit(liste.termin, liste.erste, entries(liste, "anwesend", "a", basis=0)),
        lambda: record_anwesenheit(liste.termin, liste.zweite, entries(liste, "abwesend", "b", basis=0)),
    )


def test_two_lecturers_save_at_once(liste, verzahnt):
    first, second = save_at_once(liste, verzahnt)
    assert [stand.status for stand in first] == ["anwesend"] * 5
    assert isinstance(second, AnwesenheitKonflikt)
    assert len(second.konflikte) == 5
    assert ledger() == ["anwesend"] * 5


def test_control_two_lecturers_without_the_lock(liste, verzahnt, ohne_sperre):
    first, second = save_at_once(liste, verzahnt)
    assert isinstance(first, IntegrityError), "only the constraint of the chain is left to refuse the second beginning"
    assert [stand.status for stand in second] == ["abwesend"] * 5
    assert ledger() == ["abwesend"] * 5


def test_many_at_once_give_one_truth_per_person(liste):
    def save(number):
        akteur = (liste.erste, liste.zweite)[number % 2]
        status = ("anwesend", "abwesend", "entschuldigt")[number % 3]
        return lambda: record_anwesenheit(liste.termin, akteur, entries(liste, status, f"n{number}"))

    results = run_parallel([save(number) for number in range(8)])
    assert not [r for r in results if isinstance(r, Exception)]
    rows = list(Anwesenheitsvermerk.objects.order_by("id"))
    replaced = {row.ersetzt_id for row in rows}
    standing = {row.einschreibung_id: row.pk for row in rows if row.pk not in replaced}
    assert len(standing) == 5
    assert standing == dict(Anwesenheitsstand.objects.values_list("einschreibung_id", "vermerk_id"))


# --- the same queue is sent twice ------------------------------------------------------------------------------------


def send_twice(liste, verzahnt):
    def send():
        return record_anwesenheit(liste.termin, liste.erste, entries(liste, "anwesend", "geraet", basis=0))

    return verzahnt(send, send)


def test_the_same_queue_sent_twice_in_parallel(liste, verzahnt):
    first, second = send_twice(liste, verzahnt)
    assert [s.vermerk_id for s in first] == [s.vermerk_id for s in second]
    assert ledger() == ["anwesend"] * 5


def test_control_the_same_queue_without_the_lock(liste, verzahnt, ohne_sperre):
    first, second = send_twice(liste, verzahnt)
    assert isinstance(first, DomainError | IntegrityError), "refused by a constraint instead of answered as the same"
    assert len(second) == 5
    assert ledger() == ["anwesend"] * 5


# --- closing against recording ---------------------------------------------------------------------------------------


def correct_while_closing(liste, verzahnt):
    record_anwesenheit(liste.termin, liste.erste, entries(liste, "anwesend", "vorher"))
    result = verzahnt(
        lambda: record_anwesenheit(liste.termin, liste.erste, entries(liste, "abwesend", "nachher")),
        lambda: close_liste(liste.termin, liste.zweite),
    )
    closed_at = Listenereignis.objects.get().created_at
    silent = Anwesenheitsvermerk.objects.filter(created_at__gt=closed_at, grund="").count()
    return result, silent


def test_a_correction_never_slips_in_behind_the_closing(liste, verzahnt):
    (first, second), silent = correct_while_closing(liste, verzahnt)
    assert [stand.status for stand in first] == ["abwesend"] * 5
    assert second.liste_geschlossen
    assert silent == 0


def test_control_a_correction_slips_in_without_the_lock(liste, verzahnt, ohne_sperre):
    _, silent = correct_while_closing(liste, verzahnt)
    assert silent == 5, "without the lock five changes of a closed list carry no reason"


def test_recording_after_the_closing_is_refused_without_a_reason(liste):
    record_anwesenheit(liste.termin, liste.erste, entries(liste, "anwesend", "vorher"))
    results = run_parallel(
        [lambda: close_liste(liste.termin, liste.zweite)]
        + [
            lambda n=n: record_anwesenheit(liste.termin, liste.erste, entries(liste, "abwesend", f"k{n}"))
            for n in range(4)
        ]
    )
    closed_at = Listenereignis.objects.get().created_at
    refused = [r for r in results if isinstance(r, Exception)]
    assert all(isinstance(r, DomainError) and r.code == "grund_fehlt" for r in refused)
    assert not Anwesenheitsvermerk.objects.filter(created_at__gt=closed_at).exists()
