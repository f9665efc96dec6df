"""Request id, deny-by-default access and translation of domain errors."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from lms.core.access import Zugang, declared_zugang, is_api_view
from lms.core.errors import DomainError
from lms.core.ids import random_code
from lms.core.logging import bind_request_id

GetResponse = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """Gives each request an id that appears in logs, the audit trail and the error page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = random_code(12)
        request.request_id = request_id  # type: ignore[attr-defined]
        bind_request_id(request_id)
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response


class ZeichenMiddleware:
    """An address with the character NUL is wrong: nothing stored holds it, and PostgreSQL refuses it with an error."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: tuple, kwargs: dict) -> None:
        if "\0" in request.path_info:
            raise Http404
        if "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("NUL in the query")


class ZugangMiddleware:
    """Refuses every view that does not declare its audience, and sends anonymous people to the login."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: tuple, kwargs: dict) -> HttpResponse | None:
        match = request.resolver_match
        found = declared_zugang(view, match.view_name if match else "")
        if found is None:
            raise PermissionDenied("undeclared view")
        if found is Zugang.OEFFENTLICH or is_api_view(view):
            return None
        if not request.user.is_authenticated:
            return self._login(request)
        if found is Zugang.STAFF and not request.user.is_staff:
            raise PermissionDenied
        return None

    @staticmethod
    def _login(request: HttpRequest) -> HttpResponse:
        if request.headers.get("HX-Request"):
            response = HttpResponse(status=204)
            response["HX-Redirect"] = redirect_to_login(request.get_full_path()).url
            return response
        return redirect_to_login(request.get_full_path())


class DomainErrorMiddleware:
    """A rule violation that no form caught becomes a page (or fragment) with its German message, status 409."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DomainError):
            return None
        if request.headers.get("HX-Request"):
            return render(
                request,
                "teile/meldung.html",
                {"art": "danger", "text": exception.message},
                status=409,
            )
        messages.error(request, exception.message)
        return render(request, "core/regelverstoss.html", {"fehler": exception}, status=409)
