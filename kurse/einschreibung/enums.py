from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.core.transitions import TransitionTable


class EinschreibungStatus(models.TextChoices):
    BEANTRAGT = "beantragt", _("beantragt")
    WARTELISTE = "warteliste", _("auf der Warteliste")
    ANGEBOTEN = "angeboten", _("Platz angeboten")
    ZUGELASSEN = "zugelassen", _("zugelassen")
    ABGELEHNT = "abgelehnt", _("abgelehnt")
    STORNIERT = "storniert", _("storniert")
    ABGESCHLOSSEN = "abgeschlossen", _("abgeschlossen")
    NICHT_BESTANDEN = "nicht_bestanden", _("nicht bestanden")


#: These states hold a seat of the course (they are counted in `Kurs.belegt`).
PLATZ_BELEGT = frozenset({"beantragt", "angeboten", "zugelassen", "abgeschlossen", "nicht_bestanden"})
#: These states take part in the teaching.
NIMMT_TEIL = frozenset({"zugelassen", "abgeschlossen", "nicht_bestanden"})

EINSCHREIBUNG_TRANSITIONS = TransitionTable(
    {
        "beantragt": {"zugelassen", "abgelehnt", "storniert"},
        "warteliste": {
            "angeboten",
            "beantragt",
            "zugelassen",
            "abgelehnt",
            "storniert",
        },
        "angeboten": {"zugelassen", "beantragt", "storniert", "abgelehnt"},
        "zugelassen": {"storniert", "abgeschlossen", "nicht_bestanden"},
        "abgelehnt": {"beantragt", "warteliste", "zugelassen"},
        "storniert": {"beantragt", "warteliste", "zugelassen"},
        "abgeschlossen": set(),
        "nicht_bestanden": {"abgeschlossen"},
    }
)


class GenehmigungStatus(models.TextChoices):
    NICHT_NOETIG = "nicht_noetig", _("nicht nötig")
    OFFEN = "offen", _("offen")
    ERTEILT = "erteilt", _("erteilt")
    ABGELEHNT = "abgelehnt", _("abgelehnt")
