"""Pages of the participant: enrol, own courses, withdraw, take an offered place."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kurse.einschreibung.enums import NIMMT_TEIL, EinschreibungStatus
from kurse.einschreibung.forms import EinschreibenForm, OptionalGrundForm
from kurse.einschreibung.models import Einschreibung
from kurse.einschreibung.regeln import has_begun
from kurse.einschreibung.selectors import (
    einschreibungen_for,
    overlaps_for,
    own_einschreibung_or_404,
    own_row,
    public_kurs_or_404,
)
from kurse.einschreibung.services import ZURUECKGEZOGEN, accept_angebot, cancel_einschreibung, enrol
from lms.core.access import Zugang, zugang
from lms.core.errors import DomainError
from lms.konten.selectors import current_arbeitgeber

S = EinschreibungStatus
AKTIV = frozenset({S.BEANTRAGT, S.WARTELISTE, S.ANGEBOTEN, S.ZUGELASSEN})


def post_data(request: HttpRequest) -> QueryDict | None:
    """What was sent, also if it is empty; None on GET, so that the form stays unbound."""
    return request.POST if request.method == "POST" else None


def add_fault(form: object, error: DomainError) -> None:
    """A broken rule belongs to the field it names, if the form has it, otherwise to the form."""
    field = error.field if error.field in form.fields else None  # type: ignore[attr-defined]
    form.add_error(field, error.message)  # type: ignore[attr-defined]


@zugang(Zugang.ANGEMELDET)
@require_http_methods(["GET", "POST"])
def einschreiben(request: HttpRequest, public_id: str) -> HttpResponse:
    """Confirm the own enrolment, knowing what happens next, what collides and who will know."""
    kurs = public_kurs_or_404(public_id)
    row = own_row(request.user, kurs)
    if row is not None and row.status not in ZURUECKGEZOGEN:
        messages.info(request, _("Sie sind für diesen Kurs schon vorgemerkt."))
        return redirect("meine_kurse")
    arbeitgeber = current_arbeitgeber(request.user)
    form = EinschreibenForm(post_data(request), arbeitgeber=arbeitgeber)
    if request.method == "POST" and form.is_valid():
        try:
            row = enrol(request.user, kurs, request.user, arbeitgeber=form.cleaned_data.get("arbeitgeber"))
        except DomainError as error:
            add_fault(form, error)
        else:
            messages.success(request, _result_text(row))
            return redirect("meine_kurse")
    kontext = {
        "kurs": kurs,
        "form": form,
        "arbeitgeber": arbeitgeber,
        "ueberschneidungen": overlaps_for(request.user, kurs),
        "warteliste": not kurs.freie_plaetze or kurs.einschreibungen.filter(status=S.WARTELISTE).exists(),
    }
    status = 422 if form.errors else 200
    return render(request, "kurse/einschreibung/einschreiben.html", kontext, status=status)


def _result_text(row: Einschreibung) -> str:
    if row.status == S.WARTELISTE:
        return _("Der Kurs ist voll. Sie stehen jetzt auf der Warteliste.")
    if row.status == S.BEANTRAGT:
        return _("Ihr Platz ist vorgemerkt. Ihr Arbeitgeber wurde um Zustimmung gebeten.")
    return _("Sie sind eingeschrieben.")


@zugang(Zugang.ANGEMELDET)
@require_GET
def meine_kurse(request: HttpRequest) -> HttpResponse:
    """Own enrolments: what goes on first, what is over below."""
    rows = list(einschreibungen_for(request.user)[:500])
    for row in rows:
        row.zuruecknehmbar = is_withdrawable(row)  # type: ignore[attr-defined]
    seite = Paginator([row for row in rows if row.status not in AKTIV], 25).get_page(request.GET.get("seite"))
    aktive = sorted(
        (row for row in rows if row.status in AKTIV),
        key=lambda row: (row.status != S.ANGEBOTEN, row.naechster_beginn is None, row.naechster_beginn, -row.pk),  # type: ignore[attr-defined]
    )
    return render(request, "kurse/einschreibung/meine_kurse.html", {"aktive": aktive, "page_obj": seite})


def is_withdrawable(row: Einschreibung) -> bool:
    return row.status in AKTIV and not (row.status in NIMMT_TEIL and has_begun(row.kurs))


@zugang(Zugang.ANGEMELDET)
@require_http_methods(["GET", "POST"])
def zurueckziehen(request: HttpRequest, public_id: str) -> HttpResponse:
    """Withdraw the own enrolment after a question; sending it twice is the same."""
    row = own_einschreibung_or_404(request.user, public_id)
    form = OptionalGrundForm(post_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            cancel_einschreibung(row, request.user, form.cleaned_data["grund"])
        except DomainError as error:
            add_fault(form, error)
        else:
            messages.success(request, _("Ihre Einschreibung ist zurückgezogen."))
            return redirect("meine_kurse")
    kontext = {
        "titel": _("Einschreibung zurückziehen?"),
        "text": _("%(kurs)s. Ihr Platz geht an die nächste Person auf der Warteliste.") % {"kurs": row.kurs.titel},
        "form": form,
        "knopf_text": _("Einschreibung zurückziehen"),
        "abbrechen_url": reverse("meine_kurse"),
    }
    return render(request, "core/bestaetigung.html", kontext, status=422 if form.errors else 200)


@zugang(Zugang.ANGEMELDET)
@require_POST
def annehmen(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take the offered place."""
    row = own_einschreibung_or_404(request.user, public_id)
    try:
        row = accept_angebot(row, request.user)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _result_text(row))
    return redirect("meine_kurse")
