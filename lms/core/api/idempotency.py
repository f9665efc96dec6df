"""`Idempotency-Key` on writes: the same key and body answer the stored response, another body is a conflict."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from lms.core.errors import DomainError
from lms.core.models import Idempotenzschluessel


def _fingerprint(request: Request) -> str:
    body = json.dumps(request.data, sort_keys=True, cls=JSONEncoder, default=str)
    return hashlib.sha256(f"{request.method} {request.path} {body}".encode()).hexdigest()


class IdempotentMixin:
    """For API views: a write runs in one transaction with the row of its key, so it happens once or not at all."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        self._idempotency_args = (args, kwargs)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        key = request.headers.get("Idempotency-Key", "")
        if not key or request.method in ("GET", "HEAD", "OPTIONS") or not request.user.is_authenticated:
            return
        if len(key) > 100:
            raise DomainError(
                "idempotenz_schluessel_zu_lang",
                _("Der Idempotency-Key hat höchstens 100 Zeichen."),
            )
        name = request.method.lower()
        handler = getattr(self, name)
        setattr(self, name, self._once(handler, request, key))

    def _once(self, handler: Callable[..., Response], request: Request, key: str) -> Callable[..., Response]:
        def run(*args: Any, **kwargs: Any) -> Response:
            digest = _fingerprint(request)
            with transaction.atomic():
                try:
                    with transaction.atomic():
                        row = Idempotenzschluessel.objects.create(
                            person=request.user, schluessel=key, anfrage_digest=digest
                        )
                except IntegrityError:
                    row = Idempotenzschluessel.objects.get(person=request.user, schluessel=key)
                    return _replay(row, digest)
                response = handler(*args, **kwargs)
                row.status_code = response.status_code
                row.antwort = json.loads(json.dumps(response.data, cls=JSONEncoder))
                row.save(update_fields=["status_code", "antwort"])
                return response

        return run


def _replay(row: Idempotenzschluessel, digest: str) -> Response:
    if row.anfrage_digest != digest:
        raise DomainError(
            "idempotenz_konflikt",
            _("Dieser Idempotency-Key wurde schon für eine andere Anfrage benutzt."),
        )
    return Response(
        row.antwort,
        status=row.status_code or status.HTTP_200_OK,
        headers={"Idempotent-Replay": "true"},
    )
