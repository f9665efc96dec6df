"""A catalogue with partners whose members hold their rights, and versions in every state."""

from decimal import Decimal

from lms.konten.enums import Rolle
from lms.konten.models import Organisation, Person
from module import services
from module.models import Modulkatalog, Modulversion
from tests.factories.konten import OrganisationFactory, member
from tests.factories.module import NotenskalaFactory


def katalog_of(*organisationen: Organisation, titel: str = "Gemeinsamer Katalog") -> Modulkatalog:
    """A catalogue of these partners; the first one leads."""
    first, *others = organisationen or (OrganisationFactory(hochschule=True),)
    return services.create_katalog(titel=titel, federfuehrend=first, partner=others)


def redaktion(organisation: Organisation) -> Person:
    """A person who edits and releases for the organisation."""
    return member(organisation, Rolle.KATALOGREDAKTION)


def pflichtfelder(**overrides: object) -> dict:
    """Values for all nine mandatory fields, without anything unusual."""
    values = {
        "inhalte": "Trauma\nGesundheit",
        "qualifikationsziele": "Die Teilnehmenden können Folgen von Flucht einordnen.",
        "lehrformen": "Seminar",
        "voraussetzungen": "keine",
        "vorbereitung": "Lektüre",
        "verwendbarkeit": "Pflichtmodul im Programm Grundlagen",
        "vergabevoraussetzungen": "bestandener Fachbericht",
        "ects": Decimal(5),
        "notenskala": NotenskalaFactory(),
        "haeufigkeit": "jährlich",
        "praesenz_stunden": Decimal(60),
        "selbststudium_stunden": Decimal(80),
        "dauer": "ein Semester",
    }
    return {**values, **overrides}


class Partnerschaft:
    """Two partners with one editor each, and a catalogue of theirs."""

    def __init__(self) -> None:
        self.hochschule = OrganisationFactory(hochschule=True)
        self.traeger = OrganisationFactory(bildungstraeger=True)
        self.katalog = katalog_of(self.hochschule, self.traeger)
        self.anna, self.ben = redaktion(self.hochschule), redaktion(self.traeger)

    def entwurf(self, code: str = "M-1", **felder: object) -> Modulversion:
        return services.create_modul(
            self.anna,
            self.katalog,
            code=code,
            titel=f"Modul {code}",
            verantwortlich=self.hochschule,
            **(felder or pflichtfelder()),
        )

    def eingereicht(self, code: str = "M-1") -> Modulversion:
        return services.submit_version(self.entwurf(code), self.anna)

    def veroeffentlicht(self, code: str = "M-1") -> Modulversion:
        return self.release(self.eingereicht(code))

    def release(self, version: Modulversion) -> Modulversion:
        services.decide_freigabe(version, self.hochschule, self.anna, entscheidung="freigegeben")
        services.decide_freigabe(version, self.traeger, self.ben, entscheidung="freigegeben")
        version.refresh_from_db()
        return version
