"""The outbox: a mail is a row first, and a message on the wire afterwards, never the other way round."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.core.models import BaseModel
from lms.post.enums import NachrichtStatus


class Nachricht(BaseModel):
    """One mail to one address. `schluessel` is unique, so telling the same thing twice writes one row."""

    schluessel = models.CharField(max_length=160, unique=True)
    empfaenger = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="post",
    )
    an = models.EmailField(_("An"))
    betreff = models.CharField(_("Betreff"), max_length=200)
    text = models.TextField()
    kalender = models.TextField(blank=True, help_text="iCalendar attachment")
    vertraulich = models.BooleanField(default=False, help_text="The text holds a secret link; erased once sent.")
    status = models.CharField(max_length=20, choices=NachrichtStatus.choices, default=NachrichtStatus.WARTEND)
    versuche = models.PositiveSmallIntegerField(default=0)
    naechster_versuch_at = models.DateTimeField(default=timezone.now)
    gesendet_at = models.DateTimeField(null=True, blank=True)
    fehler = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["status", "naechster_versuch_at"], name="nachricht_faellig")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=NachrichtStatus.values),
                name="nachricht_status_bekannt",
            )
        ]

    def __str__(self) -> str:
        return self.betreff
