"""Assignments, submissions (every version kept), grading, and the decided result of a module."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kurse.aufgaben.enums import (
    AbgabeStatus,
    AufgabeArt,
    Bewertungsergebnis,
    ErgebnisStatus,
)
from kurse.einschreibung.models import Einschreibung
from kurse.planung.models import Kurs
from lms.core.models import BaseModel
from lms.konten.models import Person
from module.models import Notenskala


def abgabe_path(abgabe: "Abgabe", filename: str) -> str:
    """Stored under random names: a path tells neither person nor content."""
    return f"abgaben/{abgabe.aufgabe.public_id}/{abgabe.public_id}"


class Aufgabe(BaseModel):
    """An assignment of a course. Without `notenskala` it is passed or failed."""

    kurs = models.ForeignKey(Kurs, on_delete=models.CASCADE, related_name="aufgaben")
    titel = models.CharField(_("Titel"), max_length=200)
    art = models.CharField(_("Art"), max_length=20, choices=AufgabeArt.choices, default=AufgabeArt.ABGABE)
    beschreibung = models.TextField(_("Aufgabenstellung"), blank=True)
    faellig_at = models.DateTimeField(_("Abgabe bis"))
    pflicht = models.BooleanField(_("für den Modulabschluss nötig"), default=True)
    notenskala = models.ForeignKey(
        Notenskala,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("Benotung"),
    )
    gewicht = models.DecimalField(_("Gewicht in der Modulnote"), max_digits=4, decimal_places=2, default=1)
    verspaetet_erlaubt = models.BooleanField(_("verspätete Abgabe annehmen"), default=True)
    max_versuche = models.PositiveSmallIntegerField(_("höchstens Abgaben"), default=5)

    class Meta:
        ordering = ["faellig_at", "id"]
        constraints = [models.CheckConstraint(condition=Q(gewicht__gte=0), name="aufgabe_gewicht")]

    def __str__(self) -> str:
        return self.titel


class Abgabe(BaseModel):
    """One version of a submission; earlier versions stay. Text, a file, or both."""

    aufgabe = models.ForeignKey(Aufgabe, on_delete=models.PROTECT, related_name="abgaben")
    einschreibung = models.ForeignKey(Einschreibung, on_delete=models.PROTECT, related_name="abgaben")
    versuch = models.PositiveSmallIntegerField()
    text = models.TextField(_("Text"), blank=True)
    datei = models.FileField(_("Datei"), upload_to=abgabe_path, max_length=200, blank=True)
    dateiname = models.CharField(max_length=200, blank=True)
    mime = models.CharField(max_length=100, blank=True)
    groesse = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    abgegeben_at = models.DateTimeField(default=timezone.now)
    verspaetet = models.BooleanField(default=False)
    status = models.CharField(max_length=20, choices=AbgabeStatus.choices, default=AbgabeStatus.EINGEREICHT)

    class Meta:
        ordering = ["aufgabe", "einschreibung", "-versuch"]
        constraints = [
            models.UniqueConstraint(
                fields=["aufgabe", "einschreibung", "versuch"],
                name="abgabe_versuch_einmalig",
            ),
            models.CheckConstraint(
                condition=Q(status__in=AbgabeStatus.values),
                name="abgabe_status_bekannt",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.aufgabe} · {self.versuch}"


class Bewertung(BaseModel):
    """A grading of one submission. A second thought is a new row that replaces the first."""

    abgabe = models.ForeignKey(Abgabe, on_delete=models.PROTECT, related_name="bewertungen")
    ergebnis = models.CharField(_("Ergebnis"), max_length=20, choices=Bewertungsergebnis.choices)
    note = models.DecimalField(pgettext_lazy("Leistung", "Note"), max_digits=3, decimal_places=1, null=True, blank=True)
    kommentar = models.TextField(_("Rückmeldung"), blank=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    ersetzt = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="ersetzt_durch",
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["abgabe"],
                condition=Q(ersetzt=None),
                name="bewertung_ein_anfang",
            )
        ]

    def __str__(self) -> str:
        return self.get_ergebnis_display()


class Fristverlaengerung(BaseModel):
    aufgabe = models.ForeignKey(Aufgabe, on_delete=models.CASCADE, related_name="fristverlaengerungen")
    einschreibung = models.ForeignKey(Einschreibung, on_delete=models.CASCADE, related_name="fristverlaengerungen")
    bis = models.DateTimeField(_("neue Frist"))
    grund = models.CharField(_("Grund"), max_length=300)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.aufgabe}: {self.bis:%d.%m.%Y}"


class Modulergebnis(BaseModel):
    """The decided result of one enrolment, with the numbers it was decided on. Written once.

    `berechnung` freezes what was proposed: attended and planned minutes, UE, rule and its version, assignments, and
    whether somebody decided against the proposal (`abweichung_grund`).
    """

    einschreibung = models.OneToOneField(Einschreibung, on_delete=models.PROTECT, related_name="modulergebnis")
    status = models.CharField(max_length=20, choices=ErgebnisStatus.choices)
    note = models.DecimalField(max_digits=3, decimal_places=1, null=True, blank=True)
    ue_geplant = models.DecimalField(max_digits=6, decimal_places=2)
    ue_besucht = models.DecimalField(max_digits=6, decimal_places=2)
    berechnung = models.JSONField(default=dict)
    abweichung_grund = models.CharField(max_length=300, blank=True)
    anforderungen_erfuellt_am = models.DateField(null=True, blank=True)
    bestaetigt_von = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    bestaetigt_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ErgebnisStatus.values),
                name="modulergebnis_status_bekannt",
            ),
            models.CheckConstraint(
                condition=~Q(status="bestanden") | ~Q(anforderungen_erfuellt_am=None),
                name="modulergebnis_bestanden_am",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.einschreibung_id}: {self.status}"
