import datetime as dt
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from module.enums import SkalenArt, VersionStatus
from module.models import (
    Anwesenheitsregel,
    Katalogpartner,
    Modul,
    Modulkatalog,
    Modulversion,
    Notenskala,
    Notenstufe,
    Programm,
    Programmversion,
)
from tests.factories.konten import OrganisationFactory


class NotenskalaFactory(DjangoModelFactory):
    class Meta:
        model = Notenskala
        skip_postgeneration_save = True

    bezeichnung = factory.Sequence(lambda n: f"Hochschulnoten {n}")
    art = SkalenArt.HOCHSCHULE
    gueltig_ab = dt.date(2020, 1, 1)

    @factory.post_generation
    def stufen(self, create, extracted, **kwargs):
        for wert in ("1.0", "1.3", "1.7", "2.0", "2.3", "2.7", "3.0", "3.3", "3.7", "4.0", "5.0"):
            Notenstufe.objects.create(skala=self, wert=Decimal(wert), bezeichnung=wert, bestanden=wert != "5.0")


class AnwesenheitsregelFactory(DjangoModelFactory):
    class Meta:
        model = Anwesenheitsregel

    bezeichnung = factory.Sequence(lambda n: f"Drei Viertel je Modul {n}")
    schwelle_prozent = Decimal("75")
    quelle = "VwV Weiterbildung Kindheitspädagogik"
    gueltig_ab = dt.date(2016, 1, 1)


class KatalogFactory(DjangoModelFactory):
    """A catalogue with one leading partner; pass `partner=[…]` for more."""

    class Meta:
        model = Modulkatalog
        skip_postgeneration_save = True

    titel = factory.Sequence(lambda n: f"Modulkatalog {n}")

    @factory.post_generation
    def partner(self, create, extracted, **kwargs):
        organisations = extracted or [OrganisationFactory(hochschule=True)]
        for index, organisation in enumerate(organisations):
            Katalogpartner.objects.create(katalog=self, organisation=organisation, federfuehrend=index == 0)


class ModulFactory(DjangoModelFactory):
    class Meta:
        model = Modul

    katalog = factory.SubFactory(KatalogFactory)
    code = factory.Sequence(lambda n: f"M{n:03d}")
    titel = factory.Sequence(lambda n: f"Modul {n}")
    verantwortlich = factory.LazyAttribute(
        lambda o: o.katalog.katalogpartner.select_related("organisation").first().organisation
    )


class ModulversionFactory(DjangoModelFactory):
    """A published version with all nine mandatory fields."""

    class Meta:
        model = Modulversion

    modul = factory.SubFactory(ModulFactory)
    nummer = 1
    titel = factory.LazyAttribute(lambda o: o.modul.titel)
    status = VersionStatus.VEROEFFENTLICHT
    inhalte = "Thema eins\nThema zwei"
    qualifikationsziele = "Die Teilnehmenden können …"
    lehrformen = "Seminar"
    voraussetzungen = "keine"
    vorbereitung = "Lektüre"
    verwendbarkeit = "Pflichtmodul"
    vergabevoraussetzungen = "bestandene Prüfungsleistung"
    pruefungsform = "Fachbericht"
    ects = Decimal("5")
    haeufigkeit = "jährlich"
    ue = Decimal("16")
    praesenz_stunden = Decimal("12")
    selbststudium_stunden = Decimal("12")
    dauer = "ein Semester"
    anwesenheitsregel = factory.SubFactory(AnwesenheitsregelFactory)
    gueltig_ab = dt.date(2025, 1, 1)


class ProgrammversionFactory(DjangoModelFactory):
    class Meta:
        model = Programmversion

    programm = factory.LazyFunction(lambda: Programm.objects.create(katalog=KatalogFactory(), titel="Programm"))
    nummer = 1
    status = VersionStatus.VEROEFFENTLICHT
