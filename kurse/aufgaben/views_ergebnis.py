"""Pages of module results: proposals, what they are made of, and the decision."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kurse.aufgaben.ergebnis import confirm_alle, confirm_ergebnis, propose_ergebnis, propose_for_kurs
from kurse.aufgaben.forms import ErgebnisForm
from kurse.aufgaben.models import Modulergebnis
from kurse.aufgaben.permissions import zugriff_of
from kurse.aufgaben.views import SEITE, add_domain_error, kurs_for, page
from kurse.aufgaben.vorschlag import Vorschlag, is_benotet, skala_of_kurs
from kurse.einschreibung.enums import NIMMT_TEIL
from kurse.einschreibung.models import Einschreibung
from kurse.planung.models import Kurs
from kurse.planung.permissions import require
from lms.core.access import Zugang, zugang
from lms.core.errors import DomainError


def readable(berechnung: dict[str, Any]) -> dict[str, Any]:
    """The frozen facts with dates as dates, for the template."""
    regel = berechnung.get("regel")
    return {
        **berechnung,
        "regel": {**regel, "gueltig_ab": date.fromisoformat(regel["gueltig_ab"])} if regel else None,
        "termine": [{**t, "beginn": datetime.fromisoformat(t["beginn"])} for t in berechnung.get("termine", [])],
        "aufgaben": [
            {**a, "bewertet_am": date.fromisoformat(a["bewertet_am"]) if a["bewertet_am"] else None}
            for a in berechnung.get("aufgaben", [])
        ],
    }


def _row(vorschlag: Vorschlag, ergebnis: Modulergebnis | None) -> dict[str, Any]:
    """One line of the list: the confirmed result with its frozen numbers, else the proposal of now."""
    base = {"einschreibung": vorschlag.einschreibung, "vorschlag": vorschlag, "ergebnis": ergebnis}
    source: Any = ergebnis or vorschlag
    anteil = source.berechnung.get("anwesenheit", {}).get("anteil")
    return {**base, "quelle": source, "anteil": anteil, "b": readable(source.berechnung)}


def _results(kurs: Kurs) -> dict[int, Modulergebnis]:
    rows = Modulergebnis.objects.filter(einschreibung__kurs=kurs).select_related("bestaetigt_von")
    return {row.einschreibung_id: row for row in rows}


@zugang(Zugang.ANGEMELDET)
@require_GET
def ergebnisse(request: HttpRequest, public_id: str) -> HttpResponse:
    kurs, zugriff = kurs_for(request, public_id)
    if not zugriff.lehrseite:
        raise Http404
    results, proposals = _results(kurs), propose_for_kurs(kurs)
    waiting = [v for v in proposals if v.einschreibung.pk not in results]
    seite = Paginator(proposals, SEITE).get_page(request.GET.get("seite"))
    context = {
        "tab": "ergebnisse",
        "zugriff": zugriff,
        "seite": seite,
        "zeilen": [_row(v, results.get(v.einschreibung.pk)) for v in seite],
        "bestaetigt": len(proposals) - len(waiting),
        "bereit": sum(v.entschieden for v in waiting),
        "offen": sum(not v.entschieden for v in waiting),
    }
    return page(request, "ergebnisse", kurs, context)


@zugang(Zugang.ANGEMELDET)
@require_POST
def ergebnisse_bestaetigen(request: HttpRequest, public_id: str) -> HttpResponse:
    """Confirm every proposal that the rules decide."""
    kurs, zugriff = kurs_for(request, public_id)
    require(zugriff.bestaetigen)
    result = confirm_alle(kurs, request.user)
    count = len(result.bestaetigt)
    text = ngettext("%(anzahl)s Ergebnis wurde bestätigt.", "%(anzahl)s Ergebnisse wurden bestätigt.", count)
    messages.success(request, text % {"anzahl": count})
    if result.uebersprungen:
        messages.info(request, _("Offene Vorschläge wurden nicht bestätigt; sie brauchen eine Entscheidung."))
    return redirect("ergebnisse", kurs.public_id)


@zugang(Zugang.ANGEMELDET)
@require_http_methods(["GET", "POST"])
def ergebnis(request: HttpRequest, public_id: str) -> HttpResponse:
    """One person: what the numbers are made of, and the decision. Participants see their own confirmed result."""
    rows = Einschreibung.objects.filter(status__in=NIMMT_TEIL).select_related("person", "kurs")
    row = get_object_or_404(rows, public_id=public_id)
    zugriff = zugriff_of(request.user, row.kurs)
    found = Modulergebnis.objects.filter(einschreibung=row).select_related("bestaetigt_von").first()
    own = row.person_id == request.user.pk
    if not zugriff.lehrseite and not (own and found):
        raise Http404
    require(request.method == "GET" or (zugriff.bestaetigen and not own))
    if found:
        return _confirmed_page(request, row, found)
    return _decide(request, row, darf=zugriff.bestaetigen and not own)


def _confirmed_page(request: HttpRequest, row: Einschreibung, found: Modulergebnis) -> HttpResponse:
    if request.method == "POST":
        messages.info(request, _("Das Ergebnis war schon bestätigt; es wurde nichts geändert."))
        return redirect("ergebnis", row.public_id)
    context = {"einschreibung": row, "ergebnis": found, "quelle": found, "b": readable(found.berechnung)}
    context["tab"] = "ergebnisse" if row.person_id != request.user.pk else "aufgaben"
    return page(request, "ergebnis", row.kurs, context)


def _decide(request: HttpRequest, row: Einschreibung, *, darf: bool) -> HttpResponse:
    vorschlag = propose_ergebnis(row)
    form = ErgebnisForm(request.POST or None, vorschlag=vorschlag, benotet=is_benotet(skala_of_kurs(row.kurs)))
    if request.method == "POST" and form.is_valid():
        try:
            confirm_ergebnis(row, request.user, **form.cleaned_data)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _("Das Ergebnis wurde bestätigt."))
            return redirect("ergebnisse", row.kurs.public_id)
    context = {
        "tab": "ergebnisse",
        "einschreibung": row,
        "vorschlag": vorschlag,
        "quelle": vorschlag,
        "b": readable(vorschlag.berechnung),
        "form": form if darf else None,
    }
    return page(request, "ergebnis", row.kurs, context, status=422 if form.errors else 200)
