"""Serializers of the account API. Ids are public ids; nobody's private contact appears but one's own."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from lms.konten.enums import Datenkategorie, Qualifikationsstatus, Rolle
from lms.konten.models import Beschaeftigung, Einladung, Einwilligung, Mitgliedschaft, Organisation, Person
from lms.konten.organisationen import EDITABLE


class PersonKurzSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id", read_only=True)

    class Meta:
        model = Person
        fields = ["id", "vorname", "nachname"]
        read_only_fields = fields


class OrganisationKurzSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id", read_only=True)

    class Meta:
        model = Organisation
        fields = ["id", "name", "kurzname"]
        read_only_fields = fields


class KontoSerializer(serializers.ModelSerializer):
    """One's own account."""

    id = serializers.CharField(source="public_id", read_only=True)
    rollen = serializers.SerializerMethodField()

    class Meta:
        model = Person
        fields = ["id", "email", "vorname", "nachname", "geburtsdatum", "rollen"]
        read_only_fields = ["id", "email", "rollen"]
        extra_kwargs = {"geburtsdatum": {"required": False}}

    @extend_schema_field(serializers.ListField(child=serializers.DictField(child=serializers.CharField())))
    def get_rollen(self, person: Person) -> list[dict[str, Any]]:
        return [
            {"organisation": row.organisation.public_id, "name": row.organisation.name, "rolle": row.rolle}
            for row in self.context.get("rollen", [])
        ]


class OrganisationSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id", read_only=True)

    class Meta:
        model = Organisation
        fields = [
            "id",
            *EDITABLE,
            "ist_hochschule",
            "ist_bildungstraeger",
            "ist_arbeitgeber",
            "ist_landesfachstelle",
            "ist_foerdermittelgeber",
        ]
        read_only_fields = [name for name in fields if name not in EDITABLE]


class MitgliedschaftSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id", read_only=True)
    person = PersonKurzSerializer(read_only=True)
    organisation = OrganisationKurzSerializer(read_only=True)

    class Meta:
        model = Mitgliedschaft
        fields = ["id", "person", "organisation", "rolle", "von", "bis"]
        read_only_fields = fields


class RolleGebenSerializer(serializers.Serializer):
    """A role for somebody who already belongs to the organisation."""

    person = serializers.CharField(max_length=12)
    organisation = serializers.CharField(max_length=12)
    rolle = serializers.ChoiceField(choices=Rolle.choices)


class EndeSerializer(serializers.Serializer):
    bis = serializers.DateField(required=False, help_text="Last day (inclusive), today by default.")


class BeschaeftigungSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id", read_only=True)
    person = PersonKurzSerializer(read_only=True)
    arbeitgeber = OrganisationKurzSerializer(read_only=True)

    class Meta:
        model = Beschaeftigung
        fields = ["id", "person", "arbeitgeber", "von", "bis", "taetigkeit", "qualifikationsstatus", "bestaetigt_at"]
        read_only_fields = ["id", "person", "arbeitgeber", "von", "bis", "bestaetigt_at"]


class BeschaeftigungAendernSerializer(serializers.Serializer):
    taetigkeit = serializers.CharField(max_length=120, allow_blank=True, required=False)
    qualifikationsstatus = serializers.ChoiceField(choices=Qualifikationsstatus.choices, required=False)


class EinwilligungSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id", read_only=True)
    arbeitgeber = OrganisationKurzSerializer(read_only=True)
    text_version = serializers.IntegerField(source="text.version", read_only=True)
    text = serializers.CharField(source="text.text", read_only=True)

    class Meta:
        model = Einwilligung
        fields = ["id", "arbeitgeber", "kategorie", "text_version", "text", "erteilt_at", "widerrufen_at"]
        read_only_fields = fields


class EinwilligungErteilenSerializer(serializers.Serializer):
    arbeitgeber = serializers.CharField(max_length=12)
    kategorie = serializers.ChoiceField(choices=Datenkategorie.choices)


class EinladungSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id", read_only=True)
    organisation = OrganisationKurzSerializer(read_only=True)

    class Meta:
        model = Einladung
        fields = ["id", "organisation", "email", "rolle", "als_beschaeftigte", "gueltig_bis", "angenommen_at"]
        read_only_fields = fields


class EinladenSerializer(serializers.Serializer):
    organisation = serializers.CharField(max_length=12)
    email = serializers.EmailField()
    rolle = serializers.ChoiceField(choices=Rolle.choices, required=False, allow_blank=True, default="")
    als_beschaeftigte = serializers.BooleanField(required=False, default=False)
