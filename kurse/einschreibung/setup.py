"""Registers tabs, navigation, start-page sections, course buttons and listeners; called once at start-up."""

from django.utils.translation import gettext_lazy as _


def setup() -> None:
    from kurse.einschreibung.auskunft import auskunft_einschreibung
    from kurse.einschreibung.services import cancel_all, close_open_einschreibungen, promote_warteliste
    from kurse.einschreibung.startseite import abschnitte, is_approver, kursaktionen
    from kurse.planung import aktionen, ereignisse
    from kurse.planung.permissions import may_see_teilnehmende
    from kurse.planung.reiter import Reiter
    from kurse.planung.reiter import register as register_reiter
    from lms.core import datenauskunft, navigation, start

    datenauskunft.register("einschreibung", auskunft_einschreibung)
    ereignisse.on(ereignisse.KURS_ABGESAGT, cancel_all)
    ereignisse.on(ereignisse.KURS_ABGESCHLOSSEN, close_open_einschreibungen)
    ereignisse.on(ereignisse.KAPAZITAET_GEAENDERT, promote_warteliste)
    aktionen.register(kursaktionen)
    register_reiter(Reiter(_("Teilnehmende"), "teilnehmende", may_see_teilnehmende, order=30))
    navigation.register(
        navigation.Eintrag(_("Meine Kurse"), "meine_kurse", navigation.logged_in, order=30),
        navigation.Eintrag(_("Genehmigungen"), "genehmigungen", is_approver, order=60),
    )
    start.register(abschnitte)
