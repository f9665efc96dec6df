"""Pages of the partners: a programme version and its parts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lms.core.access import Zugang, zugang
from lms.core.errors import DomainError
from module import darstellung, programme, selectors
from module.enums import VersionStatus
from module.forms import BausteinForm, ProgrammForm, ProgrammversionForm
from module.models import Programmversion
from module.permissions import BEARBEITEN, FREIGEBEN, katalogrechte_of, require_katalogrecht


@zugang(Zugang.ANGEMELDET)
@require_http_methods(["GET", "POST"])
def programm_neu(request: HttpRequest, public_id: str) -> HttpResponse:
    katalog = selectors.katalog_or_404(request.user, public_id)
    require_katalogrecht(request.user, BEARBEITEN, katalog.pk)
    form = ProgrammForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        version = programme.create_programm(request.user, katalog, **form.cleaned_data)
        messages.success(request, _("Das Programm ist angelegt. Nehmen Sie jetzt seine Teile auf."))
        return redirect("programmversion", version.public_id)
    status = 422 if form.errors else 200
    return render(request, "module/programm_neu.html", {"katalog": katalog, "form": form}, status=status)


@zugang(Zugang.ANGEMELDET)
@require_POST
def neue_version(request: HttpRequest, public_id: str) -> HttpResponse:
    programm = selectors.programm_for_partner_or_404(request.user, public_id)
    return redirect("programmversion", programme.create_programmversion(programm, request.user).public_id)


@zugang(Zugang.ANGEMELDET)
@require_http_methods(["GET", "POST"])
def bearbeiten(request: HttpRequest, public_id: str) -> HttpResponse:
    """Facts and parts of a programme version; read only once it is published."""
    version = selectors.programmversion_for_partner_or_404(request.user, public_id)
    if request.method == "GET":
        return _render(request, version)
    form = ProgrammversionForm(request.POST, instance=version)
    if form.is_valid():
        try:
            programme.update_programmversion(version, request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, _("Die Angaben sind gespeichert."))
            return redirect("programmversion", public_id)
    fresh = selectors.programmversion_for_partner_or_404(request.user, public_id)
    return _render(request, fresh, form=form, status=422)


def _render(
    request: HttpRequest,
    version: Programmversion,
    *,
    form: ProgrammversionForm | None = None,
    baustein_form: BausteinForm | None = None,
    status: int = 200,
) -> HttpResponse:
    rechte = katalogrechte_of(request.user, version.programm.katalog_id)
    entwurf = version.status == VersionStatus.ENTWURF
    bausteine = selectors.bausteine_of(version)
    context = {
        "version": version,
        "bausteine": list(zip(bausteine, darstellung.pfad_of(bausteine), strict=True)),
        "summen": darstellung.summen(version, bausteine),
        "form": form or ProgrammversionForm(instance=version),
        "baustein_form": baustein_form or BausteinForm(version=version, prefix="teil"),
        "darf_bearbeiten": entwurf and BEARBEITEN in rechte,
        "darf_veroeffentlichen": entwurf and FREIGEBEN in rechte,
        "darf_neue_version": not entwurf and BEARBEITEN in rechte,
    }
    return render(request, "module/programmversion.html", context, status=status)


@zugang(Zugang.ANGEMELDET)
@require_POST
def baustein_hinzufuegen(request: HttpRequest, public_id: str) -> HttpResponse:
    version = selectors.programmversion_for_partner_or_404(request.user, public_id)
    require_katalogrecht(request.user, BEARBEITEN, version.programm.katalog_id)
    form = BausteinForm(request.POST, version=version, prefix="teil")
    if form.is_valid():
        try:
            programme.add_baustein(version, request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, _("Der Teil ist aufgenommen."))
            return redirect("programmversion", public_id)
    return _render(request, version, baustein_form=form, status=422)


@zugang(Zugang.ANGEMELDET)
@require_POST
def baustein_aendern(request: HttpRequest, public_id: str, reihenfolge: int) -> HttpResponse:
    """Move a part up or down, or take it out (`aktion`: hoch, runter, entfernen)."""
    version = selectors.programmversion_for_partner_or_404(request.user, public_id)
    aktion = request.POST.get("aktion")
    if aktion == "entfernen":
        programme.remove_baustein(version, reihenfolge, request.user)
        messages.success(request, _("Der Teil ist entfernt."))
    elif aktion in ("hoch", "runter"):
        programme.move_baustein(version, reihenfolge, request.user, nach_oben=aktion == "hoch")
    else:
        messages.error(request, _("Diese Handlung gibt es nicht."))
    return redirect("programmversion", public_id)


@zugang(Zugang.ANGEMELDET)
@require_POST
def veroeffentlichen(request: HttpRequest, public_id: str) -> HttpResponse:
    version = selectors.programmversion_for_partner_or_404(request.user, public_id)
    try:
        programme.publish_programmversion(version, request.user)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Die Programmversion ist veröffentlicht."))
    return redirect("programmversion", public_id)
