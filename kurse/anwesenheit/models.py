"""The attendance ledger, and the current state that is kept with it in the same transaction."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kurse.anwesenheit.enums import AnwesenheitModus, AnwesenheitStatus, Herkunft, Listenakt
from kurse.einschreibung.models import Einschreibung
from kurse.planung.models import Termin
from lms.konten.models import Person


class Anwesenheitsvermerk(models.Model):
    """One entry of the ledger. Never changed and never deleted: a correction is a new entry that names the old one.

    `minuten` is the teaching time attended (without breaks); `von` and `bis` are set when somebody came late or left
    early. `client_key` makes a repeated write the same write.
    """

    termin = models.ForeignKey(Termin, on_delete=models.PROTECT, related_name="anwesenheitsvermerke")
    einschreibung = models.ForeignKey(Einschreibung, on_delete=models.PROTECT, related_name="anwesenheitsvermerke")
    status = models.CharField(max_length=20, choices=AnwesenheitStatus.choices)
    minuten = models.PositiveSmallIntegerField()
    von = models.DateTimeField(null=True, blank=True)
    bis = models.DateTimeField(null=True, blank=True)
    modus = models.CharField(
        max_length=20,
        choices=AnwesenheitModus.choices,
        default=AnwesenheitModus.PRAESENZ,
    )
    herkunft = models.CharField(max_length=20, choices=Herkunft.choices, default=Herkunft.LEHRENDE)
    notiz = models.CharField(_("Notiz"), max_length=200, blank=True)
    grund = models.CharField(_("Grund der Berichtigung"), max_length=300, blank=True)
    erfasst_von = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    ersetzt = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="ersetzt_durch",
    )
    client_key = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("Anwesenheitsvermerk")
        verbose_name_plural = _("Anwesenheitsvermerke")
        constraints = [
            # a chain: exactly one first entry per person and session, every other entry replaces another one
            models.UniqueConstraint(
                fields=["termin", "einschreibung"],
                condition=Q(ersetzt=None),
                name="vermerk_ein_anfang",
            ),
            models.CheckConstraint(
                condition=Q(status__in=AnwesenheitStatus.values),
                name="vermerk_status_bekannt",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["anwesend", "teilweise"]) | Q(minuten=0),
                name="vermerk_abwesend_ohne_minuten",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.termin_id}/{self.einschreibung_id}: {self.status} {self.minuten} min"


class Anwesenheitsstand(models.Model):
    """The current entry per person and session; derived from the ledger and kept with it in one transaction."""

    termin = models.ForeignKey(Termin, on_delete=models.PROTECT, related_name="anwesenheitsstaende")
    einschreibung = models.ForeignKey(Einschreibung, on_delete=models.PROTECT, related_name="anwesenheitsstaende")
    vermerk = models.OneToOneField(Anwesenheitsvermerk, on_delete=models.PROTECT, related_name="stand")
    status = models.CharField(max_length=20, choices=AnwesenheitStatus.choices)
    minuten = models.PositiveSmallIntegerField()
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["termin", "einschreibung"], name="anwesenheitsstand_einmalig"),
            models.CheckConstraint(
                condition=Q(status__in=AnwesenheitStatus.values),
                name="stand_status_bekannt",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.termin_id}/{self.einschreibung_id}: {self.status}"


class Listenereignis(models.Model):
    """A list was closed, or opened again by the provider with a reason; append-only history beside the session."""

    termin = models.ForeignKey(Termin, on_delete=models.PROTECT, related_name="listenereignisse")
    art = models.CharField(max_length=20, choices=Listenakt.choices)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    grund = models.CharField(_("Grund"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(art__in=Listenakt.values), name="listenereignis_art_bekannt"),
            models.CheckConstraint(condition=~Q(art="geoeffnet") | ~Q(grund=""), name="listenereignis_grund"),
        ]

    def __str__(self) -> str:
        return f"{self.termin_id}: {self.art}"
