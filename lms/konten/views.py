"""Start page and one's own account."""

import json
from typing import Any

from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lms.core.access import Zugang, zugang
from lms.core.api.auth import issue_token, revoke_token
from lms.core.datenauskunft import collect_auskunft
from lms.core.errors import DomainError
from lms.core.models import ApiToken
from lms.core.start import abschnitte_for
from lms.konten.beschaeftigungen import confirm_beschaeftigung, end_beschaeftigung
from lms.konten.enums import Datenkategorie
from lms.konten.forms import EndeForm, ProfilForm, TokenForm
from lms.konten.models import Beschaeftigung, Organisation
from lms.konten.profil import sperrgruende, update_stammdaten
from lms.konten.selectors import current_arbeitgeber, einwilligungsstaende, role_held
from lms.konten.services import give_einwilligung, withdraw_einwilligung
from lms.konten.setup import rollen_of


def form_error(form: Any, error: DomainError) -> None:
    """Show a rule violation at its field, so that nothing entered is lost."""
    form.add_error(error.field if error.field in form.fields else None, error.message)


@zugang(Zugang.ANGEMELDET)
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """What to do next; every room adds its sections."""
    abschnitte = abschnitte_for(request)
    dringend = [zeile for abschnitt in abschnitte for zeile in abschnitt.zeilen if zeile.dringend]
    daten = {"abschnitte": abschnitte, "dringend": dringend, "rollen": rollen_of(request)}
    return render(request, "konten/start.html", daten)


def arbeitgeber_sicht_url(arbeitgeber: Organisation) -> str:
    """The page that shows exactly what the employer sees; empty while no room offers it."""
    try:
        return reverse("mein_weg_arbeitgeber", args=[arbeitgeber.public_id])
    except NoReverseMatch:
        return ""


@zugang(Zugang.ANGEMELDET)
@require_GET
def mein_konto(request: HttpRequest) -> HttpResponse:
    """Profile, employments, consents, tokens and the data export on one page."""
    person = request.user
    arbeitgeber = current_arbeitgeber(person)
    staende = einwilligungsstaende(person, arbeitgeber)
    je_arbeitgeber = [
        (org, [stand for stand in staende if stand.arbeitgeber == org], arbeitgeber_sicht_url(org))
        for org in arbeitgeber
    ]
    daten = {
        "person": person,
        "rollen": rollen_of(request),
        "beschaeftigungen": person.beschaeftigungen.select_related("arbeitgeber"),
        "laufend": set(person.beschaeftigungen.filter(role_held()).values_list("pk", flat=True)),
        "einwilligungen": je_arbeitgeber,
        "tokens": ApiToken.objects.filter(person=person, widerrufen_at=None),
        "ende_form": EndeForm(),
    }
    return render(request, "konten/mein_konto.html", daten)


@zugang(Zugang.ANGEMELDET)
@require_http_methods(["GET", "POST"])
def mein_profil(request: HttpRequest) -> HttpResponse:
    form = ProfilForm.for_person(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            update_stammdaten(request.user, request.user, **form.cleaned_data)
        except DomainError as error:
            form_error(form, error)
        else:
            messages.success(request, _("Ihre Angaben sind gespeichert."))
            return redirect("mein_konto")
    daten = {"form": form, "sperren": sperrgruende(request.user)}
    return render(request, "konten/profil.html", daten, status=422 if form.errors else 200)


def _own_beschaeftigung(request: HttpRequest, public_id: str) -> Beschaeftigung:
    return get_object_or_404(Beschaeftigung, public_id=public_id, person=request.user)


@zugang(Zugang.ANGEMELDET)
@require_POST
def beschaeftigung_bestaetigen(request: HttpRequest, public_id: str) -> HttpResponse:
    confirm_beschaeftigung(_own_beschaeftigung(request, public_id), request.user)
    messages.success(request, _("Die Beschäftigung ist bestätigt."))
    return redirect(f"{reverse('mein_konto')}#beschaeftigungen")


@zugang(Zugang.ANGEMELDET)
@require_POST
def beschaeftigung_beenden(request: HttpRequest, public_id: str) -> HttpResponse:
    """The person leaves the employer; consents for it end with the employment."""
    row = _own_beschaeftigung(request, public_id)
    form = EndeForm(request.POST)
    if form.is_valid():
        try:
            end_beschaeftigung(row, request.user, form.cleaned_data["bis"])
        except DomainError as error:
            form_error(form, error)
        else:
            messages.success(request, _("Das Ende der Beschäftigung ist eingetragen."))
            return redirect(f"{reverse('mein_konto')}#beschaeftigungen")
    daten = {
        "titel": _("Beschäftigung bei %(name)s beenden") % {"name": row.arbeitgeber.name},
        "form": form,
        "knopf_text": _("Beschäftigung beenden"),
        "abbrechen_url": reverse("mein_konto"),
    }
    return render(request, "core/bestaetigung.html", daten, status=422)


def _arbeitgeber_or_404(request: HttpRequest, public_id: str) -> Organisation:
    """An employer of the person, also a former one."""
    own = Beschaeftigung.objects.filter(person=request.user).values("arbeitgeber_id")
    return get_object_or_404(Organisation, pk__in=own, public_id=public_id)


@zugang(Zugang.ANGEMELDET)
@require_POST
def einwilligung_erteilen(request: HttpRequest, public_id: str, kategorie: str) -> HttpResponse:
    arbeitgeber = _arbeitgeber_or_404(request, public_id)
    give_einwilligung(request.user, arbeitgeber, Datenkategorie(kategorie))
    messages.success(request, _("Ihre Einwilligung für %(name)s gilt ab sofort.") % {"name": arbeitgeber.name})
    return redirect(f"{reverse('mein_konto')}#einwilligungen")


@zugang(Zugang.ANGEMELDET)
@require_POST
def einwilligung_widerrufen(request: HttpRequest, public_id: str, kategorie: str) -> HttpResponse:
    arbeitgeber = _arbeitgeber_or_404(request, public_id)
    withdraw_einwilligung(request.user, arbeitgeber, Datenkategorie(kategorie))
    messages.success(request, _("Ihre Einwilligung für %(name)s ist widerrufen.") % {"name": arbeitgeber.name})
    return redirect(f"{reverse('mein_konto')}#einwilligungen")


@zugang(Zugang.ANGEMELDET)
@never_cache
@require_http_methods(["GET", "POST"])
def token_neu(request: HttpRequest) -> HttpResponse:
    """Create an API token. The answer shows it once; nothing stores the clear text, so there is no redirect."""
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            row, clear = issue_token(request.user, data["bezeichnung"], data["scopes"], form.gueltig_bis())
        except DomainError as error:
            form_error(form, error)
        else:
            return render(request, "konten/token.html", {"token": row, "klartext": clear})
    return render(request, "konten/token_neu.html", {"form": form}, status=422 if form.errors else 200)


@zugang(Zugang.ANGEMELDET)
@require_POST
def token_widerrufen(request: HttpRequest, public_id: str) -> HttpResponse:
    revoke_token(get_object_or_404(ApiToken, public_id=public_id, person=request.user), request.user)
    messages.success(request, _("Das Token ist widerrufen."))
    return redirect(f"{reverse('mein_konto')}#tokens")


@zugang(Zugang.ANGEMELDET)
@never_cache
@require_GET
def datenauskunft(request: HttpRequest) -> HttpResponse:
    """Everything stored about the person as a machine-readable file (Art. 15 and 20 GDPR)."""
    body = json.dumps(collect_auskunft(request.user), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="datenauskunft.json"'
    return response
