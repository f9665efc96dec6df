"""Public pages: catalogue, module, programmes."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from lms.core.access import Zugang, zugang
from module import darstellung, selectors
from module.enums import Einordnung, VersionStatus
from module.forms import KatalogFilterForm, ProgrammFilterForm
from module.jsonld import as_script_text, modul_data
from module.kursangebot import angebote_for
from module.models import Modulversion

JE_SEITE = 24


@zugang(Zugang.OEFFENTLICH)
@require_GET
def katalog(request: HttpRequest) -> HttpResponse:
    """The front door: what this service is, and the search in everything that can be learnt."""
    form = KatalogFilterForm(request.GET or None)
    wanted = {k: v for k, v in form.cleaned_data.items() if v not in ("", None)} if form.is_valid() else {}
    seite = Paginator(selectors.search_module(**wanted), JE_SEITE).get_page(request.GET.get("seite"))
    programme = selectors.search_programme(q=wanted.get("q", ""), einordnung=wanted.get("einordnung", ""))
    context = {
        "form": form,
        "seite": seite,
        "programme": programme[:6],
        "suche": bool(wanted),
        "einordnungen": dict(Einordnung.choices),
    }
    return render(request, "module/katalog.html", context)


@zugang(Zugang.OEFFENTLICH)
@require_GET
def modul(request: HttpRequest, public_id: str, nummer: int | None = None) -> HttpResponse:
    """A module with all nine mandatory fields; with `nummer` an older version of it."""
    version = selectors.modulversion_public_or_404(public_id, nummer)
    versionen = list(selectors.public_versionen_of(version.modul))
    aktuelle = next((row for row in versionen if row.status == VersionStatus.VEROEFFENTLICHT), None)
    angebote = angebote_for(version.modul)
    context = {
        "version": version,
        "versionen": versionen,
        "aktuelle": aktuelle,
        "angaben": darstellung.pflichtangaben(version),
        "anbieter": darstellung.anbieter_of(version),
        "angebote": angebote,
        "jsonld": _jsonld(version, angebote) if version.status == VersionStatus.VEROEFFENTLICHT else "",
    }
    return render(request, "module/modul.html", context)


def _jsonld(version: Modulversion, angebote: list) -> str:
    url = settings.BASE_URL + reverse("modul", args=[version.modul.public_id])
    return as_script_text(modul_data(version, url, darstellung.anbieter_of(version), angebote, settings.BASE_URL))


@zugang(Zugang.OEFFENTLICH)
@require_GET
def programme(request: HttpRequest) -> HttpResponse:
    form = ProgrammFilterForm(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    seite = Paginator(selectors.search_programme(**wanted), JE_SEITE).get_page(request.GET.get("seite"))
    context = {"form": form, "seite": seite, "einordnungen": dict(Einordnung.choices)}
    return render(request, "module/programme.html", context)


@zugang(Zugang.OEFFENTLICH)
@require_GET
def programm(request: HttpRequest, public_id: str, nummer: int | None = None) -> HttpResponse:
    """A programme with its path, totals and source; with `nummer` an older version of it."""
    version = selectors.programmversion_public_or_404(public_id, nummer)
    bausteine = selectors.bausteine_of(version)
    context = {
        "version": version,
        "versionen": version.programm.versionen.filter(status__in=selectors.OEFFENTLICH),
        "schritte": darstellung.pfad_of(bausteine),
        "summen": darstellung.summen(version, bausteine),
        "einordnung": dict(Einordnung.choices).get(version.programm.einordnung, ""),
    }
    return render(request, "module/programm.html", context)
