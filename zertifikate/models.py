"""What is attested. A certificate is a frozen snapshot with a number; its file is drawn from the snapshot alone."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kurse.einschreibung.models import Einschreibung
from lms.core.models import BaseModel, Vorgang
from lms.konten.models import Organisation, Person
from zertifikate.enums import ZertifikatArt, ZertifikatStatus


def zertifikat_path(zertifikat: "Zertifikat", filename: str) -> str:
    return f"zertifikate/{zertifikat.aussteller.public_id}/{zertifikat.jahr}/{zertifikat.public_id}.pdf"


class Vorlage(BaseModel):
    """The texts of one kind of certificate of one issuer; a change is a new version, old certificates keep theirs."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="zertifikatsvorlagen")
    art = models.CharField(_("Art"), max_length=30, choices=ZertifikatArt.choices)
    version = models.PositiveSmallIntegerField()
    ueberschrift = models.CharField(_("Überschrift"), max_length=120)
    einleitung = models.TextField(_("Einleitung"), blank=True)
    schlusstext = models.TextField(_("Schlusstext"), blank=True)
    rechtsgrundlage = models.TextField(_("Rechtsgrundlage, Hinweis"), blank=True)
    unterzeichnende = models.JSONField(_("Unterzeichnende"), default=list, help_text='list of {"name", "funktion"}')
    nummer_format = models.CharField(max_length=60, default="{kuerzel}-{jahr}-{laufend:05d}")

    class Meta:
        ordering = ["organisation", "art", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "art", "version"],
                name="vorlage_version_einmalig",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_art_display()} v{self.version}"


class Nummernkreis(models.Model):
    """The last number given per issuer and year. Locked while a certificate is written, so numbers have no gaps."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="nummernkreise")
    jahr = models.PositiveSmallIntegerField()
    letzte = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "jahr"], name="nummernkreis_einmalig")]

    def __str__(self) -> str:
        return f"{self.organisation_id}/{self.jahr}: {self.letzte}"


class Zertifikat(BaseModel):
    """An issued certificate. Everything printed is in `snapshot`; only revocation and the file are added later.

    `name_salz` and `name_digest` allow the name to be checked after the person has been erased. `sha256` is the hash of
    the file; it is empty until the worker has drawn it from the snapshot.
    """

    art = models.CharField(_("Art"), max_length=30, choices=ZertifikatArt.choices)
    aussteller = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="zertifikate")
    einschreibung = models.ForeignKey(Einschreibung, null=True, on_delete=models.SET_NULL, related_name="zertifikate")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="zertifikate")
    jahr = models.PositiveSmallIntegerField()
    laufend = models.PositiveIntegerField()
    nummer = models.CharField(_("Nummer"), max_length=80, unique=True)
    vorlage = models.ForeignKey(Vorlage, on_delete=models.PROTECT, related_name="zertifikate")
    schema_version = models.PositiveSmallIntegerField()
    snapshot = models.JSONField()
    pruefcode = models.CharField(max_length=24, unique=True)
    name_salz = models.CharField(max_length=32)
    name_digest = models.CharField(max_length=64)
    anforderungen_erfuellt_am = models.DateField()
    ausgestellt_am = models.DateField()
    ausgestellt_von = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    vorgang = models.ForeignKey(
        Vorgang,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="zertifikate",
    )
    datei = models.FileField(upload_to=zertifikat_path, max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    status = models.CharField(
        max_length=20,
        choices=ZertifikatStatus.choices,
        default=ZertifikatStatus.GUELTIG,
    )
    widerrufen_at = models.DateTimeField(null=True, blank=True)
    widerrufen_von = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    widerrufsgrund = models.CharField(_("Grund des Widerrufs"), max_length=300, blank=True)
    ersetzt = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="ersetzt_durch",
    )

    class Meta:
        ordering = ["-id"]
        verbose_name = _("Zertifikat")
        verbose_name_plural = _("Zertifikate")
        constraints = [
            models.UniqueConstraint(
                fields=["aussteller", "jahr", "laufend"],
                name="zertifikat_laufend_einmalig",
            ),
            models.UniqueConstraint(
                fields=["einschreibung", "art"],
                condition=Q(status="gueltig"),
                name="zertifikat_einmal_gueltig",
            ),
            models.CheckConstraint(
                condition=Q(status__in=ZertifikatStatus.values),
                name="zertifikat_status_bekannt",
            ),
            models.CheckConstraint(
                condition=Q(status="gueltig", widerrufen_at=None) | Q(status="widerrufen", widerrufen_at__isnull=False),
                name="zertifikat_widerruf_mit_zeit",
            ),
        ]
        indexes = [models.Index(fields=["person", "-id"], name="zertifikat_person")]

    def __str__(self) -> str:
        return self.nummer
