import pytest
from django.contrib.auth.models import AnonymousUser

from lms.konten.enums import RECHTE_JE_ROLLE, Recht, Rolle
from lms.konten.rechte import hat_recht, organisationen_mit_recht, rechte_of
from lms.konten.services import end_mitgliedschaft
from tests.factories import EinschreibungFactory, LehrauftragFactory, OrganisationFactory, TerminFactory, member

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rolle", Rolle.values)
def test_role_carries_exactly_its_rights(rolle):
    mine, other = OrganisationFactory(), OrganisationFactory()
    person = member(mine, rolle)
    held = {recht for recht in Recht.values if hat_recht(person, recht, mine)}
    assert held == set(RECHTE_JE_ROLLE[rolle])
    assert not any(hat_recht(person, recht, other) for recht in Recht.values)
    assert rechte_of(person) == ({mine.pk: held} if held else {})


def test_rights_end_with_the_membership():
    org = OrganisationFactory()
    person = member(org, Rolle.KURSVERWALTUNG)
    assert list(organisationen_mit_recht(person, Recht.KURSE_VERWALTEN)) == [org]
    end_mitgliedschaft(person.mitgliedschaften.get(), akteur=None)
    assert list(organisationen_mit_recht(person, Recht.KURSE_VERWALTEN)) == []


def test_anonymous_has_nothing():
    assert not hat_recht(AnonymousUser(), Recht.KURSE_VERWALTEN, OrganisationFactory())
    assert not organisationen_mit_recht(AnonymousUser(), *Recht.values).exists()


def test_factories_build_consistent_rows():
    row = EinschreibungFactory()
    row.kurs.refresh_from_db()
    assert row.kurs.belegt == 1
    assert LehrauftragFactory(kurs=row.kurs).person.has_perm("kurse.leiten", row.kurs)
    assert TerminFactory(kurs=row.kurs).minuten == 180
