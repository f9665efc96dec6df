"""`Idempotency-Key` on writes: the same key and request answer the stored response, another request is a conflict."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from lms.core.errors import DomainError
from lms.core.models import Idempotenzschluessel

MAX_KEY_LENGTH = 100
#: How long a key answers again; afterwards the same key is a new request.
KEEP = timedelta(days=7)


def _plain(value: Any) -> Any:
    """What json cannot write; a file counts by its content, so another file of the same name is another request."""
    if isinstance(value, UploadedFile):
        digest = hashlib.sha256()
        for chunk in value.chunks():
            digest.update(chunk)
        value.seek(0)
        return {"datei": value.name, "sha256": digest.hexdigest()}
    return str(value)


def _fingerprint(request: Request) -> str:
    data = dict(request.data.lists()) if isinstance(request.data, QueryDict) else request.data
    body = json.dumps(data, sort_keys=True, default=_plain)
    return hashlib.sha256(f"{request.method} {request.get_full_path()} {body}".encode()).hexdigest()


class _Undo(Exception):
    """Carries an error answer out of the transaction, which is rolled back on the way."""

    def __init__(self, response: Response) -> None:
        self.response = response


class IdempotentMixin:
    """For API views: a write runs in one transaction with the row of its key, so it happens once or not at all.

    Only successes are stored. An error, raised or returned, rolls back act and key, so the caller may correct the
    request and try again under the same key. Two equal requests at the same time: the second waits for the first at
    the unique constraint and then answers what the first stored.
    """

    #: Fields of the answer that are shown once and never stored (clear-text tokens).
    idempotency_secret_fields: tuple[str, ...] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        key = request.headers.get("Idempotency-Key", "")
        if not key or request.method in ("GET", "HEAD", "OPTIONS") or not request.user.is_authenticated:
            return
        if len(key) > MAX_KEY_LENGTH:
            raise DomainError(
                "idempotenz_schluessel_zu_lang",
                _("Der Idempotency-Key hat höchstens 100 Zeichen."),
            )
        name = str(request.method).lower()
        handler = getattr(self, name, None)
        if handler is not None:
            setattr(self, name, self._once(handler, request, key))

    def _once(self, handler: Callable[..., Response], request: Request, key: str) -> Callable[..., Response]:
        def run(*args: Any, **kwargs: Any) -> Response:
            digest = _fingerprint(request)
            try:
                with transaction.atomic():
                    row, created = _take(request.user, key, digest)
                    if not created:
                        return _replay(row, digest)
                    response = handler(*args, **kwargs)
                    if response.status_code >= status.HTTP_400_BAD_REQUEST:
                        raise _Undo(response)
                    self._store(row, response)
                    return response
            except _Undo as undo:
                return undo.response

        return run

    def _store(self, row: Idempotenzschluessel, response: Response) -> None:
        data = json.loads(json.dumps(getattr(response, "data", None), cls=JSONEncoder))
        if isinstance(data, dict):
            data = {name: value for name, value in data.items() if name not in self.idempotency_secret_fields}
        row.status_code, row.antwort = response.status_code, data
        row.save(update_fields=["status_code", "antwort"])


def _take(person: Any, key: str, digest: str) -> tuple[Idempotenzschluessel, bool]:
    try:
        with transaction.atomic():
            return Idempotenzschluessel.objects.create(person=person, schluessel=key, anfrage_digest=digest), True
    except IntegrityError:
        return Idempotenzschluessel.objects.get(person=person, schluessel=key), False


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


def delete_old_keys() -> int:
    """Forget keys whose time is over; stored answers hold personal data and must not pile up."""
    return Idempotenzschluessel.objects.filter(created_at__lt=timezone.now() - KEEP).delete()[0]
