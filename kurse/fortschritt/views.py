"""One's own way, and the progress of a course."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kurse.einschreibung.selectors import staffed_kurs_or_404
from kurse.fortschritt import selectors
from kurse.planung.reiter import reiter_for
from lms.core.access import Zugang, zugang
from lms.konten.models import Organisation
from lms.konten.selectors import current_arbeitgeber


@zugang(Zugang.ANGEMELDET)
@never_cache
@require_safe
def mein_weg(request: HttpRequest) -> HttpResponse:
    """The path of the person who is logged in; `?programm=` chooses the programme."""
    fortschritt = selectors.fortschritt_of(request.user)
    wanted = request.GET.get("programm")
    weg = next((row for row in fortschritt.programme if row.public_id == wanted), None)
    context: dict[str, Any] = {
        "fortschritt": fortschritt,
        "weg": weg or next(iter(fortschritt.programme), None),
        "termine": selectors.naechste_termine(request.user),
        "arbeitgeber": current_arbeitgeber(request.user),
    }
    return render(request, "kurse/fortschritt/mein_weg.html", context)


@zugang(Zugang.ANGEMELDET)
@never_cache
@require_safe
def mein_weg_arbeitgeber(request: HttpRequest, public_id: str) -> HttpResponse:
    """Exactly what one's present employer sees, drawn from the same rows by the same fragment."""
    beschaeftigung = selectors.own_beschaeftigung(request.user, public_id)
    if beschaeftigung is None:
        raise Http404
    arbeitgeber = get_object_or_404(Organisation, public_id=public_id)
    zeile = selectors.ansicht_of([beschaeftigung])[0]
    context = {"zeile": zeile, "arbeitgeber": arbeitgeber}
    return render(request, "kurse/fortschritt/mein_weg_arbeitgeber.html", context)


@zugang(Zugang.ANGEMELDET)
@never_cache
@require_safe
def kurs_fortschritt(request: HttpRequest, public_id: str) -> HttpResponse:
    """Everybody's progress in one course, for its lecturers and its provider."""
    kurs = staffed_kurs_or_404(request.user, public_id)
    context = {
        "kurs": kurs,
        "fortschritt": selectors.kurs_fortschritt(kurs),
        "reiter": reiter_for(request.user, kurs, "kurs_fortschritt"),
    }
    return render(request, "kurse/fortschritt/kurs.html", context)
