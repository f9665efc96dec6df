"""Forms of course planning. They only translate; the rules are in the services."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kurse.planung.enums import KursArt, KursStatus, Lehrrolle, Modus
from kurse.planung.models import Kurs, Ort
from kurse.planung.selectors import programme_with_kurse, veranstalter_of, waehlbare_versionen
from lms.konten.enums import Kreis
from lms.konten.models import Organisation, Person
from module.models import Modulversion

ALLE = [("", _("alle"))]


class KursFilterForm(forms.Form):
    """The public search; a GET form where everything is optional."""

    q = forms.CharField(label=_("Suchwort"), max_length=100, required=False)
    programm = forms.ChoiceField(label=_("Programm"), required=False)
    kreis = forms.ChoiceField(label=_("Kreis"), choices=ALLE + Kreis.choices, required=False)
    modus = forms.ChoiceField(label=_("Durchführung"), choices=ALLE + Modus.choices, required=False)
    art = forms.ChoiceField(label=_("Art"), choices=ALLE + KursArt.choices, required=False)
    von = forms.DateField(label=_("Beginn ab"), required=False)
    bis = forms.DateField(label=_("Beginn bis"), required=False)
    ects = forms.DecimalField(
        label=_("ECTS-Punkte mindestens"), min_value=0, max_value=60, max_digits=5, decimal_places=2, required=False
    )
    frei = forms.BooleanField(label=_("nur mit freien Plätzen und offener Anmeldung"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        programmes = list(programme_with_kurse().values_list("public_id", "titel"))
        self.fields["programm"].choices = ALLE + programmes  # type: ignore[attr-defined]


class PlanungFilterForm(forms.Form):
    q = forms.CharField(label=_("Titel, Nummer, Modul oder Nachname"), max_length=100, required=False)
    status = forms.ChoiceField(label=_("Status"), choices=ALLE + KursStatus.choices, required=False)


class VersionChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.modul.code} {obj.titel} · {obj.modul.katalog.titel}"


class KursForm(forms.ModelForm):
    """Create and edit; once the course is published, art and module are shown but can't be changed."""

    modulversion = VersionChoiceField(
        label=_("Modul"),
        queryset=Modulversion.objects.none(),
        required=False,
        help_text=_("Freigegebene Module der Kataloge, die Ihre Organisation mitträgt. Nur Modulkurse brauchen eines."),
    )

    class Meta:
        model = Kurs
        fields = [
            "art", "modulversion", "titel", "nummer", "beschreibung", "modus", "kreis", "kapazitaet",
            "mindestteilnehmende", "anmeldung_von", "anmeldung_bis", "genehmigung_noetig", "entgelt",
            "foerdermittelgeber", "barrierefreiheit",
        ]  # fmt: skip
        help_texts = {
            "titel": _("Leer lassen, um den Titel des Moduls zu übernehmen."),
            "nummer": _("Leer lassen, um die nächste Nummer zu vergeben."),
            "barrierefreiheit": _(
                "Zum Beispiel stufenloser Zugang, Aufzug, WC, Gebärdensprache. Steht öffentlich auf der Kursseite."
            ),
        }

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        orgs = veranstalter_of(person)
        choices = Organisation.objects.filter(pk=self.instance.veranstalter_id) if self.instance.pk else orgs
        versions = waehlbare_versionen(choices)
        self.fields["titel"].required = self.fields["nummer"].required = False
        self.fields["foerdermittelgeber"].queryset = Organisation.objects.filter(ist_foerdermittelgeber=True)  # type: ignore[attr-defined]
        if self.instance.pk:
            versions = (
                versions
                | Modulversion.objects.filter(pk=self.instance.modulversion_id)
                .select_related("modul__katalog")
                .distinct()
            )
            if self.instance.status != KursStatus.ENTWURF:
                self.fields["art"].disabled = self.fields["modulversion"].disabled = True
        else:
            self._offer_veranstalter(orgs)
        self.fields["modulversion"].queryset = versions  # type: ignore[attr-defined]

    def _offer_veranstalter(self, orgs: Any) -> None:
        """One provider is taken as it is, several are a choice."""
        found = list(orgs)
        self.fields["veranstalter"] = forms.ModelChoiceField(
            label=_("Veranstalter"), queryset=orgs, initial=found[0] if found else None
        )
        if len(found) == 1:
            self.fields["veranstalter"].widget = forms.HiddenInput()
        self.order_fields(["veranstalter"])
        if found:
            self.initial.setdefault("kreis", found[0].kreis)
        self.initial.setdefault("anmeldung_von", timezone.localtime().replace(minute=0, second=0, microsecond=0))

    def _post_clean(self) -> None:
        """The service validates the whole row under its lock; nothing is set on the instance here."""

    def validate_unique(self) -> None:
        """Left to the service, which names the rule."""


class OrtForm(forms.ModelForm):
    class Meta:
        model = Ort
        fields = ["name", "strasse", "plz", "ort", "kreis", "barrierefreiheit", "plaetze"]
        help_texts = {
            "barrierefreiheit": _("Zum Beispiel stufenloser Zugang, Aufzug, barrierefreies WC, Induktionsschleife."),
        }

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plz"].widget.attrs["inputmode"] = "numeric"
        if self.instance.pk:
            return
        orgs = veranstalter_of(person)
        found = list(orgs)
        self.fields["organisation"] = forms.ModelChoiceField(
            label=_("Organisation"), queryset=orgs, initial=found[0] if found else None
        )
        if len(found) == 1:
            self.fields["organisation"].widget = forms.HiddenInput()
        self.order_fields(["organisation"])

    def clean_plz(self) -> str:
        plz = self.cleaned_data["plz"].strip()
        if plz and not (len(plz) == 5 and plz.isdigit()):
            raise forms.ValidationError(_("Eine Postleitzahl hat fünf Ziffern."))
        return plz

    def _post_clean(self) -> None:
        """The service validates the row."""


class GrundForm(forms.Form):
    """A reason; it stays on the course page for the people concerned."""

    grund = forms.CharField(
        label=_("Grund"),
        max_length=300,
        help_text=_(
            "Teilnehmende und Lehrende können ihn lesen. Bitte keine Angaben zur Gesundheit einzelner Personen."
        ),
    )


class LehrauftragForm(forms.Form):
    """A lecturer of the provider, or any account by its exact e-mail address."""

    person = forms.ModelChoiceField(
        label=_("Lehrende Ihrer Organisation"),
        queryset=Person.objects.none(),
        required=False,
        to_field_name="public_id",
    )
    email = forms.EmailField(
        label=_("oder E-Mail-Adresse"),
        required=False,
        help_text=_("Für Lehrende anderer Organisationen: die Adresse, mit der sie sich anmelden."),
    )
    rolle = forms.ChoiceField(label=_("Rolle"), choices=Lehrrolle.choices, initial=Lehrrolle.LEITUNG)

    def __init__(self, *args: Any, lehrende: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = lehrende  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        person, email = data.get("person"), (data.get("email") or "").strip()
        if "email" in self.errors or "person" in self.errors:
            return data
        if bool(person) == bool(email):
            raise forms.ValidationError(_("Bitte wählen Sie eine Person aus oder geben Sie eine E-Mail-Adresse an."))
        if email:
            person = Person.objects.filter(email__iexact=email, is_active=True).first()
            if person is None:
                self.add_error("email", _("Mit dieser Adresse gibt es kein Konto."))
        data["gewaehlt"] = person
        return data
