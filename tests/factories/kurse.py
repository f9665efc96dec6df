import datetime as dt

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory
from guardian.shortcuts import assign_perm

from kurse.aufgaben.models import Aufgabe
from kurse.einschreibung.enums import PLATZ_BELEGT, EinschreibungStatus
from kurse.einschreibung.models import Einschreibung
from kurse.planung.enums import KursArt, KursStatus
from kurse.planung.models import Kurs, Lehrauftrag, Ort, Termin
from lms.konten.enums import Kreis
from tests.factories.konten import OrganisationFactory, PersonFactory
from tests.factories.module import ModulversionFactory


class OrtFactory(DjangoModelFactory):
    class Meta:
        model = Ort

    organisation = factory.SubFactory(OrganisationFactory, bildungstraeger=True)
    name = factory.Sequence(lambda n: f"Raum {n}")
    ort = "Königstein"
    kreis = Kreis.SAECHSISCHE_SCHWEIZ


class KursFactory(DjangoModelFactory):
    """A published course with open enrolment and no sessions."""

    class Meta:
        model = Kurs

    veranstalter = factory.SubFactory(OrganisationFactory, bildungstraeger=True)
    art = KursArt.MODULKURS
    modulversion = factory.SubFactory(ModulversionFactory)
    nummer = factory.Sequence(lambda n: f"K{n:04d}")
    titel = factory.Sequence(lambda n: f"Kurs {n}")
    kreis = Kreis.DRESDEN
    status = KursStatus.VEROEFFENTLICHT
    kapazitaet = 20
    anmeldung_von = factory.LazyFunction(lambda: timezone.now() - dt.timedelta(days=30))
    anmeldung_bis = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(days=30))


class TerminFactory(DjangoModelFactory):
    """A session of 180 minutes without breaks; the n-th session of a test lies n days ahead."""

    class Meta:
        model = Termin

    kurs = factory.SubFactory(KursFactory)
    beginn = factory.Sequence(
        lambda n: timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0) + dt.timedelta(days=n % 300)
    )
    ende = factory.LazyAttribute(lambda o: o.beginn + dt.timedelta(minutes=180))
    minuten = factory.LazyAttribute(lambda o: int((o.ende - o.beginn).total_seconds() // 60))


class LehrauftragFactory(DjangoModelFactory):
    """Names a lecturer and grants the rights that `assign_lehrauftrag` grants."""

    class Meta:
        model = Lehrauftrag
        skip_postgeneration_save = True

    kurs = factory.SubFactory(KursFactory)
    person = factory.SubFactory(PersonFactory)

    @factory.post_generation
    def rights(self, create, extracted, **kwargs):
        for codename in ("leiten", "anwesenheit_erfassen", "bewerten"):
            assign_perm(codename, self.person, self.kurs)


class EinschreibungFactory(DjangoModelFactory):
    """An admitted person; keeps the course's seat counter right."""

    class Meta:
        model = Einschreibung
        skip_postgeneration_save = True

    kurs = factory.SubFactory(KursFactory)
    person = factory.SubFactory(PersonFactory)
    status = EinschreibungStatus.ZUGELASSEN
    rang = factory.Maybe(
        factory.LazyAttribute(lambda o: o.status == EinschreibungStatus.WARTELISTE),
        yes_declaration=factory.Sequence(lambda n: n + 1),
        no_declaration=None,
    )

    @factory.post_generation
    def seat(self, create, extracted, **kwargs):
        if self.status in PLATZ_BELEGT:
            kurs = self.kurs
            Kurs.objects.filter(pk=kurs.pk).update(belegt=kurs.einschreibungen.filter(status__in=PLATZ_BELEGT).count())
            kurs.refresh_from_db(fields=["belegt"])


class AufgabeFactory(DjangoModelFactory):
    class Meta:
        model = Aufgabe

    kurs = factory.SubFactory(KursFactory)
    titel = factory.Sequence(lambda n: f"Aufgabe {n}")
    faellig_at = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(days=14))
