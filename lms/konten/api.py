"""`/api/v1/konto`, `organisationen`, `mitgliedschaften`, `beschaeftigungen`, `einwilligungen`, `einladungen`."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.core.access import Zugang
from lms.core.api.idempotency import IdempotentMixin
from lms.konten import serializers as s
from lms.konten.beschaeftigungen import confirm_beschaeftigung, end_beschaeftigung, update_beschaeftigung
from lms.konten.einladungen import accept_own_einladung, invite, revoke_einladung
from lms.konten.models import Beschaeftigung, Einladung, Einwilligung, Mitgliedschaft, Organisation, Person
from lms.konten.organisationen import update_organisation
from lms.konten.profil import update_stammdaten
from lms.konten.selectors import (
    einladungen_for,
    mitgliedschaften_for,
    organisationen_for,
    own_rollen,
    personal_for,
)
from lms.konten.services import add_mitgliedschaft, end_mitgliedschaft, give_einwilligung, withdraw_einwilligung


def _visible(view: Any, model: Any, selector: Any) -> QuerySet:
    """Rows for the person who asks; none when the OpenAPI document is made."""
    return model.objects.none() if getattr(view, "swagger_fake_view", False) else selector(view.request.user)


def _valid(serializer: Any, request: Request, partial: bool = False) -> dict[str, Any]:
    data = serializer(data=request.data, partial=partial)
    data.is_valid(raise_exception=True)
    return data.validated_data


class KontoView(IdempotentMixin, APIView):
    """One's own account."""

    zugang = Zugang.ANGEMELDET

    def _answer(self, person: Person) -> Response:
        return Response(s.KontoSerializer(person, context={"rollen": own_rollen(person)}).data)

    @extend_schema(responses=s.KontoSerializer)
    def get(self, request: Request) -> Response:
        """Name, address, date of birth and today's roles."""
        return self._answer(request.user)

    @extend_schema(request=s.KontoSerializer, responses=s.KontoSerializer)
    def patch(self, request: Request) -> Response:
        """Change names and date of birth, as long as nothing official rests on them."""
        person = request.user
        data = {name: getattr(person, name) for name in ("vorname", "nachname", "geburtsdatum")}
        data.update(_valid(s.KontoSerializer, request, partial=True))
        return self._answer(update_stammdaten(person, person, **data))


class OrganisationListView(generics.ListAPIView):
    """Organisations in which the person holds a role."""

    zugang = Zugang.ANGEMELDET
    serializer_class = s.OrganisationSerializer
    filterset_fields = ["kreis", "ist_hochschule", "ist_bildungstraeger", "ist_arbeitgeber"]

    def get_queryset(self) -> QuerySet[Organisation]:
        return _visible(self, Organisation, organisationen_for)


class OrganisationDetailView(IdempotentMixin, generics.RetrieveAPIView):
    """One organisation in which the person holds a role."""

    zugang = Zugang.ANGEMELDET
    serializer_class = s.OrganisationSerializer
    lookup_field = "public_id"

    def get_queryset(self) -> QuerySet[Organisation]:
        return _visible(self, Organisation, organisationen_for)

    @extend_schema(request=s.OrganisationSerializer, responses=s.OrganisationSerializer)
    def patch(self, request: Request, public_id: str) -> Response:
        """Change name, address and the like (leadership)."""
        row = self.get_object()
        data = s.OrganisationSerializer(row, data=request.data, partial=True)
        data.is_valid(raise_exception=True)
        return Response(s.OrganisationSerializer(update_organisation(row, request.user, **data.validated_data)).data)


class MitgliedschaftListView(IdempotentMixin, generics.ListAPIView):
    """Own roles and those in organisations whose members the person manages."""

    zugang = Zugang.ANGEMELDET
    serializer_class = s.MitgliedschaftSerializer
    filterset_fields = {"rolle": ["exact"], "organisation__public_id": ["exact"], "bis": ["isnull", "gte", "lte"]}

    def get_queryset(self) -> QuerySet[Mitgliedschaft]:
        return _visible(self, Mitgliedschaft, mitgliedschaften_for)

    @extend_schema(request=s.RolleGebenSerializer, responses={201: s.MitgliedschaftSerializer})
    def post(self, request: Request) -> Response:
        """Give a further role to somebody who belongs to the organisation; others are invited."""
        data = _valid(s.RolleGebenSerializer, request)
        organisation = get_object_or_404(organisationen_for(request.user), public_id=data["organisation"])
        visible = mitgliedschaften_for(request.user).filter(organisation=organisation)
        person = get_object_or_404(Person, pk__in=visible.values("person_id"), public_id=data["person"])
        row = add_mitgliedschaft(person, organisation, data["rolle"], akteur=request.user)
        return Response(s.MitgliedschaftSerializer(row).data, status=status.HTTP_201_CREATED)


class MitgliedschaftDetailView(generics.RetrieveAPIView):
    zugang = Zugang.ANGEMELDET
    serializer_class = s.MitgliedschaftSerializer
    lookup_field = "public_id"

    def get_queryset(self) -> QuerySet[Mitgliedschaft]:
        return _visible(self, Mitgliedschaft, mitgliedschaften_for)


class MitgliedschaftEndView(IdempotentMixin, APIView):
    zugang = Zugang.ANGEMELDET

    @extend_schema(request=s.EndeSerializer, responses=s.MitgliedschaftSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        """End a role (leadership)."""
        row = get_object_or_404(mitgliedschaften_for(request.user), public_id=public_id)
        ended = end_mitgliedschaft(row, request.user, _valid(s.EndeSerializer, request).get("bis"))
        return Response(s.MitgliedschaftSerializer(ended).data)


class BeschaeftigungListView(generics.ListAPIView):
    """Own employments and those at employers whose employees the person looks after."""

    zugang = Zugang.ANGEMELDET
    serializer_class = s.BeschaeftigungSerializer
    filterset_fields = {
        "qualifikationsstatus": ["exact"],
        "arbeitgeber__public_id": ["exact"],
        "bis": ["isnull", "gte", "lte"],
    }

    def get_queryset(self) -> QuerySet[Beschaeftigung]:
        return _visible(self, Beschaeftigung, personal_for)


class BeschaeftigungDetailView(IdempotentMixin, generics.RetrieveAPIView):
    zugang = Zugang.ANGEMELDET
    serializer_class = s.BeschaeftigungSerializer
    lookup_field = "public_id"

    def get_queryset(self) -> QuerySet[Beschaeftigung]:
        return _visible(self, Beschaeftigung, personal_for)

    @extend_schema(request=s.BeschaeftigungAendernSerializer, responses=s.BeschaeftigungSerializer)
    def patch(self, request: Request, public_id: str) -> Response:
        """Job title and qualification status (employer)."""
        row = self.get_object()
        data = {"taetigkeit": row.taetigkeit, "qualifikationsstatus": row.qualifikationsstatus}
        data.update(_valid(s.BeschaeftigungAendernSerializer, request, partial=True))
        return Response(s.BeschaeftigungSerializer(update_beschaeftigung(row, request.user, **data)).data)


class BeschaeftigungConfirmView(IdempotentMixin, APIView):
    zugang = Zugang.ANGEMELDET

    @extend_schema(request=None, responses=s.BeschaeftigungSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        """The employed person confirms that the employment is right."""
        row = get_object_or_404(personal_for(request.user), public_id=public_id)
        return Response(s.BeschaeftigungSerializer(confirm_beschaeftigung(row, request.user)).data)


class BeschaeftigungEndView(IdempotentMixin, APIView):
    zugang = Zugang.ANGEMELDET

    @extend_schema(request=s.EndeSerializer, responses=s.BeschaeftigungSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        """End an employment (the person or the employer); consents for this employer end with it."""
        row = get_object_or_404(personal_for(request.user), public_id=public_id)
        ended = end_beschaeftigung(row, request.user, _valid(s.EndeSerializer, request).get("bis"))
        return Response(s.BeschaeftigungSerializer(ended).data)


def _own_einwilligungen(person: Person) -> QuerySet[Einwilligung]:
    return Einwilligung.objects.filter(person=person).select_related("arbeitgeber", "text")


class EinwilligungListView(IdempotentMixin, generics.ListAPIView):
    """Own consents, given and withdrawn. Nobody else sees them here."""

    zugang = Zugang.ANGEMELDET
    serializer_class = s.EinwilligungSerializer
    filterset_fields = {"kategorie": ["exact"], "widerrufen_at": ["isnull"]}

    def get_queryset(self) -> QuerySet[Einwilligung]:
        return _visible(self, Einwilligung, _own_einwilligungen)

    @extend_schema(request=s.EinwilligungErteilenSerializer, responses={201: s.EinwilligungSerializer})
    def post(self, request: Request) -> Response:
        """Let an own employer see a category under the wording in force; giving twice is the same consent."""
        data = _valid(s.EinwilligungErteilenSerializer, request)
        own = Beschaeftigung.objects.filter(person=request.user).values("arbeitgeber_id")
        arbeitgeber = get_object_or_404(Organisation, pk__in=own, public_id=data["arbeitgeber"])
        row = give_einwilligung(request.user, arbeitgeber, data["kategorie"])
        return Response(s.EinwilligungSerializer(row).data, status=status.HTTP_201_CREATED)


class EinwilligungWithdrawView(IdempotentMixin, APIView):
    zugang = Zugang.ANGEMELDET

    @extend_schema(request=None, responses=s.EinwilligungSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        """Withdraw, at once and for the future; withdrawing twice is no error."""
        row = get_object_or_404(_own_einwilligungen(request.user), public_id=public_id)
        if row.widerrufen_at is None:
            withdraw_einwilligung(request.user, row.arbeitgeber, row.kategorie)
            row.refresh_from_db()
        return Response(s.EinwilligungSerializer(row).data)


class EinladungListView(IdempotentMixin, generics.ListAPIView):
    """Open invitations to own addresses and those of organisations that the person may invite for."""

    zugang = Zugang.ANGEMELDET
    serializer_class = s.EinladungSerializer

    def get_queryset(self) -> QuerySet[Einladung]:
        return _visible(self, Einladung, einladungen_for)

    @extend_schema(request=s.EinladenSerializer, responses={201: s.EinladungSerializer})
    def post(self, request: Request) -> Response:
        """Invite an address to a role or as an employee. The link goes by mail only."""
        data = _valid(s.EinladenSerializer, request)
        organisation = get_object_or_404(organisationen_for(request.user), public_id=data.pop("organisation"))
        row = invite(organisation, request.user, **data)
        return Response(s.EinladungSerializer(row).data, status=status.HTTP_201_CREATED)


class EinladungAcceptView(IdempotentMixin, APIView):
    zugang = Zugang.ANGEMELDET

    @extend_schema(request=None, responses=s.EinladungSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        """Accept an invitation to an address that the person has verified."""
        row = get_object_or_404(einladungen_for(request.user, auch_erledigte=True), public_id=public_id)
        return Response(s.EinladungSerializer(accept_own_einladung(row, request.user)).data)


class EinladungDetailView(IdempotentMixin, APIView):
    zugang = Zugang.ANGEMELDET

    @extend_schema(responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        """Take an open invitation back."""
        row = get_object_or_404(einladungen_for(request.user, auch_erledigte=True), public_id=public_id)
        revoke_einladung(row, request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
