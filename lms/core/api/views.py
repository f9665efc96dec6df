"""Jobs and tokens of the person who asks. A token can neither make nor revoke tokens: that takes a login."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.core.access import Zugang
from lms.core.api.auth import issue_token, revoke_token
from lms.core.api.idempotency import IdempotentMixin
from lms.core.api.serializers import (
    NeuesTokenSerializer,
    TokenErstellenSerializer,
    TokenSerializer,
    VorgangSerializer,
)
from lms.core.models import ApiToken, Vorgang
from lms.core.vorgaenge import cancel_vorgang, resume_vorgang


def _own(model: Any, view: Any) -> QuerySet:
    """Rows of the person who asks; nobody's when the OpenAPI document is made."""
    if getattr(view, "swagger_fake_view", False):
        return model.objects.none()
    owner = {"gestartet_von" if model is Vorgang else "person": view.request.user}
    return model.objects.filter(**owner)


class VorgangListView(generics.ListAPIView):
    """Jobs that the person started, newest first."""

    zugang = Zugang.ANGEMELDET
    serializer_class = VorgangSerializer
    filterset_fields = ["status", "art"]

    def get_queryset(self) -> QuerySet[Vorgang]:
        return _own(Vorgang, self)


class VorgangDetailView(generics.RetrieveAPIView):
    """One job with its progress and the errors of single objects."""

    zugang = Zugang.ANGEMELDET
    serializer_class = VorgangSerializer
    lookup_field = "public_id"

    def get_queryset(self) -> QuerySet[Vorgang]:
        return _own(Vorgang, self)


class VorgangCancelView(IdempotentMixin, APIView):
    """Stop a job; what is already done stays done."""

    zugang = Zugang.ANGEMELDET

    @extend_schema(request=None, responses=VorgangSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        vorgang = get_object_or_404(_own(Vorgang, self), public_id=public_id)
        return Response(VorgangSerializer(cancel_vorgang(vorgang, request.user)).data)


class VorgangResumeView(IdempotentMixin, APIView):
    """Let a failed or stopped job go on where it ended."""

    zugang = Zugang.ANGEMELDET

    @extend_schema(request=None, responses=VorgangSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        vorgang = get_object_or_404(_own(Vorgang, self), public_id=public_id)
        return Response(VorgangSerializer(resume_vorgang(vorgang, request.user)).data)


def _require_login(request: Request) -> None:
    """A stolen token must not be able to renew itself."""
    if isinstance(request.auth, ApiToken):
        raise PermissionDenied


class TokenListView(IdempotentMixin, generics.ListAPIView):
    """The person's API tokens."""

    zugang = Zugang.ANGEMELDET
    serializer_class = TokenSerializer
    idempotency_secret_fields = ("token",)

    def get_queryset(self) -> QuerySet[ApiToken]:
        return _own(ApiToken, self)

    @extend_schema(request=TokenErstellenSerializer, responses={201: NeuesTokenSerializer})
    def post(self, request: Request) -> Response:
        """Create a token (session only). Its clear text is in this answer and nowhere else."""
        _require_login(request)
        data = TokenErstellenSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        row, clear = issue_token(request.user, **data.validated_data)
        row.token = clear  # type: ignore[attr-defined]
        return Response(NeuesTokenSerializer(row).data, status=status.HTTP_201_CREATED)


class TokenDetailView(IdempotentMixin, generics.RetrieveAPIView):
    """One token; the clear text is never shown again."""

    zugang = Zugang.ANGEMELDET
    serializer_class = TokenSerializer
    lookup_field = "public_id"

    def get_queryset(self) -> QuerySet[ApiToken]:
        return _own(ApiToken, self)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        """Revoke the token (session only); revoking twice is no error."""
        _require_login(request)
        revoke_token(self.get_object(), request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
