from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from kurse.aufgaben.models import Bewertung
from kurse.aufgaben.services import grade_abgabe, submit_abgabe, update_aufgabe
from lms.core.models import AuditEintrag
from lms.post.models import Nachricht
from tests.factories import EinschreibungFactory, NotenskalaFactory
from tests.kurse.aufgaben.test_abgabe import close_result, code_of, hand_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def abgabe(welt):
    return hand_in(welt)


@pytest.fixture
def benotet(welt, abgabe):
    update_aufgabe(welt.aufgabe, welt.lehrende, notenskala=NotenskalaFactory())
    return abgabe


def test_grade_sets_the_state_and_tells_without_the_grade(welt, benotet):
    row = grade_abgabe(benotet, welt.lehrende, ergebnis="bestanden", note=Decimal("1.7"), kommentar="Sehr klar.")
    benotet.refresh_from_db()
    assert (benotet.status, row.note, row.kommentar, row.person) == (
        "bestanden",
        Decimal("1.7"),
        "Sehr klar.",
        welt.lehrende,
    )
    mail = Nachricht.objects.get(schluessel__startswith="bewertung:")
    assert mail.empfaenger == welt.person
    assert "1,7" not in mail.text + mail.betreff
    assert "1.7" not in mail.text + mail.betreff
    assert "Sehr klar" not in mail.text
    assert "bestanden" not in mail.text + mail.betreff
    audit = AuditEintrag.objects.get(aktion="abgabe_bewertet")
    assert "1.7" not in str(audit.daten)


def test_regrade_replaces_and_keeps_the_first(welt, benotet):
    first = grade_abgabe(benotet, welt.lehrende, ergebnis="nicht_bestanden", note=Decimal("5.0"))
    second = grade_abgabe(benotet, welt.verwaltung, ergebnis="bestanden", note=Decimal("4.0"))
    assert second.ersetzt == first
    assert [b.ergebnis for b in benotet.bewertungen.all()] == ["nicht_bestanden", "bestanden"]
    assert grade_abgabe(benotet, welt.verwaltung, ergebnis="bestanden", note=Decimal("4.0")) == second


def test_a_colleagues_grading_is_not_replaced_unseen(welt, abgabe):
    first = grade_abgabe(abgabe, welt.lehrende, ergebnis="bestanden", bisher="")
    assert (
        code_of(grade_abgabe, abgabe, welt.verwaltung, ergebnis="nicht_bestanden", bisher="") == "inzwischen_bewertet"
    )
    second = grade_abgabe(abgabe, welt.verwaltung, ergebnis="nicht_bestanden", bisher=first.public_id)
    assert second.ersetzt == first


def test_database_allows_one_first_grading(welt, abgabe):
    first = grade_abgabe(abgabe, welt.lehrende, ergebnis="bestanden")
    with pytest.raises(IntegrityError), transaction.atomic():
        Bewertung.objects.create(abgabe=abgabe, ergebnis="bestanden")
    Bewertung.objects.create(abgabe=abgabe, ergebnis="bestanden", ersetzt=first)
    with pytest.raises(IntegrityError), transaction.atomic():
        Bewertung.objects.create(abgabe=abgabe, ergebnis="bestanden", ersetzt=first)


@pytest.mark.parametrize("who", ["person", "pruefungsamt", "arbeitgeber", "fremde"])
def test_who_may_not_grade(welt, abgabe, who):
    with pytest.raises(PermissionDenied):
        grade_abgabe(abgabe, getattr(welt, who), ergebnis="bestanden")
    assert not Bewertung.objects.exists()


def test_not_the_own_submission(welt):
    own = EinschreibungFactory(kurs=welt.kurs, person=welt.lehrende)
    row = submit_abgabe(welt.aufgabe, own, welt.lehrende, text="Meins")
    assert code_of(grade_abgabe, row, welt.lehrende, ergebnis="bestanden") == "eigene_abgabe"


@pytest.mark.parametrize(
    ("kwargs", "code"),
    [
        ({"ergebnis": "bestanden"}, "note_fehlt"),
        ({"ergebnis": "nicht_bestanden"}, "note_fehlt"),
        ({"ergebnis": "bestanden", "note": Decimal("1.5")}, "note_unbekannt"),
        ({"ergebnis": "bestanden", "note": Decimal("4.3")}, "note_unbekannt"),
        ({"ergebnis": "bestanden", "note": Decimal("5.0")}, "note_passt_nicht"),
        ({"ergebnis": "nicht_bestanden", "note": Decimal("2.0")}, "note_passt_nicht"),
        ({"ergebnis": "ueberarbeiten", "note": Decimal("2.0"), "kommentar": "A"}, "note_nicht_vorgesehen"),
        ({"ergebnis": "ueberarbeiten", "kommentar": "  "}, "kommentar_fehlt"),
        ({"ergebnis": "super"}, "eingabe_ungueltig"),
    ],
)
def test_refusals_when_graded(welt, benotet, kwargs, code):
    assert code_of(grade_abgabe, benotet, welt.lehrende, **kwargs) == code
    assert not Bewertung.objects.exists()


def test_no_grade_without_scale(welt, abgabe):
    assert (
        code_of(grade_abgabe, abgabe, welt.lehrende, ergebnis="bestanden", note=Decimal("1.0"))
        == "note_nicht_vorgesehen"
    )


def test_only_the_newest_version(welt, abgabe):
    hand_in(welt, text="Neue Fassung")
    assert code_of(grade_abgabe, abgabe, welt.lehrende, ergebnis="bestanden") == "abgabe_ueberholt"


def test_return_needs_a_free_attempt(welt, abgabe):
    update_aufgabe(welt.aufgabe, welt.lehrende, max_versuche=1)
    args = {"ergebnis": "ueberarbeiten", "kommentar": "Bitte kürzen"}
    assert code_of(grade_abgabe, abgabe, welt.lehrende, **args) == "keine_versuche"
    update_aufgabe(welt.aufgabe, welt.lehrende, max_versuche=2)
    assert grade_abgabe(abgabe, welt.lehrende, **args).ergebnis == "ueberarbeiten"


def test_nothing_after_the_result_or_the_cancellation(welt, abgabe):
    type(welt.teilnahme).objects.filter(pk=welt.teilnahme.pk).update(status="storniert")
    assert code_of(grade_abgabe, abgabe, welt.lehrende, ergebnis="bestanden") == "nicht_zugelassen"
    close_result(welt.teilnahme)
    assert code_of(grade_abgabe, abgabe, welt.lehrende, ergebnis="bestanden") == "ergebnis_bestaetigt"
