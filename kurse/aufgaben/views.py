"""Pages of assignments and submissions."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kurse.anwesenheit.selectors import name_key
from kurse.aufgaben.enums import AbgabeStatus, AufgabeArt
from kurse.aufgaben.forms import AbgabeForm, AufgabeForm, BewertungForm, FristForm, PruefungForm, ZuBewertenForm
from kurse.aufgaben.models import Abgabe, Aufgabe, Modulergebnis
from kurse.aufgaben.permissions import Zugriff, zugriff_of
from kurse.aufgaben.selectors import (
    Stand,
    abgabe_or_404,
    aufgabe_or_404,
    bewertung_of,
    next_to_grade,
    staende_of,
    versionen_of,
    zaehler_of,
)
from kurse.aufgaben.services import (
    create_aufgabe,
    extend_frist,
    grade_abgabe,
    record_pruefung,
    submit_abgabe,
    update_aufgabe,
)
from kurse.einschreibung.enums import NIMMT_TEIL
from kurse.einschreibung.models import Einschreibung
from kurse.planung.models import Kurs
from kurse.planung.permissions import require
from kurse.planung.reiter import reiter_for
from lms.core.access import Zugang, zugang
from lms.core.errors import DomainError

SEITE = 25


def kurs_for(request: HttpRequest, public_id: str) -> tuple[Kurs, Zugriff]:
    """The course and what the person is to its assignments; 404 for everybody else."""
    kurs = get_object_or_404(Kurs.objects.select_related("modulversion__notenskala"), public_id=public_id)
    zugriff = zugriff_of(request.user, kurs)
    if not zugriff.sieht:
        raise Http404
    return kurs, zugriff


def page(
    request: HttpRequest, template: str, kurs: Kurs, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    tab = context.pop("tab", "aufgaben")
    base = {"kurs": kurs, "reiter": reiter_for(request.user, kurs, tab)}
    return render(request, f"kurse/aufgaben/{template}.html", {**base, **context}, status=status)


def add_domain_error(form: Form, error: DomainError) -> None:
    form.add_error(error.field if error.field in form.fields else None, error.message)


# --- the assignments of a course --------------------------------------------------------------------------------------
@zugang(Zugang.ANGEMELDET)
@require_GET
def aufgaben(request: HttpRequest, public_id: str) -> HttpResponse:
    kurs, zugriff = kurs_for(request, public_id)
    rows = list(Aufgabe.objects.filter(kurs=kurs).select_related("notenskala"))
    if zugriff.lehrseite:
        counts = zaehler_of(rows)
        context = {"zeilen": [(row, counts.get(row.pk)) for row in rows], "zugriff": zugriff}
        return page(request, "aufgaben_lehre", kurs, context)
    mine = zugriff.einschreibung
    assert mine is not None
    staende = list(staende_of(rows, [mine]).values())
    ergebnis = Modulergebnis.objects.filter(einschreibung=mine).first()
    return page(request, "aufgaben", kurs, {"staende": staende, "ergebnis": ergebnis, "einschreibung": mine})


@zugang(Zugang.ANGEMELDET)
@require_http_methods(["GET", "POST"])
def aufgabe_neu(request: HttpRequest, public_id: str) -> HttpResponse:
    kurs, zugriff = kurs_for(request, public_id)
    require(zugriff.bewerten)
    form = AufgabeForm(request.POST or None, initial={"notenskala": kurs.modulversion and kurs.modulversion.notenskala})
    if request.method == "POST" and form.is_valid():
        try:
            create_aufgabe(kurs, request.user, **form.cleaned_data)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _("Die Aufgabe wurde angelegt."))
            return redirect("aufgaben", kurs.public_id)
    return page(request, "aufgabe_form", kurs, {"form": form}, status=422 if form.errors else 200)


@zugang(Zugang.ANGEMELDET)
@require_http_methods(["GET", "POST"])
def aufgabe_bearbeiten(request: HttpRequest, public_id: str) -> HttpResponse:
    aufgabe = aufgabe_or_404(request.user, public_id)
    require(zugriff_of(request.user, aufgabe.kurs).bewerten)
    form = AufgabeForm(request.POST or None, instance=aufgabe)
    if request.method == "POST" and form.is_valid():
        try:
            update_aufgabe(aufgabe, request.user, **form.cleaned_data)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _("Die Aufgabe wurde gespeichert."))
            return redirect("aufgabe", aufgabe.public_id)
    context = {"form": form, "aufgabe": aufgabe}
    return page(request, "aufgabe_form", aufgabe.kurs, context, status=422 if form.errors else 200)


# --- one assignment: hand in, or the list of submissions --------------------------------------------------------------
@zugang(Zugang.ANGEMELDET)
@require_http_methods(["GET", "POST"])
def aufgabe(request: HttpRequest, public_id: str) -> HttpResponse:
    row = aufgabe_or_404(request.user, public_id)
    zugriff = zugriff_of(request.user, row.kurs)
    if zugriff.lehrseite:
        require(request.method == "GET")
        return _aufgabe_lehre(request, row, zugriff)
    mine = zugriff.einschreibung
    if mine is None:
        raise Http404
    form = AbgabeForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            submit_abgabe(row, mine, request.user, **form.cleaned_data)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _("Ihre Abgabe ist eingegangen."))
            return redirect("aufgabe", row.public_id)
    return _aufgabe_teilnahme(request, row, mine, form)


def _aufgabe_teilnahme(request: HttpRequest, row: Aufgabe, mine: Einschreibung, form: AbgabeForm) -> HttpResponse:
    stand = staende_of([row], [mine])[(row.pk, mine.pk)]
    latest = stand.abgabe
    used = latest.versuch if latest else 0
    if latest and not form.is_bound:
        form.initial["text"] = latest.text
    context = {
        "aufgabe": row,
        "stand": stand,
        "form": form,
        "versionen": versionen_of(row, mine),
        "verbleibend": max(0, row.max_versuche - used),
        "offen": _may_still_submit(row, mine, stand, used),
        "datei_neu_waehlen": form.errors and request.FILES,
    }
    return page(request, "aufgabe", row.kurs, context, status=422 if form.errors else 200)


def _may_still_submit(row: Aufgabe, mine: Einschreibung, stand: Stand, used: int) -> bool:
    """Whether to offer the form; the service decides again. After the deadline it stays, so that its answer helps."""
    return (
        row.art != AufgabeArt.PRUEFUNG
        and mine.status == "zugelassen"
        and stand.stand != AbgabeStatus.BESTANDEN
        and used < row.max_versuche
    )


def _aufgabe_lehre(request: HttpRequest, row: Aufgabe, zugriff: Zugriff) -> HttpResponse:
    people = Einschreibung.objects.filter(kurs=row.kurs, status__in=NIMMT_TEIL).select_related("person")
    staende = list(staende_of([row], sorted(people, key=name_key)).values())
    waiting = [s for s in staende if s.stand == AbgabeStatus.EINGEREICHT]
    wanted = {"zu_bewerten": waiting, "fehlend": [s for s in staende if s.abgabe is None]}
    shown = wanted.get(request.GET.get("zeige", ""), staende)
    context = {
        "aufgabe": row,
        "zugriff": zugriff,
        "filter": ZuBewertenForm(request.GET),
        "seite": Paginator(shown, SEITE).get_page(request.GET.get("seite")),
        "zu_bewerten": len(waiting),
        "naechste": min(waiting, key=lambda s: s.abgabe.abgegeben_at).abgabe if waiting else None,
        "pruefung": row.art == AufgabeArt.PRUEFUNG,
    }
    return page(request, "aufgabe_lehre", row.kurs, context)


@zugang(Zugang.ANGEMELDET)
@require_http_methods(["GET", "POST"])
def frist(request: HttpRequest, public_id: str) -> HttpResponse:
    row = aufgabe_or_404(request.user, public_id)
    require(zugriff_of(request.user, row.kurs).bewerten)
    initial = {"einschreibung": request.GET.get("person", "")}
    form = FristForm(request.POST or None, aufgabe=row, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            extend_frist(row, akteur=request.user, **form.cleaned_data)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _("Die Frist wurde verlängert. Die Person bekommt eine Nachricht."))
            return redirect("aufgabe", row.public_id)
    return page(request, "frist", row.kurs, {"aufgabe": row, "form": form}, status=422 if form.errors else 200)


@zugang(Zugang.ANGEMELDET)
@require_http_methods(["GET", "POST"])
def pruefung(request: HttpRequest, public_id: str, einschreibung_id: str) -> HttpResponse:
    """Record the result of an examination, where nothing is handed in."""
    row = aufgabe_or_404(request.user, public_id)
    require(zugriff_of(request.user, row.kurs).bewerten)
    rows = Einschreibung.objects.filter(kurs=row.kurs, status__in=NIMMT_TEIL).select_related("person")
    person = get_object_or_404(rows, public_id=einschreibung_id)
    stand = staende_of([row], [person])[(row.pk, person.pk)]
    form = PruefungForm(
        request.POST or None, aufgabe=row, erster=stand.abgabe is None, initial=_initial(stand.bewertung)
    )
    if request.method == "POST" and form.is_valid():
        try:
            record_pruefung(row, person, request.user, **form.cleaned_data)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _("Das Ergebnis wurde gespeichert."))
            return redirect("aufgabe", row.public_id)
    context = {"aufgabe": row, "person": person.person, "form": form, "versionen": versionen_of(row, person)}
    return page(request, "pruefung", row.kurs, context, status=422 if form.errors else 200)


# --- one submission ---------------------------------------------------------------------------------------------------
def _initial(bewertung: Any) -> dict[str, Any]:
    if bewertung is None:
        return {"bisher": ""}
    note = str(bewertung.note) if bewertung.note is not None else ""
    return {
        "ergebnis": bewertung.ergebnis,
        "note": note,
        "kommentar": bewertung.kommentar,
        "bisher": bewertung.public_id,
    }


@zugang(Zugang.ANGEMELDET)
@require_http_methods(["GET", "POST"])
def abgabe(request: HttpRequest, public_id: str) -> HttpResponse:
    """Grading page for lecturers; participants find their versions on the page of the assignment."""
    row = abgabe_or_404(request.user, public_id)
    zugriff = zugriff_of(request.user, row.aufgabe.kurs)
    own = row.einschreibung.person_id == request.user.pk
    require(request.method == "GET" or (zugriff.bewerten and not own))
    if own or not zugriff.lehrseite:
        return redirect("aufgabe", row.aufgabe.public_id)
    form = BewertungForm(request.POST or None, aufgabe=row.aufgabe, initial=_initial(bewertung_of(row)))
    if request.method == "POST" and form.is_valid():
        try:
            grade_abgabe(row, request.user, **form.cleaned_data)
        except DomainError as error:
            add_domain_error(form, error)
            _refresh_bisher(form, error)
        else:
            return _after_grading(request, row)
    return _abgabe_page(request, row, form, zugriff)


def _refresh_bisher(form: BewertungForm, error: DomainError) -> None:
    """The colleague's grading is now on the screen: saving again replaces it knowingly."""
    if error.code == "inzwischen_bewertet":
        form.data = form.data.copy()
        form.data["bisher"] = error.details["bewertung"] or ""


def _after_grading(request: HttpRequest, row: Abgabe) -> HttpResponse:
    messages.success(
        request, _("Die Bewertung für %(name)s wurde gespeichert.") % {"name": row.einschreibung.person.name}
    )
    following = next_to_grade(row.aufgabe, after=row)
    if "weiter" in request.POST and following:
        return redirect("abgabe", following.public_id)
    return redirect("aufgabe", row.aufgabe.public_id)


def _abgabe_page(request: HttpRequest, row: Abgabe, form: BewertungForm, zugriff: Zugriff) -> HttpResponse:
    versionen = list(versionen_of(row.aufgabe, row.einschreibung))
    newest = versionen[0]
    context = {
        "abgabe": row,
        "aufgabe": row.aufgabe,
        "person": row.einschreibung.person,
        "bewertung": next((bewertung_of(v) for v in versionen if v.pk == row.pk), None),
        "aeltere": [v for v in versionen if v.pk != row.pk],
        "neueste": newest if newest.pk != row.pk else None,
        "bewertbar": zugriff.bewerten and newest.pk == row.pk,
        "form": form,
    }
    return page(request, "abgabe", row.aufgabe.kurs, context, status=422 if form.errors else 200)


@zugang(Zugang.ANGEMELDET)
@require_GET
def abgabe_datei(request: HttpRequest, public_id: str) -> FileResponse:
    """The file, from storage and after the check of the right; always a download, never shown by the browser."""
    row = abgabe_or_404(request.user, public_id)
    if not row.datei:
        raise Http404
    return open_download(row)


def open_download(row: Abgabe) -> FileResponse:
    response = FileResponse(
        row.datei.open("rb"),
        as_attachment=True,
        filename=row.dateiname,
        content_type=row.mime or "application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
