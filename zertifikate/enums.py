from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.core.transitions import TransitionTable


class ZertifikatArt(models.TextChoices):
    TEILNAHME = "teilnahmebescheinigung", _("Teilnahmebescheinigung")
    MODUL = "modulbescheinigung", _("Modulbescheinigung")
    ZERTIFIKAT = "zertifikat", _("Zertifikat")


class ZertifikatStatus(models.TextChoices):
    GUELTIG = "gueltig", _("gültig")
    WIDERRUFEN = "widerrufen", _("widerrufen")


ZERTIFIKAT_TRANSITIONS = TransitionTable({"gueltig": {"widerrufen"}, "widerrufen": set()})


#: What the history of a certificate calls its entries in the audit log.
VERLAUF_TEXTE = {
    "zertifikat_ausgestellt": _("ausgestellt"),
    "zertifikat_geprueft": _("mit richtigem Namen geprüft"),
    "zertifikat_heruntergeladen": _("heruntergeladen"),
    "zertifikat_widerrufen": _("widerrufen"),
}
