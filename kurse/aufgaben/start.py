"""Sections of the start page: what is due, what waits for grading, which results wait for confirmation."""

from datetime import timedelta

from django.db.models import Count, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kurse.anwesenheit.setup import teaches
from kurse.aufgaben.enums import AbgabeStatus, AufgabeArt
from kurse.aufgaben.models import Abgabe, Aufgabe, Fristverlaengerung
from kurse.aufgaben.permissions import kurse_graded_by
from kurse.aufgaben.selectors import latest_abgaben
from kurse.einschreibung.enums import NIMMT_TEIL, EinschreibungStatus
from kurse.einschreibung.models import Einschreibung
from kurse.planung.models import Kurs
from kurse.planung.permissions import kurse_managed_by
from lms.core.start import Abschnitt, Aufgabenzeile
from lms.core.templatetags.formate import zeitpunkt
from lms.konten.enums import Recht
from lms.konten.models import Person
from lms.konten.rechte import rollenrechte

VORSCHAU = timedelta(days=21)
HOECHSTENS = 8


def abschnitte(request: HttpRequest) -> list[Abschnitt]:
    """One query per section, and none for a section that the person's roles cannot fill."""
    person, rechte = request.user, {row.recht for row in rollenrechte(request)}
    grades, confirms = Recht.KURSE_VERWALTEN in rechte or teaches(request), Recht.ERGEBNISSE_BESTAETIGEN in rechte
    return [
        Abschnitt(_("Ihre Aufgaben"), _due_of(person), order=20),
        Abschnitt(_("Zu bewerten"), _to_grade(person) if grades else [], order=25),
        Abschnitt(_("Ergebnisse zu bestätigen"), _to_confirm(person) if confirms else [], order=30),
    ]


def _due_of(person: Person) -> list[Aufgabenzeile]:
    """Not yet handed in and due within three weeks (or overdue), and everything that came back."""
    mine = Einschreibung.objects.filter(person=person, status=EinschreibungStatus.ZUGELASSEN)
    latest = Abgabe.objects.filter(aufgabe=OuterRef("pk"), einschreibung__person=person).order_by("-versuch")
    extended = Fristverlaengerung.objects.filter(aufgabe=OuterRef("pk"), einschreibung__person=person).order_by("-id")
    frist = Greatest(F("faellig_at"), Coalesce(Subquery(extended.values("bis")[:1]), F("faellig_at")))
    rows = (
        Aufgabe.objects.filter(kurs__in=mine.values("kurs"))
        .exclude(art=AufgabeArt.PRUEFUNG)
        .annotate(stand=Subquery(latest.values("status")[:1]), frist=frist)
        .filter(
            Q(stand=AbgabeStatus.UEBERARBEITEN) | Q(stand=None, frist__lte=timezone.now() + VORSCHAU),
        )
        .select_related("kurs")
        .order_by("frist", "pk")
    )
    return [_due_line(row) for row in rows[:HOECHSTENS]]


def _due_line(row: Aufgabe) -> Aufgabenzeile:
    returned, overdue = row.stand == AbgabeStatus.UEBERARBEITEN, row.frist < timezone.now()  # type: ignore[attr-defined]
    if returned:
        text = _("zur Überarbeitung zurückgegeben")
    elif overdue:
        text = _("Frist abgelaufen am %(frist)s") % {"frist": zeitpunkt(row.frist)}  # type: ignore[attr-defined]
    else:
        text = _("bis %(frist)s") % {"frist": zeitpunkt(row.frist)}  # type: ignore[attr-defined]
    url = reverse("aufgabe", args=[row.public_id])
    return Aufgabenzeile(row.titel, url, f"{row.kurs.titel} · {text}", dringend=returned or overdue)


def _to_grade(person: Person) -> list[Aufgabenzeile]:
    rows = (
        latest_abgaben()
        .filter(
            status=AbgabeStatus.EINGEREICHT,
            einschreibung__status__in=NIMMT_TEIL,
            aufgabe__kurs__in=kurse_graded_by(person),
        )
        .exclude(einschreibung__person=person)
        .order_by()
        .values("aufgabe__public_id", "aufgabe__titel", "aufgabe__kurs__titel")
        .annotate(anzahl=Count("pk"), zuletzt=Max("abgegeben_at"))
        .order_by("zuletzt")
    )
    return [
        Aufgabenzeile(
            row["aufgabe__titel"],
            reverse("aufgabe", args=[row["aufgabe__public_id"]]) + "?zeige=zu_bewerten",
            f"{row['aufgabe__kurs__titel']} · "
            + ngettext("%(anzahl)s Abgabe", "%(anzahl)s Abgaben", row["anzahl"]) % {"anzahl": row["anzahl"]},
        )
        for row in rows[:HOECHSTENS]
    ]


def _to_confirm(person: Person) -> list[Aufgabenzeile]:
    """Courses that are over and have people without a result."""
    waiting = Q(einschreibungen__status=EinschreibungStatus.ZUGELASSEN, einschreibungen__modulergebnis=None)
    rows = (
        Kurs.objects.filter(
            pk__in=kurse_managed_by(person, Recht.ERGEBNISSE_BESTAETIGEN).values("pk"), ende__lt=timezone.now()
        )
        .annotate(wartend=Count("einschreibungen", filter=waiting))
        .filter(wartend__gt=0)
        .order_by("ende", "pk")
    )
    return [
        Aufgabenzeile(
            row.titel,
            reverse("ergebnisse", args=[row.public_id]),
            ngettext("%(anzahl)s Ergebnis fehlt", "%(anzahl)s Ergebnisse fehlen", row.wartend)
            % {"anzahl": row.wartend},
        )
        for row in rows[:HOECHSTENS]
    ]
