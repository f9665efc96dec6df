"""`/api/v1/aufgaben`, `abgaben`, `bewertungen`, `pruefungsergebnisse`, `fristverlaengerungen`, `ergebnisse`."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kurse.aufgaben import selectors
from kurse.aufgaben import serializers as s
from kurse.aufgaben.ergebnis import confirm_alle, confirm_ergebnis, propose_for_kurs
from kurse.aufgaben.models import Abgabe, Aufgabe, Bewertung, Fristverlaengerung, Modulergebnis
from kurse.aufgaben.permissions import zugriff_of
from kurse.aufgaben.services import (
    create_aufgabe,
    extend_frist,
    grade_abgabe,
    record_pruefung,
    submit_abgabe,
    update_aufgabe,
)
from kurse.aufgaben.views import open_download
from kurse.einschreibung.enums import NIMMT_TEIL
from kurse.einschreibung.models import Einschreibung
from kurse.planung.models import Kurs
from kurse.planung.permissions import may_grade, require
from lms.core.access import Zugang
from lms.core.api.idempotency import IdempotentMixin


def _visible(view: Any, model: Any, selector: Any) -> QuerySet:
    """Rows for the person who asks; none when the OpenAPI document is made."""
    return model.objects.none() if getattr(view, "swagger_fake_view", False) else selector(view.request.user)


def _valid(serializer: Any, request: Request, **kwargs: Any) -> dict[str, Any]:
    data = serializer(data=request.data, **kwargs)
    data.is_valid(raise_exception=True)
    return dict(data.validated_data)


def _kurs(request: Request, public_id: str) -> Kurs:
    """A course whose assignments the person may see; 404 for everybody else."""
    kurs = get_object_or_404(Kurs, public_id=public_id)
    if not zugriff_of(request.user, kurs).sieht:
        raise Http404
    return kurs


def _teilnahme(request: Request, public_id: str) -> Einschreibung:
    """An enrolment of a course that one teaches, administers or examines."""
    rows = Einschreibung.objects.filter(status__in=NIMMT_TEIL).select_related("person", "kurs")
    row = get_object_or_404(rows, public_id=public_id)
    if not zugriff_of(request.user, row.kurs).lehrseite:
        raise Http404
    return row


class AufgabeFilter(django_filters.FilterSet):
    kurs = django_filters.CharFilter(field_name="kurs__public_id")

    class Meta:
        model = Aufgabe
        fields = ["kurs", "art", "pflicht"]


class AbgabeFilter(django_filters.FilterSet):
    aufgabe = django_filters.CharFilter(field_name="aufgabe__public_id")
    kurs = django_filters.CharFilter(field_name="aufgabe__kurs__public_id")

    class Meta:
        model = Abgabe
        fields = ["aufgabe", "kurs", "status", "verspaetet"]


class BewertungFilter(django_filters.FilterSet):
    abgabe = django_filters.CharFilter(field_name="abgabe__public_id")

    class Meta:
        model = Bewertung
        fields = ["abgabe"]


class FristFilter(django_filters.FilterSet):
    aufgabe = django_filters.CharFilter(field_name="aufgabe__public_id")

    class Meta:
        model = Fristverlaengerung
        fields = ["aufgabe"]


class ErgebnisFilter(django_filters.FilterSet):
    kurs = django_filters.CharFilter(field_name="einschreibung__kurs__public_id")

    class Meta:
        model = Modulergebnis
        fields = ["kurs", "status"]


class AufgabeListView(IdempotentMixin, generics.ListAPIView):
    """Assignments of one's courses."""

    zugang = Zugang.ANGEMELDET
    serializer_class = s.AufgabeSerializer
    filterset_class = AufgabeFilter

    def get_queryset(self) -> QuerySet[Aufgabe]:
        return _visible(self, Aufgabe, selectors.aufgaben_visible_to)

    @extend_schema(request=s.AufgabeSerializer, responses={201: s.AufgabeSerializer})
    def post(self, request: Request) -> Response:
        """Set an assignment (lecturers and course administration)."""
        data = _valid(s.AufgabeSerializer, request)
        kurs = _kurs(request, data.pop("kurs")["public_id"])
        row = create_aufgabe(kurs, request.user, **data)
        return Response(s.AufgabeSerializer(row).data, status=status.HTTP_201_CREATED)


class AufgabeDetailView(IdempotentMixin, generics.RetrieveAPIView):
    zugang = Zugang.ANGEMELDET
    serializer_class = s.AufgabeSerializer
    lookup_field = "public_id"

    def get_queryset(self) -> QuerySet[Aufgabe]:
        return _visible(self, Aufgabe, selectors.aufgaben_visible_to)

    @extend_schema(request=s.AufgabeSerializer, responses=s.AufgabeSerializer)
    def patch(self, request: Request, public_id: str) -> Response:
        """Change an assignment; its course stays."""
        row = self.get_object()
        data = _valid(s.AufgabeSerializer, request, partial=True)
        data.pop("kurs", None)
        return Response(s.AufgabeSerializer(update_aufgabe(row, request.user, **data)).data)


class AbgabeListView(IdempotentMixin, generics.ListAPIView):
    """One's own submissions, and those of the courses one grades or examines."""

    zugang = Zugang.ANGEMELDET
    serializer_class = s.AbgabeSerializer
    filterset_class = AbgabeFilter

    def get_queryset(self) -> QuerySet[Abgabe]:
        return selectors.with_bewertung(_visible(self, Abgabe, selectors.abgaben_visible_to))

    @extend_schema(
        request={"multipart/form-data": s.AbgabeInSerializer, "application/json": s.AbgabeInSerializer},
        responses={201: s.AbgabeSerializer},
    )
    def post(self, request: Request) -> Response:
        """Hand in a new version: `text`, a file (`datei`, multipart), or both."""
        data = _valid(s.AbgabeInSerializer, request)
        aufgabe = selectors.aufgabe_or_404(request.user, data.pop("aufgabe"))
        mine = get_object_or_404(Einschreibung, kurs=aufgabe.kurs_id, person=request.user)
        row = submit_abgabe(aufgabe, mine, request.user, **data)
        return Response(s.AbgabeSerializer(row).data, status=status.HTTP_201_CREATED)


class AbgabeDetailView(generics.RetrieveAPIView):
    zugang = Zugang.ANGEMELDET
    serializer_class = s.AbgabeSerializer
    lookup_field = "public_id"

    def get_queryset(self) -> QuerySet[Abgabe]:
        return selectors.with_bewertung(_visible(self, Abgabe, selectors.abgaben_visible_to))


class AbgabeDateiView(APIView):
    zugang = Zugang.ANGEMELDET

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, 404: OpenApiResponse()})
    def get(self, request: Request, public_id: str) -> FileResponse:
        """Download the file of a submission."""
        row = selectors.abgabe_or_404(request.user, public_id)
        if not row.datei:
            raise Http404
        return open_download(row)


class BewertungListView(IdempotentMixin, generics.ListAPIView):
    """Gradings of visible submissions, also replaced ones."""

    zugang = Zugang.ANGEMELDET
    serializer_class = s.BewertungSerializer
    filterset_class = BewertungFilter

    def get_queryset(self) -> QuerySet[Bewertung]:
        return _visible(self, Bewertung, selectors.bewertungen_visible_to)

    @extend_schema(request=s.BewertungSerializer, responses={201: s.BewertungSerializer})
    def post(self, request: Request) -> Response:
        """Grade a submission, or replace its grading."""
        data = _valid(s.BewertungSerializer, request)
        abgabe = selectors.abgabe_or_404(request.user, data.pop("abgabe")["public_id"])
        row = grade_abgabe(abgabe, request.user, **data)
        return Response(s.BewertungSerializer(row).data, status=status.HTTP_201_CREATED)


class PruefungsergebnisView(IdempotentMixin, APIView):
    zugang = Zugang.ANGEMELDET

    @extend_schema(request=s.PruefungInSerializer, responses={201: s.BewertungSerializer})
    def post(self, request: Request) -> Response:
        """Record the result of an examination or colloquium, where nothing is handed in."""
        data = _valid(s.PruefungInSerializer, request)
        aufgabe = selectors.aufgabe_or_404(request.user, data.pop("aufgabe"))
        require(may_grade(request.user, aufgabe.kurs))
        person = _teilnahme(request, data.pop("einschreibung"))
        row = record_pruefung(aufgabe, person, request.user, **data)
        return Response(s.BewertungSerializer(row).data, status=status.HTTP_201_CREATED)


class FristverlaengerungListView(IdempotentMixin, generics.ListAPIView):
    """Extensions: one's own, and those of the courses one grades or examines."""

    zugang = Zugang.ANGEMELDET
    serializer_class = s.FristverlaengerungSerializer
    filterset_class = FristFilter

    def get_queryset(self) -> QuerySet[Fristverlaengerung]:
        return _visible(self, Fristverlaengerung, selectors.fristen_visible_to)

    @extend_schema(request=s.FristverlaengerungSerializer, responses={201: s.FristverlaengerungSerializer})
    def post(self, request: Request) -> Response:
        """Give one person more time."""
        data = _valid(s.FristverlaengerungSerializer, request)
        aufgabe = selectors.aufgabe_or_404(request.user, data.pop("aufgabe")["public_id"])
        require(may_grade(request.user, aufgabe.kurs))
        person = _teilnahme(request, data.pop("einschreibung")["public_id"])
        row = extend_frist(aufgabe, person, request.user, **data)
        return Response(s.FristverlaengerungSerializer(row).data, status=status.HTTP_201_CREATED)


class ErgebnisListView(IdempotentMixin, generics.ListAPIView):
    """Confirmed results: one's own, and those of the courses one teaches, administers or examines."""

    zugang = Zugang.ANGEMELDET
    serializer_class = s.ModulergebnisSerializer
    filterset_class = ErgebnisFilter

    def get_queryset(self) -> QuerySet[Modulergebnis]:
        return _visible(self, Modulergebnis, selectors.ergebnisse_visible_to)

    @extend_schema(request=s.ErgebnisInSerializer, responses={201: s.ModulergebnisSerializer})
    def post(self, request: Request) -> Response:
        """Confirm the result of one enrolment (examination office); without `status` the proposal."""
        data = _valid(s.ErgebnisInSerializer, request)
        person = _teilnahme(request, data.pop("einschreibung"))
        row = confirm_ergebnis(person, request.user, **data)
        return Response(s.ModulergebnisSerializer(row).data, status=status.HTTP_201_CREATED)


class VorschlagListView(APIView):
    zugang = Zugang.ANGEMELDET

    @extend_schema(responses=s.VorschlagSerializer(many=True))
    def get(self, request: Request, public_id: str) -> Response:
        """What the rules propose for everybody in a course, with all numbers behind it."""
        kurs = _kurs(request, public_id)
        if not zugriff_of(request.user, kurs).lehrseite:
            raise Http404
        return Response(s.VorschlagSerializer(propose_for_kurs(kurs), many=True).data)


class ErgebnisseBestaetigenView(IdempotentMixin, APIView):
    zugang = Zugang.ANGEMELDET

    @extend_schema(request=None, responses=s.SammelbestaetigungSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        """Confirm every proposal of a course that the rules decide; open ones are named."""
        return Response(s.SammelbestaetigungSerializer(confirm_alle(_kurs(request, public_id), request.user)).data)
