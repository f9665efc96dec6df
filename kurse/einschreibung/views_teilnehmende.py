"""Pages of the course's staff: the list of participants, adding, cancelling, export."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kurse.einschreibung.enums import EinschreibungStatus
from kurse.einschreibung.export import FORMATE, export_response
from kurse.einschreibung.forms import GrundForm, HinzufuegenForm, TeilnehmendeFilterForm
from kurse.einschreibung.models import Einschreibung
from kurse.einschreibung.selectors import (
    count_by_status,
    einschreibung_or_404,
    einschreibungen_of,
    staffed_kurs_or_404,
    warteliste_of,
)
from kurse.einschreibung.services import (
    UNENTSCHIEDEN,
    approve_einschreibung,
    cancel_einschreibung,
    enrol,
    reject_einschreibung,
)
from kurse.einschreibung.views import AKTIV, add_fault, post_data
from kurse.planung.models import Kurs
from kurse.planung.permissions import may_manage, require
from kurse.planung.reiter import reiter_for
from lms.core.access import Zugang, zugang
from lms.core.audit import record_audit
from lms.core.errors import DomainError

S = EinschreibungStatus


def managed_kurs(request: HttpRequest, public_id: str) -> Kurs:
    """404 for a course that one does not work for, 403 for lecturers who do not administer it."""
    kurs = staffed_kurs_or_404(request.user, public_id)
    require(may_manage(request.user, kurs))
    return kurs


def managed_row(request: HttpRequest, public_id: str) -> Einschreibung:
    row = einschreibung_or_404(request.user, public_id)
    require(may_manage(request.user, row.kurs))
    return row


def tabs(request: HttpRequest, kurs: Kurs) -> dict[str, Any]:
    return {"kurs": kurs, "reiter": reiter_for(request.user, kurs, "teilnehmende")}


@zugang(Zugang.ANGEMELDET)
@require_GET
def teilnehmende(request: HttpRequest, public_id: str) -> HttpResponse:
    """Everybody in the course with state and employer; the waiting list in order."""
    kurs = staffed_kurs_or_404(request.user, public_id)
    form = TeilnehmendeFilterForm(request.GET)
    filters = form.cleaned_data if form.is_valid() else {}
    rows = einschreibungen_of(kurs, filters.get("suche", ""), filters.get("status", ""))
    if not filters.get("status"):
        rows = rows.exclude(status=S.WARTELISTE) if not filters.get("suche") else rows
    zahlen = count_by_status(kurs)
    kontext = {
        **tabs(request, kurs),
        "filter_form": form,
        "gefiltert": any(filters.values()),
        "page_obj": Paginator(rows, 50).get_page(request.GET.get("seite")),
        "warteliste": list(warteliste_of(kurs)[:200]) if not any(filters.values()) else [],
        "verwaltet": may_manage(request.user, kurs),
        "zugelassen": zahlen.get(S.ZUGELASSEN, 0) + zahlen.get(S.ABGESCHLOSSEN, 0) + zahlen.get(S.NICHT_BESTANDEN, 0),
        "offen": zahlen.get(S.BEANTRAGT, 0) + zahlen.get(S.ANGEBOTEN, 0),
        "wartend": zahlen.get(S.WARTELISTE, 0),
        "aktiv": AKTIV,
        "unentschieden": UNENTSCHIEDEN,
    }
    return render(request, "kurse/einschreibung/teilnehmende.html", kontext)


@zugang(Zugang.ANGEMELDET)
@require_GET
def export(request: HttpRequest, public_id: str, format: str) -> HttpResponse:  # noqa: A002  (URL part)
    """The list as CSV or XLSX; addresses and birth dates only for the administration. Every export is logged."""
    kurs = staffed_kurs_or_404(request.user, public_id)
    if format not in FORMATE:
        raise Http404
    rows, kontakt = list(einschreibungen_of(kurs)), may_manage(request.user, kurs)
    record_audit(request.user, "teilnehmende_exportiert", kurs, format=format, personen=len(rows), kontakt=kontakt)
    return export_response(kurs, rows, format, mit_kontakt=kontakt)


@zugang(Zugang.ANGEMELDET)
@require_http_methods(["GET", "POST"])
def hinzufuegen(request: HttpRequest, public_id: str) -> HttpResponse:
    """Enrol a person with an account, by the exact address."""
    kurs = managed_kurs(request, public_id)
    form = HinzufuegenForm(post_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            liegt_vor = form.cleaned_data["genehmigung_liegt_vor"]
            row = enrol(form.person, kurs, request.user, genehmigung_liegt_vor=liegt_vor)
        except DomainError as error:
            add_fault(form, error)
        else:
            text = _("%(name)s: %(status)s") % {"name": row.person.name, "status": row.get_status_display()}
            messages.success(request, text)
            return redirect("teilnehmende", kurs.public_id)
    kontext = {**tabs(request, kurs), "form": form}
    return render(request, "kurse/einschreibung/hinzufuegen.html", kontext, status=422 if form.errors else 200)


@zugang(Zugang.ANGEMELDET)
@require_http_methods(["GET", "POST"])
def stornieren(request: HttpRequest, public_id: str) -> HttpResponse:
    """The provider ends an enrolment with a reason; undecided ones are rejected, others cancelled."""
    row = managed_row(request, public_id)
    lehnt_ab = row.status in UNENTSCHIEDEN
    form = GrundForm(post_data(request))
    if request.method == "POST" and form.is_valid():
        act = reject_einschreibung if lehnt_ab else cancel_einschreibung
        try:
            act(row, request.user, form.cleaned_data["grund"])
        except DomainError as error:
            add_fault(form, error)
        else:
            messages.success(
                request, _("Die Anmeldung ist abgelehnt.") if lehnt_ab else _("Die Einschreibung ist beendet.")
            )
            return redirect("teilnehmende", row.kurs.public_id)
    kontext = {
        "titel": _("Anmeldung ablehnen?") if lehnt_ab else _("Einschreibung beenden?"),
        "text": f"{row.person.name} · {row.kurs.titel}",
        "form": form,
        "knopf_text": _("Anmeldung ablehnen") if lehnt_ab else _("Einschreibung beenden"),
        "abbrechen_url": reverse("teilnehmende", args=[row.kurs.public_id]),
    }
    return render(request, "core/bestaetigung.html", kontext, status=422 if form.errors else 200)


@zugang(Zugang.ANGEMELDET)
@require_POST
def zustimmung_vermerken(request: HttpRequest, public_id: str) -> HttpResponse:
    """The employer's approval has arrived on paper."""
    row = managed_row(request, public_id)
    try:
        approve_einschreibung(row, request.user)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Die Zustimmung für %(name)s ist vermerkt.") % {"name": row.person.name})
    return redirect("teilnehmende", row.kurs.public_id)
