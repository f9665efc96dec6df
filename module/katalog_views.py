"""Pages of the partners: their catalogues and what waits for them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from lms.core.access import Zugang, zugang
from lms.core.errors import DomainError
from module import selectors, services
from module.forms import KatalogmoduleFilterForm, ModulForm
from module.permissions import BEARBEITEN, FREIGEBEN, katalogrechte_of, require_katalogrecht

JE_SEITE = 25


@zugang(Zugang.ANGEMELDET)
@require_GET
def kataloge(request: HttpRequest) -> HttpResponse:
    """The catalogues of the person, and on top the versions that wait for a decision or a revision."""
    context = {
        "kataloge": selectors.kataloge_for(request.user),
        "zu_entscheiden": selectors.versionen_zu_entscheiden(request.user)[:25],
        "zu_ueberarbeiten": selectors.versionen_zu_ueberarbeiten(request.user)[:25],
    }
    return render(request, "module/kataloge.html", context)


@zugang(Zugang.ANGEMELDET)
@require_GET
def katalog_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    row = selectors.katalog_or_404(request.user, public_id)
    form = KatalogmoduleFilterForm(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    rechte = katalogrechte_of(request.user, row.pk)
    context = {
        "katalog": row,
        "form": form,
        "seite": Paginator(selectors.module_of(row, **wanted), JE_SEITE).get_page(request.GET.get("seite")),
        "programme": Paginator(selectors.programme_of(row), JE_SEITE).get_page(request.GET.get("programmseite")),
        "darf_bearbeiten": BEARBEITEN in rechte,
        "darf_freigeben": FREIGEBEN in rechte,
    }
    return render(request, "module/katalog_detail.html", context)


@zugang(Zugang.ANGEMELDET)
@require_http_methods(["GET", "POST"])
def modul_neu(request: HttpRequest, public_id: str) -> HttpResponse:
    """Name a new module; the description is written on the next page."""
    katalog = selectors.katalog_or_404(request.user, public_id)
    require_katalogrecht(request.user, BEARBEITEN, katalog.pk)
    form = ModulForm(request.POST or None, katalog=katalog)
    if request.method == "POST" and form.is_valid():
        try:
            version = services.create_modul(request.user, katalog, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(
                request, _("Das Modul ist angelegt. Beschreiben Sie es jetzt; Sie können jederzeit speichern.")
            )
            return redirect("modulversion_bearbeiten", version.public_id)
    status = 422 if form.errors else 200
    return render(request, "module/modul_neu.html", {"katalog": katalog, "form": form}, status=status)
