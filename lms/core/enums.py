from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.core.transitions import TransitionTable


class VorgangStatus(models.TextChoices):
    WARTEND = "wartend", _("wartet")
    LAUFEND = "laufend", _("läuft")
    FERTIG = "fertig", _("fertig")
    FEHLGESCHLAGEN = "fehlgeschlagen", _("fehlgeschlagen")
    ABGEBROCHEN = "abgebrochen", _("abgebrochen")


VORGANG_TRANSITIONS = TransitionTable(
    {
        "wartend": {"laufend", "abgebrochen"},
        "laufend": {"laufend", "fertig", "fehlgeschlagen", "abgebrochen"},
        "fertig": set(),
        "fehlgeschlagen": {"wartend"},
        "abgebrochen": {"wartend"},
    }
)
