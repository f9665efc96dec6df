"""Pages for holders and for the examination office."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from kurse.planung.models import Kurs
from kurse.planung.permissions import kurse_managed_by, require
from kurse.planung.reiter import reiter_for
from lms.core.access import Zugang
from lms.core.audit import audit_for, record_audit
from lms.core.errors import DomainError
from lms.konten.enums import Recht
from lms.konten.models import Organisation
from lms.konten.rechte import organisationen_mit_recht
from zertifikate.enums import VERLAUF_TEXTE, ZertifikatArt
from zertifikate.forms import ArtForm, RegisterForm, VorlageForm, WiderrufForm
from zertifikate.models import Vorlage, Zertifikat
from zertifikate.pdf.snapshot import Snapshot
from zertifikate.selectors import (
    issued_zertifikat_or_404,
    register_for,
    search_register,
    zertifikat_or_404,
    zertifikate_of,
)
from zertifikate.services import draw_zertifikat, issue_zertifikat, revoke_zertifikat, start_ausstellung
from zertifikate.voraussetzungen import check_einschreibungen, einschreibungen_of
from zertifikate.vorlagen import create_vorlage, current_vorlage
from zertifikate.vorschau import render_vorschau


class MeineZertifikate(View):
    zugang = Zugang.ANGEMELDET

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "zertifikate/meine.html", {"zertifikate": zertifikate_of(request.user)})


def pdf_response(zertifikat: Zertifikat, akteur: Any) -> FileResponse:
    """The stored file, never a new drawing; a certificate whose worker is late is drawn now.

    Every download by somebody else than the holder is logged, from the page and from the API.
    """
    if zertifikat.person_id != akteur.pk:
        record_audit(akteur, "zertifikat_heruntergeladen", zertifikat)
    if not zertifikat.sha256:
        zertifikat = draw_zertifikat(zertifikat.pk)
    response = FileResponse(
        zertifikat.datei.open("rb"),
        content_type="application/pdf",
        as_attachment=True,
        filename=f"{zertifikat.nummer}.pdf",
    )
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


class Herunterladen(View):
    """The PDF, for the holder, the issuer, and an employer with consent. Every download by others is logged."""

    zugang = Zugang.ANGEMELDET

    def get(self, request: HttpRequest, public_id: str) -> FileResponse:
        return pdf_response(zertifikat_or_404(request.user, public_id), request.user)


def _kurs_or_404(request: HttpRequest, public_id: str) -> Kurs:
    rows = kurse_managed_by(request.user, Recht.ZERTIFIKATE_AUSSTELLEN).select_related(
        "veranstalter", "modulversion__modul"
    )
    return get_object_or_404(rows, public_id=public_id)


def _art(request: HttpRequest, kurs: Kurs) -> ZertifikatArt:
    wanted = request.POST.get("art") or request.GET.get("art")
    if wanted in ZertifikatArt.values:
        return ZertifikatArt(wanted)
    return ZertifikatArt.MODUL if kurs.modulversion_id else ZertifikatArt.TEILNAHME


class KursZertifikate(View):
    """Who can get a certificate and who cannot, and why; issue one or many."""

    zugang = Zugang.ANGEMELDET

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        kurs = _kurs_or_404(request, public_id)
        return render(request, "zertifikate/kurs.html", self._context(request, kurs))

    def _context(self, request: HttpRequest, kurs: Kurs) -> dict[str, Any]:
        art = _art(request, kurs)
        prueflinge = check_einschreibungen(kurs, art, einschreibungen_of(kurs))
        return {
            "kurs": kurs,
            "art": art,
            "art_form": ArtForm(initial={"art": art}),
            "prueflinge": prueflinge,
            "moeglich": sum(item.moeglich for item in prueflinge),
            "reiter": reiter_for(request.user, kurs, "kurs_zertifikate"),
        }

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        kurs = _kurs_or_404(request, public_id)
        art, chosen = _art(request, kurs), set(request.POST.getlist("einschreibung"))
        rows = [row for row in einschreibungen_of(kurs) if row.public_id in chosen]
        weiter = f"{reverse('kurs_zertifikate', args=[kurs.public_id])}?art={art.value}"
        try:
            if len(rows) == 1:
                zertifikat = issue_zertifikat(rows[0], art, request.user)
                messages.success(request, _("Ausgestellt: %(nummer)s") % {"nummer": zertifikat.nummer})
                return redirect(weiter)
            vorgang = start_ausstellung(kurs, art, request.user, rows, weiter=weiter)
        except DomainError as error:
            messages.error(request, error.message)
            return render(request, "zertifikate/kurs.html", self._context(request, kurs), status=422)
        return redirect("vorgang", public_id=vorgang.public_id)


class Register(View):
    """All certificates of the issuer, with search."""

    zugang = Zugang.ANGEMELDET

    def get(self, request: HttpRequest) -> HttpResponse:
        orgs = organisationen_mit_recht(request.user, Recht.ZERTIFIKATE_AUSSTELLEN)
        require(orgs.exists())
        form = RegisterForm(request.GET)
        rows = register_for(request.user).order_by("-id")
        if form.is_valid():
            rows = search_register(rows, form.cleaned_data["suche"])
            if form.cleaned_data["status"]:
                rows = rows.filter(status=form.cleaned_data["status"])
        seite = Paginator(rows, 50).get_page(request.GET.get("seite"))
        return render(request, "zertifikate/register.html", {"form": form, "seite": seite, "orgs": orgs})


class Detail(View):
    """One certificate for its issuer: facts, history, revocation."""

    zugang = Zugang.ANGEMELDET

    def _render(
        self, request: HttpRequest, zertifikat: Zertifikat, form: WiderrufForm, status: int = 200
    ) -> HttpResponse:
        context = {
            "zertifikat": zertifikat,
            "fakten": Snapshot.from_dict(zertifikat.snapshot),
            "form": form,
            "verlauf": [(row, VERLAUF_TEXTE.get(row.aktion, row.aktion)) for row in audit_for(zertifikat)[:50]],
        }
        return render(request, "zertifikate/detail.html", context, status=status)

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        return self._render(request, issued_zertifikat_or_404(request.user, public_id), WiderrufForm())

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        zertifikat = issued_zertifikat_or_404(request.user, public_id)
        form = WiderrufForm(request.POST)
        if not form.is_valid():
            return self._render(request, zertifikat, form, 422)
        try:
            revoke_zertifikat(zertifikat, request.user, form.cleaned_data["grund"])
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
            return self._render(request, zertifikat, form, 422)
        messages.success(request, _("Das Zertifikat ist widerrufen."))
        return redirect("zertifikat", public_id=public_id)


class Vorlagen(View):
    """The texts of each kind, per issuer."""

    zugang = Zugang.ANGEMELDET

    def get(self, request: HttpRequest) -> HttpResponse:
        orgs = organisationen_mit_recht(request.user, Recht.ZERTIFIKATE_AUSSTELLEN)
        require(orgs.exists())
        rows = [(org, [current_vorlage(org, art) for art in ZertifikatArt.values]) for org in orgs]
        return render(request, "zertifikate/vorlagen.html", {"rows": rows})


class VorlageBearbeiten(View):
    """Change the texts: a new version. “Vorschau” draws the longest possible values with the real renderer."""

    zugang = Zugang.ANGEMELDET

    def _load(self, request: HttpRequest, org_id: str, art: str) -> tuple[Organisation, Vorlage]:
        if art not in ZertifikatArt.values:
            raise Http404
        orgs = organisationen_mit_recht(request.user, Recht.ZERTIFIKATE_AUSSTELLEN)
        org = get_object_or_404(orgs, public_id=org_id)
        return org, current_vorlage(org, art)

    def get(self, request: HttpRequest, org_id: str, art: str) -> HttpResponse:
        org, vorlage = self._load(request, org_id, art)
        return render(
            request, "zertifikate/vorlage.html", {"org": org, "vorlage": vorlage, "form": VorlageForm(instance=vorlage)}
        )

    def post(self, request: HttpRequest, org_id: str, art: str) -> HttpResponse:
        org, vorlage = self._load(request, org_id, art)
        form = VorlageForm(request.POST, instance=vorlage)
        if form.is_valid():
            try:
                if "vorschau" in request.POST:
                    return HttpResponse(render_vorschau(org, art, form.felder()), content_type="application/pdf")
                neu = create_vorlage(org, art, request.user, **form.felder())
                messages.success(request, _("Gespeichert als Version %(version)s.") % {"version": neu.version})
                return redirect("vorlagen")
            except DomainError as error:
                form.add_error(error.field if error.field in form.fields else None, error.message)
        return render(request, "zertifikate/vorlage.html", {"org": org, "vorlage": vorlage, "form": form}, status=422)
