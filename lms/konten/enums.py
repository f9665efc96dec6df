"""Closed lists of the account room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kreis(models.TextChoices):
    """The 13 Saxon Landkreise and Kreisfreie Städte by AGS (first five digits)."""

    CHEMNITZ = "14511", "Chemnitz, Stadt"
    ERZGEBIRGSKREIS = "14521", "Erzgebirgskreis"
    MITTELSACHSEN = "14522", "Mittelsachsen"
    VOGTLANDKREIS = "14523", "Vogtlandkreis"
    ZWICKAU = "14524", "Zwickau"
    DRESDEN = "14612", "Dresden, Stadt"
    BAUTZEN = "14625", "Bautzen"
    GOERLITZ = "14626", "Görlitz"
    MEISSEN = "14627", "Meißen"
    SAECHSISCHE_SCHWEIZ = "14628", "Sächsische Schweiz-Osterzgebirge"
    LEIPZIG_STADT = "14713", "Leipzig, Stadt"
    LEIPZIG_LAND = "14729", "Leipzig, Landkreis"
    NORDSACHSEN = "14730", "Nordsachsen"


class Traegerart(models.TextChoices):
    OEFFENTLICH = "oeffentlich", _("öffentlicher Träger")
    FREI = "frei", _("freier Träger")
    GEWERBLICH = "gewerblich", _("gewerblicher Träger")


class Rolle(models.TextChoices):
    """What a member does for its organisation. Each role of an organisation is one auth group."""

    LEITUNG = "leitung", _("Leitung")
    KATALOGREDAKTION = "katalogredaktion", _("Katalogredaktion")
    KURSVERWALTUNG = "kursverwaltung", _("Kursverwaltung")
    PRUEFUNGSAMT = "pruefungsamt", _("Prüfungsamt")
    LEHRENDE = "lehrende", _("Lehrende*r")
    PERSONALVERANTWORTUNG = "personalverantwortung", _("Personalverantwortung")
    FACHSTELLE = "fachstelle", _("Landesfachstelle")


class Recht(models.TextChoices):
    """Object permissions on an organisation (codename without the model)."""

    MITGLIEDER_VERWALTEN = "mitglieder_verwalten", _("Mitglieder verwalten")
    KATALOG_BEARBEITEN = "katalog_bearbeiten", _("Katalog bearbeiten")
    KATALOG_FREIGEBEN = "katalog_freigeben", _("Modulversionen freigeben")
    KURSE_VERWALTEN = "kurse_verwalten", _("Kurse verwalten")
    ERGEBNISSE_BESTAETIGEN = "ergebnisse_bestaetigen", _("Modulergebnisse bestätigen")
    ZERTIFIKATE_AUSSTELLEN = "zertifikate_ausstellen", _("Zertifikate ausstellen")
    FORTSCHRITT_EINSEHEN = (
        "fortschritt_einsehen",
        _("Fortschritt der Beschäftigten einsehen"),
    )
    EINSCHREIBUNGEN_GENEHMIGEN = (
        "einschreibungen_genehmigen",
        _("Einschreibungen genehmigen"),
    )
    LANDESWEIT_EINSEHEN = "landesweit_einsehen", _("Landesweite Zahlen einsehen")


#: Which rights a role carries on its own organisation. Rights follow membership; nothing is granted to single people.
RECHTE_JE_ROLLE: dict[str, frozenset[str]] = {
    Rolle.LEITUNG: frozenset(Recht.values) - {Recht.LANDESWEIT_EINSEHEN},
    Rolle.KATALOGREDAKTION: frozenset({Recht.KATALOG_BEARBEITEN, Recht.KATALOG_FREIGEBEN}),
    Rolle.KURSVERWALTUNG: frozenset({Recht.KURSE_VERWALTEN}),
    Rolle.PRUEFUNGSAMT: frozenset({Recht.ERGEBNISSE_BESTAETIGEN, Recht.ZERTIFIKATE_AUSSTELLEN}),
    Rolle.LEHRENDE: frozenset(),
    Rolle.PERSONALVERANTWORTUNG: frozenset({Recht.FORTSCHRITT_EINSEHEN, Recht.EINSCHREIBUNGEN_GENEHMIGEN}),
    Rolle.FACHSTELLE: frozenset({Recht.LANDESWEIT_EINSEHEN}),
}


class Qualifikationsstatus(models.TextChoices):
    """Ways to meet KomIntAVO § 12 (4)."""

    OFFEN = "offen", _("noch nicht geklärt")
    ABSCHLUSS = "abschluss", _("einschlägiger Abschluss")
    VERGLEICHBAR = "vergleichbar", _("vergleichbare Qualifikation")
    AUSNAHME = "ausnahme", _("Ausnahme mit Nachweis")
    BESTANDSSCHUTZ = "bestandsschutz", _("Bestandsschutz")


class Datenkategorie(models.TextChoices):
    """What a person may let an employer see. Grades, reasons of absence and private contact are never shared."""

    FORTSCHRITT = (
        "fortschritt",
        _("Modulstand, geplante und besuchte Unterrichtseinheiten, Abschluss"),
    )
    ZERTIFIKATE = "zertifikate", _("Kopien der Zertifikate")
