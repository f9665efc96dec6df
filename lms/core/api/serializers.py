"""Serializers of the core API."""

from rest_framework import serializers

from lms.core.api.auth import SCOPES
from lms.core.models import ApiToken, Vorgang


class FehlerSerializer(serializers.Serializer):
    """The error envelope of every answer from 400 on."""

    code = serializers.CharField()
    detail = serializers.CharField()
    fields_ = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))

    def get_fields(self) -> dict:
        fields = super().get_fields()
        fields["fields"] = fields.pop("fields_")
        return fields


class VorgangFehlerSerializer(serializers.Serializer):
    objekt = serializers.CharField()
    code = serializers.CharField()
    meldung = serializers.CharField()


class VorgangSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id", read_only=True)
    prozent = serializers.IntegerField(read_only=True)
    fehler = VorgangFehlerSerializer(many=True, read_only=True)
    ergebnis = serializers.DictField(read_only=True)

    class Meta:
        model = Vorgang
        fields = ["id", "art", "status", "gesamt", "erledigt", "prozent", "fehler", "ergebnis", "created_at"]
        read_only_fields = fields


class TokenSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id", read_only=True)
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=SCOPES), read_only=True)

    class Meta:
        model = ApiToken
        fields = ["id", "bezeichnung", "scopes", "gueltig_bis", "zuletzt_benutzt_at", "widerrufen_at", "created_at"]
        read_only_fields = fields


class TokenErstellenSerializer(serializers.Serializer):
    bezeichnung = serializers.CharField(max_length=100)
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=SCOPES), allow_empty=False)
    gueltig_bis = serializers.DateTimeField()


class NeuesTokenSerializer(TokenSerializer):
    """The one answer that shows the clear text; it is stored nowhere, not even for a repeated request."""

    token = serializers.CharField(read_only=True)

    class Meta(TokenSerializer.Meta):
        fields = [*TokenSerializer.Meta.fields, "token"]
        read_only_fields = fields
