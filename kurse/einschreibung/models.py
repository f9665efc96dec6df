"""Enrolment: a person in a course, with a state machine and the employer at the time."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kurse.einschreibung.enums import EinschreibungStatus, GenehmigungStatus
from kurse.planung.models import Kurs
from lms.core.models import BaseModel
from lms.konten.models import Organisation, Person


class Einschreibung(BaseModel):
    """One row per person and course, for ever; a second try after a cancellation moves the same row again.

    `rang` orders the waiting list: the lowest first; it is set when the person joins the list.
    """

    kurs = models.ForeignKey(Kurs, on_delete=models.PROTECT, related_name="einschreibungen")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="einschreibungen")
    status = models.CharField(max_length=20, choices=EinschreibungStatus.choices)
    arbeitgeber = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="einschreibungen_der_beschaeftigten",
    )
    genehmigung = models.CharField(
        max_length=20,
        choices=GenehmigungStatus.choices,
        default=GenehmigungStatus.NICHT_NOETIG,
    )
    genehmigung_von = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    genehmigung_at = models.DateTimeField(null=True, blank=True)
    angelegt_von = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    beantragt_at = models.DateTimeField(default=timezone.now)
    zugelassen_at = models.DateTimeField(null=True, blank=True)
    rang = models.BigIntegerField(null=True, blank=True)
    angebot_bis = models.DateTimeField(null=True, blank=True)
    beendet_at = models.DateTimeField(null=True, blank=True)
    grund = models.CharField(_("Grund"), max_length=300, blank=True)

    class Meta:
        ordering = ["kurs", "id"]
        verbose_name = _("Einschreibung")
        verbose_name_plural = _("Einschreibungen")
        constraints = [
            models.UniqueConstraint(fields=["kurs", "person"], name="einschreibung_einmalig"),
            models.UniqueConstraint(
                fields=["kurs", "rang"],
                condition=~Q(rang=None),
                name="einschreibung_rang_einmalig",
            ),
            models.CheckConstraint(
                condition=Q(status__in=EinschreibungStatus.values),
                name="einschreibung_status_bekannt",
            ),
            models.CheckConstraint(
                condition=~Q(status="warteliste") | ~Q(rang=None),
                name="einschreibung_warteliste_hat_rang",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "status"], name="einschreibung_person"),
            models.Index(fields=["arbeitgeber", "status"], name="einschreibung_arbeitgeber"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.kurs}"


class Importlauf(BaseModel):
    """An uploaded list of participants: checked row by row, shown as a preview, written only when confirmed.

    `zeilen` holds the parsed rows and findings until the import is confirmed or discarded, then it is emptied.
    """

    kurs = models.ForeignKey(Kurs, on_delete=models.CASCADE, related_name="importlaeufe")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    dateiname = models.CharField(max_length=200)
    zeilen = models.JSONField(default=list)
    bestaetigt_at = models.DateTimeField(null=True, blank=True)
    verworfen_at = models.DateTimeField(null=True, blank=True)
    ergebnis = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.dateiname


class Angebotsregel(models.Model):
    """How long a freed place is kept for the first of the waiting list; a new rule is a new dated row.

    Courses that begin in less than `vorlauf_stunden` give the place at once instead of asking.
    """

    gueltig_ab = models.DateField(_("gültig ab"), unique=True)
    frist_stunden = models.PositiveSmallIntegerField(_("Bedenkzeit (Stunden)"))
    vorlauf_stunden = models.PositiveSmallIntegerField(_("nur bei Kursbeginn in frühestens (Stunden)"))
    begruendung = models.CharField(_("Begründung"), max_length=300, blank=True)

    class Meta:
        ordering = ["-gueltig_ab"]
        verbose_name = _("Angebotsregel")
        verbose_name_plural = _("Angebotsregeln")
        constraints = [
            models.CheckConstraint(
                condition=Q(frist_stunden__gte=1) & Q(vorlauf_stunden__gte=models.F("frist_stunden")),
                name="angebotsregel_frist_vor_beginn",
            )
        ]

    def __str__(self) -> str:
        return f"{self.gueltig_ab:%d.%m.%Y}: {self.frist_stunden} h"
