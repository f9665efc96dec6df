"""The pages of the Landesfachstelle: offers and numbers, no people."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kurse.fortschritt import export, selectors, tabellen
from kurse.fortschritt.forms import LandFilterForm, filters_of
from lms.core.access import Zugang, zugang
from lms.core.audit import record_audit
from lms.konten.enums import Recht
from lms.konten.rechte import organisationen_mit_recht

PRO_SEITE = 25


@zugang(Zugang.ANGEMELDET)
@never_cache
@require_safe
def landesfachstelle(request: HttpRequest) -> HttpResponse:
    zahlen = selectors.landes_zahlen(request.user)
    form = LandFilterForm(request.GET, [(row.schluessel, row.titel) for row in zahlen.programme])
    kurse = selectors.kurse_landesweit(filters_of(form))
    context = {
        "zahlen": zahlen,
        "kataloge": selectors.kataloge_landesweit(),
        "form": form,
        "seite": Paginator(kurse, PRO_SEITE).get_page(request.GET.get("seite")),
        "zeichen": export.HIDDEN,
        "legende": export.legende(),
    }
    return render(request, "kurse/fortschritt/landesfachstelle.html", context)


@zugang(Zugang.ANGEMELDET)
@never_cache
@require_safe
def land_export(request: HttpRequest, fmt: str) -> HttpResponse:
    """The tables of the page with the same numbers hidden."""
    zahlen = selectors.landes_zahlen(request.user)
    office = organisationen_mit_recht(request.user, Recht.LANDESWEIT_EINSEHEN).first()
    record_audit(request.user, "landeszahlen_exportiert", office, format=fmt)
    return tabellen.download(export.land_sheets(zahlen), "landeszahlen", fmt)
