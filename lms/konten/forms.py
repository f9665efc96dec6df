"""Forms of the account room; rules live in the services."""

from datetime import timedelta
from typing import Any

from allauth.account.forms import SignupForm
from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lms.core.errors import DomainError
from lms.konten.adapter import einladung_of
from lms.konten.enums import Qualifikationsstatus
from lms.konten.models import Beschaeftigung, Organisation, Person
from lms.konten.namen import NameField
from lms.konten.organisationen import EDITABLE, rollen_for
from lms.konten.profil import check_geburtsdatum

SCOPES = [("lesen", _("Lesen")), ("schreiben", _("Schreiben"))]
LAUFZEITEN = [("30", _("30 Tage")), ("90", _("90 Tage")), ("365", _("1 Jahr"))]


class StammdatenFelder(forms.Form):
    """Names as on the identity document, date of birth."""

    vorname = NameField(
        label=_("Vorname"),
        help_text=_("Alle Vornamen genau wie im Ausweis. So stehen sie auf Ihren Zertifikaten."),
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    nachname = NameField(label=_("Nachname"), widget=forms.TextInput(attrs={"autocomplete": "family-name"}))
    geburtsdatum = forms.DateField(
        label=_("Geburtsdatum"),
        required=False,
        help_text=_("Wird erst für Zertifikate gebraucht. Sie können es später eintragen."),
        widget=forms.DateInput(attrs={"autocomplete": "bday"}),
    )

    def clean_geburtsdatum(self) -> Any:
        value = self.cleaned_data["geburtsdatum"]
        try:
            check_geburtsdatum(value)
        except DomainError as error:
            raise forms.ValidationError(error.message) from error
        return value


class RegistrierungForm(StammdatenFelder, SignupForm):
    """allauth's sign-up with the names; an invitation fixes the address."""

    field_order = ["vorname", "nachname", "geburtsdatum", "email", "password1", "password2"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        from allauth.core import context

        self.einladung = einladung_of(context.request) if context.request else None
        self.fields["email"].label = gettext("E-Mail-Adresse")
        if self.einladung:
            self.fields["email"].initial = self.einladung.email
            self.fields["email"].help_text = gettext("An diese Adresse ging Ihre Einladung.")

    def clean_email(self) -> str:
        value = super().clean_email()
        if self.einladung and settings.REGISTRIERUNG != "offen" and value != self.einladung.email:
            raise forms.ValidationError(gettext("Bitte verwenden Sie die Adresse, an die die Einladung ging."))
        return value


class ProfilForm(StammdatenFelder):
    @classmethod
    def for_person(cls, person: Person, data: Any = None) -> "ProfilForm":
        initial = {name: getattr(person, name) for name in ("vorname", "nachname", "geburtsdatum")}
        return cls(data, initial=initial)


class TokenForm(forms.Form):
    bezeichnung = forms.CharField(
        label=_("Bezeichnung"), max_length=100, help_text=_("Wofür das Token da ist, zum Beispiel „Lohnprogramm“.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("Umfang"), choices=SCOPES, initial=["lesen"], widget=forms.CheckboxSelectMultiple
    )
    tage = forms.ChoiceField(label=_("Gültig für"), choices=LAUFZEITEN, initial="90")

    def gueltig_bis(self) -> Any:
        return timezone.now() + timedelta(days=int(self.cleaned_data["tage"]))


class OrganisationForm(forms.ModelForm):
    class Meta:
        model = Organisation
        fields = EDITABLE

    def clean_plz(self) -> str:
        value = self.cleaned_data["plz"]
        if value and not (len(value) == 5 and value.isascii() and value.isdigit()):
            raise forms.ValidationError(gettext("Eine Postleitzahl hat fünf Ziffern."))
        return value


class EinladungForm(forms.Form):
    """To a role, as an employee, or both; only what the organisation can offer and the person may give."""

    email = forms.EmailField(label=_("E-Mail-Adresse"), help_text=_("Die Einladung gilt nur für diese Adresse."))
    rolle = forms.ChoiceField(label=_("Rolle"), required=False)
    als_beschaeftigte = forms.BooleanField(
        label=_("Als Beschäftigte*n einladen"),
        required=False,
        help_text=_("Die Person bestätigt damit, dass sie bei Ihnen beschäftigt ist."),
    )

    def __init__(self, *args: Any, organisation: Organisation, darf_rollen: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keine = [("", gettext("keine Rolle"))] if organisation.ist_arbeitgeber else []
        self.fields["rolle"].choices = [*keine, *((r.value, r.label) for r in rollen_for(organisation))]
        self.fields["rolle"].required = not organisation.ist_arbeitgeber
        if not darf_rollen:
            del self.fields["rolle"]
            self.fields["als_beschaeftigte"].initial = True
        if not organisation.ist_arbeitgeber:
            del self.fields["als_beschaeftigte"]


class RolleForm(forms.Form):
    """A further role for somebody who already belongs to the organisation."""

    person = forms.ChoiceField(label=_("Mitglied"))
    rolle = forms.ChoiceField(label=_("Rolle"))

    def __init__(self, *args: Any, organisation: Organisation, personen: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [(person.public_id, person.name) for person in personen]
        self.fields["rolle"].choices = [(rolle.value, rolle.label) for rolle in rollen_for(organisation)]


class EndeForm(forms.Form):
    bis = forms.DateField(label=_("Letzter Tag"), initial=timezone.localdate)


class BeschaeftigungForm(forms.ModelForm):
    qualifikationsstatus = forms.ChoiceField(
        label=_("Qualifikationsstatus"),
        choices=Qualifikationsstatus.choices,
        help_text=_("Wie die Person die Anforderungen nach § 12 Abs. 4 KomIntAVO erfüllt."),
    )

    class Meta:
        model = Beschaeftigung
        fields = ("taetigkeit", "qualifikationsstatus")


class SucheForm(forms.Form):
    q = forms.CharField(label=_("Name"), required=False, max_length=100)
