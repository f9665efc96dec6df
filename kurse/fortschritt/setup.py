"""Registers tab, navigation and start-page sections of this room; called once at start-up."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from lms.core import navigation, start


def setup() -> None:
    from kurse.fortschritt import startseite, zugriff
    from kurse.planung import reiter
    from kurse.planung.permissions import may_see_teilnehmende

    navigation.register(
        navigation.Eintrag(gettext_lazy("Mein Weg"), "mein_weg", zugriff.has_weg, order=5),
        navigation.Eintrag(gettext_lazy("Team"), "traeger_fortschritt", zugriff.has_team, order=30),
        navigation.Eintrag(gettext_lazy("Land"), "landesfachstelle", zugriff.has_land, order=40),
    )
    reiter.register(reiter.Reiter(gettext_lazy("Fortschritt"), "kurs_fortschritt", may_see_teilnehmende, order=45))
    for provider in (startseite.naechster_termin, startseite.anwesenheit_knapp, startseite.team, startseite.land):
        start.register(_only_logged_in(provider))


def _only_logged_in(provider: start.Provider) -> start.Provider:
    def guarded(request: HttpRequest) -> list[start.Abschnitt]:
        return provider(request) if navigation.logged_in(request) else []

    return guarded
