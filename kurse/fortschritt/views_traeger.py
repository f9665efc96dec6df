"""The employer's pages: team, one person, export."""

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kurse.fortschritt import export, selectors, tabellen
from kurse.fortschritt.forms import TeamFilterForm, filters_of
from kurse.fortschritt.zugriff import require_team
from lms.core.access import Zugang, zugang
from lms.core.audit import record_audit
from lms.konten.models import Organisation, Person

PRO_SEITE = 25


def _filtered(request: HttpRequest) -> tuple[TeamFilterForm, Any, list[Organisation]]:
    organisationen = require_team(request.user)
    form = TeamFilterForm(request.GET, organisationen)
    return form, selectors.traeger_fortschritt(request.user, filters_of(form)), organisationen


@zugang(Zugang.ANGEMELDET)
@never_cache
@require_safe
def traeger_fortschritt(request: HttpRequest) -> HttpResponse:
    form, rows, organisationen = _filtered(request)
    seite = Paginator(rows, PRO_SEITE).get_page(request.GET.get("seite"))
    query = request.GET.copy()
    query.pop("seite", None)
    context = {
        "form": form,
        "seite": seite,
        "zeilen": selectors.ansicht_of(seite.object_list),
        "organisationen": organisationen,
        "mit_arbeitgeber": len(organisationen) > 1,
        "anfrage": query.urlencode(),
    }
    return render(request, "kurse/fortschritt/traeger.html", context)


@zugang(Zugang.ANGEMELDET)
@never_cache
@require_safe
def traeger_person(request: HttpRequest, public_id: str) -> HttpResponse:
    """One employee, once per employer that the reader looks after. Who looked at whom is logged."""
    rows = list(selectors.traeger_fortschritt(request.user).filter(person__public_id=public_id))
    if not rows:
        raise Http404
    for row in rows:
        if row.eingewilligt or row.zertifikate_eingewilligt:
            record_audit(request.user, "fortschritt_eingesehen", row.person, arbeitgeber=row.arbeitgeber.public_id)
    context = {"zeilen": selectors.ansicht_of(rows)}
    return render(request, "kurse/fortschritt/traeger_person.html", context)


@zugang(Zugang.ANGEMELDET)
@never_cache
@require_safe
def traeger_export(request: HttpRequest, fmt: str) -> HttpResponse:
    """The filtered team as a table; the download is logged with the employers and the number of people."""
    _form, rows, organisationen = _filtered(request)
    zeilen = selectors.ansicht_of(rows)
    _log_export(request.user, organisationen, len(zeilen), fmt)
    sheet: Iterator[Any] = export.team_rows(zeilen)
    return tabellen.download({str(export.TEAM): sheet}, "fortschritt", fmt)


def _log_export(akteur: Person, organisationen: list[Organisation], personen: int, fmt: str) -> None:
    ids = [org.public_id for org in organisationen]
    record_audit(akteur, "fortschritt_exportiert", organisationen[0], format=fmt, personen=personen, arbeitgeber=ids)
