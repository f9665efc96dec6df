"""Rules as dated rows: attendance rules and grade scales. Part of `module.models`, which hands them on."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.core.models import BaseModel
from module.enums import EntschuldigtZaehlt, Geltungsbereich, SkalenArt, UeRundung


class Notenskala(models.Model):
    """A grade scale as data: its steps are `Notenstufe` rows, dated like every rule."""

    bezeichnung = models.CharField(_("Bezeichnung"), max_length=120)
    art = models.CharField(max_length=20, choices=SkalenArt.choices)
    quelle = models.CharField(_("Quelle"), max_length=300, blank=True)
    gueltig_ab = models.DateField(_("gültig ab"))

    class Meta:
        ordering = ["bezeichnung", "-gueltig_ab"]
        constraints = [models.UniqueConstraint(fields=["bezeichnung", "gueltig_ab"], name="notenskala_einmalig")]

    def __str__(self) -> str:
        return self.bezeichnung


class Notenstufe(models.Model):
    skala = models.ForeignKey(Notenskala, on_delete=models.CASCADE, related_name="stufen")
    wert = models.DecimalField(max_digits=3, decimal_places=1)
    bezeichnung = models.CharField(max_length=60)
    bestanden = models.BooleanField()

    class Meta:
        ordering = ["wert"]
        constraints = [models.UniqueConstraint(fields=["skala", "wert"], name="notenstufe_einmalig")]

    def __str__(self) -> str:
        return f"{self.wert} {self.bezeichnung}"


class Anwesenheitsregel(BaseModel):
    """How much attendance is enough. Dated data with a source; a threshold is never reached by rounding."""

    bezeichnung = models.CharField(_("Bezeichnung"), max_length=160)
    schwelle_prozent = models.DecimalField(_("Schwelle in Prozent"), max_digits=5, decimal_places=2)
    geltungsbereich = models.CharField(max_length=20, choices=Geltungsbereich.choices, default=Geltungsbereich.MODUL)
    entschuldigt_zaehlt = models.CharField(
        max_length=20,
        choices=EntschuldigtZaehlt.choices,
        default=EntschuldigtZaehlt.NICHT,
    )
    entschuldigt_obergrenze_prozent = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    ausgleich_zulaessig = models.BooleanField(default=False)
    ausgleich_form = models.CharField(_("Form des Ausgleichs"), max_length=200, blank=True)
    ue_rundung = models.CharField(max_length=20, choices=UeRundung.choices, default=UeRundung.EXAKT)
    quelle = models.CharField(_("Quelle"), max_length=300)
    quelle_url = models.URLField(max_length=500, blank=True)
    gueltig_ab = models.DateField(_("gültig ab"))
    gueltig_bis = models.DateField(_("gültig bis"), null=True, blank=True)

    class Meta:
        ordering = ["bezeichnung"]
        constraints = [
            models.UniqueConstraint(fields=["bezeichnung", "gueltig_ab"], name="anwesenheitsregel_einmalig"),
            models.CheckConstraint(
                condition=Q(schwelle_prozent__gte=0) & Q(schwelle_prozent__lte=100),
                name="anwesenheitsregel_schwelle",
            ),
        ]

    def __str__(self) -> str:
        return self.bezeichnung
