"""From rows to the frozen facts: the only place that reads names, hours and results for a certificate."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from kurse.anwesenheit.zeiten import zeiten_of
from kurse.aufgaben.models import Modulergebnis
from kurse.einschreibung.models import Einschreibung
from kurse.planung.enums import TerminStatus
from kurse.planung.models import Kurs
from lms.konten.models import Organisation
from module.enums import UeRundung
from module.ue import ue_from_minuten
from zertifikate.enums import ZertifikatArt
from zertifikate.models import Vorlage
from zertifikate.pdf.snapshot import Aussteller, Person, Snapshot, Unterzeichnende
from zertifikate.pdf.snapshot import Vorlage as VorlageFakten


@dataclass(frozen=True, slots=True)
class Leistung:
    """What was achieved: UE of 45 minutes, credits, the printed grade, and the day the requirements were met."""

    ue_geplant: Decimal
    ue_besucht: Decimal
    ects: Decimal | None
    note: str | None
    ergebnis: str
    erfuellt_am: date


def leistung_of(einschreibung: Einschreibung, art: str) -> Leistung:
    """From the confirmed result; for a confirmation of attendance from the closed lists alone."""
    if art == ZertifikatArt.TEILNAHME:
        return _attended(einschreibung)
    ergebnis: Modulergebnis = einschreibung.modulergebnis
    note = f"{ergebnis.note:.1f}".replace(".", ",") if ergebnis.note is not None else None
    assert ergebnis.anforderungen_erfuellt_am is not None  # noqa: S101  (a constraint of the table)
    version = einschreibung.kurs.modulversion
    return Leistung(
        ue_geplant=ergebnis.ue_geplant,
        ue_besucht=ergebnis.ue_besucht,
        ects=version.ects if version else None,
        note=note,
        ergebnis=_("bestanden"),
        erfuellt_am=ergebnis.anforderungen_erfuellt_am,
    )


def _attended(einschreibung: Einschreibung) -> Leistung:
    zeiten = zeiten_of([einschreibung])[einschreibung.pk]
    version = einschreibung.kurs.modulversion
    regel = version.anwesenheitsregel if version else None
    rundung = regel.ue_rundung if regel else UeRundung.EXAKT
    return Leistung(
        ue_geplant=ue_from_minuten(zeiten.minuten_geplant, rundung),
        ue_besucht=ue_from_minuten(zeiten.minuten_besucht, rundung),
        ects=None,
        note=None,
        ergebnis="",
        erfuellt_am=_last_day(einschreibung.kurs),
    )


def _days(kurs: Kurs) -> tuple[date, date]:
    termine = list(kurs.termine.filter(status=TerminStatus.GEPLANT).order_by("beginn").values_list("beginn", "ende"))
    return timezone.localtime(termine[0][0]).date(), max(timezone.localtime(ende).date() for _start, ende in termine)


def _last_day(kurs: Kurs) -> date:
    return _days(kurs)[1]


def _anschrift(organisation: Organisation) -> str:
    lines = [organisation.strasse, f"{organisation.plz} {organisation.ort}".strip()]
    return "\n".join(line for line in lines if line)


def build_snapshot(
    einschreibung: Einschreibung, art: str, vorlage: Vorlage, leistung: Leistung, *, nummer: str, pruefcode: str
) -> Snapshot:
    """All printed facts. Raises SnapshotError when one is missing or too long, before a number is used up."""
    kurs, person = einschreibung.kurs, einschreibung.person
    version, org = kurs.modulversion, kurs.veranstalter
    beginn, ende = _days(kurs)
    today = timezone.localdate()
    partner = []
    if version:
        rows = version.modul.katalog.katalogpartner.select_related("organisation")
        partner = [row.organisation.name for row in rows if row.organisation_id != org.pk]
    return Snapshot(
        art=art,
        nummer=nummer,
        person=Person(vorname=person.vorname, nachname=person.nachname, geburtsdatum=person.geburtsdatum),
        aussteller=Aussteller(name=org.name, anschrift=_anschrift(org), ort=org.ort or org.get_kreis_display()),
        weitere_aussteller=tuple(partner[:8]),
        titel=version.titel if version else kurs.titel,
        modulcode=version.modul.code if version else "",
        version=version.bezeichnung or str(version.nummer) if version else "",
        katalog=version.modul.katalog.titel if version else "",
        inhalte=tuple(version.themen) if version else (),
        ue_geplant=leistung.ue_geplant,
        ue_besucht=leistung.ue_besucht,
        ects=leistung.ects,
        note=leistung.note,
        ergebnis=leistung.ergebnis,
        beginn=beginn,
        ende=ende,
        anforderungen_erfuellt_am=min(leistung.erfuellt_am, today),
        ausgestellt_am=today,
        unterzeichnende=tuple(Unterzeichnende(**row) for row in vorlage.unterzeichnende),
        rechtsgrundlage=vorlage.rechtsgrundlage,
        hinweis="",
        niveau_orientierung=version.niveau_orientierung if version else "",
        quelle=version.quelle if version else "",
        pruefcode=pruefcode,
        pruef_url=f"{settings.BASE_URL}/pruefen/{pruefcode}/",
        anrechnungen=(),
        vorlage=VorlageFakten(
            version=str(vorlage.version),
            ueberschrift=vorlage.ueberschrift,
            einleitung=vorlage.einleitung,
            schlusstext=vorlage.schlusstext,
        ),
    )
