"""`/api/v1/einschreibungen/` and `/api/v1/importe/`: the acts of the pages, through the same services."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kurse.einschreibung import serializers as s
from kurse.einschreibung import services
from kurse.einschreibung.enums import EinschreibungStatus, GenehmigungStatus
from kurse.einschreibung.importe import confirm_importlauf, discard_importlauf, start_importlauf
from kurse.einschreibung.models import Einschreibung, Importlauf
from kurse.einschreibung.selectors import (
    importlauf_or_404,
    personal_of,
    public_kurs_or_404,
    staffed_kurs_or_404,
    visible_einschreibungen,
)
from kurse.planung.models import Kurs
from kurse.planung.permissions import may_manage
from lms.core.access import Zugang
from lms.core.api.idempotency import IdempotentMixin
from lms.core.errors import DomainError
from lms.konten.enums import Recht
from lms.konten.models import Organisation, Person
from lms.konten.rechte import hat_recht, organisationen_mit_recht


def _valid(serializer: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    data = serializer(data=request.data)
    data.is_valid(raise_exception=True)
    return data.validated_data


def _kurs(public_id: str) -> Kurs:
    try:
        return public_kurs_or_404(public_id)
    except Http404 as exc:
        raise serializers.ValidationError({"kurs": [_("Diesen Kurs gibt es nicht.")]}) from exc


def _arbeitgeber(public_id: str | None) -> Organisation | None:
    if not public_id:
        return None
    found = Organisation.objects.filter(public_id=public_id, ist_arbeitgeber=True).first()
    if found is None:
        raise serializers.ValidationError({"arbeitgeber": [_("Diesen Arbeitgeber gibt es nicht.")]})
    return found


def _person(request: Request, kurs: Kurs, data: dict[str, Any]) -> Person:
    """The person named by an employer (its own people) or by the provider (by exact address or id)."""
    if not data.get("person") and not data.get("email"):
        return request.user
    people = Person.objects.filter(is_active=True)
    if not may_manage(request.user, kurs):
        own = organisationen_mit_recht(request.user, Recht.EINSCHREIBUNGEN_GENEHMIGEN)
        people = people.filter(beschaeftigungen__arbeitgeber__in=own) | Person.objects.filter(pk=request.user.pk)
    if data.get("person"):
        people = people.filter(public_id=data["person"])
    if data.get("email"):
        people = people.filter(email__iexact=data["email"])
    found = people.distinct().first()
    if found is None:
        raise serializers.ValidationError(
            {"person": [_("Diese Person gibt es nicht, oder Sie dürfen sie nicht einschreiben.")]}
        )
    return found


class EinschreibungFilter(django_filters.FilterSet):
    kurs = django_filters.CharFilter("kurs__public_id")
    arbeitgeber = django_filters.CharFilter("arbeitgeber__public_id")
    person = django_filters.CharFilter("person__public_id")
    status = django_filters.ChoiceFilter(choices=EinschreibungStatus.choices)
    genehmigung = django_filters.ChoiceFilter(choices=GenehmigungStatus.choices)
    eigene = django_filters.BooleanFilter(method="filter_eigene", label="nur die eigenen")

    class Meta:
        model = Einschreibung
        fields = ["kurs", "arbeitgeber", "person", "status", "genehmigung"]

    def filter_eigene(self, rows: QuerySet, name: str, value: bool) -> QuerySet:
        return rows.filter(person=self.request.user) if value else rows.exclude(person=self.request.user)


class _Visible:
    request: Request

    def get_queryset(self) -> QuerySet[Einschreibung]:
        if getattr(self, "swagger_fake_view", False):
            return Einschreibung.objects.none()
        return visible_einschreibungen(self.request.user)


def _answer(request: Request, row: Einschreibung, code: int = status.HTTP_200_OK) -> Response:
    """The row as the person who asks may see it; an enrolment without approval stays out of an employer's sight."""
    fresh = visible_einschreibungen(request.user).filter(pk=row.pk).first()
    if fresh is None:
        raise DomainError("schon_eingeschrieben", _("Die Person ist in diesem Kurs schon eingeschrieben."))
    return Response(s.EinschreibungSerializer(fresh).data, status=code)


class EinschreibungListView(IdempotentMixin, _Visible, generics.ListAPIView):
    """Own enrolments, those of courses where one works, and those that one's organisation approves."""

    zugang = Zugang.ANGEMELDET
    serializer_class = s.EinschreibungSerializer
    filterset_class = EinschreibungFilter

    @extend_schema(request=s.EinschreibenSerializer, responses={201: s.EinschreibungSerializer})
    def post(self, request: Request) -> Response:
        """Enrol oneself, an own employee, or (provider) anybody with an account. An existing row answers 200."""
        data = _valid(s.EinschreibenSerializer, request)
        kurs = _kurs(data["kurs"])
        person = _person(request, kurs, data)
        before = Einschreibung.objects.filter(kurs=kurs, person=person).first()
        row = services.enrol(
            person,
            kurs,
            request.user,
            arbeitgeber=_arbeitgeber(data.get("arbeitgeber")),
            genehmigung_liegt_vor=data["genehmigung_liegt_vor"],
        )
        same = before is not None and before.status not in services.ZURUECKGEZOGEN
        return _answer(request, row, status.HTTP_200_OK if same else status.HTTP_201_CREATED)


class EinschreibungDetailView(_Visible, generics.RetrieveAPIView):
    """One enrolment."""

    zugang = Zugang.ANGEMELDET
    serializer_class = s.EinschreibungSerializer
    lookup_field = "public_id"


class _ActView(IdempotentMixin, _Visible, APIView):
    """One act on one visible enrolment."""

    zugang = Zugang.ANGEMELDET

    def row(self, public_id: str) -> Einschreibung:
        return get_object_or_404(self.get_queryset(), public_id=public_id)


class GenehmigenView(_ActView):
    @extend_schema(request=None, responses=s.EinschreibungSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        """Approve (employer), or record an approval on paper (provider)."""
        return _answer(request, services.approve_einschreibung(self.row(public_id), request.user))


class AblehnenView(_ActView):
    @extend_schema(request=s.GrundSerializer, responses=s.EinschreibungSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        """Reject an application with a reason (employer or provider)."""
        row, grund = self.row(public_id), _valid(s.GrundSerializer, request)["grund"]
        return _answer(request, services.reject_einschreibung(row, request.user, grund))


class StornierenView(_ActView):
    @extend_schema(request=s.OptionalGrundSerializer, responses=s.EinschreibungSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        """Withdraw (the person, until the course begins) or end (the provider, with a reason)."""
        row, grund = self.row(public_id), _valid(s.OptionalGrundSerializer, request)["grund"]
        return _answer(request, services.cancel_einschreibung(row, request.user, grund))


class AnnehmenView(_ActView):
    @extend_schema(request=None, responses=s.EinschreibungSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        """Take an offered place."""
        return _answer(request, services.accept_angebot(self.row(public_id), request.user))


class MehrereView(IdempotentMixin, APIView):
    """An employer enrols several of its people; every person has its own result."""

    zugang = Zugang.ANGEMELDET

    @extend_schema(request=s.MehrereSerializer, responses=s.ErgebnisSerializer(many=True))
    def post(self, request: Request) -> Response:
        data = _valid(s.MehrereSerializer, request)
        arbeitgeber = _arbeitgeber(data["arbeitgeber"])
        if arbeitgeber is None or not hat_recht(request.user, Recht.EINSCHREIBUNGEN_GENEHMIGEN, arbeitgeber):
            self.permission_denied(request)
        kurs = _kurs(data["kurs"])
        employed = {row.person.public_id: row.person for row in personal_of(arbeitgeber, None)}
        unknown = sorted(set(data["personen"]) - set(employed))
        if unknown:
            raise serializers.ValidationError(
                {"personen": [_("Nicht beschäftigt: %(ids)s") % {"ids": ", ".join(unknown)}]}
            )
        people = [employed[public_id] for public_id in data["personen"]]
        results = services.enrol_many(arbeitgeber, kurs, people, request.user)
        return Response(s.ErgebnisSerializer(results, many=True).data)


class ImportView(IdempotentMixin, APIView):
    """Upload a list of participants of one course."""

    zugang = Zugang.ANGEMELDET
    parser_classes = [MultiPartParser]

    @extend_schema(request=s.DateiSerializer, responses={201: s.ImportlaufSerializer})
    def post(self, request: Request, public_id: str) -> Response:
        """Check every row; nothing is written until the import is confirmed."""
        kurs = staffed_kurs_or_404(request.user, public_id)
        datei = _valid(s.DateiSerializer, request)["datei"]
        lauf = start_importlauf(kurs, request.user, dateiname=datei.name, data=datei.read())
        return Response(s.ImportlaufSerializer(lauf).data, status=status.HTTP_201_CREATED)


class ImportlaufView(APIView):
    """The preview of an import."""

    zugang = Zugang.ANGEMELDET

    @extend_schema(responses=s.ImportlaufSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        return Response(s.ImportlaufSerializer(importlauf_or_404(request.user, public_id)).data)


class ImportBestaetigenView(IdempotentMixin, APIView):
    """Write all valid rows in one transaction; twice changes nothing."""

    zugang = Zugang.ANGEMELDET

    @extend_schema(request=s.BestaetigenSerializer, responses=s.ImportlaufSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        lauf = importlauf_or_404(request.user, public_id)
        lauf = confirm_importlauf(lauf, request.user, **_valid(s.BestaetigenSerializer, request))
        return Response(s.ImportlaufSerializer(lauf).data)


class ImportVerwerfenView(IdempotentMixin, APIView):
    """Drop the uploaded rows."""

    zugang = Zugang.ANGEMELDET

    @extend_schema(request=None, responses=s.ImportlaufSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        lauf: Importlauf = discard_importlauf(importlauf_or_404(request.user, public_id), request.user)
        return Response(s.ImportlaufSerializer(lauf).data)
