"""Registers tab, navigation and start-page sections of this room; called once at start-up."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kurse.fortschritt import nachweise
from kurse.fortschritt.nachweise import Nachweis
from kurse.fortschritt.zugriff import has_weg
from kurse.planung.models import Kurs
from kurse.planung.permissions import may_issue
from kurse.planung.reiter import Reiter
from kurse.planung.reiter import register as register_reiter
from lms.core import datenauskunft, navigation, start
from lms.core.navigation import Eintrag
from lms.core.start import Abschnitt, Aufgabenzeile
from lms.konten import profil
from lms.konten.enums import Recht
from lms.konten.models import Person
from lms.konten.rechte import rollenrechte
from zertifikate.enums import ZertifikatStatus
from zertifikate.models import Zertifikat
from zertifikate.selectors import register_for, zertifikate_of

_MODUL = "einschreibung__kurs__modulversion__modul_id"


def _visible(person: Person, kurs: Kurs) -> bool:
    return may_issue(person, kurs)


def _issues(request: HttpRequest) -> bool:
    return any(row.recht == Recht.ZERTIFIKATE_AUSSTELLEN for row in rollenrechte(request))


def _visitor(request: HttpRequest) -> bool:
    return not navigation.logged_in(request)


def _own(request: HttpRequest) -> list[Abschnitt]:
    rows = zertifikate_of(request.user)[:3]
    lines = [
        Aufgabenzeile(
            row.snapshot["titel"],
            reverse("meine_zertifikate"),
            f"{row.get_art_display()} · {row.nummer} · {row.get_status_display()}",
        )
        for row in rows
    ]
    return [Abschnitt(_("Ihre Zertifikate"), lines, 60, reverse("meine_zertifikate"), _("Alle Zertifikate"))]


def _issued(request: HttpRequest) -> list[Abschnitt]:
    if not _issues(request):
        return []
    rows = register_for(request.user).order_by("-id")[:3]
    lines = [
        Aufgabenzeile(row.nummer, reverse("zertifikat", args=[row.public_id]), row.snapshot["titel"]) for row in rows
    ]
    return [
        Abschnitt(_("Zuletzt ausgestellte Zertifikate"), lines, 55, reverse("zertifikatsregister"), _("Zum Register"))
    ]


def _nachweise(persons: list[int]) -> dict[int, list[Nachweis]]:
    """Certificates for the progress pages; one query for any number of people."""
    found: dict[int, list[Nachweis]] = {}
    # seven columns instead of four whole rows: an employer's export has thousands of these
    rows = Zertifikat.objects.filter(person__in=persons).order_by("-ausgestellt_am", "-id")
    columns = ("person_id", "public_id", "nummer", "ausgestellt_am", "status", "snapshot__titel", _MODUL)
    for person, public_id, nummer, datum, status, titel, modul in rows.values_list(*columns):
        url = reverse("zertifikat_pdf", args=[public_id])
        found.setdefault(person, []).append(Nachweis(titel, nummer, datum, url, status, modul))
    return found


def _bescheinigt() -> QuerySet:
    return Zertifikat.objects.filter(status=ZertifikatStatus.GUELTIG).values("einschreibung_id")


def _auskunft(person: Person) -> list[dict]:
    """What is stored about the person in this room (Art. 15 and 20 GDPR)."""
    return [
        {"nummer": row.nummer, "status": row.status, "pruefcode": row.pruefcode, "angaben": row.snapshot}
        for row in zertifikate_of(person)
    ]


def _sperre(person: Person) -> str:
    """A name on a valid certificate is changed by the operators on proof, not by a click."""
    if not Zertifikat.objects.filter(person=person, status=ZertifikatStatus.GUELTIG).exists():
        return ""
    return _(
        "Auf diese Angaben wurde schon ein Zertifikat ausgestellt. Bitte wenden Sie sich mit einem Nachweis an den "
        "Betrieb des Dienstes; ausgestellte Zertifikate ändern sich dadurch nicht."
    )


def setup() -> None:
    import zertifikate.tasks  # noqa: F401  (registers the job handler in web processes, too)

    register_reiter(Reiter(gettext_lazy("Zertifikate"), "kurs_zertifikate", _visible, 90))
    navigation.register(
        Eintrag(gettext_lazy("Meine Zertifikate"), "meine_zertifikate", has_weg, order=35),
        Eintrag(gettext_lazy("Zertifikate"), "zertifikatsregister", _issues, order=55),
        Eintrag(gettext_lazy("Nachweis prüfen"), "pruefen_start", _visitor, order=65),
    )
    start.register(_own)
    start.register(_issued)
    nachweise.register(_nachweise, bescheinigt=_bescheinigt)
    datenauskunft.register("zertifikate", _auskunft)
    profil.register_sperre(_sperre)
