"""Nobody decides for themselves: not on their attendance, their application or their certificate."""

import pytest

from kurse.anwesenheit.eintrag import AnwesenheitEintrag
from kurse.anwesenheit.models import Anwesenheitsvermerk
from kurse.anwesenheit.services import record_anwesenheit
from kurse.einschreibung.services import approve_einschreibung
from lms.core.errors import DomainError
from lms.konten.services import add_mitgliedschaft
from tests.factories import EinschreibungFactory, LehrauftragFactory, TerminFactory, member
from tests.zertifikate.welt import Welt
from zertifikate.models import Zertifikat
from zertifikate.services import issue_zertifikat

pytestmark = pytest.mark.django_db


def code_of(act) -> str:
    with pytest.raises(DomainError) as error:
        act()
    return error.value.code


def test_own_attendance():
    welt = Welt()
    lehrende = LehrauftragFactory(kurs=welt.kurs).person
    mine = EinschreibungFactory(kurs=welt.kurs, person=lehrende)
    other = EinschreibungFactory(kurs=welt.kurs)
    termin = TerminFactory(kurs=welt.kurs, beginn=welt.termin.beginn)
    entries = [AnwesenheitEintrag(row.pk, "anwesend", f"k{row.pk}") for row in (mine, other)]
    assert code_of(lambda: record_anwesenheit(termin, lehrende, entries)) == "eigene_anwesenheit"
    assert not Anwesenheitsvermerk.objects.filter(termin=termin).exists()
    record_anwesenheit(termin, lehrende, entries[1:])  # control: somebody else's is fine
    assert Anwesenheitsvermerk.objects.filter(termin=termin).count() == 1


def test_own_application():
    welt = Welt()
    boss = member(welt.kurs.veranstalter, "personalverantwortung")
    row = EinschreibungFactory(
        kurs=welt.kurs, person=boss, status="beantragt", genehmigung="offen", arbeitgeber=welt.kurs.veranstalter
    )
    assert code_of(lambda: approve_einschreibung(row, boss)) == "eigener_antrag"
    colleague = member(welt.kurs.veranstalter, "personalverantwortung")
    assert approve_einschreibung(row, colleague).status == "zugelassen"


def test_own_certificate():
    welt = Welt()
    person = welt.einschreibung.person
    add_mitgliedschaft(person, welt.kurs.veranstalter, "pruefungsamt")
    assert code_of(lambda: issue_zertifikat(welt.einschreibung, "modulbescheinigung", person)) == "eigenes_zertifikat"
    assert not Zertifikat.objects.exists()
    assert issue_zertifikat(welt.einschreibung, "modulbescheinigung", welt.amt).laufend == 1
