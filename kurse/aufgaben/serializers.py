"""Serializers of assignments, submissions, gradings and results. Ids are public ids."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kurse.aufgaben.enums import Bewertungsergebnis, ErgebnisStatus, VorschlagStatus
from kurse.aufgaben.models import Abgabe, Aufgabe, Bewertung, Fristverlaengerung, Modulergebnis
from kurse.aufgaben.selectors import bewertung_of
from kurse.aufgaben.services import FELDER, TEXT_MAX
from lms.konten.serializers import PersonKurzSerializer


class AufgabeSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id", read_only=True)
    kurs = serializers.CharField(source="kurs.public_id")

    class Meta:
        model = Aufgabe
        fields = ["id", "kurs", *FELDER]


class BewertungSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id", read_only=True)
    abgabe = serializers.CharField(source="abgabe.public_id")
    ersetzt = serializers.CharField(source="ersetzt.public_id", read_only=True, default=None)
    bisher = serializers.CharField(
        required=False,
        allow_blank=True,
        write_only=True,
        help_text="id of the grading in force that you saw, empty for none; refused if somebody graded meanwhile",
    )

    class Meta:
        model = Bewertung
        fields = ["id", "abgabe", "ergebnis", "note", "kommentar", "created_at", "ersetzt", "bisher"]
        read_only_fields = ["created_at"]


class AbgabeSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id", read_only=True)
    aufgabe = serializers.CharField(source="aufgabe.public_id", read_only=True)
    einschreibung = serializers.CharField(source="einschreibung.public_id", read_only=True)
    person = PersonKurzSerializer(source="einschreibung.person", read_only=True)
    bewertung = serializers.SerializerMethodField()

    class Meta:
        model = Abgabe
        fields = [
            "id",
            "aufgabe",
            "einschreibung",
            "person",
            "versuch",
            "text",
            "dateiname",
            "mime",
            "groesse",
            "sha256",
            "abgegeben_at",
            "verspaetet",
            "status",
            "bewertung",
        ]
        read_only_fields = fields

    @extend_schema_field(BewertungSerializer(allow_null=True))
    def get_bewertung(self, abgabe: Abgabe) -> dict[str, Any] | None:
        """The grading in force."""
        found = bewertung_of(abgabe)
        if found is None:
            return None
        found.abgabe = abgabe
        return BewertungSerializer(found).data


class AbgabeInSerializer(serializers.Serializer):
    aufgabe = serializers.CharField()
    text = serializers.CharField(required=False, allow_blank=True, max_length=TEXT_MAX, trim_whitespace=False)
    datei = serializers.FileField(required=False, allow_empty_file=True)


class PruefungInSerializer(serializers.Serializer):
    aufgabe = serializers.CharField()
    einschreibung = serializers.CharField()
    ergebnis = serializers.ChoiceField(choices=Bewertungsergebnis.choices)
    note = serializers.DecimalField(max_digits=3, decimal_places=1, required=False, allow_null=True)
    kommentar = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    wiederholung = serializers.BooleanField(required=False)


class FristverlaengerungSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id", read_only=True)
    aufgabe = serializers.CharField(source="aufgabe.public_id")
    einschreibung = serializers.CharField(source="einschreibung.public_id")

    class Meta:
        model = Fristverlaengerung
        fields = ["id", "aufgabe", "einschreibung", "bis", "grund", "created_at"]
        read_only_fields = ["created_at"]


class ModulergebnisSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id", read_only=True)
    einschreibung = serializers.CharField(source="einschreibung.public_id", read_only=True)
    kurs = serializers.CharField(source="einschreibung.kurs.public_id", read_only=True)
    person = PersonKurzSerializer(source="einschreibung.person", read_only=True)

    class Meta:
        model = Modulergebnis
        fields = [
            "id",
            "einschreibung",
            "kurs",
            "person",
            "status",
            "note",
            "ue_geplant",
            "ue_besucht",
            "anforderungen_erfuellt_am",
            "abweichung_grund",
            "bestaetigt_at",
            "berechnung",
        ]
        read_only_fields = fields


class ErgebnisInSerializer(serializers.Serializer):
    einschreibung = serializers.CharField()
    status = serializers.ChoiceField(choices=ErgebnisStatus.choices, required=False)
    note = serializers.DecimalField(max_digits=3, decimal_places=1, required=False, allow_null=True)
    abweichung_grund = serializers.CharField(required=False, allow_blank=True, max_length=300)


class VorschlagSerializer(serializers.Serializer):
    """What the rules propose now; nothing is stored."""

    einschreibung = serializers.CharField(source="einschreibung.public_id")
    person = PersonKurzSerializer(source="einschreibung.person")
    status = serializers.ChoiceField(choices=VorschlagStatus.choices)
    entschieden = serializers.BooleanField()
    gruende = serializers.ListField(child=serializers.CharField())
    ue_geplant = serializers.DecimalField(max_digits=6, decimal_places=2)
    ue_besucht = serializers.DecimalField(max_digits=6, decimal_places=2)
    anteil = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    note = serializers.DecimalField(max_digits=3, decimal_places=1, allow_null=True)
    anforderungen_erfuellt_am = serializers.DateField(allow_null=True)
    berechnung = serializers.DictField()


class SammelbestaetigungSerializer(serializers.Serializer):
    bestaetigt = ModulergebnisSerializer(many=True)
    uebersprungen = VorschlagSerializer(many=True)
