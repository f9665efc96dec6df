"""API of the certificates: own ones, the register, issuing, revoking, verifying."""

from typing import Any

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from kurse.planung.models import Kurs
from kurse.planung.permissions import kurse_managed_by
from lms.core.access import Zugang
from lms.core.adresse import client_address
from lms.core.api.idempotency import IdempotentMixin
from lms.konten.enums import Recht
from zertifikate.enums import ZertifikatArt, ZertifikatStatus
from zertifikate.models import Zertifikat
from zertifikate.pruefung import normalise_code, verify
from zertifikate.selectors import issued_zertifikat_or_404, visible_zertifikate, zertifikat_or_404
from zertifikate.services import issue_zertifikat, revoke_zertifikat, start_ausstellung
from zertifikate.views import pdf_response
from zertifikate.voraussetzungen import check_einschreibungen, einschreibungen_of


class ZertifikatSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id", read_only=True)
    titel = serializers.CharField(source="snapshot.titel", read_only=True)
    aussteller = serializers.CharField(source="snapshot.aussteller.name", read_only=True)
    ue_besucht = serializers.CharField(source="snapshot.ue_besucht", read_only=True)
    ue_geplant = serializers.CharField(source="snapshot.ue_geplant", read_only=True)

    class Meta:
        model = Zertifikat
        fields = [
            "id", "nummer", "art", "status", "titel", "aussteller", "ue_besucht", "ue_geplant", "pruefcode",
            "anforderungen_erfuellt_am", "ausgestellt_am", "widerrufen_at", "sha256",
        ]  # fmt: skip
        read_only_fields = fields


class AusstellungSerializer(serializers.Serializer):
    art = serializers.ChoiceField(choices=ZertifikatArt.choices)
    einschreibungen = serializers.ListField(child=serializers.CharField(max_length=12), min_length=1, max_length=10_000)


class VorgangIdSerializer(serializers.Serializer):
    vorgang = serializers.CharField()


class FehltSerializer(serializers.Serializer):
    code = serializers.CharField()
    meldung = serializers.CharField()


class PrueflingSerializer(serializers.Serializer):
    einschreibung = serializers.CharField(source="einschreibung.public_id")
    name = serializers.CharField(source="einschreibung.person.name")
    moeglich = serializers.BooleanField()
    zertifikat = serializers.CharField(source="zertifikat.nummer", default=None)
    fehlt = serializers.SerializerMethodField()

    @extend_schema_field(FehltSerializer(many=True))
    def get_fehlt(self, item: Any) -> list[dict[str, str]]:
        return [{"code": code, "meldung": text} for code, text in item.fehlt]


class WiderrufSerializer(serializers.Serializer):
    grund = serializers.CharField(max_length=300)


class NameSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=250, required=False)


class PruefergebnisSerializer(serializers.Serializer):
    status = serializers.ChoiceField(choices=[*ZertifikatStatus.values, "unbekannt"])
    art = serializers.CharField(allow_blank=True)
    aussteller = serializers.CharField(allow_blank=True)
    name_richtig = serializers.BooleanField(allow_null=True)
    details = serializers.JSONField(allow_null=True)


class ZertifikatListe(generics.ListAPIView):
    """Certificates that the person may see: own, of one's examination office, shared by employees."""

    zugang = Zugang.ANGEMELDET
    serializer_class = ZertifikatSerializer
    filterset_fields = ["art", "status", "jahr"]
    queryset = Zertifikat.objects.none()

    def get_queryset(self) -> Any:
        return visible_zertifikate(self.request.user)


class ZertifikatDetail(generics.RetrieveAPIView):
    zugang = Zugang.ANGEMELDET
    serializer_class = ZertifikatSerializer
    queryset = Zertifikat.objects.none()

    def get_object(self) -> Zertifikat:
        return zertifikat_or_404(self.request.user, self.kwargs["public_id"])


class ZertifikatPdf(APIView):
    """The stored PDF."""

    zugang = Zugang.ANGEMELDET

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, public_id: str) -> FileResponse:
        return pdf_response(zertifikat_or_404(request.user, public_id), request.user)


class ZertifikatWiderruf(IdempotentMixin, APIView):
    """Revoke with a reason."""

    zugang = Zugang.ANGEMELDET

    @extend_schema(request=WiderrufSerializer, responses=ZertifikatSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        zertifikat = issued_zertifikat_or_404(request.user, public_id)
        data = WiderrufSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        row = revoke_zertifikat(zertifikat, request.user, data.validated_data["grund"])
        return Response(ZertifikatSerializer(row).data)


class KursAusstellung(IdempotentMixin, APIView):
    """Who can get a certificate of a course (GET), and issue for one or many (POST)."""

    zugang = Zugang.ANGEMELDET

    def _kurs(self, request: Request, public_id: str) -> Kurs:
        rows = kurse_managed_by(request.user, Recht.ZERTIFIKATE_AUSSTELLEN).select_related("veranstalter")
        return get_object_or_404(rows, public_id=public_id)

    @extend_schema(responses=PrueflingSerializer(many=True), parameters=[])
    def get(self, request: Request, public_id: str) -> Response:
        kurs = self._kurs(request, public_id)
        art = request.query_params.get("art", ZertifikatArt.MODUL)
        if art not in ZertifikatArt.values:
            raise serializers.ValidationError({"art": ["unbekannt"]})
        found = check_einschreibungen(kurs, art, einschreibungen_of(kurs))
        return Response(PrueflingSerializer(found, many=True).data)

    @extend_schema(
        request=AusstellungSerializer,
        responses={201: ZertifikatSerializer, 202: OpenApiResponse(VorgangIdSerializer, "job started")},
    )
    def post(self, request: Request, public_id: str) -> Response:
        kurs = self._kurs(request, public_id)
        data = AusstellungSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        chosen, art = set(data.validated_data["einschreibungen"]), data.validated_data["art"]
        rows = [row for row in einschreibungen_of(kurs) if row.public_id in chosen]
        if len(rows) != len(chosen):
            raise serializers.ValidationError({"einschreibungen": ["Nicht alle gehören zu diesem Kurs."]})
        if len(rows) == 1:
            row = issue_zertifikat(rows[0], art, request.user)
            return Response(ZertifikatSerializer(row).data, status=status.HTTP_201_CREATED)
        vorgang = start_ausstellung(kurs, art, request.user, rows)
        return Response({"vorgang": vorgang.public_id}, status=status.HTTP_202_ACCEPTED)


class Pruefung(APIView):
    """Verify a code without login; details only for the right name. Attempts are limited."""

    zugang = Zugang.OEFFENTLICH
    authentication_classes: list = []
    throttle_classes = [ScopedRateThrottle]
    throttle_scope = "pruefung"

    @extend_schema(request=NameSerializer, responses=PruefergebnisSerializer)
    def post(self, request: Request, code: str) -> Response:
        data = NameSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        found = verify(normalise_code(code), data.validated_data.get("name"), address=client_address(request._request))
        return Response(
            {
                "status": found.status,
                "art": found.art,
                "aussteller": found.aussteller,
                "name_richtig": found.name_richtig,
                "details": found.details.to_dict() if found.details else None,
            }
        )
