"""Pages of the partners: one module version from draft to publication."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lms.core.access import Zugang, zugang
from lms.core.errors import DomainError
from lms.konten.models import Organisation
from module import darstellung, selectors, services
from module.enums import FreigabeEntscheidung, VersionStatus
from module.felder import fehlende_felder, feldname, hinweise
from module.forms import FreigabeForm, ModulversionForm
from module.models import Modulversion
from module.permissions import (
    BEARBEITEN,
    FREIGEBEN,
    katalogrechte_of,
    partner_vertreten_durch,
    require_katalogrecht,
)
from module.vergleich import compare, compare_versionen, summary, values_of


@zugang(Zugang.ANGEMELDET)
@require_POST
def neue_version(request: HttpRequest, public_id: str) -> HttpResponse:
    modul = selectors.modul_for_partner_or_404(request.user, public_id)
    version = services.create_version(modul, request.user)
    if version.status == VersionStatus.EINGEREICHT:
        messages.info(request, _("Zu diesem Modul liegt schon eine Version zur Freigabe vor."))
        return redirect("modulversion", version.public_id)
    return redirect("modulversion_bearbeiten", version.public_id)


@zugang(Zugang.ANGEMELDET)
@require_GET
def version_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """The version as partners see it: the description, hints, the review with its history."""
    version = selectors.version_or_404(request.user, public_id)
    return _render_detail(request, version, _freigabe_form(request, version))


def _render_detail(
    request: HttpRequest, version: Modulversion, form: FreigabeForm | None, status: int = 200
) -> HttpResponse:
    rechte = katalogrechte_of(request.user, version.modul.katalog_id)
    bearbeitbar = version.status in services.BEARBEITBAR
    vorher = selectors.previous_version(version)
    aenderungen = [row for row in compare_versionen(vorher, version) if row.geaendert] if vorher else []
    context = {
        "version": version,
        "angaben": darstellung.pflichtangaben(version),
        "runden": selectors.runden_of(version),
        "hinweise": hinweise(version),
        "fehlend": [feldname(version, name) for name in fehlende_felder(version)] if bearbeitbar else [],
        "vorher": vorher,
        "aenderungen": aenderungen,
        "form": form,
        "darf_bearbeiten": bearbeitbar and BEARBEITEN in rechte,
        "darf_neue_version": version.status == VersionStatus.VEROEFFENTLICHT and BEARBEITEN in rechte,
        "verwerfbar": version.status == VersionStatus.ENTWURF and version.runde == 0 and BEARBEITEN in rechte,
    }
    return render(request, "module/modulversion.html", context, status=status)


def _freigabe_form(request: HttpRequest, version: Modulversion) -> FreigabeForm | None:
    """The decision form, if a partner that the person speaks for has not decided yet."""
    if version.status != VersionStatus.EINGEREICHT:
        return None
    offen = _offene_partner(request, version)
    return FreigabeForm(request.POST or None, organisationen=offen) if offen else None


def _offene_partner(request: HttpRequest, version: Modulversion) -> list[Organisation]:
    decided = version.freigaben.filter(runde=version.runde).values("organisation_id")
    own = partner_vertreten_durch(request.user, FREIGEBEN, version.modul.katalog_id)
    return list(own.exclude(pk__in=decided))


@zugang(Zugang.ANGEMELDET)
@require_http_methods(["GET", "POST"])
def bearbeiten(request: HttpRequest, public_id: str) -> HttpResponse:
    """The long form. Saving works at any time and with gaps; submitting names what is missing."""
    version = selectors.version_or_404(request.user, public_id)
    require_katalogrecht(request.user, BEARBEITEN, version.modul.katalog_id)
    if version.status not in services.BEARBEITBAR:
        messages.info(request, _("Diese Version kann nicht mehr bearbeitet werden."))
        return redirect("modulversion", version.public_id)
    if request.method == "POST":
        return _save(request, version)
    form = ModulversionForm(instance=version, initial={"stand": services.stand_of(version)})
    return _render_form(request, version, form)


def _save(request: HttpRequest, version: Modulversion) -> HttpResponse:
    form = ModulversionForm(request.POST, instance=version)
    if not form.is_valid():
        return _render_form(request, selectors.version_or_404(request.user, version.public_id), form, status=422)
    try:
        saved = services.update_version(version, request.user, stand=form.cleaned_data["stand"], **form.felder())
    except DomainError as error:
        return _save_refused(request, version, form, error)
    if request.POST.get("aktion") == "einreichen":
        return _submit(request, saved)
    messages.success(request, _("Der Entwurf ist gespeichert."))
    return redirect("modulversion_bearbeiten", version.public_id)


def _save_refused(
    request: HttpRequest, version: Modulversion, form: ModulversionForm, error: DomainError
) -> HttpResponse:
    """Nothing is lost: the form stays as entered; after a collision both states stand side by side."""
    fresh = selectors.version_or_404(request.user, version.public_id)
    form.add_error(error.field if error.field in form.fields else None, error.message)
    unterschiede = []
    if error.code == "inzwischen_geaendert":
        eigene = {name: value for name, value in form.cleaned_data.items() if name != "stand"}
        unterschiede = [row for row in compare(values_of(fresh), eigene) if row.geaendert]
        form.data = form.data.copy()
        form.data["stand"] = services.stand_of(fresh)
    status = 409 if error.code == "inzwischen_geaendert" else 422
    return _render_form(request, fresh, form, status=status, unterschiede=unterschiede)


def _render_form(
    request: HttpRequest, version: Modulversion, form: ModulversionForm, status: int = 200, **extra: Any
) -> HttpResponse:
    context = {
        "version": version,
        "form": form,
        "fehlend": [feldname(version, name) for name in fehlende_felder(version)],
        "hinweise": hinweise(version),
        "rueckgabe": version.freigaben.filter(
            runde=version.runde, entscheidung=FreigabeEntscheidung.ZURUECKGEGEBEN
        ).select_related("organisation"),
        **extra,
    }
    return render(request, "module/modulversion_bearbeiten.html", context, status=status)


@zugang(Zugang.ANGEMELDET)
@require_POST
def einreichen(request: HttpRequest, public_id: str) -> HttpResponse:
    return _submit(request, selectors.version_or_404(request.user, public_id))


def _submit(request: HttpRequest, version: Modulversion) -> HttpResponse:
    try:
        services.submit_version(version, request.user)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("modulversion_bearbeiten", version.public_id)
    messages.success(request, _("Eingereicht. Alle Partner des Katalogs sind benachrichtigt."))
    return redirect("modulversion", version.public_id)


@zugang(Zugang.ANGEMELDET)
@require_POST
def entscheiden(request: HttpRequest, public_id: str) -> HttpResponse:
    """Release or return in the name of one partner."""
    version = selectors.version_or_404(request.user, public_id)
    require_katalogrecht(request.user, FREIGEBEN, version.modul.katalog_id)
    own = list(partner_vertreten_durch(request.user, FREIGEBEN, version.modul.katalog_id))
    form = FreigabeForm(request.POST, organisationen=own)
    if not form.is_valid():
        return _render_detail(request, version, form, status=422)
    organisation = form.organisationen[form.cleaned_data.pop("organisation")]
    try:
        services.decide_freigabe(version, organisation, request.user, **form.cleaned_data)
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return _render_detail(request, selectors.version_or_404(request.user, public_id), form, status=422)
    version.refresh_from_db()
    messages.success(request, _decided_text(version))
    return redirect("modulversion", public_id)


def _decided_text(version: Modulversion) -> str:
    if version.status == VersionStatus.VEROEFFENTLICHT:
        return _("Alle Partner haben freigegeben: Die Version ist veröffentlicht.")
    if version.status == VersionStatus.ZURUECKGEGEBEN:
        return _("Die Version ist mit Ihrem Kommentar zurückgegeben.")
    return _("Ihre Freigabe ist gespeichert. Die Version wartet noch auf andere Partner.")


@zugang(Zugang.ANGEMELDET)
@require_POST
def verwerfen(request: HttpRequest, public_id: str) -> HttpResponse:
    version = selectors.version_or_404(request.user, public_id)
    services.delete_entwurf(version, request.user)
    messages.success(request, _("Der Entwurf ist verworfen."))
    return redirect("katalog_detail", version.modul.katalog.public_id)


@zugang(Zugang.ANGEMELDET)
@require_GET
def vergleich(request: HttpRequest, public_id: str) -> HttpResponse:
    """Field by field beside an earlier version (`?mit=2`), by default the one before."""
    version = selectors.version_or_404(request.user, public_id)
    mit = request.GET.get("mit", "")
    nummer = int(mit) if mit.isdecimal() and len(mit) < 5 else None
    vorher = selectors.require_found(selectors.previous_version(version, nummer))
    zeilen = compare_versionen(vorher, version)
    context = {
        "version": version,
        "vorher": vorher,
        "zeilen": [row for row in zeilen if row.geaendert],
        "gleich": [row for row in zeilen if not row.geaendert],
        "zusammenfassung": summary(zeilen),
        "andere": version.modul.versionen.exclude(pk=version.pk),
    }
    return render(request, "module/modulversion_vergleich.html", context)
