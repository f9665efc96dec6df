"""States and closed lists of the catalogue."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.core.transitions import TransitionTable


class VersionStatus(models.TextChoices):
    ENTWURF = "entwurf", _("Entwurf")
    EINGEREICHT = "eingereicht", _("eingereicht")
    ZURUECKGEGEBEN = "zurueckgegeben", _("zurückgegeben")
    VEROEFFENTLICHT = "veroeffentlicht", _("veröffentlicht")
    ABGELOEST = "abgeloest", _("abgelöst")


VERSION_TRANSITIONS = TransitionTable(
    {
        "entwurf": {"eingereicht"},
        "eingereicht": {"veroeffentlicht", "zurueckgegeben"},
        "zurueckgegeben": {"eingereicht"},
        "veroeffentlicht": {"abgeloest"},
        "abgeloest": set(),
    }
)


class FreigabeEntscheidung(models.TextChoices):
    FREIGEGEBEN = "freigegeben", _("freigegeben")
    ZURUECKGEGEBEN = "zurueckgegeben", _("zurückgegeben")


class BausteinArt(models.TextChoices):
    PFLICHT = "pflicht", _("Pflichtmodul")
    WAHLPFLICHT = "wahlpflicht", _("Wahlpflichtmodul")
    VORKURS = "vorkurs", _("Vorkurs")
    PRAXIS = "praxis", _("Praxis")
    KOLLOQUIUM = "kolloquium", _("Abschluss, Kolloquium")
    SONSTIGES = "sonstiges", _("weiterer Teil")


class UeRundung(models.TextChoices):
    """How minutes become teaching units of 45 minutes."""

    KAUFMAENNISCH = "kaufmaennisch", _("auf ganze UE gerundet")
    ABGERUNDET = "abgerundet", _("auf ganze UE abgerundet")
    ZEHNTEL = "zehntel", _("auf zehntel UE abgerundet")
    EXAKT = "exakt", _("auf hundertstel UE genau")


class Geltungsbereich(models.TextChoices):
    MODUL = "modul", _("je Modul")
    PROGRAMM = "programm", _("über das ganze Programm")


class EntschuldigtZaehlt(models.TextChoices):
    NICHT = "nicht", _("entschuldigte Zeiten zählen nicht")
    BIS_OBERGRENZE = "bis_obergrenze", _("entschuldigte Zeiten zählen bis zu einer Obergrenze")
    NEUTRAL = "neutral", _("entschuldigte Zeiten bleiben außer Betracht")


class SkalenArt(models.TextChoices):
    HOCHSCHULE = "hochschule", _("Hochschulnoten 1,0 bis 5,0")
    GANZE_NOTEN = "ganze_noten", _("ganze Noten 1 bis 6")
    BESTANDEN = "bestanden", _("bestanden / nicht bestanden")


class Einordnung(models.TextChoices):
    """How near an imported programme is to refugee social work; values as in the source file."""

    DIREKT_SACHSEN = "direct-saxony", _("Soziale Arbeit mit Geflüchteten, aus Sachsen")
    DIREKT = "direct", _("Soziale Arbeit mit Geflüchteten und Migrant*innen")
    VORLAGE_SACHSEN = "template-saxony", _("sächsische Regelung für Quereinstieg und Weiterbildung")
    NACHBARFELD = "adjacent", _("benachbartes Fachgebiet")
    MODULFORM = "module-form", _("Beispiel einer vollständigen Modulbeschreibung")
    STUNDENAUFBAU = "structure-only", _("Beispiel für den Stundenaufbau")
    ANWESENHEIT = "attendance-rules", _("Beispiel für Anwesenheitsregeln")
