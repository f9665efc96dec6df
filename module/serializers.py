"""Shapes of the catalogue in the API. Ids are public ids; numbers are decimal strings; null means unknown."""

from typing import Any

from rest_framework import serializers

from lms.konten.serializers import OrganisationKurzSerializer
from module.enums import FreigabeEntscheidung
from module.felder import INHALTSFELDER, fehlende_felder, hinweise
from module.models import (
    Anwesenheitsregel,
    Baustein,
    Freigabe,
    Katalogpartner,
    Modul,
    Modulkatalog,
    Modulversion,
    Programmversion,
)


class KatalogpartnerSerializer(serializers.ModelSerializer):
    organisation = OrganisationKurzSerializer(read_only=True)

    class Meta:
        model = Katalogpartner
        fields = ["organisation", "federfuehrend"]


class ModulkatalogSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id", read_only=True)
    partner = KatalogpartnerSerializer(source="katalogpartner", many=True, read_only=True)
    anzahl_module = serializers.IntegerField(read_only=True)
    anzahl_programme = serializers.IntegerField(read_only=True)

    class Meta:
        model = Modulkatalog
        fields = ["id", "titel", "beschreibung", "partner", "anzahl_module", "anzahl_programme"]


class ModulversionSerializer(serializers.ModelSerializer):
    """A version with its content. Writing takes the content fields only; the state changes by acts."""

    id = serializers.CharField(source="public_id", read_only=True)
    modul = serializers.CharField(source="modul.public_id", read_only=True)
    code = serializers.CharField(source="modul.code", read_only=True)
    katalog = serializers.CharField(source="modul.katalog.public_id", read_only=True)
    verantwortlich = OrganisationKurzSerializer(source="modul.verantwortlich", read_only=True)
    anwesenheitsregel = serializers.SlugRelatedField(
        slug_field="public_id", queryset=Anwesenheitsregel.objects.all(), allow_null=True, required=False
    )
    stand = serializers.DateTimeField(source="updated_at", read_only=True)

    class Meta:
        model = Modulversion
        fields = [
            "id",
            "modul",
            "code",
            "katalog",
            "verantwortlich",
            "nummer",
            "status",
            "runde",
            *INHALTSFELDER,
            "eingereicht_at",
            "veroeffentlicht_at",
            "stand",
        ]
        read_only_fields = ["nummer", "status", "runde", "eingereicht_at", "veroeffentlicht_at"]


class ModulversionPruefungSerializer(ModulversionSerializer):
    """A single version, with what is missing for submission and what is unusual."""

    fehlende_felder = serializers.SerializerMethodField()
    hinweise = serializers.SerializerMethodField()

    class Meta(ModulversionSerializer.Meta):
        fields = [*ModulversionSerializer.Meta.fields, "fehlende_felder", "hinweise"]

    def get_fehlende_felder(self, version: Modulversion) -> list[str]:
        return fehlende_felder(version)

    def get_hinweise(self, version: Modulversion) -> list[str]:
        return hinweise(version)


class ModulversionAenderungSerializer(ModulversionSerializer):
    """PATCH: content fields; `stand` of the version as it was read guards against lost updates."""

    stand = serializers.DateTimeField(required=False)

    class Meta(ModulversionSerializer.Meta):
        fields = [*INHALTSFELDER, "stand"]


class ModulSerializer(serializers.ModelSerializer):
    """A published module: its current version and the programmes that use it."""

    id = serializers.CharField(source="modul.public_id", read_only=True)
    version = ModulversionSerializer(source="*", read_only=True)
    programme = serializers.SerializerMethodField()

    class Meta:
        model = Modulversion
        fields = ["id", "version", "programme"]

    def get_programme(self, version: Modulversion) -> list[dict[str, Any]]:
        return [
            {
                "id": part.programmversion.programm.public_id,
                "titel": part.programmversion.programm.titel,
                "art": part.art,
            }
            for part in version.modul.in_programmen
        ]


class ModulAnlageSerializer(ModulversionSerializer):
    """POST: catalogue, code, organisation in charge, title and any content."""

    katalog = serializers.CharField(max_length=12)
    verantwortlich = serializers.CharField(max_length=12)
    code = serializers.CharField(max_length=60)

    class Meta(ModulversionSerializer.Meta):
        fields = ["katalog", "verantwortlich", "code", *INHALTSFELDER]


class FreigabeSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id", read_only=True)
    organisation = OrganisationKurzSerializer(read_only=True)

    class Meta:
        model = Freigabe
        fields = ["id", "organisation", "runde", "entscheidung", "kommentar", "created_at"]


class EntscheidungSerializer(serializers.Serializer):
    organisation = serializers.CharField(max_length=12)
    entscheidung = serializers.ChoiceField(choices=FreigabeEntscheidung.choices)
    kommentar = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")


class BausteinSerializer(serializers.ModelSerializer):
    modul = serializers.SlugRelatedField(
        slug_field="public_id", queryset=Modul.objects.all(), allow_null=True, required=False
    )
    titel = serializers.CharField(max_length=300, required=False, allow_blank=True)

    class Meta:
        model = Baustein
        fields = ["reihenfolge", "art", "titel", "modul", "gruppe", "gruppe_mindestens", "ue", "stunden", "ects"]
        read_only_fields = ["reihenfolge"]


class ProgrammSerializer(serializers.ModelSerializer):
    """A programme version; in lists without its parts."""

    id = serializers.CharField(source="programm.public_id", read_only=True)
    version = serializers.CharField(source="public_id", read_only=True)
    titel = serializers.CharField(source="programm.titel", read_only=True)
    einrichtung = serializers.CharField(source="programm.einrichtung", read_only=True)
    einordnung = serializers.CharField(source="programm.einordnung", read_only=True)
    katalog = serializers.CharField(source="programm.katalog.public_id", read_only=True)
    anwesenheitsregel = serializers.SlugRelatedField(
        slug_field="public_id", queryset=Anwesenheitsregel.objects.all(), allow_null=True, required=False
    )

    class Meta:
        model = Programmversion
        fields = [
            "id",
            "version",
            "nummer",
            "status",
            "titel",
            "einrichtung",
            "einordnung",
            "katalog",
            "abschluss",
            "zielgruppe",
            "zugang",
            "format",
            "dauer",
            "ue_gesamt",
            "stunden_gesamt",
            "ects_gesamt",
            "angaben",
            "anwesenheitsregel",
            "quelle",
            "quelle_url",
            "gueltig_ab",
        ]
        read_only_fields = ["nummer", "status", "gueltig_ab", "angaben"]


class ProgrammDetailSerializer(ProgrammSerializer):
    bausteine = BausteinSerializer(many=True, read_only=True)

    class Meta(ProgrammSerializer.Meta):
        fields = [*ProgrammSerializer.Meta.fields, "bausteine"]


class ProgrammAnlageSerializer(serializers.Serializer):
    katalog = serializers.CharField(max_length=12)
    titel = serializers.CharField(max_length=300)
    einrichtung = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
