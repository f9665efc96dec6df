"""Words for where somebody stands. Nothing here is stored."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kurse.einschreibung.enums import EinschreibungStatus as S


class Modulstand(models.TextChoices):
    """Where a person stands with one course: the person's own view."""

    ANGEMELDET = "angemeldet", _("angemeldet")
    WARTELISTE = "warteliste", _("auf der Warteliste")
    LAUFEND = "laufend", _("läuft")
    ABGESCHLOSSEN = "abgeschlossen", _("abgeschlossen")
    NICHT_BESTANDEN = "nicht_bestanden", _("nicht bestanden")
    BEENDET = "beendet", _("abgemeldet oder abgelehnt")


class Traegerstand(models.TextChoices):
    """What an employer learns about a course. There is no word for "failed": that would be a result."""

    ANGEMELDET = "angemeldet", _("angemeldet")
    BEGONNEN = "begonnen", _("begonnen")
    ABGESCHLOSSEN = "abgeschlossen", _("abgeschlossen")


class Bausteinstand(models.TextChoices):
    """One part of a programme for one person; the first four values are the pictures of the path."""

    FERTIG = "fertig", _("abgeschlossen")
    LAUFEND = "laufend", _("läuft")
    NAECHSTE = "naechste", _("als Nächstes möglich")
    FEHLT = "fehlt", _("fehlt noch")


MODULSTAND_JE_STATUS = {
    S.BEANTRAGT: Modulstand.ANGEMELDET,
    S.ANGEBOTEN: Modulstand.ANGEMELDET,
    S.WARTELISTE: Modulstand.WARTELISTE,
    S.ZUGELASSEN: Modulstand.LAUFEND,
    S.ABGESCHLOSSEN: Modulstand.ABGESCHLOSSEN,
    S.NICHT_BESTANDEN: Modulstand.NICHT_BESTANDEN,
    S.ABGELEHNT: Modulstand.BEENDET,
    S.STORNIERT: Modulstand.BEENDET,
}
#: Applied, waiting or offered: the employer sees them only if it was asked itself.
UNENTSCHIEDEN = frozenset({S.BEANTRAGT, S.WARTELISTE, S.ANGEBOTEN})
#: Admitted, and not (yet) completed. A failed module stays "begun" for the employer.
BEGONNEN = frozenset({S.ZUGELASSEN, S.NICHT_BESTANDEN})
