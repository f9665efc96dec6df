"""Shapes of the attendance API: German nouns, public ids, minutes without breaks."""

from rest_framework import serializers

from kurse.anwesenheit.eintrag import AnwesenheitEintrag
from kurse.anwesenheit.enums import AnwesenheitModus, AnwesenheitStatus, Herkunft
from lms.core.ids import random_code


class AnwesenheitseintragSerializer(serializers.Serializer):
    """One person of a bulk write. `basis` is the id of the entry that the writer saw, 0 for "nothing recorded"."""

    einschreibung = serializers.CharField(max_length=12)
    status = serializers.ChoiceField(choices=AnwesenheitStatus.choices)
    minuten = serializers.IntegerField(min_value=0, max_value=1440, required=False, allow_null=True)
    von = serializers.DateTimeField(required=False, allow_null=True)
    bis = serializers.DateTimeField(required=False, allow_null=True)
    modus = serializers.ChoiceField(choices=AnwesenheitModus.choices, default=AnwesenheitModus.PRAESENZ)
    notiz = serializers.CharField(max_length=200, required=False, allow_blank=True)
    grund = serializers.CharField(max_length=300, required=False, allow_blank=True)
    basis = serializers.IntegerField(min_value=0, required=False, allow_null=True)
    client_key = serializers.CharField(max_length=64, required=False)

    def to_eintrag(self, data: dict) -> AnwesenheitEintrag:
        return AnwesenheitEintrag(
            einschreibung_id=data["einschreibung"],
            status=data["status"],
            client_key=data.get("client_key") or f"api:{random_code(24)}",
            minuten=data.get("minuten"),
            von=data.get("von"),
            bis=data.get("bis"),
            modus=data["modus"],
            notiz=data.get("notiz", ""),
            grund=data.get("grund", ""),
            basis=data.get("basis"),
        )


class AnwesenheitErfassenSerializer(serializers.Serializer):
    """Many people of one session, all or nothing."""

    eintraege = AnwesenheitseintragSerializer(many=True, allow_empty=False, max_length=500)

    def to_eintraege(self) -> list[AnwesenheitEintrag]:
        child = self.fields["eintraege"].child
        return [child.to_eintrag(row) for row in self.validated_data["eintraege"]]


class ListeOeffnenSerializer(serializers.Serializer):
    grund = serializers.CharField(max_length=300)


class AnwesenheitsvermerkSerializer(serializers.Serializer):
    """One entry of the ledger; the note is only for those who record."""

    id = serializers.IntegerField()
    status = serializers.ChoiceField(choices=AnwesenheitStatus.choices)
    minuten = serializers.IntegerField()
    von = serializers.DateTimeField(allow_null=True)
    bis = serializers.DateTimeField(allow_null=True)
    modus = serializers.ChoiceField(choices=AnwesenheitModus.choices)
    herkunft = serializers.ChoiceField(choices=Herkunft.choices)
    grund = serializers.CharField()
    erfasst_at = serializers.DateTimeField(source="created_at")
    erfasst_von = serializers.SerializerMethodField()
    ersetzt = serializers.IntegerField(source="ersetzt_id", allow_null=True)
    notiz = serializers.SerializerMethodField()

    def get_erfasst_von(self, row: object) -> str:
        return row.erfasst_von.name if row.erfasst_von else ""  # type: ignore[attr-defined]

    def get_notiz(self, row: object) -> str:
        return row.notiz if self.context.get("mit_notizen") else ""  # type: ignore[attr-defined]


class AnwesenheitTeilnehmendeSerializer(serializers.Serializer):
    """One person of the list; `vermerk` is null while nothing is recorded."""

    einschreibung = serializers.CharField(source="public_id")
    vorname = serializers.CharField(source="einschreibung.person.vorname")
    nachname = serializers.CharField(source="einschreibung.person.nachname")
    vermerk = AnwesenheitsvermerkSerializer(allow_null=True)


class AnwesenheitslisteSerializer(serializers.Serializer):
    termin = serializers.CharField(source="termin.public_id")
    kurs = serializers.CharField(source="kurs.public_id")
    beginn = serializers.DateTimeField(source="termin.beginn")
    ende = serializers.DateTimeField(source="termin.ende")
    minuten = serializers.IntegerField(source="termin.minuten")
    erfassbar_ab = serializers.DateTimeField()
    erfasst = serializers.IntegerField()
    liste_geschlossen_at = serializers.DateTimeField(source="termin.liste_geschlossen_at", allow_null=True)
    teilnehmende = AnwesenheitTeilnehmendeSerializer(source="zeilen", many=True)


class AnwesenheitsstandSerializer(serializers.Serializer):
    """What stands after a write."""

    vermerk = serializers.IntegerField(source="vermerk_id")
    status = serializers.ChoiceField(choices=AnwesenheitStatus.choices)
    minuten = serializers.IntegerField()


class AnwesenheitsbelegSerializer(serializers.Serializer):
    """One session of one person. `status` is empty while nothing is recorded; then `minuten` is 0."""

    termin = serializers.CharField(source="termin.public_id")
    beginn = serializers.DateTimeField(source="termin.beginn")
    ende = serializers.DateTimeField(source="termin.ende")
    zaehlt = serializers.BooleanField()
    minuten_geplant = serializers.IntegerField()
    status = serializers.CharField(allow_blank=True)
    minuten = serializers.IntegerField()
    vermerke = AnwesenheitsvermerkSerializer(many=True)


class AnwesenheitsnachweisSerializer(serializers.Serializer):
    """The sums of one enrolment and every session and entry behind them."""

    einschreibung = serializers.CharField(source="einschreibung.public_id")
    kurs = serializers.CharField(source="kurs.public_id")
    minuten_geplant = serializers.IntegerField(source="zeiten.minuten_geplant")
    minuten_gehalten = serializers.IntegerField(source="zeiten.minuten_gehalten")
    minuten_besucht = serializers.IntegerField(source="zeiten.minuten_besucht")
    minuten_entschuldigt = serializers.IntegerField(source="zeiten.minuten_entschuldigt")
    termine_gesamt = serializers.IntegerField(source="zeiten.termine_gesamt")
    termine_erfasst = serializers.IntegerField(source="zeiten.termine_erfasst")
    termine_offen = serializers.IntegerField(source="zeiten.termine_offen")
    ue_geplant = serializers.DecimalField(max_digits=8, decimal_places=2)
    ue_besucht = serializers.DecimalField(max_digits=8, decimal_places=2)
    anteil_prozent = serializers.DecimalField(source="anteil", max_digits=5, decimal_places=2)
    schwelle_prozent = serializers.SerializerMethodField()
    schwelle_erreicht = serializers.BooleanField(source="erreicht")
    termine = AnwesenheitsbelegSerializer(source="belege", many=True)

    def get_schwelle_prozent(self, row: dict) -> str | None:
        return str(row["regel"].schwelle_prozent) if row["regel"] else None
