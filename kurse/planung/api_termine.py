"""`/api/v1/termine/`, `orte/`, and the sessions and series of a course."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kurse.planung import services
from kurse.planung.api import valid
from kurse.planung.beteiligte import TEILNEHMEND
from kurse.planung.models import Kurs, Ort, Termin
from kurse.planung.permissions import kurse_staffed_by
from kurse.planung.selectors import (
    kurs_or_404,
    kurse_visible_to,
    orte_of,
    planbarer_kurs_or_404,
    planbarer_termin_or_404,
    termine_of,
)
from kurse.planung.serializers import (
    AbsageSerializer,
    EntwurfSerializer,
    OrtAendernSerializer,
    OrtSerializer,
    SerieSerializer,
    TerminAendernSerializer,
    TermineAnlegenSerializer,
    TerminSerializer,
    VerlegenSerializer,
    VorschauSerializer,
)
from kurse.planung.vorschau import preview_serie
from lms.core.access import Zugang
from lms.core.api.idempotency import IdempotentMixin
from lms.core.api.pagination import CreatedCursorPagination


def _insider_ids(person: Any, rows: list[Termin]) -> set[int]:
    """Courses among the sessions whose online link the person may see (one query)."""
    if not getattr(person, "pk", None):
        return set()
    ids = {row.kurs_id for row in rows if row.link}
    if not ids:
        return set()
    staffed = kurse_staffed_by(person).filter(pk__in=ids)
    taking = Kurs.objects.filter(pk__in=ids, einschreibungen__person=person, einschreibungen__status__in=TEILNEHMEND)
    return set(
        Kurs.objects.filter(Q(pk__in=staffed.values("pk")) | Q(pk__in=taking.values("pk"))).values_list("pk", flat=True)
    )


def _termine_data(request: Request, rows: Any) -> Any:
    rows = list(rows)
    return TerminSerializer(rows, many=True, context={"insider": _insider_ids(request.user, rows)}).data


def _termin_data(request: Request, termin: Termin) -> Any:
    row = Termin.objects.select_related("kurs", "ort__organisation").prefetch_related("pausen").get(pk=termin.pk)
    return _termine_data(request, [row])[0]


class KursTermineView(IdempotentMixin, APIView):
    """The sessions of a course, in order, cancelled ones included (at most a few hundred, so not paged)."""

    zugang = Zugang.OEFFENTLICH
    zugang_schreiben = Zugang.ANGEMELDET

    @extend_schema(responses=TerminSerializer(many=True), filters=False)
    def get(self, request: Request, public_id: str) -> Response:
        rows = termine_of(kurs_or_404(request.user, public_id)).select_related("kurs", "ort__organisation")
        return Response(_termine_data(request, rows))

    @extend_schema(request=TermineAnlegenSerializer, responses={201: TerminSerializer(many=True)})
    def post(self, request: Request, public_id: str) -> Response:
        """Add sessions, all or none; overlaps with other courses answer 409 unless `trotz_konflikten`."""
        kurs = kurs_or_404(request.user, public_id)
        data = valid(TermineAnlegenSerializer, request)
        drafts = [EntwurfSerializer.entwurf(item) for item in data["termine"]]
        return _created(request, kurs, drafts, data["trotz_konflikten"])


def _created(request: Request, kurs: Kurs, drafts: list, trotz_konflikten: bool) -> Response:
    new = services.add_termine(kurs, request.user, drafts, trotz_konflikten=trotz_konflikten)
    rows = termine_of(kurs).filter(pk__in=[row.pk for row in new]).select_related("kurs", "ort__organisation")
    return Response(_termine_data(request, rows), status=status.HTTP_201_CREATED)


class SerieView(IdempotentMixin, APIView):
    zugang = Zugang.ANGEMELDET

    @extend_schema(request=SerieSerializer, responses={201: TerminSerializer(many=True)})
    def post(self, request: Request, public_id: str) -> Response:
        """Create a series; overlaps with other courses answer 409 unless `trotz_konflikten`."""
        kurs = kurs_or_404(request.user, public_id)
        serializer = SerieSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        agreed = serializer.validated_data["trotz_konflikten"]
        return _created(request, kurs, serializer.plan().entwuerfe(), agreed)


class SerieVorschauView(APIView):
    zugang = Zugang.ANGEMELDET

    @extend_schema(request=SerieSerializer, responses=VorschauSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        """What a series would create, with conflicts and skipped days; nothing is saved."""
        kurs = planbarer_kurs_or_404(request.user, public_id)
        serializer = SerieSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return Response(VorschauSerializer(preview_serie(kurs, serializer.plan()).as_data()).data)


class TerminFilter(django_filters.FilterSet):
    kurs = django_filters.CharFilter(field_name="kurs__public_id")
    von = django_filters.IsoDateTimeFilter(field_name="beginn", lookup_expr="gte")
    bis = django_filters.IsoDateTimeFilter(field_name="beginn", lookup_expr="lt")

    class Meta:
        model = Termin
        fields = ["status"]


class TerminPagination(CreatedCursorPagination):
    ordering = ("beginn", "id")


class TerminListView(generics.ListAPIView):
    """Sessions of all courses that the reader may see."""

    zugang = Zugang.OEFFENTLICH
    serializer_class = TerminSerializer
    pagination_class = TerminPagination
    filterset_class = TerminFilter

    def get_queryset(self) -> QuerySet[Termin]:
        if getattr(self, "swagger_fake_view", False):
            return Termin.objects.none()
        rows = Termin.objects.filter(kurs__in=kurse_visible_to(self.request.user).values("pk"))
        return rows.select_related("kurs", "ort__organisation").prefetch_related("pausen")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(_termine_data(request, rows))


def _visible_termin(request: Request, public_id: str) -> Termin:
    rows = Termin.objects.filter(kurs__in=kurse_visible_to(request.user).values("pk")).select_related("kurs")
    return get_object_or_404(rows, public_id=public_id)


class TerminDetailView(IdempotentMixin, APIView):
    """One session."""

    zugang = Zugang.OEFFENTLICH
    zugang_schreiben = Zugang.ANGEMELDET

    @extend_schema(responses=TerminSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        return Response(_termin_data(request, _visible_termin(request, public_id)))

    @extend_schema(request=TerminAendernSerializer, responses=TerminSerializer)
    def patch(self, request: Request, public_id: str) -> Response:
        """Topic and link."""
        termin = _visible_termin(request, public_id)
        data = {"thema": termin.thema, "link": termin.link, **valid(TerminAendernSerializer, request, partial=True)}
        return Response(_termin_data(request, services.update_termin(termin, request.user, **data)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        """Remove a session of a draft; sessions of published courses are cancelled instead."""
        services.delete_termin(planbarer_termin_or_404(request.user, public_id), request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class TerminMoveView(IdempotentMixin, APIView):
    zugang = Zugang.ANGEMELDET

    @extend_schema(request=VerlegenSerializer, responses=TerminSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        """Move a session with a reason; everybody concerned gets a mail."""
        data = dict(valid(VerlegenSerializer, request))
        if "pausen" in data:
            data["pausen"] = [(pause["beginn"], pause["ende"]) for pause in data["pausen"]]
        termin = services.move_termin(_visible_termin(request, public_id), request.user, **data)
        return Response(_termin_data(request, termin))


class TerminCancelView(IdempotentMixin, APIView):
    zugang = Zugang.ANGEMELDET

    @extend_schema(request=AbsageSerializer, responses=TerminSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        """Cancel a session with a reason; everybody concerned gets a mail."""
        grund = valid(AbsageSerializer, request)["grund"]
        termin = services.cancel_termin(_visible_termin(request, public_id), request.user, grund)
        return Response(_termin_data(request, termin))


class OrtListView(IdempotentMixin, generics.ListAPIView):
    """Places of the providers for which the person plans."""

    zugang = Zugang.ANGEMELDET
    serializer_class = OrtSerializer
    filterset_fields = ["kreis", "ort"]

    def get_queryset(self) -> QuerySet[Ort]:
        return Ort.objects.none() if getattr(self, "swagger_fake_view", False) else orte_of(self.request.user)

    @extend_schema(request=OrtSerializer, responses={201: OrtSerializer})
    def post(self, request: Request) -> Response:
        """Add a place."""
        ort = services.create_ort(request.user, **valid(OrtSerializer, request))
        return Response(OrtSerializer(ort).data, status=status.HTTP_201_CREATED)


class OrtDetailView(IdempotentMixin, APIView):
    """One place of one's own provider."""

    zugang = Zugang.ANGEMELDET

    def _get(self, request: Request, public_id: str) -> Ort:
        return get_object_or_404(orte_of(request.user), public_id=public_id)

    @extend_schema(responses=OrtSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        return Response(OrtSerializer(self._get(request, public_id)).data)

    @extend_schema(request=OrtAendernSerializer, responses=OrtSerializer)
    def patch(self, request: Request, public_id: str) -> Response:
        ort = self._get(request, public_id)
        row = services.update_ort(ort, request.user, **valid(OrtAendernSerializer, request, partial=True))
        return Response(OrtSerializer(row).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        """Remove a place that no session uses."""
        services.delete_ort(self._get(request, public_id), request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
