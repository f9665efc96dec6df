"""Filters of the pages; all of them are plain GET forms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kurse.fortschritt.traeger import programme_to_filter
from lms.konten.enums import Kreis
from lms.konten.models import Organisation


def _programme() -> list[tuple[str, str]]:
    return list(programme_to_filter().values_list("public_id", "titel"))


class TeamFilterForm(forms.Form):
    """`arbeitgeber` is only asked of people who look after several employers."""

    q = forms.CharField(label=_("Name"), max_length=100, required=False)
    arbeitgeber = forms.ChoiceField(label=_("Arbeitgeber"), required=False)
    programm = forms.ChoiceField(label=_("Programm"), required=False)
    stand = forms.ChoiceField(
        label=_("Stand"),
        required=False,
        choices=[
            ("", _("alle")),
            ("angemeldet", _("angemeldet")),
            ("begonnen", _("Modul begonnen")),
            ("abgeschlossen", _("Modul abgeschlossen")),
            ("fehlt", _("es fehlt ein Modul")),
            ("ohne_einwilligung", _("keine Einwilligung")),
        ],
    )

    def __init__(self, data: Any, organisationen: list[Organisation]) -> None:
        super().__init__(data)
        self.fields["programm"].choices = [("", _("alle")), *_programme()]  # type: ignore[attr-defined]
        if len(organisationen) > 1:
            choices = [("", _("alle")), *((org.public_id, org.name) for org in organisationen)]
            self.fields["arbeitgeber"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["arbeitgeber"]


class LandFilterForm(forms.Form):
    """Chooses courses; the numbers of people are never filtered."""

    q = forms.CharField(label=_("Suche in Kursen"), max_length=100, required=False)
    kreis = forms.ChoiceField(label=_("Kreis"), required=False, choices=[("", _("alle")), *Kreis.choices])
    programm = forms.ChoiceField(label=_("Programm"), required=False)
    stand = forms.ChoiceField(
        label=_("Stand"),
        required=False,
        choices=[
            ("", _("laufend und geplant")),
            ("laufend", _("laufend")),
            ("geplant", _("geplant")),
            ("vorbei", _("beendet")),
        ],
    )

    def __init__(self, data: Any, programme: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["programm"].choices = [("", _("alle")), *programme]  # type: ignore[attr-defined]


def filters_of(form: forms.Form) -> dict[str, Any]:
    """What was chosen; a value that is no choice is left out, and the form says so."""
    form.is_valid()
    return form.cleaned_data
