"""One error envelope for the whole API: {"code", "detail", "fields"}."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_handler

from lms.core.errors import DomainError


def _envelope(code: str, detail: str, fields: dict | None = None, **extra: Any) -> dict[str, Any]:
    return {"code": code, "detail": detail, "fields": fields or {}, **extra}


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Translate every error into the envelope; unknown exceptions stay exceptions (500 without details)."""
    if isinstance(exc, DomainError):
        fields = {exc.field: [exc.message]} if exc.field else {}
        body = _envelope(
            exc.code,
            exc.message,
            fields,
            **({"details": exc.details} if exc.details else {}),
        )
        return Response(body, status=status.HTTP_409_CONFLICT)
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    response = drf_handler(exc, context)
    if response is None:
        return None
    if isinstance(exc, exceptions.ValidationError):
        wrong: dict[str, Any] = exc.detail if isinstance(exc.detail, dict) else {"non_field_errors": exc.detail}
        response.data = _envelope("eingabe_ungueltig", _("Bitte prüfen Sie die Eingaben."), wrong)
    elif isinstance(exc, exceptions.APIException):
        response.data = _envelope(str(exc.get_codes()), str(exc.detail))
    return response
