from django.db import models
from django.utils.translation import gettext_lazy as _


class AnwesenheitStatus(models.TextChoices):
    """State of one person in one session. "Not recorded yet" is the absence of a row and never counts as present."""

    ANWESEND = "anwesend", _("anwesend")
    TEILWEISE = "teilweise", _("teilweise anwesend")
    ENTSCHULDIGT = "entschuldigt", _("entschuldigt")
    ABWESEND = "abwesend", _("unentschuldigt abwesend")


class AnwesenheitModus(models.TextChoices):
    PRAESENZ = "praesenz", _("Präsenz")
    ONLINE = "online", _("online")


class Herkunft(models.TextChoices):
    LEHRENDE = "lehrende", _("Lehrende")
    QR = "qr", _("Selbsterfassung")
    PAPIER = "papier", _("Papierliste")
    IMPORT = "import", _("Import")
    API = "api", _("Schnittstelle")


class Listenakt(models.TextChoices):
    GESCHLOSSEN = "geschlossen", _("Liste geschlossen")
    GEOEFFNET = "geoeffnet", _("Liste wieder geöffnet")


#: These states carry minutes; every other state carries none.
WAR_DA = frozenset({AnwesenheitStatus.ANWESEND, AnwesenheitStatus.TEILWEISE})
