"""People, organisations, who belongs where, and what a person lets an employer see."""

from django.contrib.auth.models import AbstractBaseUser, Group, PermissionsMixin
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase
from simple_history.models import HistoricalRecords

from lms.core.models import BaseModel
from lms.konten.enums import (
    Datenkategorie,
    Kreis,
    Qualifikationsstatus,
    Recht,
    Rolle,
    Traegerart,
)
from lms.konten.managers import PersonManager


class Person(BaseModel, AbstractBaseUser, PermissionsMixin):
    """A human being with an account. Names exactly as on the identity document (all letters of DIN 91379)."""

    email = models.EmailField(_("E-Mail"), unique=True)
    vorname = models.CharField(_("Vorname"), max_length=120)
    nachname = models.CharField(_("Nachname"), max_length=120)
    geburtsdatum = models.DateField(_("Geburtsdatum"), null=True, blank=True)
    is_active = models.BooleanField(_("aktiv"), default=True)
    is_staff = models.BooleanField(_("Betrieb"), default=False)

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["vorname", "nachname"]

    class Meta:
        ordering = ["nachname", "vorname", "id"]
        verbose_name = _("Person")
        verbose_name_plural = _("Personen")
        constraints = [models.UniqueConstraint(Lower("email"), name="person_email_einmalig")]
        indexes = [models.Index(fields=["nachname", "vorname", "id"], name="person_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.vorname} {self.nachname}".strip() or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.vorname or self.email


class Organisation(BaseModel):
    """A university, training provider, employer, the state office or a funder; one row may be several of them."""

    name = models.CharField(_("Name"), max_length=200, unique=True)
    kurzname = models.CharField(_("Kurzname"), max_length=40)
    ist_hochschule = models.BooleanField(_("Hochschule"), default=False)
    ist_bildungstraeger = models.BooleanField(_("Bildungsträger"), default=False)
    ist_arbeitgeber = models.BooleanField(_("Arbeitgeber"), default=False)
    ist_landesfachstelle = models.BooleanField(_("Landesfachstelle"), default=False)
    ist_foerdermittelgeber = models.BooleanField(_("Fördermittelgeber"), default=False)
    traegerart = models.CharField(
        _("Trägerart"),
        max_length=20,
        choices=Traegerart.choices,
        default=Traegerart.FREI,
    )
    kreis = models.CharField(_("Kreis"), max_length=5, choices=Kreis.choices)
    strasse = models.CharField(_("Straße"), max_length=120, blank=True)
    plz = models.CharField(_("PLZ"), max_length=5, blank=True)
    ort = models.CharField(_("Ort"), max_length=80, blank=True)
    email = models.EmailField(_("E-Mail"), blank=True)
    stunden_pro_ects = models.DecimalField(
        _("Stunden je ECTS-Punkt"),
        max_digits=4,
        decimal_places=1,
        default=30,
        validators=[MinValueValidator(25), MaxValueValidator(30)],
        help_text=_("25 bis 30 Zeitstunden (SächsStudAkkVO § 8 Abs. 1)"),
    )
    history = HistoricalRecords(app="konten")

    class Meta:
        ordering = ["name"]
        verbose_name = _("Organisation")
        verbose_name_plural = _("Organisationen")
        default_permissions = ("add", "change", "delete", "view")
        permissions = Recht.choices  # type: ignore[assignment]
        constraints = [
            models.CheckConstraint(
                condition=Q(stunden_pro_ects__gte=25) & Q(stunden_pro_ects__lte=30),
                name="organisation_stunden_pro_ects",
            ),
            models.CheckConstraint(condition=Q(kreis__in=Kreis.values), name="organisation_kreis_bekannt"),
        ]

    def __str__(self) -> str:
        return self.name


class OrganisationUserObjectPermission(UserObjectPermissionBase):
    content_object = models.ForeignKey(Organisation, on_delete=models.CASCADE)


class OrganisationGroupObjectPermission(GroupObjectPermissionBase):
    content_object = models.ForeignKey(Organisation, on_delete=models.CASCADE)


class Rollengruppe(models.Model):
    """The auth group behind one role of one organisation; it holds the object permissions of the role."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="rollengruppen")
    rolle = models.CharField(max_length=30, choices=Rolle.choices)
    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="rollengruppe")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "rolle"], name="rollengruppe_einmalig")]

    def __str__(self) -> str:
        return f"{self.organisation_id}:{self.rolle}"


class Mitgliedschaft(BaseModel):
    """A person works for an organisation in a role, from a day until (and including) a day."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="mitgliedschaften")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="mitgliedschaften")
    rolle = models.CharField(_("Rolle"), max_length=30, choices=Rolle.choices)
    von = models.DateField(_("von"), default=timezone.localdate)
    bis = models.DateField(_("bis"), null=True, blank=True)
    history = HistoricalRecords(app="konten")

    class Meta:
        ordering = ["organisation", "person", "rolle"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "rolle"],
                condition=Q(bis=None),
                name="mitgliedschaft_einmal_offen",
            ),
            models.CheckConstraint(
                condition=Q(bis=None) | Q(bis__gte=models.F("von")),
                name="mitgliedschaft_zeitraum",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.organisation.kurzname} · {self.get_rolle_display()}"


class Beschaeftigung(BaseModel):
    """A person is employed by an employer; the qualification status answers KomIntAVO § 12 (4)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="beschaeftigungen")
    arbeitgeber = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="beschaeftigungen")
    von = models.DateField(_("von"), default=timezone.localdate)
    bis = models.DateField(_("bis"), null=True, blank=True)
    taetigkeit = models.CharField(_("örtliche Stellenbezeichnung"), max_length=120, blank=True)
    qualifikationsstatus = models.CharField(
        _("Qualifikationsstatus"),
        max_length=20,
        choices=Qualifikationsstatus.choices,
        default=Qualifikationsstatus.OFFEN,
    )
    bestaetigt_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords(app="konten")

    class Meta:
        ordering = ["-von"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "arbeitgeber"],
                condition=Q(bis=None),
                name="beschaeftigung_einmal_offen",
            ),
            models.CheckConstraint(
                condition=Q(bis=None) | Q(bis__gte=models.F("von")),
                name="beschaeftigung_zeitraum",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.arbeitgeber.kurzname}"


class Einwilligungstext(models.Model):
    """The wording a person agreed to; a new wording is a new version, never an edit."""

    kategorie = models.CharField(max_length=20, choices=Datenkategorie.choices)
    version = models.PositiveSmallIntegerField()
    text = models.TextField()
    gueltig_ab = models.DateField()

    class Meta:
        ordering = ["kategorie", "-version"]
        constraints = [models.UniqueConstraint(fields=["kategorie", "version"], name="einwilligungstext_version")]

    def __str__(self) -> str:
        return f"{self.kategorie} v{self.version}"


class Einwilligung(BaseModel):
    """A person lets one employer see one category of data. Withdrawing works for the future and as easily as giving."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="einwilligungen")
    arbeitgeber = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="einwilligungen")
    text = models.ForeignKey(Einwilligungstext, on_delete=models.PROTECT)
    kategorie = models.CharField(max_length=20, choices=Datenkategorie.choices)
    erteilt_at = models.DateTimeField(default=timezone.now)
    widerrufen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-erteilt_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "arbeitgeber", "kategorie"],
                condition=Q(widerrufen_at=None),
                name="einwilligung_einmal_offen",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} → {self.arbeitgeber_id}: {self.kategorie}"


class Einladung(BaseModel):
    """Invitation to register, bound to an address; only the SHA-256 of its token is kept."""

    email = models.EmailField(_("E-Mail"))
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="einladungen")
    rolle = models.CharField(max_length=30, choices=Rolle.choices, blank=True)
    als_beschaeftigte = models.BooleanField(default=False)
    eingeladen_von = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    gueltig_bis = models.DateTimeField()
    widerrufen_at = models.DateTimeField(null=True, blank=True)
    angenommen_at = models.DateTimeField(null=True, blank=True)
    angenommen_von = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.organisation.kurzname}: {self.created_at:%Y-%m-%d}"
