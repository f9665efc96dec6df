"""What every app stands on: base model, audit trail, long-running jobs, API tokens, idempotency keys."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.core.enums import VorgangStatus
from lms.core.ids import new_public_id


class BaseModel(models.Model):
    """Timestamps and a public id; URLs and the API name a row by `public_id`, never by its primary key."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    created_at = models.DateTimeField(_("angelegt"), auto_now_add=True)
    updated_at = models.DateTimeField(_("geändert"), auto_now=True)

    class Meta:
        abstract = True


class AuditEintrag(models.Model):
    """Who did what to which object, and when. Append-only; `daten` holds no names, grades or reasons of absence."""

    at = models.DateTimeField(auto_now_add=True)
    akteur = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    aktion = models.CharField(max_length=60)
    objekt_typ = models.CharField(max_length=60)
    objekt_id = models.CharField(max_length=40)
    daten = models.JSONField(default=dict)
    request_id = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["objekt_typ", "objekt_id", "-id"], name="audit_objekt")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.aktion} {self.objekt_typ}:{self.objekt_id}"


class Vorgang(BaseModel):
    """A long-running job. This row is the truth; the Celery task only rings the bell.

    `art` names the handler (see `lms.core.vorgaenge.handler`), `parameter` its JSON arguments. A worker claims the
    row by its state and keeps `lebenszeichen_at` fresh; a row whose sign of life is old is claimed again, so handlers
    must be able to run twice. `fehler` is a list of `{"objekt": public_id, "code": …, "meldung": …}`.
    """

    art = models.CharField(max_length=60)
    status = models.CharField(max_length=20, choices=VorgangStatus.choices, default=VorgangStatus.WARTEND)
    gestartet_von = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    parameter = models.JSONField(default=dict)
    gesamt = models.PositiveIntegerField(default=0)
    erledigt = models.PositiveIntegerField(default=0)
    fehler = models.JSONField(default=list)
    ergebnis = models.JSONField(default=dict)
    lebenszeichen_at = models.DateTimeField(null=True, blank=True)
    beendet_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["status", "lebenszeichen_at"], name="vorgang_offen")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=VorgangStatus.values),
                name="vorgang_status_bekannt",
            )
        ]

    def __str__(self) -> str:
        return f"{self.art} {self.public_id} ({self.status})"

    @property
    def prozent(self) -> int:
        return 100 * self.erledigt // self.gesamt if self.gesamt else 0


class ApiToken(BaseModel):
    """A personal API token. Only its SHA-256 is stored; scopes narrow what the person may do anyway."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    bezeichnung = models.CharField(_("Bezeichnung"), max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    gueltig_bis = models.DateTimeField(_("gültig bis"))
    zuletzt_benutzt_at = models.DateTimeField(null=True, blank=True)
    widerrufen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.bezeichnung


class Idempotenzschluessel(models.Model):
    """The stored answer to a write request that carried `Idempotency-Key`; unique per person and key."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    schluessel = models.CharField(max_length=100)
    anfrage_digest = models.CharField(max_length=64)
    status_code = models.PositiveSmallIntegerField(null=True)
    antwort = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "schluessel"], name="idempotenz_je_person"),
        ]

    def __str__(self) -> str:
        return self.schluessel
