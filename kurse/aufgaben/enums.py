from django.db import models
from django.utils.translation import gettext_lazy as _


class AufgabeArt(models.TextChoices):
    ABGABE = "abgabe", _("schriftliche Abgabe")
    REFLEXION = "reflexion", _("Reflexion")
    FACHBERICHT = "fachbericht", _("Fachbericht")
    PRUEFUNG = "pruefung", _("Prüfung, Fachgespräch")


class AbgabeStatus(models.TextChoices):
    EINGEREICHT = "eingereicht", _("eingereicht")
    UEBERARBEITEN = "ueberarbeiten", _("zur Überarbeitung zurückgegeben")
    BESTANDEN = "bestanden", _("bestanden")
    NICHT_BESTANDEN = "nicht_bestanden", _("nicht bestanden")


class Bewertungsergebnis(models.TextChoices):
    BESTANDEN = "bestanden", _("bestanden")
    NICHT_BESTANDEN = "nicht_bestanden", _("nicht bestanden")
    UEBERARBEITEN = "ueberarbeiten", _("zur Überarbeitung zurückgeben")


class ErgebnisStatus(models.TextChoices):
    BESTANDEN = "bestanden", _("bestanden")
    NICHT_BESTANDEN = "nicht_bestanden", _("nicht bestanden")


class VorschlagStatus(models.TextChoices):
    """What the rules propose; "open" is never stored as a result."""

    BESTANDEN = "bestanden", _("bestanden")
    NICHT_BESTANDEN = "nicht_bestanden", _("nicht bestanden")
    OFFEN = "offen", _("offen")


class Aufgabenstand(models.TextChoices):
    """Where one person stands with one assignment."""

    OFFEN = "offen", _("noch nicht abgegeben")
    UEBERFAELLIG = "ueberfaellig", _("Frist abgelaufen")
    EINGEREICHT = "eingereicht", _("eingereicht, noch nicht bewertet")
    UEBERARBEITEN = "ueberarbeiten", _("zur Überarbeitung zurückgegeben")
    BESTANDEN = "bestanden", _("bestanden")
    NICHT_BESTANDEN = "nicht_bestanden", _("nicht bestanden")
