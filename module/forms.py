"""Forms of the catalogue: filters, drafts, decisions, programmes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from module.enums import Einordnung, FreigabeEntscheidung, VersionStatus
from module.felder import GRUPPEN, KOPF, QUELLE
from module.models import Baustein, Modul, Modulkatalog, Modulversion, Programmversion
from module.selectors import veroeffentlichte_programme


class KatalogFilterForm(forms.Form):
    """Search in published modules. Unusable values are shown as errors and do not filter."""

    q = forms.CharField(label=_("Suchwort"), max_length=200, required=False)
    programm = forms.ChoiceField(label=_("Programm"), required=False)
    einordnung = forms.ChoiceField(label=_("Einordnung"), required=False)
    abschluss = forms.ChoiceField(label=_("Abschluss"), required=False)
    ects_von = forms.DecimalField(label=_("ECTS-Punkte von"), min_value=0, max_value=999, required=False)
    ects_bis = forms.DecimalField(label=_("ECTS-Punkte bis"), min_value=0, max_value=999, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = list(
            veroeffentlichte_programme()
            .order_by("programm__titel")
            .values_list("programm__public_id", "programm__titel", "abschluss")
        )
        alle = [("", _("alle"))]
        self.fields["programm"].choices = alle + [(pid, titel) for pid, titel, _abschluss in rows]
        self.fields["abschluss"].choices = alle + sorted({(a, a) for _pid, _titel, a in rows if a})
        self.fields["einordnung"].choices = [*alle, *Einordnung.choices]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        von, bis = data.get("ects_von"), data.get("ects_bis")
        if von is not None and bis is not None and von > bis:
            self.add_error("ects_bis", _("„bis“ muss mindestens so groß sein wie „von“."))
        return data


class ProgrammFilterForm(forms.Form):
    q = forms.CharField(label=_("Suchwort"), max_length=200, required=False)
    einordnung = forms.ChoiceField(
        label=_("Einordnung"), required=False, choices=[("", _("alle")), *Einordnung.choices]
    )


class KatalogmoduleFilterForm(forms.Form):
    q = forms.CharField(label=_("Suchwort"), max_length=200, required=False)
    status = forms.ChoiceField(label=_("Zustand"), required=False, choices=[("", _("alle")), *VersionStatus.choices])


class ModulForm(forms.ModelForm):
    """A new module: what never changes about it. Its description follows in the draft."""

    class Meta:
        model = Modul
        fields = ["code", "titel", "verantwortlich"]
        help_texts = {"titel": "", "code": _("kurz und im Katalog einmalig, zum Beispiel „FSA-01“")}

    def __init__(self, *args: Any, katalog: Modulkatalog, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verantwortlich"].queryset = katalog.partner.all()


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ModulversionForm(forms.ModelForm):
    """The whole description, grouped by the nine mandatory fields. A draft may be saved with gaps."""

    stand = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)

    class Meta:
        model = Modulversion
        fields = [*KOPF, *(name for gruppe in GRUPPEN for name in gruppe.felder), *QUELLE]
        widgets = {
            "inhalte": _area(8),
            "qualifikationsziele": _area(6),
            "lehrformen": _area(3),
            "voraussetzungen": _area(3),
            "vorbereitung": _area(3),
            "verwendbarkeit": _area(4),
            "vergabevoraussetzungen": _area(3),
        }

    ohne_freiwillig = True

    def abschnitte(self) -> list[dict[str, Any]]:
        """The groups with their bound fields, for the template."""
        rows: list[dict[str, Any]] = [{"nummer": "", "titel": _("Bezeichnung"), "felder": [self[n] for n in KOPF]}]
        rows += [{"nummer": g.nummer, "titel": g.titel, "felder": [self[n] for n in g.felder]} for g in GRUPPEN]
        rows.append({"nummer": "", "titel": _("Quelle und Geltung"), "felder": [self[n] for n in QUELLE]})
        return rows

    def felder(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "stand"}


class FreigabeForm(forms.Form):
    """The decision of one partner; organisations are those that the person may speak for."""

    organisation = forms.ChoiceField(label=_("Im Namen von"))
    entscheidung = forms.ChoiceField(
        label=_("Entscheidung"),
        choices=[
            (FreigabeEntscheidung.FREIGEGEBEN, _("freigeben")),
            (FreigabeEntscheidung.ZURUECKGEGEBEN, _("mit Kommentar zurückgeben")),
        ],
        widget=forms.RadioSelect,
    )
    kommentar = forms.CharField(
        label=_("Kommentar"),
        widget=_area(4),
        required=False,
        max_length=4000,
        help_text=_("bei einer Rückgabe nötig: Was soll geändert werden?"),
    )

    def __init__(self, *args: Any, organisationen: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisationen = {o.public_id: o for o in organisationen}
        self.fields["organisation"].choices = [(pid, o.name) for pid, o in self.organisationen.items()]
        if len(self.organisationen) == 1:
            self.initial.setdefault("organisation", next(iter(self.organisationen)))


class ProgrammForm(forms.Form):
    titel = forms.CharField(label=_("Titel"), max_length=300)
    einrichtung = forms.CharField(label=_("Einrichtung"), max_length=300, required=False)


class ProgrammversionForm(forms.ModelForm):
    class Meta:
        model = Programmversion
        fields = [
            "abschluss",
            "zielgruppe",
            "zugang",
            "format",
            "dauer",
            "ue_gesamt",
            "stunden_gesamt",
            "ects_gesamt",
            "anwesenheitsregel",
            "quelle",
            "quelle_url",
        ]
        labels = {
            "ue_gesamt": _("Unterrichtseinheiten gesamt (45 min)"),
            "stunden_gesamt": _("Zeitstunden gesamt"),
            "ects_gesamt": _("ECTS-Punkte gesamt"),
            "anwesenheitsregel": _("Anwesenheitsregel"),
            "quelle": _("Quelle"),
            "quelle_url": _("Quelle (Adresse)"),
        }
        widgets = {"zielgruppe": _area(3), "zugang": _area(3)}


class BausteinForm(forms.ModelForm):
    """A further part of a programme: a module of the catalogue, or a part without a module."""

    class Meta:
        model = Baustein
        fields = ["art", "modul", "titel", "gruppe", "gruppe_mindestens", "ue", "stunden", "ects"]
        labels = {
            "art": _("Art"),
            "modul": _("Modul"),
            "titel": _("Titel"),
            "ue": _("Unterrichtseinheiten (45 min)"),
            "stunden": _("Zeitstunden"),
            "ects": _("ECTS-Punkte"),
        }
        help_texts = {"titel": _("leer lassen, um den Titel des Moduls zu übernehmen")}

    def __init__(self, *args: Any, version: Programmversion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        used = version.bausteine.exclude(modul=None).values("modul_id")
        self.fields["modul"].queryset = Modul.objects.filter(katalog=version.programm.katalog_id).exclude(pk__in=used)
        self.fields["modul"].required = self.fields["titel"].required = False
