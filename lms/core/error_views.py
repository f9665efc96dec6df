"""Error pages that say what to do and show nothing of the inside."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _


def _answer(request: HttpRequest, status: int, code: str, titel: str, text: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse({"code": code, "detail": text, "fields": {}}, status=status)
    return render(
        request,
        "core/fehler.html",
        {"titel": titel, "text": text, "status": status},
        status=status,
    )


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _answer(
        request,
        400,
        "anfrage_ungueltig",
        _("Ungültige Anfrage"),
        _("Bitte laden Sie die Seite neu."),
    )


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _answer(
        request,
        403,
        "verboten",
        _("Das dürfen Sie nicht"),
        _("Ihr Konto hat für diese Handlung kein Recht."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token: an old page, cookies that are switched off, or a foreign site."""
    text = _("Die Seite war zu lange offen, oder Ihr Browser nimmt keine Cookies an. Bitte laden Sie sie neu.")
    return _answer(request, 403, "csrf", _("Das Formular ist nicht mehr gültig"), text)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    text = _("Diese Seite gibt es nicht, oder Sie dürfen sie nicht sehen.")
    return _answer(request, 404, "nicht_gefunden", _("Nicht gefunden"), text)


def server_error(request: HttpRequest) -> HttpResponse:
    titel = _("Etwas ist schiefgegangen")
    text = _("Der Fehler wurde aufgezeichnet. Bitte versuchen Sie es später noch einmal.")
    if request.path.startswith("/api/"):
        return _answer(request, 500, "interner_fehler", titel, text)
    # Without the request no context processor runs: what failed may be the very thing that they ask (the database).
    page = {"titel": titel, "text": text, "status": 500, "request_id": getattr(request, "request_id", "")}
    return HttpResponse(render_to_string("core/fehler.html", page), status=500)
