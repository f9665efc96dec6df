"""Shapes of this room's answers. All of them are read only."""

from rest_framework import serializers

from kurse.fortschritt.enums import Bausteinstand, Modulstand, Traegerstand

UE = {"max_digits": 9, "decimal_places": 2}


class NachweisSerializer(serializers.Serializer):
    titel = serializers.CharField()
    nummer = serializers.CharField()
    datum = serializers.DateField()
    url = serializers.CharField()
    status = serializers.CharField()


class AufgabenstandSerializer(serializers.Serializer):
    id = serializers.CharField(source="aufgabe.public_id")
    titel = serializers.CharField(source="aufgabe.titel")
    stand = serializers.CharField()
    frist = serializers.DateTimeField()


class KursstandSerializer(serializers.Serializer):
    """One enrolment. `spielraum_minuten` may still be missed; null when no threshold applies."""

    einschreibung = serializers.CharField(source="einschreibung.public_id")
    kurs = serializers.CharField(source="kurs.public_id")
    kurs_titel = serializers.CharField(source="kurs.titel")
    modul = serializers.CharField(source="version.modul.public_id", default=None, allow_null=True)
    titel = serializers.CharField()
    stand = serializers.ChoiceField(choices=Modulstand.choices)
    ue_geplant = serializers.DecimalField(**UE)
    ue_gehalten = serializers.DecimalField(**UE)
    ue_besucht = serializers.DecimalField(**UE)
    anteil = serializers.DecimalField(max_digits=5, decimal_places=2)
    schwelle = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    schwelle_erreicht = serializers.BooleanField()
    spielraum_minuten = serializers.IntegerField(source="spielraum.minuten", default=None, allow_null=True)
    ergebnis = serializers.CharField(source="ergebnis.status", default=None, allow_null=True)
    offene_aufgaben = AufgabenstandSerializer(many=True)
    nachweise = NachweisSerializer(many=True)


class SchrittSerializer(serializers.Serializer):
    titel = serializers.CharField()
    stand = serializers.ChoiceField(source="art", choices=Bausteinstand.choices)
    noetig = serializers.BooleanField()
    kurse = serializers.ListField(child=serializers.CharField(), source="kurs_ids")


class ProgrammwegSerializer(serializers.Serializer):
    programm = serializers.CharField(source="public_id")
    titel = serializers.CharField()
    noetig = serializers.IntegerField()
    erledigt = serializers.IntegerField()
    schritte = SchrittSerializer(many=True)


class FortschrittSerializer(serializers.Serializer):
    ue_geplant = serializers.DecimalField(**UE)
    ue_besucht = serializers.DecimalField(**UE)
    ects = serializers.DecimalField(**UE)
    staende = KursstandSerializer(many=True)
    programme = ProgrammwegSerializer(many=True)
    nachweise = NachweisSerializer(many=True)


class TeilnehmendenstandSerializer(KursstandSerializer):
    name = serializers.CharField(source="einschreibung.person.name")
    pflicht_bestanden = serializers.IntegerField()
    pflicht_gesamt = serializers.IntegerField()


class ModulzeileSerializer(serializers.Serializer):
    """The employer's whitelist; see `kurse.fortschritt.traeger`."""

    code = serializers.CharField()
    titel = serializers.CharField()
    kurs = serializers.CharField(source="kurs_id")
    kurs_titel = serializers.CharField(source="kurs")
    kurs_nummer = serializers.CharField(source="nummer")
    beginn = serializers.DateTimeField(allow_null=True)
    ende = serializers.DateTimeField(allow_null=True)
    stand = serializers.ChoiceField(choices=Traegerstand.choices)
    ue_geplant = serializers.DecimalField(**UE)
    ue_besucht = serializers.DecimalField(**UE)
    abgeschlossen = serializers.BooleanField()


class TeamzeileSerializer(serializers.Serializer):
    person = serializers.CharField(source="person_id")
    vorname = serializers.CharField()
    nachname = serializers.CharField()
    arbeitgeber = serializers.CharField(source="arbeitgeber_id")
    eingewilligt = serializers.BooleanField()
    qualifikationsstatus = serializers.CharField(allow_blank=True)
    module = ModulzeileSerializer(many=True)
    zertifikate = NachweisSerializer(many=True, source="nachweise")


class TeamseiteSerializer(serializers.Serializer):
    """One page of the team; `next` and `previous` are addresses with a cursor."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = TeamzeileSerializer(many=True)


class LandzeileSerializer(serializers.Serializer):
    """Null means hidden: fewer than five people, or a number that would give such a one away."""

    schluessel = serializers.CharField(allow_null=True)
    titel = serializers.CharField()
    eingeschrieben = serializers.IntegerField(allow_null=True)
    abgeschlossen = serializers.IntegerField(allow_null=True)
    zertifikate = serializers.IntegerField(allow_null=True)
    warteliste = serializers.IntegerField(allow_null=True)
    ue_besucht = serializers.DecimalField(allow_null=True, **UE)


class KreiszeileSerializer(LandzeileSerializer):
    kurse_laufend = serializers.IntegerField()
    kurse_geplant = serializers.IntegerField()
    freie_plaetze = serializers.IntegerField()


class LandeszahlenSerializer(serializers.Serializer):
    kreise = KreiszeileSerializer(many=True)
    programme = LandzeileSerializer(many=True)
    arbeitgeber = LandzeileSerializer(many=True)
    summe = KreiszeileSerializer()
    ohne_angebot = serializers.ListField(child=serializers.CharField())
