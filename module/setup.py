"""Registers what this room shows elsewhere; called once at start-up."""

from django.db.models.signals import post_migrate
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lms.core import navigation, start
from lms.konten.rechte import rollenrechte
from module import selectors
from module.waechter import install_after_migrate


def setup(app_config: object) -> None:
    navigation.register(
        navigation.Eintrag(_("Katalog"), "katalog", navigation.everyone, order=10),
        navigation.Eintrag(_("Kataloge bearbeiten"), "kataloge", _is_partner, order=60),
    )
    start.register(_zu_entscheiden)
    post_migrate.connect(install_after_migrate, sender=app_config, dispatch_uid="module.waechter")


def _is_partner(request: HttpRequest) -> bool:
    """One indexed query per request, and none for people without a role: they hold no right on any catalogue."""
    if not rollenrechte(request):
        return False
    if not hasattr(request, "_ist_katalogpartner"):
        request._ist_katalogpartner = selectors.is_partner(request.user)  # type: ignore[attr-defined]
    return bool(request._ist_katalogpartner)  # type: ignore[attr-defined]


def _zu_entscheiden(request: HttpRequest) -> list[start.Abschnitt]:
    if not _is_partner(request):
        return []
    warten = selectors.versionen_zu_entscheiden(request.user)
    zurueck = selectors.versionen_zu_ueberarbeiten(request.user)
    zeilen = [
        start.Aufgabenzeile(
            version.titel,
            reverse("modulversion", args=[version.public_id]),
            _("wartet auf die Entscheidung Ihrer Organisation (%(katalog)s)")
            % {"katalog": version.modul.katalog.titel},
            dringend=True,
        )
        for version in warten[:10]
    ] + [
        start.Aufgabenzeile(
            version.titel,
            reverse("modulversion", args=[version.public_id]),
            _("wurde zurückgegeben und wartet auf Ihre Überarbeitung"),
        )
        for version in zurueck[:10]
    ]
    return [
        start.Abschnitt(_("Modulkatalog"), zeilen, order=30, mehr_url=reverse("kataloge"), mehr_text=_("Alle Kataloge"))
    ]
