"""Small worlds for tests. Names are invented; every factory makes rows that satisfy all constraints."""

from tests.factories.konten import (
    BeschaeftigungFactory,
    EinwilligungstextFactory,
    OrganisationFactory,
    PersonFactory,
    member,
)
from tests.factories.kurse import (
    AufgabeFactory,
    EinschreibungFactory,
    KursFactory,
    LehrauftragFactory,
    OrtFactory,
    TerminFactory,
)
from tests.factories.module import (
    AnwesenheitsregelFactory,
    KatalogFactory,
    ModulFactory,
    ModulversionFactory,
    NotenskalaFactory,
    ProgrammversionFactory,
)

__all__ = [
    "AnwesenheitsregelFactory",
    "AufgabeFactory",
    "BeschaeftigungFactory",
    "EinschreibungFactory",
    "EinwilligungstextFactory",
    "KatalogFactory",
    "KursFactory",
    "LehrauftragFactory",
    "ModulFactory",
    "ModulversionFactory",
    "NotenskalaFactory",
    "OrganisationFactory",
    "OrtFactory",
    "PersonFactory",
    "ProgrammversionFactory",
    "TerminFactory",
    "member",
]
