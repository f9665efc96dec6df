from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.core.transitions import TransitionTable


class KursArt(models.TextChoices):
    MODULKURS = "modulkurs", _("Modulkurs")
    SEMINAR = "seminar", _("Fachseminar")
    VORTRAG = "vortrag", _("Vortrag")
    AUSTAUSCH = "austausch", _("Austausch")


class Modus(models.TextChoices):
    PRAESENZ = "praesenz", _("Präsenz")
    ONLINE = "online", _("online")
    HYBRID = "hybrid", _("Präsenz und online")


class KursStatus(models.TextChoices):
    ENTWURF = "entwurf", _("Entwurf")
    VEROEFFENTLICHT = "veroeffentlicht", _("veröffentlicht")
    ABGESCHLOSSEN = "abgeschlossen", _("abgeschlossen")
    ABGESAGT = "abgesagt", _("abgesagt")


KURS_TRANSITIONS = TransitionTable(
    {
        "entwurf": {"veroeffentlicht", "abgesagt"},
        "veroeffentlicht": {"abgeschlossen", "abgesagt"},
        "abgeschlossen": set(),
        "abgesagt": set(),
    }
)


class TerminStatus(models.TextChoices):
    GEPLANT = "geplant", _("geplant")
    ABGESAGT = "abgesagt", _("abgesagt")


TERMIN_TRANSITIONS = TransitionTable({"geplant": {"abgesagt"}, "abgesagt": set()})


class Aenderungsart(models.TextChoices):
    VERLEGT = "verlegt", _("verlegt")
    ABGESAGT = "abgesagt", _("abgesagt")


class Lehrrolle(models.TextChoices):
    LEITUNG = "leitung", _("Kursleitung")
    MITWIRKUNG = "mitwirkung", _("Mitwirkung")


class SerienArt(models.TextChoices):
    WOECHENTLICH = "woechentlich", _("wöchentlich")
    BLOCK = "block", _("Block (mehrere Tage hintereinander)")
    EINZELN = "einzeln", _("einzelne Tage")
