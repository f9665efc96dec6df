"""The world in which the browser tests begin: two universities, a provider, an employer, and people who can log in."""

import datetime as dt
from typing import Any

from allauth.account.models import EmailAddress
from django.utils import timezone

from kurse.planung.models import Kurs, Termin
from lms.konten.enums import Rolle
from lms.konten.models import Organisation, Person
from lms.konten.texte import ensure_einwilligungstexte
from tests.factories import (
    AnwesenheitsregelFactory,
    BeschaeftigungFactory,
    EinschreibungFactory,
    KursFactory,
    LehrauftragFactory,
    NotenskalaFactory,
    OrganisationFactory,
    OrtFactory,
    PersonFactory,
    TerminFactory,
    member,
)
from tests.factories.katalog import katalog_of

PASSWORT = "geheim-geheim"


def with_login(person: Person) -> Person:
    """Confirm the address, as a person does with the first mail."""
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def _member(organisation: Organisation, rolle: str, vorname: str, nachname: str) -> Person:
    return with_login(member(organisation, rolle, vorname=vorname, nachname=nachname))


class Welt:
    """Organisations with their people; nothing is planned yet."""

    def __init__(self) -> None:
        ensure_einwilligungstexte()
        self.hochschule_a = OrganisationFactory(hochschule=True, name="Hochschule Aue (erfunden)", kurzname="HSA")
        self.hochschule_b = OrganisationFactory(
            hochschule=True, name="Hochschule Bad Elster (erfunden)", kurzname="HSB"
        )
        self.anbieter = OrganisationFactory(bildungstraeger=True, name="Lernhaus Pirna (erfunden)", kurzname="LHP")
        self.arbeitgeber = OrganisationFactory(arbeitgeber=True, name="Ankommen e. V. (erfunden)", kurzname="AEV")
        self.katalog = katalog_of(self.hochschule_a, self.hochschule_b, self.anbieter, titel="Katalog der Geschichte")
        self.regel = AnwesenheitsregelFactory(bezeichnung="Drei Viertel je Modul")
        self.skala = NotenskalaFactory(bezeichnung="Noten der Geschichte")
        self.ort = OrtFactory(organisation=self.anbieter, name="Raum Elbe", ort="Pirna", barrierefreiheit="stufenlos")
        self.redaktion_a = _member(self.hochschule_a, Rolle.KATALOGREDAKTION, "Anna", "Adler")
        self.redaktion_b = _member(self.hochschule_b, Rolle.KATALOGREDAKTION, "Bela", "Busch")
        self.redaktion_c = _member(self.anbieter, Rolle.KATALOGREDAKTION, "Cora", "Clauß")
        self.planung = _member(self.anbieter, Rolle.KURSVERWALTUNG, "Paul", "Planer")
        self.lehrende = _member(self.anbieter, Rolle.LEHRENDE, "Lena", "Lehmann")
        self.amt = _member(self.anbieter, Rolle.PRUEFUNGSAMT, "Petra", "Prüfer")
        self.chefin = _member(self.arbeitgeber, Rolle.PERSONALVERANTWORTUNG, "Christa", "Chemnitz")
        self.samira = self.beschaeftigte("Samira", "Özkan")
        self.jonas = self.beschaeftigte("Jonas", "Weber")

    def beschaeftigte(self, vorname: str, nachname: str) -> Person:
        person = with_login(PersonFactory(vorname=vorname, nachname=nachname))
        BeschaeftigungFactory(person=person, arbeitgeber=self.arbeitgeber, bestaetigt_at=timezone.now())
        return person


def laufender_kurs(personen: int = 3, **felder: Any) -> tuple[Kurs, Termin, Person]:
    """A course whose session has begun an hour ago, with participants and a lecturer who can log in."""
    kurs = KursFactory(titel="Beratung im Asylverfahren", **felder)
    lehrende = with_login(PersonFactory(vorname="Lena", nachname="Lehmann"))
    LehrauftragFactory(kurs=kurs, person=lehrende)
    beginn = timezone.now().replace(second=0, microsecond=0) - dt.timedelta(hours=1)
    termin = TerminFactory(kurs=kurs, beginn=beginn, ende=beginn + dt.timedelta(minutes=180))
    for number in range(personen):
        EinschreibungFactory(kurs=kurs, person=PersonFactory(vorname=f"Person{number}", nachname=f"Beispiel{number}"))
    return kurs, termin, lehrende


def shift_into_past(kurs: Kurs, days: int) -> None:
    """Let the time pass: sessions cannot be planned in the past by clicking, so the planned ones move there."""
    by = dt.timedelta(days=days)
    for termin in Termin.objects.filter(kurs=kurs):
        for pause in termin.pausen.all():
            type(pause).objects.filter(pk=pause.pk).update(beginn=pause.beginn - by, ende=pause.ende - by)
        Termin.objects.filter(pk=termin.pk).update(beginn=termin.beginn - by, ende=termin.ende - by)
    Kurs.objects.filter(pk=kurs.pk).update(beginn=kurs.beginn - by, ende=kurs.ende - by)
