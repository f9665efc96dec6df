"""What the API says about enrolments. Employers get neither results nor reasons that are not their own."""

from rest_framework import serializers

from kurse.einschreibung.enums import EinschreibungStatus, GenehmigungStatus
from kurse.einschreibung.models import Einschreibung, Importlauf


class _Ref(serializers.Serializer):
    id = serializers.CharField(source="public_id", read_only=True)


class KursRefSerializer(_Ref):
    nummer = serializers.CharField(read_only=True)
    titel = serializers.CharField(read_only=True)


class PersonRefSerializer(_Ref):
    name = serializers.CharField(read_only=True)


class ArbeitgeberRefSerializer(_Ref):
    name = serializers.CharField(read_only=True)


class EinschreibungSerializer(serializers.ModelSerializer):
    """One person in one course. `warteplatz` is the position on the waiting list, counted from 1."""

    id = serializers.CharField(source="public_id", read_only=True)
    kurs = KursRefSerializer(read_only=True)
    person = PersonRefSerializer(read_only=True)
    arbeitgeber = ArbeitgeberRefSerializer(read_only=True, allow_null=True)
    status = serializers.ChoiceField(EinschreibungStatus.choices, read_only=True)
    genehmigung = serializers.ChoiceField(GenehmigungStatus.choices, read_only=True)
    warteplatz = serializers.SerializerMethodField()
    grund = serializers.SerializerMethodField()

    class Meta:
        model = Einschreibung
        fields = [
            "id",
            "kurs",
            "person",
            "arbeitgeber",
            "status",
            "genehmigung",
            "warteplatz",
            "angebot_bis",
            "beantragt_at",
            "zugelassen_at",
            "beendet_at",
            "grund",
        ]
        read_only_fields = fields

    def get_warteplatz(self, row: Einschreibung) -> int | None:
        waits = row.status == EinschreibungStatus.WARTELISTE
        return getattr(row, "warteplatz", None) if waits else None

    def get_grund(self, row: Einschreibung) -> str:
        """Reasons are for the person and the course's staff; an employer reads back only its own rejection."""
        own_reason = row.status == EinschreibungStatus.ABGELEHNT and row.genehmigung == GenehmigungStatus.ABGELEHNT
        return row.grund if own_reason or getattr(row, "voll_sichtbar", False) else ""


class EinschreibenSerializer(serializers.Serializer):
    """Without `person` and `email` the person who asks; providers name a person by `email`."""

    kurs = serializers.CharField(max_length=12)
    person = serializers.CharField(max_length=12, required=False)
    email = serializers.EmailField(required=False)
    arbeitgeber = serializers.CharField(max_length=12, required=False)
    genehmigung_liegt_vor = serializers.BooleanField(default=False)


class MehrereSerializer(serializers.Serializer):
    kurs = serializers.CharField(max_length=12)
    arbeitgeber = serializers.CharField(max_length=12)
    personen = serializers.ListField(child=serializers.CharField(max_length=12), min_length=1, max_length=500)


class ErgebnisSerializer(serializers.Serializer):
    """`code`: `eingeschrieben`, `schon_eingeschrieben`, `genehmigt`, or an error code; then `einschreibung` is null."""

    person = PersonRefSerializer()
    code = serializers.CharField()
    meldung = serializers.CharField()
    einschreibung = serializers.CharField(source="einschreibung.public_id", allow_null=True, default=None)


class GrundSerializer(serializers.Serializer):
    grund = serializers.CharField(max_length=300)


class OptionalGrundSerializer(serializers.Serializer):
    grund = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class DateiSerializer(serializers.Serializer):
    datei = serializers.FileField()


class ZeileSerializer(serializers.Serializer):
    nr = serializers.IntegerField()
    vorname = serializers.CharField()
    nachname = serializers.CharField()
    email = serializers.CharField()
    geburtsdatum = serializers.CharField()
    arbeitgeber = serializers.CharField()
    befund = serializers.CharField()
    hinweise = serializers.ListField(child=serializers.CharField())
    fehler = serializers.ListField(child=serializers.CharField())


class ImportlaufSerializer(serializers.ModelSerializer):
    """A preview: every row with its finding. After confirming or discarding the rows are gone."""

    id = serializers.CharField(source="public_id", read_only=True)
    zeilen = serializers.SerializerMethodField()

    class Meta:
        model = Importlauf
        fields = ["id", "dateiname", "created_at", "bestaetigt_at", "verworfen_at", "ergebnis", "zeilen"]
        read_only_fields = fields

    def get_zeilen(self, lauf: Importlauf) -> list[dict]:
        fields = ZeileSerializer().fields
        return [{name: zeile[name] for name in fields} for zeile in lauf.zeilen]


class BestaetigenSerializer(serializers.Serializer):
    """`neu_anlegen`: line numbers that are new people in spite of the same name and date of birth."""

    neu_anlegen = serializers.ListField(child=serializers.IntegerField(min_value=1), default=list, max_length=5000)
    genehmigung_liegt_vor = serializers.BooleanField(default=False)
