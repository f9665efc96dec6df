"""Pages of the attendance room: translate between forms and services, nothing else."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import TemplateView

from kurse.anwesenheit import darstellung, formular, selectors
from kurse.anwesenheit.enums import AnwesenheitStatus
from kurse.anwesenheit.formular import Formular
from kurse.anwesenheit.services import close_liste, record_anwesenheit, reopen_liste
from kurse.einschreibung.selectors import einschreibung_or_404
from kurse.planung.models import Termin
from kurse.planung.permissions import may_record, require
from kurse.planung.reiter import reiter_for
from lms.core.access import Zugang
from lms.core.errors import DomainError


class HeuteView(TemplateView):
    """The lecturer's day: today's sessions, lists that are still open, what comes next."""

    zugang = Zugang.ANGEMELDET
    template_name = "kurse/anwesenheit/heute.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.request.user
        offene = Paginator(selectors.offene_listen(person, verwaltet=True), 25)
        return super().get_context_data(
            heute=selectors.termine_today(person),
            naechste=selectors.termine_next(person)[:5],
            offene=offene.get_page(self.request.GET.get("seite")),
            **kwargs,
        )


class AnwesenheitView(View):
    """The list of one session. Everybody who may see it gets the page; recording needs the right to record."""

    zugang = Zugang.ANGEMELDET

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        return self._render(selectors.termin_or_404(request.user, public_id), Formular())

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        termin = selectors.termin_or_404(request.user, public_id)
        require(termin.darf_erfassen)
        form = formular.parse(request.POST, termin)
        aktion = request.POST.get("aktion")
        eintraege = formular.entries_of(form, termin, rest_anwesend=aktion == "alle")
        try:
            if form.hat_fehler:
                return self._render(termin, form, 422)
            staende = record_anwesenheit(termin, request.user, eintraege)
        except DomainError as error:
            form.add_error(error)
            return self._render(termin, form, 422)
        _report(request, Counter(stand.status for stand in staende))
        if aktion == "schliessen":
            _close(request, termin)
        return redirect("anwesenheit", termin.public_id)

    def _render(self, termin: Termin, form: Formular, status: int = 200) -> HttpResponse:
        context = darstellung.liste_context(termin, form)
        return render(self.request, "kurse/anwesenheit/liste.html", context, status=status)


def _report(request: HttpRequest, zahlen: Counter) -> None:
    if not zahlen:
        messages.info(request, _("Es war nichts ausgewählt; es wurde nichts gespeichert."))
        return
    teile = [f"{zahlen[wert]} {label}" for wert, label in AnwesenheitStatus.choices if zahlen[wert]]
    messages.success(request, _("Gespeichert: %(zahlen)s.") % {"zahlen": ", ".join(teile)})


def _close(request: HttpRequest, termin: Termin) -> None:
    try:
        close_liste(termin, request.user)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Die Liste ist geschlossen. Eine Berichtigung braucht ab jetzt einen Grund."))


class ListeOeffnenView(View):
    """The provider opens a closed list again."""

    zugang = Zugang.ANGEMELDET

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        termin = selectors.termin_or_404(request.user, public_id)
        grund = request.POST.get("grund", "")
        try:
            reopen_liste(termin, request.user, grund)
        except DomainError as error:
            context = darstellung.liste_context(termin, Formular())
            context |= {"oeffnen_fehler": error.message, "oeffnen_grund": grund}
            return render(request, "kurse/anwesenheit/liste.html", context, status=422)
        messages.success(request, _("Die Liste ist wieder geöffnet."))
        return redirect("anwesenheit", termin.public_id)


class UebersichtView(View):
    """Sessions × people of a course, for its staff."""

    zugang = Zugang.ANGEMELDET

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        kurs = selectors.kurs_or_404(request.user, public_id)
        context = darstellung.uebersicht_context(kurs)
        context["reiter"] = reiter_for(request.user, kurs, "anwesenheit_uebersicht")
        return render(request, "kurse/anwesenheit/uebersicht.html", context)


class MeineAnwesenheitView(View):
    """The evidence of one enrolment: for its person, and (with notes) for the staff of the course."""

    zugang = Zugang.ANGEMELDET

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        einschreibung = einschreibung_or_404(request.user, public_id)
        context = darstellung.nachweis_context(einschreibung)
        context["eigene"] = einschreibung.person_id == request.user.pk
        context["mit_notizen"] = not context["eigene"] and may_record(request.user, einschreibung.kurs)
        return render(request, "kurse/anwesenheit/nachweis.html", context)
