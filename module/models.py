"""What can be learnt: the catalogue that partners own together, module versions, programmes."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from lms.core.models import BaseModel
from lms.konten.models import Organisation, Person
from module.enums import BausteinArt, FreigabeEntscheidung, VersionStatus
from module.regel_models import Anwesenheitsregel, Notenskala, Notenstufe

__all__ = [
    "Anwesenheitsregel",
    "Baustein",
    "Freigabe",
    "Katalogpartner",
    "Modul",
    "Modulkatalog",
    "ModulkatalogGroupObjectPermission",
    "ModulkatalogUserObjectPermission",
    "Modulversion",
    "Notenskala",
    "Notenstufe",
    "Programm",
    "Programmversion",
]


class Modulkatalog(BaseModel):
    """A catalogue owned by several organisations together: one leads, the others have equal say."""

    titel = models.CharField(_("Titel"), max_length=200, unique=True)
    beschreibung = models.TextField(_("Beschreibung"), blank=True)
    partner = models.ManyToManyField(Organisation, through="Katalogpartner", related_name="kataloge")

    class Meta:
        ordering = ["titel"]
        permissions = [
            ("bearbeiten", _("Katalog bearbeiten")),
            ("freigeben", _("Modulversionen freigeben")),
        ]

    def __str__(self) -> str:
        return self.titel


class ModulkatalogUserObjectPermission(UserObjectPermissionBase):
    content_object = models.ForeignKey(Modulkatalog, on_delete=models.CASCADE)


class ModulkatalogGroupObjectPermission(GroupObjectPermissionBase):
    content_object = models.ForeignKey(Modulkatalog, on_delete=models.CASCADE)


class Katalogpartner(models.Model):
    katalog = models.ForeignKey(Modulkatalog, on_delete=models.CASCADE, related_name="katalogpartner")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="katalogpartner")
    federfuehrend = models.BooleanField(_("federführend"), default=False)

    class Meta:
        ordering = ["-federfuehrend", "organisation__name"]
        constraints = [
            models.UniqueConstraint(fields=["katalog", "organisation"], name="katalogpartner_einmalig"),
            models.UniqueConstraint(
                fields=["katalog"],
                condition=Q(federfuehrend=True),
                name="katalogpartner_eine_federfuehrung",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.katalog_id}: {self.organisation_id}"


class Modul(BaseModel):
    """One module of a catalogue; everything that can change is in its versions."""

    katalog = models.ForeignKey(Modulkatalog, on_delete=models.PROTECT, related_name="module")
    code = models.CharField(_("Modulcode"), max_length=60)
    titel = models.CharField(
        _("Titel"),
        max_length=300,
        help_text=_("Arbeitstitel; gültig ist der Titel der Version"),
    )
    verantwortlich = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="verantwortete_module",
        verbose_name=_("verantwortlich"),
    )
    import_schluessel = models.CharField(max_length=160, null=True, blank=True, unique=True)

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["katalog", "code"], name="modul_code_einmalig")]

    def __str__(self) -> str:
        return f"{self.code} {self.titel}"


class Modulversion(BaseModel):
    """A dated module description (SächsStudAkkVO § 7 Abs. 2, nine mandatory fields). Immutable once published.

    Workload in Zeitstunden (60 min), teaching in UE (45 min), credits in ECTS. None means unknown, never zero.
    """

    modul = models.ForeignKey(Modul, on_delete=models.PROTECT, related_name="versionen")
    nummer = models.PositiveSmallIntegerField(_("Version"))
    bezeichnung = models.CharField(_("Versionsbezeichnung"), max_length=60, blank=True)
    titel = models.CharField(_("Titel"), max_length=300)
    status = models.CharField(max_length=20, choices=VersionStatus.choices, default=VersionStatus.ENTWURF)
    # 1 content and learning outcomes
    inhalte = models.TextField(_("Inhalte"), blank=True, help_text=_("Ein Thema je Zeile"))
    qualifikationsziele = models.TextField(_("Qualifikationsziele"), blank=True)
    # 2 forms of teaching
    lehrformen = models.TextField(_("Lehr- und Lernformen"), blank=True)
    # 3 prerequisites: knowledge, and hints for preparation
    voraussetzungen = models.TextField(_("Voraussetzungen für die Teilnahme"), blank=True)
    vorbereitung = models.TextField(_("Hinweise zur Vorbereitung"), blank=True)
    # 4 use in this and other programmes
    verwendbarkeit = models.TextField(_("Verwendbarkeit"), blank=True)
    # 5 conditions for credits
    vergabevoraussetzungen = models.TextField(_("Voraussetzungen für die Vergabe von ECTS-Punkten"), blank=True)
    pruefungsform = models.CharField(_("Prüfungsform"), max_length=300, blank=True)
    # 6 credits and grading
    ects = models.DecimalField(
        _("ECTS-Punkte"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    notenskala = models.ForeignKey(
        Notenskala,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        verbose_name=_("Benotung"),
        related_name="+",
    )
    # 7 frequency
    haeufigkeit = models.CharField(_("Häufigkeit des Angebots"), max_length=200, blank=True)
    # 8 workload
    ue = models.DecimalField(
        _("Unterrichtseinheiten (45 min)"),
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    praesenz_stunden = models.DecimalField(_("Präsenz (h)"), max_digits=6, decimal_places=2, null=True, blank=True)
    selbststudium_stunden = models.DecimalField(
        _("Selbststudium (h)"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    praxis_stunden = models.DecimalField(_("Praxis (h)"), max_digits=6, decimal_places=2, null=True, blank=True)
    stunden_gesamt = models.DecimalField(
        _("Arbeitsaufwand gesamt (h)"),
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("nur nötig, wenn die Aufteilung nicht bekannt ist"),
    )
    # 9 duration
    dauer = models.CharField(_("Dauer"), max_length=120, blank=True)
    dauer_semester = models.PositiveSmallIntegerField(_("Dauer in Semestern"), null=True, blank=True)

    anwesenheitsregel = models.ForeignKey(
        Anwesenheitsregel,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="modulversionen",
        verbose_name=_("Anwesenheitsregel"),
    )
    niveau_orientierung = models.CharField(
        _("orientiert an Niveau"),
        max_length=40,
        blank=True,
        help_text=_("nie eine amtliche DQR-Zuordnung"),
    )
    quelle = models.CharField(_("Quelle"), max_length=300, blank=True)
    quelle_url = models.URLField(_("Quelle (Adresse)"), max_length=500, blank=True)
    gueltig_ab = models.DateField(_("gültig ab"), null=True, blank=True)
    runde = models.PositiveSmallIntegerField(_("Einreichungsrunde"), default=0)
    eingereicht_at = models.DateTimeField(null=True, blank=True)
    veroeffentlicht_at = models.DateTimeField(null=True, blank=True)
    bearbeitet_von = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    import_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        ordering = ["modul__code", "-nummer"]
        constraints = [
            models.UniqueConstraint(fields=["modul", "nummer"], name="modulversion_nummer_einmalig"),
            models.UniqueConstraint(
                fields=["modul"],
                condition=Q(status="veroeffentlicht"),
                name="modulversion_eine_veroeffentlichte",
            ),
            models.UniqueConstraint(
                fields=["modul"],
                condition=Q(status__in=["entwurf", "eingereicht", "zurueckgegeben"]),
                name="modulversion_ein_entwurf",
            ),
            models.CheckConstraint(
                condition=Q(status__in=VersionStatus.values),
                name="modulversion_status_bekannt",
            ),
            models.CheckConstraint(condition=Q(ects=None) | Q(ects__gte=0), name="modulversion_ects"),
            models.CheckConstraint(condition=Q(ue=None) | Q(ue__gte=0), name="modulversion_ue"),
        ]

    def __str__(self) -> str:
        return f"{self.modul.code} {self.titel} (Version {self.nummer})"

    @property
    def arbeitsaufwand(self) -> Decimal | None:
        """Workload in hours: the sum of its parts, else the total as stated; None if neither is known."""
        parts = [self.praesenz_stunden, self.selbststudium_stunden, self.praxis_stunden]
        known = [part for part in parts if part is not None]
        if self.stunden_gesamt is not None:
            return self.stunden_gesamt
        return sum(known, Decimal(0)) if known else None

    @property
    def themen(self) -> list[str]:
        return [line.strip() for line in self.inhalte.splitlines() if line.strip()]


class Freigabe(BaseModel):
    """One partner's decision on one version in one round of submission."""

    version = models.ForeignKey(Modulversion, on_delete=models.CASCADE, related_name="freigaben")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="freigaben")
    runde = models.PositiveSmallIntegerField()
    entscheidung = models.CharField(max_length=20, choices=FreigabeEntscheidung.choices)
    kommentar = models.TextField(_("Kommentar"), blank=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["runde", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "organisation", "runde"],
                name="freigabe_einmal_je_runde",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation.kurzname}: {self.get_entscheidung_display()}"


class Programm(BaseModel):
    """A programme that leads to an award; `import_schluessel` is its id in the imported source."""

    katalog = models.ForeignKey(Modulkatalog, on_delete=models.PROTECT, related_name="programme")
    titel = models.CharField(_("Titel"), max_length=300)
    einrichtung = models.CharField(_("Einrichtung laut Quelle"), max_length=300, blank=True)
    einordnung = models.CharField(_("Einordnung"), max_length=40, blank=True)
    import_schluessel = models.CharField(max_length=120, null=True, blank=True, unique=True)

    class Meta:
        ordering = ["titel"]

    def __str__(self) -> str:
        return self.titel


class Programmversion(BaseModel):
    """A dated version of a programme; trainees stay on the version they began with."""

    programm = models.ForeignKey(Programm, on_delete=models.PROTECT, related_name="versionen")
    nummer = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=20, choices=VersionStatus.choices, default=VersionStatus.ENTWURF)
    abschluss = models.CharField(_("Abschluss"), max_length=300, blank=True)
    zielgruppe = models.TextField(_("Zielgruppe"), blank=True)
    zugang = models.TextField(_("Zugang"), blank=True)
    format = models.CharField(_("Format"), max_length=200, blank=True)
    dauer = models.CharField(_("Dauer"), max_length=200, blank=True)
    ue_gesamt = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    stunden_gesamt = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    ects_gesamt = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    angaben = models.JSONField(
        _("weitere Angaben"),
        default=list,
        blank=True,
        help_text='list of {"titel": …, "text": …} as in the source',
    )
    anwesenheitsregel = models.ForeignKey(
        Anwesenheitsregel,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="programmversionen",
    )
    quelle_url = models.URLField(max_length=500, blank=True)
    quelle = models.CharField(max_length=500, blank=True)
    gueltig_ab = models.DateField(null=True, blank=True)
    import_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        ordering = ["programm__titel", "-nummer"]
        constraints = [
            models.UniqueConstraint(fields=["programm", "nummer"], name="programmversion_nummer_einmalig"),
            models.UniqueConstraint(
                fields=["programm"],
                condition=Q(status="veroeffentlicht"),
                name="programmversion_eine_veroeffentlichte",
            ),
            models.UniqueConstraint(
                fields=["programm"],
                condition=Q(status="entwurf"),
                name="programmversion_ein_entwurf",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programm.titel} (Version {self.nummer})"


class Baustein(BaseModel):
    """A part of a programme version: a module, or a part without a module (practice, colloquium)."""

    programmversion = models.ForeignKey(Programmversion, on_delete=models.CASCADE, related_name="bausteine")
    art = models.CharField(max_length=20, choices=BausteinArt.choices, default=BausteinArt.PFLICHT)
    modul = models.ForeignKey(Modul, null=True, blank=True, on_delete=models.PROTECT, related_name="bausteine")
    titel = models.CharField(max_length=300)
    gruppe = models.CharField(_("Wahlpflichtgruppe"), max_length=80, blank=True)
    gruppe_mindestens = models.PositiveSmallIntegerField(_("davon mindestens"), null=True, blank=True)
    ue = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    stunden = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    ects = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    reihenfolge = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["reihenfolge", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programmversion", "reihenfolge"],
                name="baustein_reihenfolge_einmalig",
            ),
            models.UniqueConstraint(
                fields=["programmversion", "modul"],
                condition=~Q(modul=None),
                name="baustein_modul_einmalig",
            ),
        ]

    def __str__(self) -> str:
        return self.titel
