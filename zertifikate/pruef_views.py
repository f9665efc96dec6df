"""The verification pages: public, uniform, limited."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from lms.core.access import Zugang
from lms.core.adresse import client_address
from lms.core.errors import DomainError
from zertifikate.forms import NameForm, PruefcodeForm
from zertifikate.pruefung import normalise_code, verify


class PruefenStart(View):
    """Enter a code from paper."""

    zugang = Zugang.OEFFENTLICH

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "zertifikate/pruefen_start.html", {"form": PruefcodeForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PruefcodeForm(request.POST)
        if form.is_valid() and (code := normalise_code(form.cleaned_data["code"])):
            return redirect("pruefen", code=code)
        return render(request, "zertifikate/pruefen_start.html", {"form": form}, status=422)


class Pruefen(View):
    """What the QR code opens. The name travels in the body of a POST, never in the address.

    The site's referrer policy stays: with "no-referrer" browsers send `Origin: null`, which the CSRF check refuses.
    """

    zugang = Zugang.OEFFENTLICH

    def _answer(
        self, request: HttpRequest, code: str, form: NameForm, name: str | None, status: int = 200
    ) -> HttpResponse:
        try:
            ergebnis = verify(code, name, address=client_address(request))
        except DomainError as error:
            response = render(request, "zertifikate/pruefen_gesperrt.html", {"fehler": error}, status=429)
        else:
            context = {"code": normalise_code(code), "ergebnis": ergebnis, "form": form}
            response = render(request, "zertifikate/pruefen.html", context, status=status)
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex"
        return response

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        return self._answer(request, code, NameForm(), None)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        form = NameForm(request.POST)
        if not form.is_valid():
            return self._answer(request, code, form, None, 422)
        return self._answer(request, code, form, form.cleaned_data["name"])
