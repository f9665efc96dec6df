"""Registers tabs, navigation, start-page sections and the module page's open courses; called once at start-up."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lms.core import navigation, start
from lms.core.templatetags.formate import datum, zeitpunkt
from lms.konten.enums import Recht
from lms.konten.rechte import rollenrechte


def setup() -> None:
    from kurse.planung.permissions import may_manage
    from kurse.planung.reiter import Reiter, register
    from kurse.planung.selectors import open_angebote
    from module import kursangebot

    register(
        Reiter(gettext_lazy("Überblick"), "kurs", lambda person, kurs: True, order=0),
        Reiter(gettext_lazy("Planung"), "planung_kurs", may_manage, order=90),
    )
    navigation.register(
        navigation.Eintrag(gettext_lazy("Kurse"), "kurse", navigation.everyone, order=20),
        navigation.Eintrag(gettext_lazy("Planung"), "planung", plans_courses, order=50),
    )
    kursangebot.register(open_angebote)
    start.register(next_steps)


def plans_courses(request: HttpRequest) -> bool:
    """The same answer as `veranstalter_of`, from the rights that every page reads once."""
    return any(row.recht == Recht.KURSE_VERWALTEN and row.veranstaltet for row in rollenrechte(request))


def next_steps(request: HttpRequest) -> list[start.Abschnitt]:
    """Drafts to publish, sessions that lack a lecturer or place, courses below their minimum."""
    if not plans_courses(request):
        return []
    rows = [*_incomplete(request), *_below_minimum(request), *_drafts(request)]
    return [
        start.Abschnitt(
            _("Kursplanung"), rows, order=20, mehr_url=reverse("planung"), mehr_text=_("Alle Kurse Ihrer Organisation")
        )
    ]


def _incomplete(request: HttpRequest) -> list[start.Aufgabenzeile]:
    from kurse.planung.selectors import termine_incomplete

    rows = []
    for termin in termine_incomplete(request.user):
        target = "planung_lehrende" if termin.ohne_lehrende else "planung_termine"  # type: ignore[attr-defined]
        text = _("Es sind keine Lehrenden benannt.") if target == "planung_lehrende" else _("Der Ort fehlt noch.")
        titel = f"{termin.kurs.titel}, {zeitpunkt(termin.beginn)}"
        rows.append(start.Aufgabenzeile(titel, reverse(target, args=[termin.kurs.public_id]), text, dringend=True))
    return rows


def _below_minimum(request: HttpRequest) -> list[start.Aufgabenzeile]:
    from kurse.planung.selectors import kurse_below_minimum

    rows = []
    for kurs in kurse_below_minimum(request.user):
        text = ngettext(
            "beginnt am %(tag)s mit %(belegt)s belegtem Platz, nötig sind %(noetig)s",
            "beginnt am %(tag)s mit %(belegt)s belegten Plätzen, nötig sind %(noetig)s",
            kurs.belegt,
        ) % {"tag": datum(kurs.beginn), "belegt": kurs.belegt, "noetig": kurs.mindestteilnehmende}
        rows.append(
            start.Aufgabenzeile(kurs.titel, reverse("planung_kurs", args=[kurs.public_id]), text, dringend=True)
        )
    return rows


def _drafts(request: HttpRequest) -> list[start.Aufgabenzeile]:
    from kurse.planung.selectors import kurse_to_publish

    return [
        start.Aufgabenzeile(
            kurs.titel, reverse("planung_kurs", args=[kurs.public_id]), _("ist noch nicht veröffentlicht")
        )
        for kurs in kurse_to_publish(request.user)
    ]
