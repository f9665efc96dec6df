"""Progress over the API: the same selectors as the pages."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kurse.einschreibung.selectors import staffed_kurs_or_404
from kurse.fortschritt import selectors
from kurse.fortschritt.forms import TeamFilterForm
from kurse.fortschritt.serializers import (
    FortschrittSerializer,
    LandeszahlenSerializer,
    TeamseiteSerializer,
    TeamzeileSerializer,
    TeilnehmendenstandSerializer,
)
from kurse.fortschritt.zugriff import require_team
from lms.core.access import Zugang
from lms.core.api.pagination import CreatedCursorPagination
from lms.core.audit import record_audit


class FortschrittApi(APIView):
    """One's own progress: enrolments, programmes, certificates."""

    zugang = Zugang.ANGEMELDET

    @extend_schema(responses=FortschrittSerializer)
    def get(self, request: Request) -> Response:
        return Response(FortschrittSerializer(selectors.fortschritt_of(request.user)).data)


class KursFortschrittApi(APIView):
    """Everybody's progress in one course, for its staff."""

    zugang = Zugang.ANGEMELDET

    @extend_schema(responses=TeilnehmendenstandSerializer(many=True))
    def get(self, request: Request, public_id: str) -> Response:
        kurs = staffed_kurs_or_404(request.user, public_id)
        rows = selectors.kurs_fortschritt(kurs).zeilen
        return Response(TeilnehmendenstandSerializer(rows, many=True).data)


def _text(name: str, *choices: str) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, enum=choices or None)


class TraegerFortschrittApi(APIView):
    """The employer's team, page by page; every page is logged."""

    zugang = Zugang.ANGEMELDET
    pagination_class = CreatedCursorPagination

    @extend_schema(
        responses=TeamseiteSerializer,
        parameters=[
            _text("q"),
            _text("arbeitgeber"),
            _text("programm"),
            _text("stand", "angemeldet", "begonnen", "abgeschlossen", "fehlt", "ohne_einwilligung"),
            _text("cursor"),
            OpenApiParameter("page_size", OpenApiTypes.INT),
        ],
    )
    def get(self, request: Request) -> Response:
        organisationen = require_team(request.user)
        form = TeamFilterForm(request.query_params, organisationen)
        if not form.is_valid():
            raise exceptions.ValidationError(form.errors)
        rows = selectors.traeger_fortschritt(request.user, form.cleaned_data)
        pages = self.pagination_class()
        page: list[Any] = pages.paginate_queryset(rows, request, view=self) or []
        record_audit(request.user, "fortschritt_abgerufen", organisationen[0], personen=len(page))
        return pages.get_paginated_response(TeamzeileSerializer(selectors.ansicht_of(page), many=True).data)


class LandeszahlenApi(APIView):
    """Numbers by Kreis, programme and employer; small numbers are null."""

    zugang = Zugang.ANGEMELDET

    @extend_schema(responses=LandeszahlenSerializer)
    def get(self, request: Request) -> Response:
        return Response(LandeszahlenSerializer(selectors.landes_zahlen(request.user)).data)
