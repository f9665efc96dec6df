"""What this room puts on the start page and into the data export."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.core import datenauskunft, navigation, start
from lms.core.start import Abschnitt, Aufgabenzeile
from lms.konten.auskunft import auskunft_core, auskunft_konten
from lms.konten.enums import Datenkategorie
from lms.konten.models import Beschaeftigung, Einwilligung, Mitgliedschaft, Person
from lms.konten.selectors import active_on, open_einladungen_for, own_rollen


def rollen_of(request: HttpRequest) -> list[Mitgliedschaft]:
    """Today's roles of the person, once per request."""
    if not hasattr(request, "_rollen"):
        request._rollen = own_rollen(request.user)  # type: ignore[attr-defined, arg-type]
    return request._rollen  # type: ignore[attr-defined]


def konto_abschnitte(request: HttpRequest) -> list[Abschnitt]:
    """What the account itself still needs: confirm, decide, complete."""
    person: Person = request.user  # type: ignore[assignment]
    zeilen = [*_einladungen(person), *_beschaeftigungen(person)]
    if person.geburtsdatum is None and not rollen_of(request):
        zeilen.append(
            Aufgabenzeile(
                _("Geburtsdatum ergänzen"), reverse("mein_profil"), _("Ohne Geburtsdatum gibt es kein Zertifikat.")
            )
        )
    return [Abschnitt(_("Ihr Konto"), zeilen, order=20)]


def _einladungen(person: Person) -> list[Aufgabenzeile]:
    return [
        Aufgabenzeile(
            _("Einladung von %(name)s") % {"name": row.organisation.name},
            reverse("einladung_annehmen", args=[row.public_id]),
            _("Sie können die Einladung hier annehmen."),
            dringend=True,
        )
        for row in open_einladungen_for(person)
    ]


def _beschaeftigungen(person: Person) -> list[Aufgabenzeile]:
    url = reverse("mein_konto")
    entschieden = set(
        Einwilligung.objects.filter(person=person, kategorie=Datenkategorie.FORTSCHRITT).values_list(
            "arbeitgeber_id", flat=True
        )
    )
    zeilen = []
    for row in Beschaeftigung.objects.filter(active_on(), person=person).select_related("arbeitgeber"):
        name = {"name": row.arbeitgeber.name}
        if row.bestaetigt_at is None:
            text = _("Stimmt es, dass Sie dort beschäftigt sind?")
            titel = _("Beschäftigung bei %(name)s bestätigen") % name
            zeilen.append(Aufgabenzeile(titel, f"{url}#beschaeftigungen", text, dringend=True))
        elif row.arbeitgeber_id not in entschieden:
            text = _("Ohne Ihre Einwilligung sieht Ihr Arbeitgeber nichts von Ihrem Fortschritt.")
            titel = _("Entscheiden, was %(name)s sehen darf") % name
            zeilen.append(Aufgabenzeile(titel, f"{url}#einwilligungen", text))
    return zeilen


def organisation_abschnitte(request: HttpRequest) -> list[Abschnitt]:
    """The organisations in which the person holds a role, each with all its roles."""
    found: dict[int, tuple[Mitgliedschaft, list[str]]] = {}
    for row in rollen_of(request):
        found.setdefault(row.organisation_id, (row, []))[1].append(str(row.get_rolle_display()))
    zeilen = [
        Aufgabenzeile(
            row.organisation.name, reverse("organisation", args=[row.organisation.public_id]), ", ".join(namen)
        )
        for row, namen in found.values()
    ]
    return [Abschnitt(_("Ihre Organisationen"), zeilen, order=90)]


def setup() -> None:
    start.register(konto_abschnitte)
    start.register(organisation_abschnitte)
    datenauskunft.register("konten", auskunft_konten)
    datenauskunft.register("kern", auskunft_core)
    navigation.register(navigation.Eintrag(gettext_lazy("Start"), "start", navigation.logged_in, order=1))
