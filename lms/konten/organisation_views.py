"""The pages of an organisation: its data, its members and, for employers, its employees."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lms.core.access import Zugang, zugang
from lms.core.errors import DomainError
from lms.konten.beschaeftigungen import end_beschaeftigung, update_beschaeftigung
from lms.konten.einladungen import invite, revoke_einladung
from lms.konten.enums import Recht
from lms.konten.forms import BeschaeftigungForm, EinladungForm, EndeForm, OrganisationForm, RolleForm, SucheForm
from lms.konten.models import Beschaeftigung, Einladung, Mitgliedschaft, Organisation, Person
from lms.konten.organisationen import update_organisation
from lms.konten.rechte import PERSONALRECHTE, rechte_of
from lms.konten.selectors import active_on, offene_einladungen, organisationen_for, role_held
from lms.konten.services import add_mitgliedschaft, end_mitgliedschaft
from lms.konten.views import form_error

PRO_SEITE = 50


class Rahmen:
    """The organisation of the page and what the person may do there; 404 without a role in it."""

    def __init__(self, request: HttpRequest, public_id: str) -> None:
        self.organisation = get_object_or_404(organisationen_for(request.user), public_id=public_id)
        rechte = rechte_of(request.user).get(self.organisation.pk, set())
        self.darf_mitglieder = Recht.MITGLIEDER_VERWALTEN in rechte
        self.darf_personal = self.organisation.ist_arbeitgeber and not rechte.isdisjoint(PERSONALRECHTE)

    def require(self, allowed: bool) -> None:
        if not allowed:
            raise PermissionDenied

    def daten(self, **mehr: Any) -> dict[str, Any]:
        return {
            "organisation": self.organisation,
            "darf_mitglieder": self.darf_mitglieder,
            "darf_personal": self.darf_personal,
            **mehr,
        }


@zugang(Zugang.ANGEMELDET)
@require_GET
def organisation(request: HttpRequest, public_id: str) -> HttpResponse:
    rahmen = Rahmen(request, public_id)
    own = request.user.mitgliedschaften.filter(role_held(), organisation=rahmen.organisation)
    return render(request, "konten/organisation.html", rahmen.daten(rollen=own))


@zugang(Zugang.ANGEMELDET)
@require_http_methods(["GET", "POST"])
def organisation_bearbeiten(request: HttpRequest, public_id: str) -> HttpResponse:
    rahmen = Rahmen(request, public_id)
    rahmen.require(rahmen.darf_mitglieder)
    form = OrganisationForm(request.POST or None, instance=Organisation.objects.get(pk=rahmen.organisation.pk))
    if request.method == "POST" and form.is_valid():
        try:
            update_organisation(rahmen.organisation, request.user, **form.cleaned_data)
        except DomainError as error:
            form_error(form, error)
        else:
            messages.success(request, _("Die Angaben sind gespeichert."))
            return redirect("organisation", public_id)
    status = 422 if form.errors else 200
    return render(request, "konten/organisation_bearbeiten.html", rahmen.daten(form=form), status=status)


def _page(request: HttpRequest, rows: Any, form: SucheForm) -> Any:
    """Filter people by name, one page of them."""
    if form.is_valid():
        for word in form.cleaned_data["q"].split():
            rows = rows.filter(Q(person__vorname__icontains=word) | Q(person__nachname__icontains=word))
    return Paginator(rows, PRO_SEITE).get_page(request.GET.get("seite"))


@zugang(Zugang.ANGEMELDET)
@require_GET
def mitglieder(request: HttpRequest, public_id: str) -> HttpResponse:
    rahmen = Rahmen(request, public_id)
    rahmen.require(rahmen.darf_mitglieder)
    rows = rahmen.organisation.mitgliedschaften.filter(role_held()).select_related("person")
    suche = SucheForm(request.GET)
    daten = rahmen.daten(
        seite=_page(request, rows.order_by("person__nachname", "person__vorname", "rolle", "id"), suche),
        suche=suche,
        einladungen=offene_einladungen().filter(organisation=rahmen.organisation).exclude(rolle=""),
    )
    return render(request, "konten/mitglieder.html", daten)


@zugang(Zugang.ANGEMELDET)
@require_http_methods(["GET", "POST"])
def rolle_geben(request: HttpRequest, public_id: str) -> HttpResponse:
    """A further role for somebody who already belongs to the organisation."""
    rahmen = Rahmen(request, public_id)
    rahmen.require(rahmen.darf_mitglieder)
    current = rahmen.organisation.mitgliedschaften.filter(role_held())
    personen = list(Person.objects.filter(pk__in=current.values("person_id")))
    form = RolleForm(request.POST or None, organisation=rahmen.organisation, personen=personen)
    if request.method == "POST" and form.is_valid():
        person = next(row for row in personen if row.public_id == form.cleaned_data["person"])
        try:
            add_mitgliedschaft(person, rahmen.organisation, form.cleaned_data["rolle"], akteur=request.user)
        except DomainError as error:
            form_error(form, error)
        else:
            messages.success(request, _("Die Rolle gilt ab sofort."))
            return redirect("organisation_mitglieder", public_id)
    return render(request, "konten/rolle.html", rahmen.daten(form=form), status=422 if form.errors else 200)


@zugang(Zugang.ANGEMELDET)
@require_POST
def rolle_beenden(request: HttpRequest, public_id: str, mitgliedschaft_id: str) -> HttpResponse:
    rahmen = Rahmen(request, public_id)
    rahmen.require(rahmen.darf_mitglieder)
    row = get_object_or_404(Mitgliedschaft, organisation=rahmen.organisation, public_id=mitgliedschaft_id)
    try:
        end_mitgliedschaft(row, request.user)
        messages.success(request, _("Die Rolle ist beendet."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("organisation_mitglieder", public_id)


@zugang(Zugang.ANGEMELDET)
@require_http_methods(["GET", "POST"])
def einladen(request: HttpRequest, public_id: str) -> HttpResponse:
    """Invite to a role or as an employee; those responsible for personnel only as an employee."""
    rahmen = Rahmen(request, public_id)
    rahmen.require(rahmen.darf_mitglieder or rahmen.darf_personal)
    initial = {"als_beschaeftigte": request.GET.get("als") == "beschaeftigte"}
    form = EinladungForm(
        request.POST or None,
        organisation=rahmen.organisation,
        darf_rollen=rahmen.darf_mitglieder,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        try:
            invite(rahmen.organisation, request.user, **form.cleaned_data)
        except DomainError as error:
            form_error(form, error)
        else:
            messages.success(request, _("Die Einladung ist unterwegs."))
            ziel = "organisation_mitglieder" if form.cleaned_data.get("rolle") else "organisation_beschaeftigte"
            return redirect(ziel, public_id)
    return render(request, "konten/einladen.html", rahmen.daten(form=form), status=422 if form.errors else 200)


@zugang(Zugang.ANGEMELDET)
@require_POST
def einladung_widerrufen(request: HttpRequest, public_id: str, einladung_id: str) -> HttpResponse:
    rahmen = Rahmen(request, public_id)
    rahmen.require(rahmen.darf_mitglieder or rahmen.darf_personal)
    row = get_object_or_404(Einladung, organisation=rahmen.organisation, public_id=einladung_id)
    revoke_einladung(row, request.user)
    messages.success(request, _("Die Einladung ist zurückgenommen."))
    return redirect("organisation_mitglieder" if row.rolle else "organisation_beschaeftigte", public_id)


@zugang(Zugang.ANGEMELDET)
@require_GET
def beschaeftigte(request: HttpRequest, public_id: str) -> HttpResponse:
    rahmen = Rahmen(request, public_id)
    rahmen.require(rahmen.darf_personal)
    rows = rahmen.organisation.beschaeftigungen.filter(active_on()).select_related("person")
    suche = SucheForm(request.GET)
    daten = rahmen.daten(
        seite=_page(request, rows.order_by("person__nachname", "person__vorname", "id"), suche),
        suche=suche,
        einladungen=offene_einladungen().filter(organisation=rahmen.organisation, als_beschaeftigte=True, rolle=""),
    )
    return render(request, "konten/beschaeftigte.html", daten)


def _beschaeftigung(rahmen: Rahmen, beschaeftigung_id: str) -> Beschaeftigung:
    rahmen.require(rahmen.darf_personal)
    rows = Beschaeftigung.objects.select_related("person", "arbeitgeber")
    return get_object_or_404(rows, arbeitgeber=rahmen.organisation, public_id=beschaeftigung_id)


@zugang(Zugang.ANGEMELDET)
@require_http_methods(["GET", "POST"])
def beschaeftigte_bearbeiten(request: HttpRequest, public_id: str, beschaeftigung_id: str) -> HttpResponse:
    rahmen = Rahmen(request, public_id)
    row = _beschaeftigung(rahmen, beschaeftigung_id)
    form = BeschaeftigungForm(request.POST or None, instance=Beschaeftigung.objects.get(pk=row.pk))
    if request.method == "POST" and form.is_valid():
        update_beschaeftigung(row, request.user, **form.cleaned_data)
        messages.success(request, _("Die Angaben sind gespeichert."))
        return redirect("organisation_beschaeftigte", public_id)
    daten = rahmen.daten(form=form, beschaeftigung=row, ende_form=EndeForm())
    return render(request, "konten/beschaeftigung.html", daten, status=422 if form.errors else 200)


@zugang(Zugang.ANGEMELDET)
@require_POST
def beschaeftigte_beenden(request: HttpRequest, public_id: str, beschaeftigung_id: str) -> HttpResponse:
    rahmen = Rahmen(request, public_id)
    row = _beschaeftigung(rahmen, beschaeftigung_id)
    form = EndeForm(request.POST)
    if form.is_valid():
        try:
            end_beschaeftigung(row, request.user, form.cleaned_data["bis"])
        except DomainError as error:
            form_error(form, error)
        else:
            messages.success(request, _("Das Ende der Beschäftigung ist eingetragen."))
            return redirect("organisation_beschaeftigte", public_id)
    daten = {
        "titel": _("Beschäftigung von %(name)s beenden") % {"name": row.person.name},
        "form": form,
        "knopf_text": _("Beschäftigung beenden"),
        "abbrechen_url": reverse("organisation_beschaeftigte", args=[public_id]),
    }
    return render(request, "core/bestaetigung.html", daten, status=422)
