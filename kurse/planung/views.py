"""Public pages: course search, course page, calendar."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kurse.planung.aktionen import aktionen_for
from kurse.planung.beteiligte import lehrt, nimmt_teil
from kurse.planung.checkliste import ue_plan_of
from kurse.planung.enums import KursStatus
from kurse.planung.forms import KursFilterForm
from kurse.planung.jsonld import schema_org_of
from kurse.planung.kalender import dateiname, kalender_of_kurs
from kurse.planung.models import Kurs, Termin
from kurse.planung.permissions import may_manage, remembered_kursrechte
from kurse.planung.reiter import reiter_for
from kurse.planung.selectors import kurs_or_404, kurse_open, lehrauftraege_of, search_kurse, termine_of
from lms.core.access import Zugang, zugang
from module.jsonld import as_script_text

PRO_SEITE = 25


@zugang(Zugang.OEFFENTLICH)
@require_safe
def kurse(request: HttpRequest) -> HttpResponse:
    """Search published courses. A wrong filter value is named and the unfiltered list stays."""
    form = KursFilterForm(request.GET)
    rows = search_kurse(kurse_open(), form.cleaned_data if form.is_valid() else {})
    seite = Paginator(rows, PRO_SEITE).get_page(request.GET.get("seite"))
    return render(request, "kurse/planung/suche.html", {"form": form, "seite": seite})


def _is_insider(request: HttpRequest, kurs: Kurs) -> bool:
    """May see links to the online room and reasons of changes."""
    if not request.user.is_authenticated:
        return False
    return may_manage(request.user, kurs) or lehrt(request.user, kurs) or nimmt_teil(request.user, kurs)


def _places(termine: list[Termin]) -> list[Any]:
    return list({termin.ort_id: termin.ort for termin in termine if termin.ort}.values())


@zugang(Zugang.OEFFENTLICH)
@require_safe
def kurs(request: HttpRequest, public_id: str) -> HttpResponse:
    """The public page of a course; names organiser, topic, place, date and accessibility (WbFöVO § 2 Abs. 5)."""
    row = kurs_or_404(request.user, public_id)
    termine = list(termine_of(row))
    with remembered_kursrechte(request.user):
        kontext = {
            "kurs": row,
            "termine": termine,
            "orte": _places(termine),
            "ue_plan": ue_plan_of(row, termine),
            "lehrauftraege": list(lehrauftraege_of(row)),
            "insider": _is_insider(request, row),
            "aktionen": aktionen_for(request, row),
            "reiter": reiter_for(request.user, row, "kurs"),
            "jsonld": "" if row.status == KursStatus.ENTWURF else as_script_text(schema_org_of(row, termine)),
        }
    return render(request, "kurse/planung/kurs.html", kontext)


@zugang(Zugang.OEFFENTLICH)
@require_safe
def kalender(request: HttpRequest, public_id: str) -> HttpResponse:
    """All sessions as an iCalendar file; the link to the online room only for people of the course."""
    row = kurs_or_404(request.user, public_id)
    data = kalender_of_kurs(row, termine_of(row), mit_link=_is_insider(request, row))
    response = HttpResponse(data, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{dateiname(row)}"'
    return response
