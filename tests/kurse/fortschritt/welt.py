"""An employer with people in courses, and data that must never reach the employer."""

import datetime as dt
from decimal import Decimal

from django.utils import timezone

from kurse.anwesenheit.models import Anwesenheitsstand, Anwesenheitsvermerk
from kurse.aufgaben.models import Abgabe, Bewertung, Modulergebnis
from kurse.einschreibung.enums import EinschreibungStatus
from kurse.planung.models import Kurs, Termin
from lms.konten.enums import Datenkategorie, Rolle
from lms.konten.models import Einwilligung, Einwilligungstext
from module.models import Baustein, Programm, Programmversion
from tests.factories import (
    AufgabeFactory,
    BeschaeftigungFactory,
    EinschreibungFactory,
    KursFactory,
    ModulversionFactory,
    OrganisationFactory,
    PersonFactory,
    ProgrammversionFactory,
    member,
)


def consent(person, arbeitgeber, kategorie=Datenkategorie.FORTSCHRITT, **felder):
    text, _new = Einwilligungstext.objects.get_or_create(
        kategorie=kategorie, version=1, defaults={"text": "Ich willige ein.", "gueltig_ab": dt.date(2024, 1, 1)}
    )
    return Einwilligung.objects.create(person=person, arbeitgeber=arbeitgeber, kategorie=kategorie, text=text, **felder)


def employee(arbeitgeber, *, eingewilligt=True, zertifikate=False, von=dt.date(2024, 1, 1), bis=None, **person):
    row = PersonFactory(**person)
    BeschaeftigungFactory(person=row, arbeitgeber=arbeitgeber, von=von, bis=bis)
    if eingewilligt:
        consent(row, arbeitgeber)
    if zertifikate:
        consent(row, arbeitgeber, Datenkategorie.ZERTIFIKATE)
    return row


def termine(kurs, *tage, minuten=180):
    """Sessions so many days from today; keeps the course's first and last session."""
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    rows = [
        Termin.objects.create(
            kurs=kurs,
            beginn=noon + dt.timedelta(days=tag),
            ende=noon + dt.timedelta(days=tag, minutes=minuten),
            minuten=minuten,
        )
        for tag in tage
    ]
    alle = list(kurs.termine.order_by("beginn"))
    Kurs.objects.filter(pk=kurs.pk).update(beginn=alle[0].beginn, ende=alle[-1].ende)
    kurs.refresh_from_db()
    return rows


def record(einschreibung, termin, minuten, status="anwesend", notiz=""):
    vermerk = Anwesenheitsvermerk.objects.create(
        termin=termin,
        einschreibung=einschreibung,
        status=status,
        minuten=minuten,
        notiz=notiz,
        client_key=f"{termin.pk}-{einschreibung.pk}",
    )
    return Anwesenheitsstand.objects.create(
        termin=termin, einschreibung=einschreibung, vermerk=vermerk, status=status, minuten=minuten
    )


def finish(einschreibung, note=None):
    einschreibung.status = EinschreibungStatus.ABGESCHLOSSEN
    einschreibung.save()
    return Modulergebnis.objects.create(
        einschreibung=einschreibung,
        status="bestanden",
        note=note,
        ue_geplant=8,
        ue_besucht=8,
        anforderungen_erfuellt_am=timezone.localdate(),
    )


def programm(*versionen, titel="Grundlagen FSA", gruppen=None):
    """A published programme of these module versions; `gruppen` maps an index to (group, at least)."""
    version = ProgrammversionFactory(
        programm=Programm.objects.create(katalog=versionen[0].modul.katalog, titel=titel), nummer=1
    )
    for index, modulversion in enumerate(versionen):
        gruppe, mindestens = (gruppen or {}).get(index, ("", None))
        Baustein.objects.create(
            programmversion=version,
            modul=modulversion.modul,
            titel=modulversion.titel,
            art="wahlpflicht" if gruppe else "pflicht",
            gruppe=gruppe,
            gruppe_mindestens=mindestens,
            reihenfolge=index,
        )
    return Programmversion.objects.get(pk=version.pk)


#: Words that stand only in data an employer must never see.
GEHEIM = {
    "note": "1,7",
    "kommentar": "GEHEIM-Rueckmeldung",
    "abgabe": "GEHEIM-Abgabetext",
    "notiz": "GEHEIM-Attest",
    "grund": "GEHEIM-Grund",
    "frist": "GEHEIM-Frist",
    "email": "privat-geheim@example.org",
    "geburt": "17.05.1990",
    "aufgabe": "GEHEIM-Aufgabentitel",
}


class Welt:
    """Three sessions of 4 UE (180 min), two of them over; `anna` attended the first and was excused from the second."""

    def __init__(self):
        self.traeger = OrganisationFactory(arbeitgeber=True, name="Träger Eins (erfunden)", kurzname="T1")
        self.fremd = OrganisationFactory(arbeitgeber=True, name="Träger Fremd (erfunden)", kurzname="TRFREMD")
        self.leitung = member(self.traeger, Rolle.PERSONALVERANTWORTUNG, email="leitung@example.org")
        self.version = ModulversionFactory(modul__titel="Asylrecht", ects=Decimal("5"))
        self.andere = ModulversionFactory(modul__titel="Trauma", modul__katalog=self.version.modul.katalog)
        self.programm = programm(self.version, self.andere)
        self.kurs = KursFactory(modulversion=self.version, titel="Asylrecht im Herbst", nummer="A-1")
        self.termine = termine(self.kurs, -14, -7, 7)
        self.anna = employee(self.traeger, vorname="Anna", nachname="Apfel", email=GEHEIM["email"])
        self.einschreibung = EinschreibungFactory(kurs=self.kurs, person=self.anna, arbeitgeber=self.traeger)
        record(self.einschreibung, self.termine[0], 180)
        record(self.einschreibung, self.termine[1], 0, "entschuldigt", notiz=GEHEIM["notiz"])

    def secrets(self):
        """Grades, submissions, reasons: everything that could leak."""
        aufgabe = AufgabeFactory(kurs=self.kurs, titel=GEHEIM["aufgabe"])
        abgabe = Abgabe.objects.create(
            aufgabe=aufgabe, einschreibung=self.einschreibung, versuch=1, text=GEHEIM["abgabe"], status="bestanden"
        )
        Bewertung.objects.create(
            abgabe=abgabe, ergebnis="bestanden", note=Decimal("1.7"), kommentar=GEHEIM["kommentar"]
        )
        aufgabe.fristverlaengerungen.create(einschreibung=self.einschreibung, bis=timezone.now(), grund=GEHEIM["frist"])
        self.einschreibung.grund = GEHEIM["grund"]
        self.einschreibung.save()
        finish(self.einschreibung, note=Decimal("1.7"))
        failed = EinschreibungFactory(
            kurs=KursFactory(modulversion=self.andere, titel="Trauma im Winter", nummer="TR-9"),
            person=self.anna,
            arbeitgeber=self.fremd,
            status=EinschreibungStatus.NICHT_BESTANDEN,
        )
        termine(failed.kurs, -30)
        private = KursFactory(titel="Privater Kurs", nummer="PRIV-1")
        termine(private, 30)
        EinschreibungFactory(kurs=private, person=self.anna, status=EinschreibungStatus.BEANTRAGT)
        return failed
