"""Registers tabs, navigation and start-page sections of this room; called once at start-up."""

from django.apps import apps
from django.db.models.signals import post_migrate
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kurse.anwesenheit.auskunft import auskunft_anwesenheit
from kurse.anwesenheit.hauptbuch import keep_triggers
from kurse.planung import reiter
from kurse.planung.permissions import may_see_teilnehmende
from lms.core import datenauskunft, navigation, start
from lms.core.templatetags.formate import uhrzeit, zeitraum
from lms.konten.enums import Recht
from lms.konten.rechte import rollenrechte

#: As many open lists as fit on a start page; the rest is behind its link.
LISTEN_AUF_STARTSEITE = 5


def teaches(request: HttpRequest) -> bool:
    """Does the person teach any course? One query per request."""
    if not navigation.logged_in(request):
        return False
    if not hasattr(request, "_lehrt"):
        request._lehrt = request.user.lehrauftraege.exists()  # type: ignore[union-attr]
    return request._lehrt  # type: ignore[attr-defined]


def abschnitte(request: HttpRequest) -> list[start.Abschnitt]:
    from kurse.anwesenheit import selectors

    if not (teaches(request) or any(row.recht == Recht.KURSE_VERWALTEN for row in rollenrechte(request))):
        return []  # nobody else has lists
    offene = list(selectors.offene_listen(request.user, verwaltet=True)[: LISTEN_AUF_STARTSEITE + 1])
    heute = [
        start.Aufgabenzeile(
            titel=termin.kurs.titel,
            url=reverse("anwesenheit", args=[termin.public_id]),
            text=f"{uhrzeit(termin.beginn)} · {termin.ort or _('ohne Ort')} · {_recorded(termin)}",
        )
        for termin in (selectors.termine_today(request.user) if teaches(request) else ())
    ]
    listen = [
        start.Aufgabenzeile(
            titel=termin.kurs.titel,
            url=reverse("anwesenheit", args=[termin.public_id]),
            text=f"{zeitraum(termin.beginn, termin.ende)} · {_recorded(termin)}",
        )
        for termin in offene[:LISTEN_AUF_STARTSEITE]
    ]
    more = len(offene) > LISTEN_AUF_STARTSEITE
    return [
        start.Abschnitt(_("Heute unterrichten Sie"), heute, 10, reverse("heute"), _("Alle Ihre Termine")),
        start.Abschnitt(
            _("Nicht geschlossene Listen"),
            listen,
            15,
            reverse("heute") if more else "",
            _("Alle offenen Listen") if more else "",
        ),
    ]


def _recorded(termin: object) -> str:
    zahlen = {"erfasst": termin.erfasst, "alle": termin.teilnehmende}  # type: ignore[attr-defined]
    return ngettext(
        "%(erfasst)s von %(alle)s Person erfasst", "%(erfasst)s von %(alle)s Personen erfasst", zahlen["alle"]
    ) % (zahlen)


def setup() -> None:
    post_migrate.connect(keep_triggers, sender=apps.get_app_config("kurse"), dispatch_uid="anwesenheit_hauptbuch")
    navigation.register(navigation.Eintrag(gettext_lazy("Heute"), "heute", teaches, order=15))
    reiter.register(
        reiter.Reiter(gettext_lazy("Anwesenheit"), "anwesenheit_uebersicht", may_see_teilnehmende, order=40)
    )
    datenauskunft.register("anwesenheit", auskunft_anwesenheit)
    start.register(abschnitte)
