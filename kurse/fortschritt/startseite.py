"""What this room puts on the start page, by role; at most three queries each."""

from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kurse.anwesenheit.zeiten import zeiten_of
from kurse.einschreibung.enums import EinschreibungStatus
from kurse.einschreibung.models import Einschreibung
from kurse.fortschritt import zugriff
from kurse.fortschritt.eigener import naechste_termine
from kurse.fortschritt.land import AUSBLICK
from kurse.fortschritt.spielraum import spielraum_of
from kurse.fortschritt.traeger import team_for, with_consents
from kurse.planung.enums import KursStatus
from kurse.planung.models import Kurs, Termin
from lms.core.start import Abschnitt, Aufgabenzeile
from lms.core.templatetags.formate import zeitraum
from lms.konten.enums import Kreis, Qualifikationsstatus


def naechster_termin(request: HttpRequest) -> list[Abschnitt]:
    """The participant's next session with its place."""
    if not zugriff.has_weg(request):
        return []
    zeilen = [
        Aufgabenzeile(
            termin.kurs.titel,
            reverse("kurs", args=[termin.kurs.public_id]),
            f"{zeitraum(termin.beginn, termin.ende)} · {_place(termin)}",
        )
        for termin in naechste_termine(request.user, 1)  # type: ignore[arg-type]
    ]
    return [Abschnitt(_("Ihr nächster Termin"), zeilen, 12, reverse("mein_weg"), _("Mein Weg"))]


def _place(termin: Termin) -> str:
    return str(termin.ort or (_("online") if termin.link else _("Ort folgt")))


def anwesenheit_knapp(request: HttpRequest) -> list[Abschnitt]:
    """Running courses in which little may still be missed, in words."""
    if not zugriff.has_weg(request):
        return []
    rows = list(
        Einschreibung.objects.filter(
            person=request.user, status=EinschreibungStatus.ZUGELASSEN, modulergebnis=None
        ).select_related("kurs__modulversion__anwesenheitsregel")
    )
    zeiten, zeilen = zeiten_of(rows), []
    for row in rows:
        regel = row.kurs.modulversion.anwesenheitsregel if row.kurs.modulversion else None
        spielraum = spielraum_of(zeiten[row.pk], regel)
        if spielraum is not None and spielraum.knapp:
            url = f"{reverse('mein_weg')}#laufend"
            zeilen.append(Aufgabenzeile(row.kurs.titel, url, spielraum.text, dringend=True))
    return [Abschnitt(_("Ihre Anwesenheit"), zeilen, 14)]


def team(request: HttpRequest) -> list[Abschnitt]:
    """The employer: whose qualification is not settled, and who learns at the moment (consent only)."""
    if not zugriff.has_team(request):
        return []
    now = timezone.now()
    running = Einschreibung.objects.filter(
        person=OuterRef("person"), status=EinschreibungStatus.ZUGELASSEN, kurs__beginn__lte=now, kurs__ende__gte=now
    )
    rows = with_consents(team_for(request.user)).annotate(lernt=Exists(running))  # type: ignore[arg-type]
    zahlen = rows.order_by().aggregate(
        alle=Count("pk"),
        offen=Count("pk", filter=Q(qualifikationsstatus=Qualifikationsstatus.OFFEN)),
        laufend=Count("pk", filter=Q(lernt=True, eingewilligt=True)),
    )
    url = reverse("traeger_fortschritt")
    zeilen = []
    if zahlen["offen"]:
        text = ngettext(
            "Bei %(n)s Person ist der Qualifikationsstatus noch nicht geklärt",
            "Bei %(n)s Personen ist der Qualifikationsstatus noch nicht geklärt",
            zahlen["offen"],
        ) % {"n": zahlen["offen"]}
        zeilen.append(Aufgabenzeile(text, url, _("Nachweis nach § 12 Abs. 4 KomIntAVO")))
    if zahlen["laufend"]:
        text = ngettext(
            "%(n)s Person lernt gerade in einem Kurs",
            "%(n)s Personen lernen gerade in einem Kurs",
            zahlen["laufend"],
        ) % {"n": zahlen["laufend"]}
        zeilen.append(Aufgabenzeile(text, f"{url}?stand=begonnen", _("soweit eine Einwilligung vorliegt")))
    return [Abschnitt(_("Ihr Team"), zeilen, 40, url, _("Fortschritt des Teams"))]


def land(request: HttpRequest) -> list[Abschnitt]:
    """The Landesfachstelle: how much is on offer and where nothing is."""
    if not zugriff.has_land(request):
        return []
    now = timezone.now()
    rows = list(
        Kurs.objects.filter(status=KursStatus.VEROEFFENTLICHT)
        .order_by()
        .values("kreis")
        .annotate(
            laufend=Count("pk", filter=Q(beginn__lte=now, ende__gte=now)),
            bald=Count("pk", filter=Q(beginn__gt=now, beginn__lte=now + AUSBLICK)),
        )
    )
    url = reverse("landesfachstelle")
    gaps = len(Kreis.values) - sum(1 for row in rows if row["bald"])
    zahlen = {"laufend": sum(r["laufend"] for r in rows), "bald": sum(r["bald"] for r in rows)}
    zeilen = [
        Aufgabenzeile(
            _("%(laufend)s laufende Kurse, %(bald)s beginnen in den nächsten 6 Monaten") % zahlen, f"{url}#kreise"
        )
    ]
    if gaps:
        text = ngettext(
            "%(n)s Kreis ist in den nächsten 6 Monaten ohne Kursbeginn",
            "%(n)s Kreise sind in den nächsten 6 Monaten ohne Kursbeginn",
            gaps,
        ) % {"n": gaps}
        zeilen.append(Aufgabenzeile(text, f"{url}#luecken"))
    return [Abschnitt(_("Landesweit"), zeilen, 45, url, _("Alle Zahlen"))]
