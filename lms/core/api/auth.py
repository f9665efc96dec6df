"""Personal API tokens with scopes and expiry."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from lms.core.audit import record_audit
from lms.core.errors import DomainError
from lms.core.models import ApiToken

PREFIX = "nq_"
SCOPES = ("lesen", "schreiben")
MAX_LIFETIME = timedelta(days=366)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def issue_token(person: Any, bezeichnung: str, scopes: list[str], gueltig_bis: datetime) -> tuple[ApiToken, str]:
    """Create a token; the clear text is returned once and never stored.

    Raises DomainError: `scope_unbekannt`, `token_laufzeit` (must end in the future, at most 366 days ahead).
    """
    if not scopes or set(scopes) - set(SCOPES):
        raise DomainError(
            "scope_unbekannt",
            _("Bitte wählen Sie mindestens einen bekannten Umfang."),
            field="scopes",
        )
    now = timezone.now()
    if not now < gueltig_bis <= now + MAX_LIFETIME:
        raise DomainError(
            "token_laufzeit",
            _("Das Ende muss in der Zukunft und höchstens ein Jahr entfernt sein."),
            field="gueltig_bis",
        )
    clear = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        person=person,
        bezeichnung=bezeichnung,
        digest=_digest(clear),
        scopes=sorted(scopes),
        gueltig_bis=gueltig_bis,
    )
    record_audit(person, "token_ausgestellt", row, scopes=row.scopes)
    return row, clear


@transaction.atomic
def revoke_token(token: ApiToken, akteur: Any) -> None:
    if token.widerrufen_at is None:
        token.widerrufen_at = timezone.now()
        token.save(update_fields=["widerrufen_at", "updated_at"])
        record_audit(akteur, "token_widerrufen", token)


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer nq_…`; expired, revoked and unknown tokens answer the same."""

    keyword = "Bearer"

    def authenticate(self, request: Request) -> tuple[Any, ApiToken] | None:
        parts = authentication.get_authorization_header(request).decode("latin-1").split()
        if len(parts) != 2 or parts[0] != self.keyword:
            return None
        now = timezone.now()
        token = (
            ApiToken.objects.select_related("person")
            .filter(
                digest=_digest(parts[1]),
                widerrufen_at=None,
                gueltig_bis__gt=now,
                person__is_active=True,
            )
            .first()
        )
        if token is None:
            raise exceptions.AuthenticationFailed(_("Das Token ist unbekannt, abgelaufen oder widerrufen."))
        if token.zuletzt_benutzt_at is None or now - token.zuletzt_benutzt_at > timedelta(minutes=5):
            ApiToken.objects.filter(pk=token.pk).update(zuletzt_benutzt_at=now)
        return token.person, token

    def authenticate_header(self, request: Request) -> str:
        return self.keyword


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "lms.core.api.auth.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "nq_…"}
