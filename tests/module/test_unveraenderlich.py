"""Published versions stay as they are, whoever writes: the database itself refuses."""

from decimal import Decimal

import pytest
from django.db import Error, connection, transaction

from module import waechter
from module.enums import VersionStatus
from module.felder import INHALTSFELDER
from module.models import Modulversion
from tests.factories import AnwesenheitsregelFactory, ModulversionFactory, NotenskalaFactory, ProgrammversionFactory

pytestmark = pytest.mark.django_db

OTHER = {
    "ects": Decimal("7"),
    "ue": Decimal("99"),
    "praesenz_stunden": Decimal("1"),
    "selbststudium_stunden": None,
    "praxis_stunden": Decimal("1"),
    "stunden_gesamt": Decimal("1"),
    "dauer_semester": 2,
    "gueltig_ab": None,
}


def changed_value(name: str):
    if name == "notenskala":
        return NotenskalaFactory()
    if name == "anwesenheitsregel":
        return AnwesenheitsregelFactory()
    return OTHER.get(name, "geändert")


@pytest.mark.parametrize("name", INHALTSFELDER)
@pytest.mark.parametrize("status", [VersionStatus.VEROEFFENTLICHT, VersionStatus.ABGELOEST])
def test_every_content_column_is_guarded(name, status):
    version = ModulversionFactory(status=status)
    before = Modulversion.objects.filter(pk=version.pk).values().get()
    with pytest.raises(Error), transaction.atomic():
        Modulversion.objects.filter(pk=version.pk).update(**{name: changed_value(name)})
    assert Modulversion.objects.filter(pk=version.pk).values().get() == before


@pytest.mark.parametrize("status", [VersionStatus.ENTWURF, VersionStatus.EINGEREICHT, VersionStatus.ZURUECKGEGEBEN])
def test_drafts_may_change(status):
    """The control: the same update goes through before publication."""
    version = ModulversionFactory(status=status)
    assert Modulversion.objects.filter(pk=version.pk).update(titel="geändert", ects=Decimal(7)) == 1


def test_only_superseding_is_allowed_afterwards():
    version = ModulversionFactory()
    for status in ("entwurf", "eingereicht", "zurueckgegeben"):
        with pytest.raises(Error), transaction.atomic():
            Modulversion.objects.filter(pk=version.pk).update(status=status)
    assert Modulversion.objects.filter(pk=version.pk).update(status="abgeloest") == 1
    with pytest.raises(Error), transaction.atomic():
        Modulversion.objects.filter(pk=version.pk).update(status="veroeffentlicht")


def test_programme_versions_too():
    version = ProgrammversionFactory()
    for change in ({"abschluss": "X"}, {"ects_gesamt": Decimal(5)}, {"angaben": [{"titel": "a", "text": "b"}]}):
        with pytest.raises(Error), transaction.atomic():
            type(version).objects.filter(pk=version.pk).update(**change)


def triggers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(waechter._EXISTING[connection.vendor], ["module_modulversion", f"{waechter.PREFIX}%"])
        return {row[0] for row in cursor.fetchall()}


def test_installing_again_changes_nothing_and_a_lost_trigger_comes_back():
    before = triggers()
    assert len(before) == 1
    waechter.install(connection)
    assert triggers() == before
    suffix = ' ON "module_modulversion"' if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TRIGGER "{before.pop()}"{suffix}')
    waechter.install(connection)
    assert len(triggers()) == 1
