"""Forms: they read what was entered; the rules are in the services."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kurse.aufgaben.dateien import erlaubte_endungen
from kurse.aufgaben.enums import AufgabeArt, Bewertungsergebnis, ErgebnisStatus
from kurse.aufgaben.models import Aufgabe
from kurse.aufgaben.services import FELDER, TEXT_MAX
from kurse.aufgaben.vorschlag import Vorschlag
from kurse.einschreibung.models import Einschreibung
from module.enums import SkalenArt
from module.models import Notenskala


class AufgabeForm(forms.ModelForm):
    class Meta:
        model = Aufgabe
        fields = FELDER
        localized_fields = ["gewicht"]
        help_texts = {
            "pflicht": _("Ohne diese Leistung wird das Modul nicht bestanden."),
            "notenskala": _("Leer: nur bestanden oder nicht bestanden."),
            "gewicht": _("1 für alle Teile heißt: alle zählen gleich."),
            "max_versuche": _("Neue Fassungen und Wiederholungen zusammen."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["notenskala"].queryset = Notenskala.objects.exclude(art=SkalenArt.BESTANDEN)  # type: ignore[attr-defined]
        self.fields["notenskala"].empty_label = _("nicht benotet")  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        """The service fills and checks the row under its lock; the form must not touch it."""


class AbgabeForm(forms.Form):
    """Text or file; which of them is needed is decided by the service, so neither is marked as optional."""

    ohne_freiwillig = True
    text = forms.CharField(
        label=_("Ihr Text"), required=False, max_length=TEXT_MAX, widget=forms.Textarea(attrs={"rows": 12})
    )
    datei = forms.FileField(label=_("Datei"), required=False, max_length=200, allow_empty_file=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        endings = erlaubte_endungen()
        self.fields["datei"].help_text = _("Erlaubt: %(typen)s.") % {"typen": ", ".join(endings)}
        self.fields["datei"].widget.attrs["accept"] = ",".join(f".{ext}" for ext in endings)


def _note_choices(skala: Notenskala | None) -> list[tuple[str, str]]:
    steps = skala.stufen.all() if skala else []
    return [("", _("keine Note"))] + [
        (str(step.wert), f"{str(step.wert).replace('.', ',')} ({step.bezeichnung})")
        if step.bezeichnung != str(step.wert)
        else (str(step.wert), str(step.wert).replace(".", ","))
        for step in steps
    ]


class BewertungForm(forms.Form):
    """Grading; the field for the grade is there only when the assignment is graded."""

    ohne_freiwillig = True

    ergebnis = forms.ChoiceField(label=_("Ergebnis"), widget=forms.RadioSelect)
    note = forms.TypedChoiceField(
        label=pgettext_lazy("Leistung", "Note"), required=False, coerce=Decimal, empty_value=None
    )
    kommentar = forms.CharField(
        label=_("Rückmeldung"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Sie ist nur für die Person sichtbar, nicht für den Arbeitgeber."),
    )
    bisher = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, aufgabe: Aufgabe, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        exam = aufgabe.art == AufgabeArt.PRUEFUNG
        choices = [c for c in Bewertungsergebnis.choices if not (exam and c[0] == Bewertungsergebnis.UEBERARBEITEN)]
        self.fields["ergebnis"].choices = choices  # type: ignore[attr-defined]
        if aufgabe.notenskala is None:
            del self.fields["note"]
        else:
            self.fields["note"].choices = _note_choices(aufgabe.notenskala)  # type: ignore[attr-defined]


class PruefungForm(BewertungForm):
    wiederholung = forms.BooleanField(
        label=_("Das ist ein neuer Versuch"),
        required=False,
        help_text=_("Sonst wird das bisherige Ergebnis berichtigt."),
    )

    def __init__(self, *args: Any, erster: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["bisher"]
        if erster:
            del self.fields["wiederholung"]


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Einschreibung) -> str:
        return f"{obj.person.nachname}, {obj.person.vorname}"


class FristForm(forms.Form):
    einschreibung = PersonChoice(label=_("Person"), queryset=Einschreibung.objects.none(), to_field_name="public_id")
    bis = forms.DateTimeField(label=_("neue Frist"))
    grund = forms.CharField(label=_("Grund"), max_length=300)

    def __init__(self, *args: Any, aufgabe: Aufgabe, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Einschreibung.objects.filter(kurs=aufgabe.kurs_id, status="zugelassen").select_related("person")
        field = self.fields["einschreibung"]
        field.queryset = rows.order_by("person__nachname", "person__vorname", "pk")  # type: ignore[attr-defined]
        self.fields["bis"].help_text = _("Frist der Aufgabe: %(frist)s") % {
            "frist": f"{timezone.localtime(aufgabe.faellig_at):%d.%m.%Y, %H:%M}"
        }


class ErgebnisForm(forms.Form):
    """The decision; what the rules propose is selected."""

    ohne_freiwillig = True

    status = forms.ChoiceField(label=_("Ergebnis"), choices=ErgebnisStatus.choices, widget=forms.RadioSelect)
    note = forms.DecimalField(
        label=_("Modulnote"), required=False, max_digits=3, decimal_places=1, localize=True, help_text=_("etwa 2,3")
    )
    abweichung_grund = forms.CharField(
        label=_("Grund der Abweichung"),
        required=False,
        max_length=300,
        help_text=_("Nötig, wenn Sie anders entscheiden als vorgeschlagen."),
    )

    def __init__(self, *args: Any, vorschlag: Vorschlag, benotet: bool, **kwargs: Any) -> None:
        initial = {"status": vorschlag.status, "note": vorschlag.note}
        super().__init__(*args, initial=initial, **kwargs)
        if not benotet:
            del self.fields["note"]


class ZuBewertenForm(forms.Form):
    zeige = forms.ChoiceField(
        label=_("Anzeigen"),
        required=False,
        choices=[
            ("", _("alle Teilnehmenden")),
            ("zu_bewerten", _("zu bewerten")),
            ("fehlend", _("noch nicht abgegeben")),
        ],
    )
