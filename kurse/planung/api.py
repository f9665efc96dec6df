"""`/api/v1/kurse/` and `lehrauftraege/`: the acts of the planning pages through the same services."""

from datetime import UTC, datetime
from typing import Any

import django_filters
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kurse.planung import services
from kurse.planung.checkliste import checkliste_of
from kurse.planung.enums import KursArt, KursStatus, Modus
from kurse.planung.models import Kurs
from kurse.planung.permissions import kurse_managed_by
from kurse.planung.selectors import (
    kurs_or_404,
    kurse_open,
    lehrauftraege_of,
    lehrende_of_organisation,
    planbarer_kurs_or_404,
    planbarer_lehrauftrag_or_404,
    search_kurse,
)
from kurse.planung.serializers import (
    AbsageSerializer,
    KursAendernSerializer,
    KursAnlegenSerializer,
    KursSerializer,
    LehrauftragErteilenSerializer,
    LehrauftragSerializer,
    PunktSerializer,
)
from lms.core.access import Zugang
from lms.core.api.idempotency import IdempotentMixin
from lms.core.api.pagination import CreatedCursorPagination
from lms.konten.enums import Kreis
from lms.konten.models import Person

_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def valid(serializer_class: Any, request: Request, **kwargs: Any) -> dict[str, Any]:
    serializer = serializer_class(data=request.data, **kwargs)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


def _kurs_data(kurs: Kurs) -> Any:
    rows = Kurs.objects.select_related("veranstalter", "modulversion__modul")
    return KursSerializer(rows.get(pk=kurs.pk)).data


class KursPagination(CreatedCursorPagination):
    """`ordering=beginn` or `-beginn`; courses without sessions count as the latest. Otherwise the newest first."""

    _ORDERINGS = {"beginn": ("beginn_sortiert", "id"), "-beginn": ("-beginn_sortiert", "-id")}

    def get_ordering(self, request: Request, queryset: QuerySet, view: Any) -> tuple[str, ...]:
        return self._ORDERINGS.get(request.query_params.get("ordering", ""), ("-id",))


class KursFilter(django_filters.FilterSet):
    """The filters of the public search. `umfang=planung` lists all courses that the person may plan, drafts too."""

    q = django_filters.CharFilter(method="by_search")
    programm = django_filters.CharFilter(method="by_search")
    kreis = django_filters.ChoiceFilter(choices=Kreis.choices)
    modus = django_filters.ChoiceFilter(choices=Modus.choices)
    art = django_filters.ChoiceFilter(choices=KursArt.choices)
    status = django_filters.ChoiceFilter(choices=KursStatus.choices)
    von = django_filters.DateFilter(method="by_search")
    bis = django_filters.DateFilter(method="by_search")
    ects = django_filters.NumberFilter(method="by_search")
    frei = django_filters.BooleanFilter(method="by_search")

    class Meta:
        model = Kurs
        fields: list[str] = []

    def by_search(self, queryset: QuerySet[Kurs], name: str, value: Any) -> QuerySet[Kurs]:
        return search_kurse(queryset, {name: value})


class KursListView(IdempotentMixin, generics.ListAPIView):
    """Published courses that are not over."""

    zugang = Zugang.OEFFENTLICH
    zugang_schreiben = Zugang.ANGEMELDET
    serializer_class = KursSerializer
    pagination_class = KursPagination
    filterset_class = KursFilter

    def get_queryset(self) -> QuerySet[Kurs]:
        if getattr(self, "swagger_fake_view", False):
            return Kurs.objects.none()
        if self.request.query_params.get("umfang") == "planung":
            rows = kurse_managed_by(self.request.user).select_related("veranstalter", "modulversion__modul")
        else:
            rows = kurse_open().order_by()
        return rows.annotate(beginn_sortiert=Coalesce("beginn", Value(_NEVER)))

    @extend_schema(
        parameters=[
            OpenApiParameter("umfang", str, enum=["planung"], description="alle Kurse, die Sie planen dürfen"),
            OpenApiParameter("ordering", str, enum=["beginn", "-beginn"]),
        ]
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(request=KursAnlegenSerializer, responses={201: KursSerializer})
    def post(self, request: Request) -> Response:
        """Plan a course as a draft."""
        kurs = services.create_kurs(request.user, **valid(KursAnlegenSerializer, request))
        return Response(_kurs_data(kurs), status=status.HTTP_201_CREATED)


class KursDetailView(IdempotentMixin, APIView):
    """One course; drafts only for its staff."""

    zugang = Zugang.OEFFENTLICH
    zugang_schreiben = Zugang.ANGEMELDET

    @extend_schema(responses=KursSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        return Response(KursSerializer(kurs_or_404(request.user, public_id)).data)

    @extend_schema(request=KursAendernSerializer, responses=KursSerializer)
    def patch(self, request: Request, public_id: str) -> Response:
        """Change a draft or published course."""
        kurs = kurs_or_404(request.user, public_id)
        data = valid(KursAendernSerializer, request, partial=True)
        return Response(_kurs_data(services.update_kurs(kurs, request.user, **data)))


class ChecklisteView(APIView):
    """What the course still lacks before it can be published."""

    zugang = Zugang.ANGEMELDET

    @extend_schema(responses=PunktSerializer(many=True))
    def get(self, request: Request, public_id: str) -> Response:
        kurs = planbarer_kurs_or_404(request.user, public_id)
        return Response(PunktSerializer(checkliste_of(kurs), many=True).data)


class KursPublishView(IdempotentMixin, APIView):
    zugang = Zugang.ANGEMELDET

    @extend_schema(request=None, responses=KursSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        """Publish a course."""
        return Response(_kurs_data(services.publish_kurs(kurs_or_404(request.user, public_id), request.user)))


class KursCancelView(IdempotentMixin, APIView):
    zugang = Zugang.ANGEMELDET

    @extend_schema(request=AbsageSerializer, responses=KursSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        """Cancel a course with a reason."""
        kurs = kurs_or_404(request.user, public_id)
        return Response(_kurs_data(services.cancel_kurs(kurs, request.user, **valid(AbsageSerializer, request))))


class KursCompleteView(IdempotentMixin, APIView):
    zugang = Zugang.ANGEMELDET

    @extend_schema(request=None, responses=KursSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        """Close a course whose sessions are over."""
        return Response(_kurs_data(services.complete_kurs(kurs_or_404(request.user, public_id), request.user)))


class LehrauftragListView(IdempotentMixin, APIView):
    """Lecturers of a course."""

    zugang = Zugang.OEFFENTLICH
    zugang_schreiben = Zugang.ANGEMELDET

    @extend_schema(responses=LehrauftragSerializer(many=True), filters=False)
    def get(self, request: Request, public_id: str) -> Response:
        rows = lehrauftraege_of(kurs_or_404(request.user, public_id)).select_related("kurs", "person")
        return Response(LehrauftragSerializer(rows, many=True).data)

    @extend_schema(request=LehrauftragErteilenSerializer, responses={201: LehrauftragSerializer})
    def post(self, request: Request, public_id: str) -> Response:
        """Name a lecturer."""
        kurs = planbarer_kurs_or_404(request.user, public_id)
        data = valid(LehrauftragErteilenSerializer, request)
        auftrag = services.assign_lehrauftrag(kurs, _person_of(kurs, data), request.user, data["rolle"])
        return Response(LehrauftragSerializer(auftrag).data, status=status.HTTP_201_CREATED)


def _person_of(kurs: Kurs, data: dict[str, Any]) -> Person:
    person = None
    if data.get("email"):
        person = Person.objects.filter(email__iexact=data["email"], is_active=True).first()
    elif data.get("person"):
        person = lehrende_of_organisation(kurs.veranstalter).filter(public_id=data["person"]).first()
    if person is None:
        field = "email" if data.get("email") else "person"
        raise serializers.ValidationError({field: ["Diese Person gibt es hier nicht."]})
    return person


class LehrauftragDetailView(IdempotentMixin, APIView):
    zugang = Zugang.ANGEMELDET

    @extend_schema(responses=LehrauftragSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        return Response(LehrauftragSerializer(planbarer_lehrauftrag_or_404(request.user, public_id)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        """End the assignment and its rights on the course."""
        services.remove_lehrauftrag(planbarer_lehrauftrag_or_404(request.user, public_id), request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
