"""Sessions of a course: list, series with preview, move, cancel."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from kurse.planung import services
from kurse.planung.checkliste import ue_plan_of
from kurse.planung.forms import GrundForm
from kurse.planung.formular import add_domain_error, page, run
from kurse.planung.konflikte import Konflikt, find_konflikte
from kurse.planung.models import Kurs, Termin
from kurse.planung.selectors import planbarer_kurs_or_404, planbarer_termin_or_404, termine_of
from kurse.planung.serienform import SerieForm, TerminForm, VerlegenForm
from kurse.planung.termine import moved_entwurf
from kurse.planung.views_planung import get_or_post, kurs_kontext
from kurse.planung.vorschau import Vorschau, preview_serie
from lms.core.access import Zugang, zugang
from lms.core.errors import DomainError


@zugang(Zugang.ANGEMELDET)
@require_safe
def termine(request: HttpRequest, public_id: str) -> HttpResponse:
    kurs = planbarer_kurs_or_404(request.user, public_id)
    rows = list(termine_of(kurs))
    kontext = kurs_kontext(request, kurs, "termine", termine=rows, ue_plan=ue_plan_of(kurs, rows))
    return page(request, "kurse/planung/termine.html", kontext)


@zugang(Zugang.ANGEMELDET)
@get_or_post
def termine_neu(request: HttpRequest, public_id: str) -> HttpResponse:
    """Series builder in three steps on one URL: form, preview (`schritt=vorschau`), save (`schritt=speichern`)."""
    kurs = planbarer_kurs_or_404(request.user, public_id)
    form = SerieForm(request.POST or None, kurs=kurs, initial={"link": request.GET.get("link", "")})
    if request.POST.get("schritt") == "speichern":
        saved = _save(request, kurs, form)
        if saved is not None:
            return saved
    vorschau = _preview(kurs, form)
    kontext = kurs_kontext(request, kurs, "termine", form=form, vorschau=vorschau)
    if vorschau and request.POST.get("schritt") != "aendern":
        return page(request, "kurse/planung/serie_vorschau.html", kontext)
    return page(request, "kurse/planung/serie.html", kontext)


def _preview(kurs: Kurs, form: SerieForm) -> Vorschau | None:
    """None until the input is complete; overlaps that are not accepted yet do not hide the preview."""
    if not form.is_bound or set(form.errors) - {"trotz_konflikten"}:
        return None
    try:
        return preview_serie(kurs, form.plan())
    except DomainError as error:
        add_domain_error(form, error)
        return None


def _save(request: HttpRequest, kurs: Kurs, form: SerieForm) -> HttpResponse | None:
    """Save under the lock; what changed since the preview is shown again."""

    def act() -> list[Termin]:
        agreed = form.cleaned_data["trotz_konflikten"]
        return services.add_termine(kurs, request.user, form.plan().entwuerfe(), trotz_konflikten=agreed)

    done, rows = run(form, act)
    if not done:
        return None
    text = ngettext("%(anzahl)s Termin ist angelegt.", "%(anzahl)s Termine sind angelegt.", len(rows))
    messages.success(request, text % {"anzahl": len(rows)})
    return redirect("planung_termine", kurs.public_id)


@zugang(Zugang.ANGEMELDET)
@require_POST
def serie_vorschau(request: HttpRequest, public_id: str) -> HttpResponse:
    """The preview as a fragment beside the form (HTMX); the form itself works without it."""
    kurs = planbarer_kurs_or_404(request.user, public_id)
    form = SerieForm(request.POST, kurs=kurs)
    kontext = {"kurs": kurs, "form": form, "vorschau": _preview(kurs, form)}
    return render(request, "kurse/planung/teile/vorschau_live.html", kontext)


@zugang(Zugang.ANGEMELDET)
@get_or_post
def termin_bearbeiten(request: HttpRequest, public_id: str) -> HttpResponse:
    termin = planbarer_termin_or_404(request.user, public_id)
    form = TerminForm(request.POST or None, instance=termin)
    done, _row = run(form, lambda: services.update_termin(termin, request.user, **form.cleaned_data))
    if done:
        messages.success(request, _("Der Termin ist gespeichert."))
        return redirect("planung_termine", termin.kurs.public_id)
    kontext = kurs_kontext(request, termin.kurs, "termine", form=form, termin=termin)
    return page(request, "kurse/planung/termin_formular.html", kontext)


@zugang(Zugang.ANGEMELDET)
@get_or_post
def termin_verlegen(request: HttpRequest, public_id: str) -> HttpResponse:
    """Overlaps are shown before anything is saved; ticking the box accepts them."""
    termin = planbarer_termin_or_404(request.user, public_id)
    form = VerlegenForm(request.POST or None, termin=termin)

    def act() -> Termin:
        data = form.cleaned_data
        return services.move_termin(
            termin, request.user, grund=data["grund"], trotz_konflikten=data["trotz_konflikten"], **data["zeiten"]
        )

    done, _row = run(form, act)
    if done:
        messages.success(request, _("Der Termin ist verlegt."))
        return redirect("planung_termine", termin.kurs.public_id)
    kontext = kurs_kontext(
        request, termin.kurs, "termine", form=form, termin=termin, konflikte=_conflicts(termin, form)
    )
    return page(request, "kurse/planung/termin_verlegen.html", kontext)


def _conflicts(termin: Termin, form: VerlegenForm) -> list[Konflikt]:
    times = getattr(form, "cleaned_data", {}).get("zeiten")
    if not times or times["ende"] <= times["beginn"]:
        return []
    return find_konflikte(termin.kurs, [moved_entwurf(termin, **times)], ohne_termin=termin)


@zugang(Zugang.ANGEMELDET)
@get_or_post
def termin_absagen(request: HttpRequest, public_id: str) -> HttpResponse:
    termin = planbarer_termin_or_404(request.user, public_id)
    form = GrundForm(request.POST or None)
    done, _row = run(form, lambda: services.cancel_termin(termin, request.user, form.cleaned_data["grund"]))
    if done:
        messages.success(request, _("Der Termin ist abgesagt."))
        return redirect("planung_termine", termin.kurs.public_id)
    kontext = {
        "titel": _("Termin absagen?"),
        "text": str(termin),
        "form": form,
        "knopf_text": _("Termin absagen"),
        "abbrechen_url": reverse("planung_termine", args=[termin.kurs.public_id]),
    }
    return page(request, "core/bestaetigung.html", kontext)


@zugang(Zugang.ANGEMELDET)
@require_POST
def termin_loeschen(request: HttpRequest, public_id: str) -> HttpResponse:
    termin = planbarer_termin_or_404(request.user, public_id)
    services.delete_termin(termin, request.user)
    messages.success(request, _("Der Termin ist gelöscht."))
    return redirect("planung_termine", termin.kurs.public_id)
