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
