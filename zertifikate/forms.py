"""Forms of the certificate pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zertifikate.enums import ZertifikatArt
from zertifikate.models import Vorlage


class PruefcodeForm(forms.Form):
    code = forms.CharField(
        label=_("Prüfcode"), max_length=40, help_text=_("Er steht neben dem QR-Code, zum Beispiel k7qm-4t2x-9wrd-ab3c.")
    )


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Vorname und Nachname"),
        max_length=250,
        help_text=_(
            "So, wie sie auf dem Zertifikat stehen. Groß- und Kleinschreibung und Akzente spielen keine Rolle."
        ),
    )


class WiderrufForm(forms.Form):
    grund = forms.CharField(
        label=_("Grund des Widerrufs"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Der Grund bleibt intern. Bei der Prüfung erscheint nur, dass das Zertifikat widerrufen ist."),
    )


class ArtForm(forms.Form):
    art = forms.ChoiceField(label=_("Art des Nachweises"), choices=ZertifikatArt.choices)


class RegisterForm(forms.Form):
    suche = forms.CharField(label=_("Nummer, Prüfcode oder Name"), max_length=100, required=False)
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("alle")), ("gueltig", _("gültig")), ("widerrufen", _("widerrufen"))],
    )


class VorlageForm(forms.ModelForm):
    """Signatories are one per line: `Name; Funktion`."""

    unterzeichnende_zeilen = forms.CharField(
        label=_("Unterzeichnende"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Eine Person je Zeile: Name; Funktion"),
    )

    class Meta:
        model = Vorlage
        fields = ["ueberschrift", "einleitung", "schlusstext", "rechtsgrundlage", "nummer_format"]
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in ("einleitung", "schlusstext", "rechtsgrundlage")}
        labels = {"nummer_format": _("Format der Nummer")}
        help_texts = {
            "nummer_format": _("Mit {kuerzel}, {jahr} und {laufend}, zum Beispiel {kuerzel}-{jahr}-{laufend:05d}")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = [f"{row['name']}; {row['funktion']}".rstrip("; ") for row in self.instance.unterzeichnende]
        self.fields["unterzeichnende_zeilen"].initial = "\n".join(lines)

    def clean_unterzeichnende_zeilen(self) -> list[dict[str, str]]:
        rows = []
        for line in self.cleaned_data["unterzeichnende_zeilen"].splitlines():
            name, _sep, funktion = line.partition(";")
            if name.strip():
                rows.append({"name": name.strip()[:200], "funktion": funktion.strip()[:300]})
        if len(rows) > 6:
            raise forms.ValidationError(_("Höchstens sechs Personen können unterzeichnen."))
        return rows

    def felder(self) -> dict[str, Any]:
        values = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return {**values, "unterzeichnende": self.cleaned_data["unterzeichnende_zeilen"]}
