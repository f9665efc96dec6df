"""One row of everything, and one person of every kind, for the permission matrix."""

import datetime as dt
import hashlib

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from kurse.aufgaben.models import Abgabe
from kurse.einschreibung.models import Importlauf
from lms.core.models import ApiToken, Vorgang
from lms.konten.models import Einladung
from lms.konten.services import add_mitgliedschaft, give_einwilligung
from module.models import Baustein, Modulversion, Programm
from module.services import add_katalogpartner
from tests.factories import (
    AufgabeFactory,
    BeschaeftigungFactory,
    EinschreibungFactory,
    EinwilligungstextFactory,
    KatalogFactory,
    KursFactory,
    LehrauftragFactory,
    ModulFactory,
    ModulversionFactory,
    OrganisationFactory,
    OrtFactory,
    PersonFactory,
    ProgrammversionFactory,
    TerminFactory,
    member,
)
from tests.zertifikate.welt import attended, passed
from zertifikate.services import draw_zertifikat, issue_zertifikat

#: The columns of the matrix, in order.
AKTEURE = (
    "anonym", "fremd", "teilnehmerin", "mitlernend", "lehrende", "kursverwaltung", "pruefungsamt", "leitung",
    "katalogredaktion", "arbeitgeber", "fachstelle", "fremder_anbieter", "betrieb",
)  # fmt: skip


class Welt:
    """`personen` by column name; `objekte` by the key that `URLS` in test_matrix names."""

    def __init__(self) -> None:
        EinwilligungstextFactory()
        self.anbieter = OrganisationFactory(bildungstraeger=True)
        self.hochschule = OrganisationFactory(hochschule=True)
        self.arbeitgeber = OrganisationFactory(arbeitgeber=True)
        self._catalogue()
        self._people()
        self._course()
        self._rest()

    def _catalogue(self) -> None:
        self.katalog = KatalogFactory(partner=[self.hochschule])
        for org in (self.hochschule, self.anbieter):
            add_katalogpartner(self.katalog, org, None)
        self.modul = ModulFactory(katalog=self.katalog)
        self.version = ModulversionFactory(modul=self.modul)
        other = ModulFactory(katalog=self.katalog)
        self.entwurf = ModulversionFactory(modul=other, status="entwurf")
        self.eingereicht = ModulversionFactory(modul=ModulFactory(katalog=self.katalog), status="eingereicht", runde=1)
        Modulversion.objects.filter(pk=self.eingereicht.pk).update(eingereicht_at=timezone.now())
        programm = Programm.objects.create(katalog=self.katalog, titel="Programm")
        self.programmversion = ProgrammversionFactory(programm=programm)
        self.programmentwurf = ProgrammversionFactory(programm=programm, nummer=2, status="entwurf")
        for version in (self.programmversion, self.programmentwurf):
            Baustein.objects.create(programmversion=version, modul=self.modul, titel=self.modul.titel, reihenfolge=1)

    def _people(self) -> None:
        roles = {"kursverwaltung", "pruefungsamt", "leitung"}
        self.personen = {role: member(self.anbieter, role) for role in sorted(roles)}
        self.personen |= {
            "anonym": AnonymousUser(),
            "fremd": PersonFactory(),
            "teilnehmerin": PersonFactory(),
            "mitlernend": PersonFactory(),
            "lehrende": PersonFactory(),
            "katalogredaktion": member(self.hochschule, "katalogredaktion"),
            "arbeitgeber": member(self.arbeitgeber, "personalverantwortung"),
            "fachstelle": member(OrganisationFactory(landesfachstelle=True), "fachstelle"),
            "fremder_anbieter": member(OrganisationFactory(bildungstraeger=True, ist_arbeitgeber=True), "leitung"),
            "betrieb": PersonFactory(is_staff=True),
        }
        self.beschaeftigung = BeschaeftigungFactory(person=self.personen["teilnehmerin"], arbeitgeber=self.arbeitgeber)
        give_einwilligung(self.personen["teilnehmerin"], self.arbeitgeber, "fortschritt")

    def _course(self) -> None:
        self.kurs = KursFactory(veranstalter=self.anbieter, modulversion=self.version)
        LehrauftragFactory(kurs=self.kurs, person=self.personen["lehrende"])
        self.lehrauftrag = self.kurs.lehrauftraege.get()
        past = timezone.now() - dt.timedelta(days=5)
        self.termin = TerminFactory(kurs=self.kurs, beginn=past, liste_geschlossen_at=timezone.now())
        self.einschreibung = EinschreibungFactory(
            kurs=self.kurs, person=self.personen["teilnehmerin"], arbeitgeber=self.arbeitgeber
        )
        self.antrag = EinschreibungFactory(
            kurs=self.kurs, status="beantragt", genehmigung="offen", arbeitgeber=self.arbeitgeber
        )
        EinschreibungFactory(kurs=self.kurs, person=self.personen["mitlernend"])
        attended(self.termin, self.einschreibung)
        passed(self.einschreibung)
        self.offener_termin = TerminFactory(kurs=KursFactory(veranstalter=self.anbieter, modulversion=self.version))
        self.aufgabe = AufgabeFactory(kurs=self.kurs)
        self.abgabe = Abgabe.objects.create(
            aufgabe=self.aufgabe, einschreibung=self.einschreibung, versuch=1, text="Text der Abgabe"
        )
        self.zertifikat = issue_zertifikat(self.einschreibung, "modulbescheinigung", self.personen["pruefungsamt"])
        draw_zertifikat(self.zertifikat.pk)

    def _rest(self) -> None:
        leitung = self.personen["leitung"]
        self.ort = OrtFactory(organisation=self.anbieter)
        self.importlauf = Importlauf.objects.create(
            kurs=self.kurs, person=self.personen["kursverwaltung"], dateiname="x.csv"
        )
        self.vorgang = Vorgang.objects.create(art="probe", gestartet_von=self.personen["pruefungsamt"])
        self.mitgliedschaft = add_mitgliedschaft(PersonFactory(), self.anbieter, "lehrende")
        self.token = ApiToken.objects.create(
            person=self.personen["teilnehmerin"], bezeichnung="Probe", digest="0" * 64, scopes=["lesen"],
            gueltig_bis=timezone.now() + dt.timedelta(days=3),
        )  # fmt: skip
        self.einladung = Einladung.objects.create(
            email="neu@example.org", organisation=self.anbieter, rolle="lehrende", eingeladen_von=leitung,
            digest=hashlib.sha256(b"token").hexdigest(), gueltig_bis=timezone.now() + dt.timedelta(days=3),
        )  # fmt: skip
