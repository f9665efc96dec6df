"""A course is one run of a released module version; it stays on that version for ever."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from kurse.planung.enums import (
    Aenderungsart,
    KursArt,
    KursStatus,
    Lehrrolle,
    Modus,
    TerminStatus,
)
from lms.core.models import BaseModel
from lms.konten.enums import Kreis
from lms.konten.models import Organisation, Person
from module.models import Modulversion


class Ort(BaseModel):
    """A room where sessions take place, with its accessibility (WbFöVO § 2 Abs. 5)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="orte")
    name = models.CharField(_("Name, Raum"), max_length=160)
    strasse = models.CharField(_("Straße"), max_length=120, blank=True)
    plz = models.CharField(_("PLZ"), max_length=5, blank=True)
    ort = models.CharField(_("Ort"), max_length=80)
    kreis = models.CharField(_("Kreis"), max_length=5, choices=Kreis.choices)
    barrierefreiheit = models.CharField(_("Barrierefreiheit"), max_length=300, blank=True)
    plaetze = models.PositiveSmallIntegerField(_("Plätze"), null=True, blank=True)

    class Meta:
        ordering = ["ort", "name"]
        verbose_name_plural = "Orte"
        constraints = [models.UniqueConstraint(fields=["organisation", "name", "ort"], name="ort_einmalig")]

    def __str__(self) -> str:
        return f"{self.name}, {self.ort}"


class Kurs(BaseModel):
    """A course. `belegt` counts the seats taken and is only changed by a conditional UPDATE with its check."""

    veranstalter = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="kurse")
    art = models.CharField(_("Art"), max_length=20, choices=KursArt.choices, default=KursArt.MODULKURS)
    modulversion = models.ForeignKey(
        Modulversion,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="kurse",
        verbose_name=_("Modul"),
    )
    nummer = models.CharField(_("Kursnummer"), max_length=40)
    titel = models.CharField(_("Titel"), max_length=300)
    beschreibung = models.TextField(_("Beschreibung"), blank=True)
    modus = models.CharField(_("Durchführung"), max_length=20, choices=Modus.choices, default=Modus.PRAESENZ)
    kreis = models.CharField(_("Kreis"), max_length=5, choices=Kreis.choices)
    status = models.CharField(max_length=20, choices=KursStatus.choices, default=KursStatus.ENTWURF)
    kapazitaet = models.PositiveSmallIntegerField(_("Plätze"), validators=[MinValueValidator(1)])
    mindestteilnehmende = models.PositiveSmallIntegerField(_("Mindestzahl Teilnehmende"), default=1)
    belegt = models.PositiveSmallIntegerField(_("belegte Plätze"), default=0, editable=False)
    anmeldung_von = models.DateTimeField(_("Anmeldung ab"))
    anmeldung_bis = models.DateTimeField(_("Anmeldung bis"))
    genehmigung_noetig = models.BooleanField(
        _("Zustimmung des Arbeitgebers nötig"),
        default=True,
        help_text=_("gilt für Personen mit Arbeitgeber"),
    )
    entgelt = models.DecimalField(_("Entgelt (€)"), max_digits=8, decimal_places=2, null=True, blank=True)
    foerdermittelgeber = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="gefoerderte_kurse",
        verbose_name=_("Fördermittelgeber"),
    )
    barrierefreiheit = models.CharField(_("Barrierefreiheit"), max_length=300, blank=True)
    absagegrund = models.CharField(_("Grund der Absage"), max_length=300, blank=True)
    beginn = models.DateTimeField(_("erster Termin"), null=True, blank=True, editable=False)
    ende = models.DateTimeField(_("letzter Termin"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["beginn", "id"]
        verbose_name = _("Kurs")
        verbose_name_plural = _("Kurse")
        permissions = [
            ("leiten", _("Kurs leiten")),
            ("anwesenheit_erfassen", _("Anwesenheit erfassen")),
            ("bewerten", _("Abgaben bewerten")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["veranstalter", "nummer"], name="kurs_nummer_einmalig"),
            models.CheckConstraint(condition=Q(belegt__lte=F("kapazitaet")), name="kurs_nicht_ueberbucht"),
            models.CheckConstraint(condition=Q(kapazitaet__gte=1), name="kurs_kapazitaet"),
            models.CheckConstraint(
                condition=Q(anmeldung_bis__gt=F("anmeldung_von")),
                name="kurs_anmeldefenster",
            ),
            models.CheckConstraint(condition=Q(status__in=KursStatus.values), name="kurs_status_bekannt"),
            models.CheckConstraint(
                condition=~Q(art="modulkurs") | Q(modulversion__isnull=False),
                name="kurs_modulkurs_hat_modul",
            ),
        ]
        indexes = [models.Index(fields=["status", "beginn"], name="kurs_offen")]

    def __str__(self) -> str:
        return f"{self.nummer} {self.titel}"

    @property
    def freie_plaetze(self) -> int:
        return max(0, self.kapazitaet - self.belegt)

    @property
    def anmeldung_offen(self) -> bool:
        return self.status == KursStatus.VEROEFFENTLICHT and self.anmeldung_von <= timezone.now() < self.anmeldung_bis


class KursUserObjectPermission(UserObjectPermissionBase):
    content_object = models.ForeignKey(Kurs, on_delete=models.CASCADE)


class KursGroupObjectPermission(GroupObjectPermissionBase):
    content_object = models.ForeignKey(Kurs, on_delete=models.CASCADE)


class Termin(BaseModel):
    """One session. `minuten` is the teaching time without breaks; UE are derived from it by rule."""

    kurs = models.ForeignKey(Kurs, on_delete=models.CASCADE, related_name="termine")
    beginn = models.DateTimeField(_("Beginn"))
    ende = models.DateTimeField(_("Ende"))
    minuten = models.PositiveSmallIntegerField(_("Unterrichtsminuten ohne Pausen"))
    thema = models.CharField(_("Thema"), max_length=200, blank=True)
    ort = models.ForeignKey(
        Ort,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="termine",
        verbose_name=_("Ort"),
    )
    link = models.URLField(_("Link zum Online-Raum"), max_length=500, blank=True)
    status = models.CharField(max_length=20, choices=TerminStatus.choices, default=TerminStatus.GEPLANT)
    grund = models.CharField(_("Grund"), max_length=300, blank=True)
    liste_geschlossen_at = models.DateTimeField(null=True, blank=True)
    liste_geschlossen_von = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["beginn", "id"]
        verbose_name = _("Termin")
        verbose_name_plural = _("Termine")
        constraints = [
            models.CheckConstraint(condition=Q(ende__gt=F("beginn")), name="termin_ende_nach_beginn"),
            models.CheckConstraint(
                condition=Q(status__in=TerminStatus.values),
                name="termin_status_bekannt",
            ),
        ]
        indexes = [models.Index(fields=["beginn", "ende"], name="termin_zeitraum")]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.beginn):%d.%m.%Y %H:%M} {self.kurs.titel}"

    @property
    def liste_geschlossen(self) -> bool:
        return self.liste_geschlossen_at is not None


class Pause(models.Model):
    """A break inside a session; attendance and teaching time leave it out."""

    termin = models.ForeignKey(Termin, on_delete=models.CASCADE, related_name="pausen")
    beginn = models.DateTimeField(_("Beginn"))
    ende = models.DateTimeField(_("Ende"))

    class Meta:
        ordering = ["beginn"]
        constraints = [models.CheckConstraint(condition=Q(ende__gt=F("beginn")), name="pause_ende_nach_beginn")]

    def __str__(self) -> str:
        return f"{self.beginn:%H:%M}–{self.ende:%H:%M}"


class Terminaenderung(BaseModel):
    """What was moved or cancelled, by whom and why; the old times stay readable."""

    termin = models.ForeignKey(Termin, on_delete=models.CASCADE, related_name="aenderungen")
    art = models.CharField(max_length=20, choices=Aenderungsart.choices)
    alt_beginn = models.DateTimeField()
    alt_ende = models.DateTimeField()
    alt_ort = models.CharField(max_length=300, blank=True)
    grund = models.CharField(max_length=300)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.get_art_display()}: {self.grund}"


class Lehrauftrag(BaseModel):
    """A person teaches a course; the object permissions on the course follow from this row."""

    kurs = models.ForeignKey(Kurs, on_delete=models.CASCADE, related_name="lehrauftraege")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="lehrauftraege")
    rolle = models.CharField(max_length=20, choices=Lehrrolle.choices, default=Lehrrolle.LEITUNG)

    class Meta:
        ordering = ["rolle", "id"]
        constraints = [models.UniqueConstraint(fields=["kurs", "person"], name="lehrauftrag_einmalig")]

    def __str__(self) -> str:
        return f"{self.person} · {self.kurs_id}"
