"""Pages of the import: upload, preview of every row, confirm or discard."""

from collections import Counter

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kurse.einschreibung.forms import ImportBestaetigenForm, ImportForm
from kurse.einschreibung.importe import confirm_importlauf, discard_importlauf, start_importlauf
from kurse.einschreibung.importpruefung import Befund, Zeile, check_zeilen
from kurse.einschreibung.models import Importlauf
from kurse.einschreibung.selectors import importlauf_or_404
from kurse.einschreibung.views import add_fault, post_data
from kurse.einschreibung.views_teilnehmende import managed_kurs, tabs
from lms.core.access import Zugang, zugang
from lms.core.errors import DomainError


@zugang(Zugang.ANGEMELDET)
@require_http_methods(["GET", "POST"])
def importieren(request: HttpRequest, public_id: str) -> HttpResponse:
    """Upload a list; nothing is written but the preview."""
    kurs = managed_kurs(request, public_id)
    form = ImportForm(post_data(request), request.FILES if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        datei = form.cleaned_data["datei"]
        try:
            lauf = start_importlauf(kurs, request.user, dateiname=datei.name, data=datei.read())
        except DomainError as error:
            add_fault(form, error)
        else:
            return redirect("importlauf", lauf.public_id)
    kontext = {**tabs(request, kurs), "form": form}
    return render(request, "kurse/einschreibung/import.html", kontext, status=422 if form.errors else 200)


@zugang(Zugang.ANGEMELDET)
@require_http_methods(["GET", "POST"])
def importlauf(request: HttpRequest, public_id: str) -> HttpResponse:
    """The preview, checked against the database of this moment; confirming writes all valid rows."""
    lauf = importlauf_or_404(request.user, public_id)
    zeilen = check_zeilen(lauf.kurs, [Zeile.from_json(data) for data in lauf.zeilen])
    zu_pruefen = [zeile.nr for zeile in zeilen if zeile.befund == Befund.PRUEFEN]
    form = ImportBestaetigenForm(post_data(request), zu_pruefen=zu_pruefen)
    if request.method == "POST" and lauf.bestaetigt_at:
        return redirect("importlauf", lauf.public_id)
    if request.method == "POST" and form.is_valid():
        try:
            lauf = _confirm(request, lauf, form)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("%(neu)s neu, %(vorhanden)s vorhanden eingeschrieben.") % lauf.ergebnis)
            return redirect("importlauf", lauf.public_id)
    kontext = {
        **tabs(request, lauf.kurs),
        "lauf": lauf,
        "form": form,
        "page_obj": Paginator(zeilen, 5000).get_page(1),
        "zahlen": Counter(zeile.befund for zeile in zeilen),
        "gewaehlt": [int(nr) for nr in request.POST.getlist("neu") if nr.isdecimal() and len(nr) < 7],
    }
    return render(request, "kurse/einschreibung/importlauf.html", kontext, status=422 if form.errors else 200)


def _confirm(request: HttpRequest, lauf: Importlauf, form: ImportBestaetigenForm) -> Importlauf:
    return confirm_importlauf(
        lauf,
        request.user,
        neu_anlegen=form.cleaned_data.get("neu", []),
        genehmigung_liegt_vor=form.cleaned_data.get("genehmigung_liegt_vor", False),
    )


@zugang(Zugang.ANGEMELDET)
@require_POST
def verwerfen(request: HttpRequest, public_id: str) -> HttpResponse:
    lauf = discard_importlauf(importlauf_or_404(request.user, public_id), request.user)
    messages.success(request, _("Der Import ist verworfen. Es wurde nichts geschrieben."))
    return redirect("teilnehmende", lauf.kurs.public_id)
