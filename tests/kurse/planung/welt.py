"""A provider with a catalogue partnership, a planner and what a course needs."""

import datetime as dt

from django.utils import timezone

from kurse.planung.serie import TerminEntwurf, local_datetime
from kurse.planung.services import add_termine, assign_lehrauftrag, create_kurs
from lms.konten.enums import Kreis, Rolle
from tests.factories import (
    KatalogFactory,
    ModulFactory,
    ModulversionFactory,
    OrganisationFactory,
    OrtFactory,
    PersonFactory,
    member,
)


class Welt:
    """`kurs()` is a draft that lacks nothing but its sessions; `fertiger_kurs()` can be published."""

    def __init__(self) -> None:
        self.org = OrganisationFactory(bildungstraeger=True)
        self.planung = member(self.org, Rolle.KURSVERWALTUNG)
        self.katalog = KatalogFactory(partner=[OrganisationFactory(hochschule=True), self.org])
        self.version = ModulversionFactory(modul=ModulFactory(katalog=self.katalog))
        self.ort = OrtFactory(organisation=self.org, barrierefreiheit="stufenloser Zugang")
        self.lehrende = PersonFactory(vorname="Lea", nachname="Lehr")

    def kurs(self, **felder):
        now = timezone.now()
        defaults = {
            "modulversion": self.version,
            "kapazitaet": 12,
            "kreis": Kreis.DRESDEN,
            "anmeldung_von": now - dt.timedelta(days=1),
            "anmeldung_bis": now + dt.timedelta(days=5),
        }
        return create_kurs(self.planung, veranstalter=self.org, **{**defaults, **felder})

    def entwurf(self, tage=10, beginn="09:00", ende="12:15", pausen=(("10:30", "10:45"),), **felder):
        day = timezone.localdate() + dt.timedelta(days=tage)

        def at(text):
            return local_datetime(day, dt.time.fromisoformat(text))

        breaks = tuple((at(a), at(b)) for a, b in pausen)
        return TerminEntwurf(at(beginn), at(ende), breaks, **{"ort": self.ort, **felder})

    def fertiger_kurs(self, **felder):
        kurs = self.kurs(**felder)
        add_termine(kurs, self.planung, [self.entwurf()])
        assign_lehrauftrag(kurs, self.lehrende, self.planung)
        kurs.refresh_from_db()
        return kurs
