"""Registers tabs, navigation and start-page sections of this room; called once at start-up."""

from django.apps import apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from kurse.aufgaben.unveraenderlich import keep_trigger


def setup() -> None:
    from kurse.aufgaben.auskunft import auskunft_aufgaben
    from kurse.aufgaben.permissions import zugriff_of
    from kurse.aufgaben.start import abschnitte
    from kurse.planung import reiter
    from lms.core import datenauskunft, start

    reiter.register(
        reiter.Reiter(_("Aufgaben"), "aufgaben", lambda person, kurs: zugriff_of(person, kurs).sieht, 40),
        reiter.Reiter(_("Ergebnisse"), "ergebnisse", lambda person, kurs: zugriff_of(person, kurs).lehrseite, 50),
    )
    datenauskunft.register("aufgaben", auskunft_aufgaben)
    start.register(abschnitte)
    post_migrate.connect(keep_trigger, sender=apps.get_app_config("kurse"), dispatch_uid="modulergebnis_schutz")
