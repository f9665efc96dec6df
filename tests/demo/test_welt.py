"""The demo world keeps every rule, because it is built by the services; here: that it shows every state."""

import pytest
from django.core.management import CommandError, call_command

from kurse.aufgaben.models import Abgabe, Modulergebnis
from kurse.einschreibung.enums import EinschreibungStatus
from kurse.einschreibung.models import Einschreibung
from kurse.planung.enums import KursStatus
from kurse.planung.models import Kurs
from lms.demo.logins import LOGINS
from lms.konten.models import Organisation, Person
from module.enums import VersionStatus
from module.models import Modulversion, Programm
from zertifikate.models import Zertifikat

pytestmark = pytest.mark.django_db


def test_the_demo_world_shows_every_state_and_is_built_once():
    call_command("demo_welt")
    assert Programm.objects.count() == 33
    assert set(Modulversion.objects.values_list("status", flat=True)) == set(VersionStatus.values)
    assert set(Kurs.objects.values_list("status", flat=True)) == set(KursStatus.values)
    states = set(Einschreibung.objects.values_list("status", flat=True))
    assert states >= {
        EinschreibungStatus.BEANTRAGT,
        EinschreibungStatus.WARTELISTE,
        EinschreibungStatus.ZUGELASSEN,
        EinschreibungStatus.STORNIERT,
        EinschreibungStatus.ABGESCHLOSSEN,
    }
    assert set(Abgabe.objects.values_list("status", flat=True)) >= {"eingereicht", "ueberarbeiten", "bestanden"}
    assert set(Modulergebnis.objects.values_list("status", flat=True)) >= {"bestanden"}
    assert set(Zertifikat.objects.values_list("status", flat=True)) == {"gueltig", "widerrufen"}
    assert not Zertifikat.objects.filter(sha256="").exists()
    assert all(name.endswith("(erfunden)") for name in Organisation.objects.values_list("name", flat=True))
    assert Person.objects.filter(email__in=[login.email for login in LOGINS]).count() == len(LOGINS)
    for kurs in Kurs.objects.all():
        assert kurs.belegt <= kurs.kapazitaet
    with pytest.raises(CommandError, match="nicht leer"):
        call_command("demo_welt")
