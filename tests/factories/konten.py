import datetime as dt

import factory
from factory.django import DjangoModelFactory

from lms.konten.enums import Datenkategorie, Kreis
from lms.konten.models import Beschaeftigung, Einwilligungstext, Organisation, Person
from lms.konten.services import add_mitgliedschaft


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    vorname = factory.Sequence(lambda n: f"Vorname{n}")
    nachname = factory.Sequence(lambda n: f"Nachname{n}")
    geburtsdatum = dt.date(1990, 5, 17)
    password = factory.django.Password("geheim-geheim")


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Organisation {n} (erfunden)")
    kurzname = factory.Sequence(lambda n: f"ORG{n}")
    kreis = Kreis.DRESDEN
    strasse = "Musterweg 1"
    plz = "01067"
    ort = "Dresden"

    class Params:
        hochschule = factory.Trait(ist_hochschule=True)
        bildungstraeger = factory.Trait(ist_bildungstraeger=True)
        arbeitgeber = factory.Trait(ist_arbeitgeber=True)
        landesfachstelle = factory.Trait(ist_landesfachstelle=True)


class BeschaeftigungFactory(DjangoModelFactory):
    class Meta:
        model = Beschaeftigung

    person = factory.SubFactory(PersonFactory)
    arbeitgeber = factory.SubFactory(OrganisationFactory, arbeitgeber=True)
    von = dt.date(2024, 1, 1)


class EinwilligungstextFactory(DjangoModelFactory):
    class Meta:
        model = Einwilligungstext

    kategorie = Datenkategorie.FORTSCHRITT
    version = factory.Sequence(lambda n: n + 1)
    text = "Ich willige ein."
    gueltig_ab = dt.date(2024, 1, 1)


def member(organisation: Organisation, rolle: str, **person: object) -> Person:
    """A person with a role in an organisation, its group and its rights."""
    row = PersonFactory(**person)
    add_mitgliedschaft(row, organisation, rolle)
    return row
