"""The provider's workspace: courses, lecturers, places."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kurse.planung import services
from kurse.planung.checkliste import checkliste_of, missing_of, ue_plan_of
from kurse.planung.forms import GrundForm, KursForm, LehrauftragForm, OrtForm, PlanungFilterForm
from kurse.planung.formular import page, run
from kurse.planung.models import Kurs
from kurse.planung.reiter import reiter_for
from kurse.planung.selectors import (
    lehrauftraege_of,
    lehrende_of_organisation,
    ort_or_404,
    orte_of,
    planbare_kurse,
    planbarer_kurs_or_404,
    planbarer_lehrauftrag_or_404,
    search_planung,
    termine_of,
    veranstalter_of,
    waehlbare_versionen,
)
from lms.core.access import Zugang, zugang

PRO_SEITE = 50
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def require_veranstalter(request: HttpRequest) -> None:
    """403 for everybody who plans for no provider."""
    if not veranstalter_of(request.user).exists():
        raise PermissionDenied


@zugang(Zugang.ANGEMELDET)
@require_safe
def planung(request: HttpRequest) -> HttpResponse:
    require_veranstalter(request)
    form = PlanungFilterForm(request.GET)
    rows = search_planung(planbare_kurse(request.user), form.cleaned_data if form.is_valid() else {})
    seite = Paginator(rows, PRO_SEITE).get_page(request.GET.get("seite"))
    return page(request, "kurse/planung/planung.html", {"filter": form, "seite": seite})


@zugang(Zugang.ANGEMELDET)
@get_or_post
def kurs_neu(request: HttpRequest) -> HttpResponse:
    require_veranstalter(request)
    form = KursForm(request.POST or None, person=request.user, initial=_preset(request))
    done, kurs = run(form, lambda: services.create_kurs(request.user, **form.cleaned_data))
    if done:
        messages.success(request, _("Der Kurs ist als Entwurf angelegt. Planen Sie jetzt die Termine."))
        return redirect("planung_kurs", kurs.public_id)
    return page(request, "kurse/planung/kurs_formular.html", {"form": form})


def _preset(request: HttpRequest) -> dict[str, Any]:
    """`?modulversion=<id>`: the module page links here with its version."""
    wanted = request.GET.get("modulversion")
    if not wanted:
        return {}
    version = waehlbare_versionen(veranstalter_of(request.user)).filter(public_id=wanted).first()
    return {"modulversion": version} if version else {}


def kurs_kontext(request: HttpRequest, kurs: Kurs, aktiv: str, **mehr: Any) -> dict[str, Any]:
    return {"kurs": kurs, "reiter": reiter_for(request.user, kurs, "planung_kurs"), "bereich": aktiv, **mehr}


@zugang(Zugang.ANGEMELDET)
@require_safe
def planung_kurs(request: HttpRequest, public_id: str) -> HttpResponse:
    """Overview for the planner: what is missing, what is planned, what can be done."""
    kurs = planbarer_kurs_or_404(request.user, public_id)
    termine, lehrende = list(termine_of(kurs)), list(lehrauftraege_of(kurs))
    punkte = checkliste_of(kurs, termine, len(lehrende))
    kontext = kurs_kontext(
        request,
        kurs,
        "ueberblick",
        punkte=[(punkt, reverse(punkt.ziel, args=[kurs.public_id])) for punkt in punkte],
        fehlt=len(missing_of(punkte)),
        ue_plan=ue_plan_of(kurs, termine),
        termine_geplant=sum(1 for termin in termine if termin.status == "geplant"),
        lehrauftraege=lehrende,
        grund_form=GrundForm(),
    )
    return page(request, "kurse/planung/planung_kurs.html", kontext)


@zugang(Zugang.ANGEMELDET)
@get_or_post
def kurs_bearbeiten(request: HttpRequest, public_id: str) -> HttpResponse:
    kurs = planbarer_kurs_or_404(request.user, public_id)
    form = KursForm(request.POST or None, instance=kurs, person=request.user)
    done, _row = run(form, lambda: services.update_kurs(kurs, request.user, **form.cleaned_data))
    if done:
        messages.success(request, _("Die Angaben zum Kurs sind gespeichert."))
        return redirect("planung_kurs", kurs.public_id)
    return page(request, "kurse/planung/kurs_formular.html", kurs_kontext(request, kurs, "angaben", form=form))


@zugang(Zugang.ANGEMELDET)
@require_POST
def kurs_veroeffentlichen(request: HttpRequest, public_id: str) -> HttpResponse:
    kurs = services.publish_kurs(planbarer_kurs_or_404(request.user, public_id), request.user)
    messages.success(request, _("Der Kurs „%(titel)s“ ist veröffentlicht.") % {"titel": kurs.titel})
    return redirect("planung_kurs", public_id)


@zugang(Zugang.ANGEMELDET)
@require_POST
def kurs_abschliessen(request: HttpRequest, public_id: str) -> HttpResponse:
    kurs = services.complete_kurs(planbarer_kurs_or_404(request.user, public_id), request.user)
    messages.success(request, _("Der Kurs „%(titel)s“ ist abgeschlossen.") % {"titel": kurs.titel})
    return redirect("planung_kurs", public_id)


@zugang(Zugang.ANGEMELDET)
@get_or_post
def kurs_absagen(request: HttpRequest, public_id: str) -> HttpResponse:
    kurs = planbarer_kurs_or_404(request.user, public_id)
    form = GrundForm(request.POST or None)
    done, _row = run(form, lambda: services.cancel_kurs(kurs, request.user, form.cleaned_data["grund"]))
    if done:
        messages.success(request, _("Der Kurs ist abgesagt. Teilnehmende und Lehrende werden benachrichtigt."))
        return redirect("planung_kurs", public_id)
    kontext = {
        "titel": _("Kurs „%(titel)s“ absagen?") % {"titel": kurs.titel},
        "text": _("Alle ausstehenden Termine fallen aus. Das lässt sich nicht zurücknehmen."),
        "form": form,
        "knopf_text": _("Kurs absagen"),
        "abbrechen_url": reverse("planung_kurs", args=[public_id]),
    }
    return page(request, "core/bestaetigung.html", kontext)


# --- lecturers ------------------------------------------------------------------------------------------------------


@zugang(Zugang.ANGEMELDET)
@get_or_post
def lehrende(request: HttpRequest, public_id: str) -> HttpResponse:
    kurs = planbarer_kurs_or_404(request.user, public_id)
    form = LehrauftragForm(request.POST or None, lehrende=lehrende_of_organisation(kurs.veranstalter))

    def act() -> Any:
        data = form.cleaned_data
        return services.assign_lehrauftrag(kurs, data["gewaehlt"], request.user, data["rolle"])

    done, auftrag = run(form, act)
    if done:
        messages.success(request, _("%(name)s unterrichtet in diesem Kurs.") % {"name": auftrag.person.name})
        return redirect("planung_lehrende", public_id)
    kontext = kurs_kontext(request, kurs, "lehrende", form=form, lehrauftraege=list(lehrauftraege_of(kurs)))
    return page(request, "kurse/planung/lehrende.html", kontext)


@zugang(Zugang.ANGEMELDET)
@require_POST
def lehrauftrag_entfernen(request: HttpRequest, public_id: str) -> HttpResponse:
    auftrag = planbarer_lehrauftrag_or_404(request.user, public_id)
    services.remove_lehrauftrag(auftrag, request.user)
    messages.success(request, _("%(name)s unterrichtet nicht mehr in diesem Kurs.") % {"name": auftrag.person.name})
    return redirect("planung_lehrende", auftrag.kurs.public_id)


# --- places ---------------------------------------------------------------------------------------------------------


@zugang(Zugang.ANGEMELDET)
@require_safe
def orte(request: HttpRequest) -> HttpResponse:
    require_veranstalter(request)
    seite = Paginator(orte_of(request.user), PRO_SEITE).get_page(request.GET.get("seite"))
    return page(request, "kurse/planung/orte.html", {"seite": seite})


@zugang(Zugang.ANGEMELDET)
@get_or_post
def ort_neu(request: HttpRequest) -> HttpResponse:
    require_veranstalter(request)
    form = OrtForm(request.POST or None, person=request.user)
    done, ort = run(form, lambda: services.create_ort(request.user, **form.cleaned_data))
    if done:
        messages.success(request, _("Der Ort „%(ort)s“ ist angelegt.") % {"ort": ort})
        return redirect("planung_orte")
    return page(request, "kurse/planung/ort_formular.html", {"form": form})


@zugang(Zugang.ANGEMELDET)
@get_or_post
def ort_bearbeiten(request: HttpRequest, public_id: str) -> HttpResponse:
    ort = ort_or_404(request.user, public_id)
    form = OrtForm(request.POST or None, instance=ort, person=request.user)
    done, _row = run(form, lambda: services.update_ort(ort, request.user, **form.cleaned_data))
    if done:
        messages.success(request, _("Der Ort ist gespeichert."))
        return redirect("planung_orte")
    benutzt = ort.termine.count()
    text = ngettext("%(anzahl)s Termin findet hier statt.", "%(anzahl)s Termine finden hier statt.", benutzt)
    kontext = {"form": form, "ort": ort, "benutzt": benutzt, "benutzt_text": text % {"anzahl": benutzt}}
    return page(request, "kurse/planung/ort_formular.html", kontext)


@zugang(Zugang.ANGEMELDET)
@require_POST
def ort_loeschen(request: HttpRequest, public_id: str) -> HttpResponse:
    services.delete_ort(ort_or_404(request.user, public_id), request.user)
    messages.success(request, _("Der Ort ist gelöscht."))
    return redirect("planung_orte")
