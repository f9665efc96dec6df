from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.core.transitions import TransitionTable


class NachrichtStatus(models.TextChoices):
    WARTEND = "wartend", _("wartet")
    IN_ARBEIT = "in_arbeit", _("wird gesendet")
    GESENDET = "gesendet", _("gesendet")
    FEHLGESCHLAGEN = "fehlgeschlagen", _("fehlgeschlagen")


NACHRICHT_TRANSITIONS = TransitionTable(
    {
        "wartend": {"in_arbeit"},
        "in_arbeit": {"gesendet", "wartend", "fehlgeschlagen"},
        "gesendet": set(),
        "fehlgeschlagen": {"wartend"},
    }
)
