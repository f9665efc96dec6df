"""Pages of the employer: approve or reject applications, enrol several people at once."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from kurse.einschreibung.enums import EinschreibungStatus, GenehmigungStatus
from kurse.einschreibung.forms import AuswahlForm, GrundForm, PersonalFilterForm, PersonalForm
from kurse.einschreibung.models import Einschreibung
from kurse.einschreibung.selectors import (
    einschreibungen_of_arbeitgeber,
    einschreibungen_to_approve,
    enrollable_kurse,
    personal_of,
    request_or_404,
)
from kurse.einschreibung.services import UNENTSCHIEDEN, approve_einschreibung, enrol_many, reject_einschreibung
from kurse.einschreibung.views import add_fault, post_data
from kurse.planung.models import Kurs
from lms.core.access import Zugang, zugang
from lms.core.errors import DomainError
from lms.konten.enums import Recht
from lms.konten.models import Organisation, Person
from lms.konten.rechte import organisationen_mit_recht

RECHT = Recht.EINSCHREIBUNGEN_GENEHMIGEN


def _arbeitgeber_or_403(request: HttpRequest) -> list[Organisation]:
    found = list(organisationen_mit_recht(request.user, RECHT).filter(ist_arbeitgeber=True).order_by("name"))
    if not found:
        raise PermissionDenied
    return found


@zugang(Zugang.ANGEMELDET)
@require_http_methods(["GET", "POST"])
def genehmigungen(request: HttpRequest) -> HttpResponse:
    """Open applications; several can be approved with one act."""
    _arbeitgeber_or_403(request)
    rows = einschreibungen_to_approve(request.user)
    form = None
    if request.method == "POST":
        ids = list(rows.values_list("public_id", flat=True))
        sent = request.POST.getlist("einschreibungen")
        form = AuswahlForm(request.POST, ids=[*ids, *sent])
        if form.is_valid():
            _approve_all(request, [i for i in sent if i in ids], len(set(sent)))
            return redirect("genehmigungen")
    seite = Paginator(rows, 50).get_page(request.GET.get("seite"))
    entschieden = einschreibungen_of_arbeitgeber(request.user).exclude(genehmigung_at=None).order_by("-genehmigung_at")
    kontext = {"page_obj": seite, "form": form, "entschieden": list(entschieden[:10])}
    return render(request, "kurse/einschreibung/genehmigungen.html", kontext, status=422 if form else 200)


def _approve_all(request: HttpRequest, ids: list[str], asked: int) -> None:
    """Each application for itself: one that changed meanwhile does not stop the others."""
    done = 0
    for row in einschreibungen_to_approve(request.user).filter(public_id__in=ids):
        try:
            approve_einschreibung(row, request.user)
        except DomainError as error:
            messages.warning(request, f"{row.person.name}: {error.message}")
        else:
            done += 1
    if done:
        text = ngettext("%(n)s Anmeldung genehmigt.", "%(n)s Anmeldungen genehmigt.", done) % {"n": done}
        messages.success(request, text)
    if asked > len(ids):
        messages.info(request, _("Einige Anmeldungen waren schon entschieden oder zurückgezogen."))


@zugang(Zugang.ANGEMELDET)
@require_http_methods(["GET", "POST"])
def genehmigung(request: HttpRequest, public_id: str) -> HttpResponse:
    """One application: approve, or reject with a reason."""
    row = request_or_404(request.user, public_id)
    if request.POST.get("entscheidung") == "genehmigen":
        return _approve_one(request, row)
    form = GrundForm(post_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            reject_einschreibung(row, request.user, form.cleaned_data["grund"])
        except DomainError as error:
            add_fault(form, error)
        else:
            messages.success(request, _("Die Anmeldung ist abgelehnt."))
            return redirect("genehmigungen")
    kontext = {"einschreibung": row, "kurs": row.kurs, "form": form, "offen": _is_open(row)}
    return render(request, "kurse/einschreibung/genehmigung.html", kontext, status=422 if form.errors else 200)


def _approve_one(request: HttpRequest, row: Einschreibung) -> HttpResponse:
    try:
        approve_einschreibung(row, request.user)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("genehmigung", row.public_id)
    messages.success(request, _("Die Anmeldung ist genehmigt."))
    return redirect("genehmigungen")


def _is_open(row: Einschreibung) -> bool:
    return row.genehmigung == GenehmigungStatus.OFFEN and row.status in UNENTSCHIEDEN


def _chosen_kurs(request: HttpRequest) -> Kurs | None:
    wanted = request.GET.get("kurs", "")
    if not wanted:
        return None
    found = enrollable_kurse().filter(public_id=wanted).first()
    if found is None:
        raise Http404
    return found


def _chosen_arbeitgeber(request: HttpRequest) -> tuple[list[Organisation], Organisation]:
    all_of_them = _arbeitgeber_or_403(request)
    wanted = request.GET.get("arbeitgeber", "")
    found = next((org for org in all_of_them if org.public_id == wanted), None)
    if wanted and found is None:
        raise Http404
    return all_of_them, found or all_of_them[0]


@zugang(Zugang.ANGEMELDET)
@require_http_methods(["GET", "POST"])
def traeger_einschreiben(request: HttpRequest) -> HttpResponse:
    """Choose a course, then people; afterwards every person has its own result."""
    alle, arbeitgeber = _chosen_arbeitgeber(request)
    kurs = _chosen_kurs(request)
    if kurs is None:
        return _choose_kurs(request, alle, arbeitgeber)
    filter_form = PersonalFilterForm(request.GET)
    suche = filter_form.cleaned_data["suche"] if filter_form.is_valid() else ""
    personal = personal_of(arbeitgeber, kurs, suche)
    form, ergebnisse = None, None
    if request.method == "POST":
        employed = Person.objects.filter(pk__in=personal_of(arbeitgeber, None).values("person"))
        form = PersonalForm(request.POST, personen=employed)
        if form.is_valid():
            ergebnisse = enrol_many(arbeitgeber, kurs, form.cleaned_data["personen"], request.user)
    seite = Paginator(personal, 50).get_page(request.GET.get("seite"))
    for zeile in seite:
        zeile.einschreibung_text = dict(EinschreibungStatus.choices).get(zeile.einschreibung_status, "")
    kontext = {
        "kurs": kurs,
        "arbeitgeber": arbeitgeber,
        "alle_arbeitgeber": alle,
        "filter_form": filter_form,
        "form": form,
        "ergebnisse": ergebnisse,
        "page_obj": seite,
        "gewaehlt": request.POST.getlist("personen") if ergebnisse is None else [],
        "zurueck": f"{reverse('traeger_einschreiben')}?arbeitgeber={arbeitgeber.public_id}",
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "kurse/einschreibung/traeger_einschreiben.html", kontext, status=status)


@require_GET
def _choose_kurs(request: HttpRequest, alle: list[Organisation], arbeitgeber: Organisation) -> HttpResponse:
    seite = Paginator(enrollable_kurse(), 25).get_page(request.GET.get("seite"))
    kontext = {"page_obj": seite, "arbeitgeber": arbeitgeber, "alle_arbeitgeber": alle}
    return render(request, "kurse/einschreibung/traeger_kurswahl.html", kontext)
