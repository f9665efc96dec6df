"""API shapes of course planning. Ids are public ids; times are ISO 8601."""

from typing import Any

from rest_framework import serializers

from kurse.planung.enums import KursArt, Lehrrolle, Modus, SerienArt
from kurse.planung.models import Kurs, Lehrauftrag, Ort, Termin
from kurse.planung.serie import Pausenmuster, Serienplan, TerminEntwurf
from lms.konten.enums import Kreis
from lms.konten.models import Organisation
from module.models import Modulversion


class OrtSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id", read_only=True)
    organisation = serializers.SlugRelatedField(slug_field="public_id", queryset=Organisation.objects.all())

    class Meta:
        model = Ort
        fields = ["id", "organisation", "name", "strasse", "plz", "ort", "kreis", "barrierefreiheit", "plaetze"]
        validators: list = []

    def validate_plz(self, value: str) -> str:
        if value and not (len(value) == 5 and value.isdigit()):
            raise serializers.ValidationError("Eine Postleitzahl hat fünf Ziffern.")
        return value


class OrtAendernSerializer(OrtSerializer):
    class Meta(OrtSerializer.Meta):
        read_only_fields = ["organisation"]

    organisation = serializers.SlugRelatedField(slug_field="public_id", read_only=True)


class PauseSerializer(serializers.Serializer):
    beginn = serializers.DateTimeField()
    ende = serializers.DateTimeField()


class TerminSerializer(serializers.ModelSerializer):
    """A session; `link` is empty unless the reader belongs to the course (context `insider`: ids of courses)."""

    id = serializers.CharField(source="public_id", read_only=True)
    kurs = serializers.CharField(source="kurs.public_id", read_only=True)
    ort = OrtSerializer(read_only=True)
    pausen = PauseSerializer(many=True, read_only=True)
    link = serializers.SerializerMethodField()
    liste_geschlossen = serializers.BooleanField(read_only=True)

    class Meta:
        model = Termin
        fields = [
            "id", "kurs", "beginn", "ende", "minuten", "pausen", "thema", "ort", "link", "status", "liste_geschlossen",
        ]  # fmt: skip

    def get_link(self, termin: Termin) -> str:
        return termin.link if termin.kurs_id in self.context.get("insider", ()) else ""


class KursSerializer(serializers.ModelSerializer):
    """What everybody may know about a course."""

    id = serializers.CharField(source="public_id", read_only=True)
    veranstalter = serializers.CharField(source="veranstalter.public_id", read_only=True)
    veranstalter_name = serializers.CharField(source="veranstalter.name", read_only=True)
    modulversion = serializers.CharField(source="modulversion.public_id", read_only=True, default=None)
    modul = serializers.CharField(source="modulversion.modul.public_id", read_only=True, default=None)
    ects = serializers.DecimalField(
        source="modulversion.ects", max_digits=5, decimal_places=2, read_only=True, default=None
    )
    freie_plaetze = serializers.IntegerField(read_only=True)
    anmeldung_offen = serializers.BooleanField(read_only=True)

    class Meta:
        model = Kurs
        fields = [
            "id", "nummer", "titel", "beschreibung", "art", "modus", "kreis", "status", "veranstalter",
            "veranstalter_name", "modul", "modulversion", "ects", "beginn", "ende", "kapazitaet", "freie_plaetze",
            "mindestteilnehmende", "anmeldung_von", "anmeldung_bis", "anmeldung_offen", "genehmigung_noetig", "entgelt",
            "barrierefreiheit",
        ]  # fmt: skip
        read_only_fields = fields


class KursAendernSerializer(serializers.Serializer):
    """Fields a planner may write; the service decides what the state of the course allows."""

    art = serializers.ChoiceField(choices=KursArt.choices)
    modulversion = serializers.SlugRelatedField(
        slug_field="public_id", queryset=Modulversion.objects.select_related("modul"), allow_null=True, required=False
    )
    nummer = serializers.CharField(max_length=40, required=False, allow_blank=True)
    titel = serializers.CharField(max_length=300, required=False, allow_blank=True)
    beschreibung = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    modus = serializers.ChoiceField(choices=Modus.choices, required=False)
    kreis = serializers.ChoiceField(choices=Kreis.choices, required=False)
    kapazitaet = serializers.IntegerField(min_value=1, max_value=32_767)
    mindestteilnehmende = serializers.IntegerField(min_value=0, max_value=32_767, required=False)
    anmeldung_von = serializers.DateTimeField()
    anmeldung_bis = serializers.DateTimeField()
    genehmigung_noetig = serializers.BooleanField(required=False)
    entgelt = serializers.DecimalField(
        max_digits=8, decimal_places=2, min_value=0, required=False, allow_null=True, coerce_to_string=True
    )
    foerdermittelgeber = serializers.SlugRelatedField(
        slug_field="public_id",
        queryset=Organisation.objects.filter(ist_foerdermittelgeber=True),
        allow_null=True,
        required=False,
    )
    barrierefreiheit = serializers.CharField(max_length=300, required=False, allow_blank=True)


class KursAnlegenSerializer(KursAendernSerializer):
    veranstalter = serializers.SlugRelatedField(slug_field="public_id", queryset=Organisation.objects.all())


class AbsageSerializer(serializers.Serializer):
    grund = serializers.CharField(max_length=300)


class PunktSerializer(serializers.Serializer):
    code = serializers.CharField()
    titel = serializers.CharField()
    erfuellt = serializers.BooleanField()
    pflicht = serializers.BooleanField()
    text = serializers.CharField()


class EntwurfSerializer(serializers.Serializer):
    """One session to create; `ort` is the id of a place of the provider."""

    beginn = serializers.DateTimeField()
    ende = serializers.DateTimeField()
    pausen = PauseSerializer(many=True, required=False)
    ort = serializers.SlugRelatedField(
        slug_field="public_id", queryset=Ort.objects.all(), required=False, allow_null=True
    )
    link = serializers.URLField(max_length=500, required=False, allow_blank=True)
    thema = serializers.CharField(max_length=200, required=False, allow_blank=True)

    @staticmethod
    def entwurf(data: dict[str, Any]) -> TerminEntwurf:
        pausen = tuple((pause["beginn"], pause["ende"]) for pause in data.get("pausen", ()))
        rest = {name: data[name] for name in ("ort", "link", "thema") if data.get(name)}
        return TerminEntwurf(data["beginn"], data["ende"], pausen, **rest)


class TermineAnlegenSerializer(serializers.Serializer):
    termine = EntwurfSerializer(many=True, allow_empty=False)
    trotz_konflikten = serializers.BooleanField(default=False)


class TerminAendernSerializer(serializers.Serializer):
    thema = serializers.CharField(max_length=200, required=False, allow_blank=True)
    link = serializers.URLField(max_length=500, required=False, allow_blank=True)


class VerlegenSerializer(serializers.Serializer):
    """Place, link and breaks stay as they are unless they are sent."""

    beginn = serializers.DateTimeField()
    ende = serializers.DateTimeField()
    grund = serializers.CharField(max_length=300)
    pausen = PauseSerializer(many=True, required=False)
    ort = serializers.SlugRelatedField(
        slug_field="public_id", queryset=Ort.objects.all(), required=False, allow_null=True
    )
    link = serializers.URLField(max_length=500, required=False, allow_blank=True)
    trotz_konflikten = serializers.BooleanField(default=False)


class PausenzeitSerializer(serializers.Serializer):
    beginn = serializers.TimeField()
    ende = serializers.TimeField()


class SerieSerializer(serializers.Serializer):
    """A series. `pausen` missing means the usual breaks; an empty list means none."""

    art = serializers.ChoiceField(choices=SerienArt.choices)
    von = serializers.DateField(required=False, allow_null=True)
    bis = serializers.DateField(required=False, allow_null=True)
    anzahl = serializers.IntegerField(min_value=1, max_value=120, required=False, allow_null=True)
    wochentage = serializers.ListField(child=serializers.IntegerField(min_value=0, max_value=6), required=False)
    rhythmus = serializers.IntegerField(min_value=1, max_value=52, default=1)
    tage = serializers.ListField(child=serializers.DateField(), required=False, max_length=120)
    beginn = serializers.TimeField()
    ende = serializers.TimeField()
    pausen = PausenzeitSerializer(many=True, required=False)
    auslassen = serializers.ListField(child=serializers.DateField(), required=False, max_length=400)
    feiertage_auslassen = serializers.BooleanField(default=True)
    wochenenden_auslassen = serializers.BooleanField(default=False)
    ort = serializers.SlugRelatedField(
        slug_field="public_id", queryset=Ort.objects.all(), required=False, allow_null=True
    )
    link = serializers.URLField(max_length=500, required=False, allow_blank=True)
    thema = serializers.CharField(max_length=200, required=False, allow_blank=True)
    trotz_konflikten = serializers.BooleanField(default=False)

    def plan(self) -> Serienplan:
        data = dict(self.validated_data)
        data.pop("trotz_konflikten")
        if "pausen" in data:
            breaks = tuple((pause["beginn"], pause["ende"]) for pause in data.pop("pausen"))
        else:
            breaks = tuple(Pausenmuster().pausen(data["beginn"], data["ende"]))
        return Serienplan(
            **{
                **data,
                "pausen": breaks,
                "wochentage": tuple(data.get("wochentage", ())),
                "tage": tuple(data.get("tage", ())),
                "auslassen": frozenset(data.get("auslassen", ())),
            }
        )


class KonfliktSerializer(serializers.Serializer):
    art = serializers.CharField()
    text = serializers.CharField()
    beginn = serializers.DateTimeField()
    ende = serializers.DateTimeField()
    anzahl = serializers.IntegerField()


class VorschauZeileSerializer(serializers.Serializer):
    beginn = serializers.DateTimeField()
    ende = serializers.DateTimeField()
    minuten = serializers.IntegerField()
    konflikte = KonfliktSerializer(many=True)


class AusgelassenSerializer(serializers.Serializer):
    tag = serializers.DateField()
    grund = serializers.CharField()


class VorschauSerializer(serializers.Serializer):
    termine = VorschauZeileSerializer(many=True)
    ausgelassen = AusgelassenSerializer(many=True)
    ue_geplant = serializers.DecimalField(max_digits=8, decimal_places=2)
    ue_soll = serializers.DecimalField(max_digits=8, decimal_places=2, allow_null=True)


class LehrauftragSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id", read_only=True)
    kurs = serializers.CharField(source="kurs.public_id", read_only=True)
    person = serializers.CharField(source="person.public_id", read_only=True)
    name = serializers.CharField(source="person.name", read_only=True)

    class Meta:
        model = Lehrauftrag
        fields = ["id", "kurs", "person", "name", "rolle"]
        read_only_fields = fields


class LehrauftragErteilenSerializer(serializers.Serializer):
    """Either `person` (id of a member with the role of a lecturer) or the exact `email` of an account."""

    person = serializers.CharField(required=False, max_length=12)
    email = serializers.EmailField(required=False)
    rolle = serializers.ChoiceField(choices=Lehrrolle.choices, default=Lehrrolle.LEITUNG)
