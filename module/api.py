"""`/api/v1/kataloge`, `module`, `modulversionen`, `programme`, `programmversionen`: the acts of the pages."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.filters import OrderingFilter
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.core.access import Zugang
from lms.core.api.idempotency import IdempotentMixin
from lms.konten.models import Organisation
from module import programme, selectors, services
from module import serializers as s
from module.enums import Einordnung, VersionStatus
from module.models import Modulkatalog, Modulversion, Programmversion
from module.permissions import FREIGEBEN, require_katalogrecht


def _faked(view: Any) -> bool:
    """Is the OpenAPI document being made?"""
    return getattr(view, "swagger_fake_view", False)


def _valid(serializer: Any, request: Request, **kwargs: Any) -> dict[str, Any]:
    data = serializer(data=request.data, **kwargs)
    data.is_valid(raise_exception=True)
    return data.validated_data


class KatalogListView(generics.ListAPIView):
    """Catalogues in which the person works."""

    zugang = Zugang.ANGEMELDET
    serializer_class = s.ModulkatalogSerializer

    def get_queryset(self) -> QuerySet[Modulkatalog]:
        return Modulkatalog.objects.none() if _faked(self) else selectors.kataloge_for(self.request.user)


class KatalogDetailView(generics.RetrieveAPIView):
    zugang = Zugang.ANGEMELDET
    serializer_class = s.ModulkatalogSerializer
    lookup_field = "public_id"

    def get_queryset(self) -> QuerySet[Modulkatalog]:
        return Modulkatalog.objects.none() if _faked(self) else selectors.kataloge_for(self.request.user)


class ModulFilter(django_filters.FilterSet):
    """Filters of published modules; `q` searches titles, contents, codes and programmes."""

    q = django_filters.CharFilter(method="search")
    programm = django_filters.CharFilter(method="search")
    einordnung = django_filters.ChoiceFilter(choices=Einordnung.choices, method="search")
    ects_von = django_filters.NumberFilter(field_name="ects", lookup_expr="gte")
    ects_bis = django_filters.NumberFilter(field_name="ects", lookup_expr="lte")
    katalog = django_filters.CharFilter(field_name="modul__katalog__public_id")

    class Meta:
        model = Modulversion
        fields: list[str] = []

    def search(self, rows: QuerySet[Modulversion], name: str, value: str) -> QuerySet[Modulversion]:
        return rows.filter(pk__in=selectors.search_module(**{name: value}).values("pk"))


class ModulListView(IdempotentMixin, generics.ListAPIView):
    """Published modules, for everyone; POST drafts a new module in a catalogue of one's own."""

    zugang = Zugang.OEFFENTLICH
    zugang_schreiben = Zugang.ANGEMELDET
    serializer_class = s.ModulSerializer
    filterset_class = ModulFilter
    filter_backends = [DjangoFilterBackend, OrderingFilter]
    ordering_fields = ["titel", "veroeffentlicht_at", "id"]
    ordering = ["-id"]

    def get_queryset(self) -> QuerySet[Modulversion]:
        return selectors.veroeffentlichte_versionen().select_related("anwesenheitsregel")

    @extend_schema(request=s.ModulAnlageSerializer, responses={201: s.ModulversionPruefungSerializer})
    def post(self, request: Request) -> Response:
        data = _valid(s.ModulAnlageSerializer, request)
        katalog = selectors.katalog_or_404(request.user, data.pop("katalog"))
        verantwortlich = get_object_or_404(Organisation, public_id=data.pop("verantwortlich"))
        version = services.create_modul(request.user, katalog, verantwortlich=verantwortlich, **data)
        return Response(s.ModulversionPruefungSerializer(version).data, status=status.HTTP_201_CREATED)


class ModulDetailView(generics.RetrieveAPIView):
    """A published module with its current version."""

    zugang = Zugang.OEFFENTLICH
    serializer_class = s.ModulSerializer

    def get_object(self) -> Modulversion:
        return selectors.modulversion_public_or_404(self.kwargs["public_id"])


class ModulVersionenView(IdempotentMixin, APIView):
    """POST begins a new version (or returns the open draft)."""

    zugang = Zugang.ANGEMELDET

    @extend_schema(request=None, responses={201: s.ModulversionPruefungSerializer})
    def post(self, request: Request, public_id: str) -> Response:
        modul = selectors.modul_for_partner_or_404(request.user, public_id)
        version = services.create_version(modul, request.user)
        return Response(s.ModulversionPruefungSerializer(version).data, status=status.HTTP_201_CREATED)


class ModulversionFilter(django_filters.FilterSet):
    status = django_filters.ChoiceFilter(choices=VersionStatus.choices)
    modul = django_filters.CharFilter(field_name="modul__public_id")
    katalog = django_filters.CharFilter(field_name="modul__katalog__public_id")
    zu_entscheiden = django_filters.BooleanFilter(method="only_waiting")

    class Meta:
        model = Modulversion
        fields: list[str] = []

    def only_waiting(self, rows: QuerySet[Modulversion], name: str, value: bool) -> QuerySet[Modulversion]:
        if not value or not self.request.user.is_authenticated:
            return rows
        return rows.filter(pk__in=selectors.versionen_zu_entscheiden(self.request.user).values("pk"))


class ModulversionListView(generics.ListAPIView):
    """Versions that are or were published, and every version in the person's own catalogues."""

    zugang = Zugang.OEFFENTLICH
    serializer_class = s.ModulversionSerializer
    filterset_class = ModulversionFilter
    filter_backends = [DjangoFilterBackend, OrderingFilter]
    ordering_fields = ["titel", "created_at", "id"]
    ordering = ["-id"]

    def get_queryset(self) -> QuerySet[Modulversion]:
        return Modulversion.objects.none() if _faked(self) else selectors.visible_versionen(self.request.user)


class ModulversionDetailView(IdempotentMixin, APIView):
    zugang = Zugang.OEFFENTLICH
    zugang_schreiben = Zugang.ANGEMELDET

    def _visible(self, request: Request, public_id: str) -> Modulversion:
        return get_object_or_404(selectors.visible_versionen(request.user), public_id=public_id)

    @extend_schema(responses=s.ModulversionPruefungSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        return Response(s.ModulversionPruefungSerializer(self._visible(request, public_id)).data)

    @extend_schema(request=s.ModulversionAenderungSerializer, responses=s.ModulversionPruefungSerializer)
    def patch(self, request: Request, public_id: str) -> Response:
        """Change a draft; nothing else can be changed (409)."""
        version = self._visible(request, public_id)
        data = _valid(s.ModulversionAenderungSerializer, request, partial=True)
        stand = data.pop("stand", None)
        read = services.stand_of(version) if stand and stand == version.updated_at else "veraltet" if stand else None
        version = services.update_version(version, request.user, stand=read, **data)
        return Response(s.ModulversionPruefungSerializer(version).data)

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        """Discard a draft that was never submitted."""
        services.delete_entwurf(self._visible(request, public_id), request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class EinreichenView(IdempotentMixin, APIView):
    zugang = Zugang.ANGEMELDET

    @extend_schema(request=None, responses=s.ModulversionPruefungSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        """Hand the draft to all partners of the catalogue."""
        version = services.submit_version(selectors.version_or_404(request.user, public_id), request.user)
        return Response(s.ModulversionPruefungSerializer(version).data)


class FreigabenView(IdempotentMixin, APIView):
    """Decisions on a version: GET the history, POST the decision of one partner."""

    zugang = Zugang.ANGEMELDET

    @extend_schema(responses=s.FreigabeSerializer(many=True))
    def get(self, request: Request, public_id: str) -> Response:
        rows = selectors.version_or_404(request.user, public_id).freigaben.select_related("organisation")
        return Response(s.FreigabeSerializer(rows.order_by("runde", "id"), many=True).data)

    @extend_schema(request=s.EntscheidungSerializer, responses={201: s.FreigabeSerializer})
    def post(self, request: Request, public_id: str) -> Response:
        version = selectors.version_or_404(request.user, public_id)
        require_katalogrecht(request.user, FREIGEBEN, version.modul.katalog_id)
        data = _valid(s.EntscheidungSerializer, request)
        organisation = get_object_or_404(version.modul.katalog.partner, public_id=data.pop("organisation"))
        freigabe = services.decide_freigabe(version, organisation, request.user, **data)
        return Response(s.FreigabeSerializer(freigabe).data, status=status.HTTP_201_CREATED)


class ProgrammFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search")
    einordnung = django_filters.ChoiceFilter(choices=Einordnung.choices, field_name="programm__einordnung")
    katalog = django_filters.CharFilter(field_name="programm__katalog__public_id")

    class Meta:
        model = Programmversion
        fields: list[str] = []

    def search(self, rows: QuerySet[Programmversion], name: str, value: str) -> QuerySet[Programmversion]:
        return rows.filter(pk__in=selectors.search_programme(q=value).values("pk"))


class ProgrammListView(IdempotentMixin, generics.ListAPIView):
    """Published programmes, for everyone; POST drafts a new programme."""

    zugang = Zugang.OEFFENTLICH
    zugang_schreiben = Zugang.ANGEMELDET
    serializer_class = s.ProgrammSerializer
    filterset_class = ProgrammFilter

    def get_queryset(self) -> QuerySet[Programmversion]:
        return selectors.veroeffentlichte_programme()

    @extend_schema(request=s.ProgrammAnlageSerializer, responses={201: s.ProgrammDetailSerializer})
    def post(self, request: Request) -> Response:
        data = _valid(s.ProgrammAnlageSerializer, request)
        katalog = selectors.katalog_or_404(request.user, data.pop("katalog"))
        version = programme.create_programm(request.user, katalog, **data)
        return Response(s.ProgrammDetailSerializer(version).data, status=status.HTTP_201_CREATED)


class ProgrammDetailView(generics.RetrieveAPIView):
    """A published programme with its parts in order."""

    zugang = Zugang.OEFFENTLICH
    serializer_class = s.ProgrammDetailSerializer

    def get_object(self) -> Programmversion:
        return selectors.programmversion_public_or_404(self.kwargs["public_id"])


class ProgrammVersionenView(IdempotentMixin, APIView):
    zugang = Zugang.ANGEMELDET

    @extend_schema(request=None, responses={201: s.ProgrammDetailSerializer})
    def post(self, request: Request, public_id: str) -> Response:
        """Begin a new version of a programme (or return the open draft)."""
        programm = selectors.programm_for_partner_or_404(request.user, public_id)
        version = programme.create_programmversion(programm, request.user)
        return Response(s.ProgrammDetailSerializer(version).data, status=status.HTTP_201_CREATED)


class ProgrammversionView(IdempotentMixin, APIView):
    """A programme version in one's own catalogue."""

    zugang = Zugang.ANGEMELDET

    @extend_schema(responses=s.ProgrammDetailSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        version = selectors.programmversion_for_partner_or_404(request.user, public_id)
        return Response(s.ProgrammDetailSerializer(version).data)

    @extend_schema(request=s.ProgrammSerializer, responses=s.ProgrammDetailSerializer)
    def patch(self, request: Request, public_id: str) -> Response:
        version = selectors.programmversion_for_partner_or_404(request.user, public_id)
        data = _valid(s.ProgrammSerializer, request, partial=True)
        version = programme.update_programmversion(version, request.user, **data)
        return Response(s.ProgrammDetailSerializer(version).data)


class BausteineView(IdempotentMixin, APIView):
    zugang = Zugang.ANGEMELDET

    @extend_schema(request=s.BausteinSerializer, responses={201: s.BausteinSerializer})
    def post(self, request: Request, public_id: str) -> Response:
        """Append a part to a draft."""
        version = selectors.programmversion_for_partner_or_404(request.user, public_id)
        baustein = programme.add_baustein(version, request.user, **_valid(s.BausteinSerializer, request))
        return Response(s.BausteinSerializer(baustein).data, status=status.HTTP_201_CREATED)


class BausteinView(IdempotentMixin, APIView):
    zugang = Zugang.ANGEMELDET

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, public_id: str, reihenfolge: int) -> Response:
        """Take a part out of a draft."""
        version = selectors.programmversion_for_partner_or_404(request.user, public_id)
        programme.remove_baustein(version, reihenfolge, request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ProgrammversionVeroeffentlichenView(IdempotentMixin, APIView):
    zugang = Zugang.ANGEMELDET

    @extend_schema(request=None, responses=s.ProgrammDetailSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        version = selectors.programmversion_for_partner_or_404(request.user, public_id)
        return Response(s.ProgrammDetailSerializer(programme.publish_programmversion(version, request.user)).data)
