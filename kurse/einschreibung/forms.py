"""Forms of enrolment. They translate input; the rules are in the services."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kurse.einschreibung.enums import EinschreibungStatus
from lms.konten.models import Organisation, Person

GRUND_LABEL = gettext_lazy("Grund")


class EinschreibenForm(forms.Form):
    """Confirming the own enrolment; asks for the employer only if there are several."""

    arbeitgeber = forms.ModelChoiceField(
        Organisation.objects.none(),
        to_field_name="public_id",
        label=gettext_lazy("Für welchen Arbeitgeber nehmen Sie teil?"),
        widget=forms.RadioSelect,
        empty_label=None,
    )

    def __init__(self, *args: Any, arbeitgeber: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(arbeitgeber) < 2:
            del self.fields["arbeitgeber"]
            return
        field = self.fields["arbeitgeber"]
        field.queryset = Organisation.objects.filter(pk__in=[org.pk for org in arbeitgeber])  # type: ignore[attr-defined]
        field.initial = arbeitgeber[0].public_id


class GrundForm(forms.Form):
    """A reason that the person concerned will read."""

    grund = forms.CharField(
        label=GRUND_LABEL,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Die Person liest diesen Grund. Bitte nennen Sie keine Angaben zur Gesundheit."),
    )


class OptionalGrundForm(forms.Form):
    grund = forms.CharField(
        label=GRUND_LABEL,
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Der Veranstalter liest diesen Grund, Ihr Arbeitgeber nicht."),
    )


class AuswahlForm(forms.Form):
    """Several enrolments at once, by public id; which ones exist is decided by the selector."""

    einschreibungen = forms.MultipleChoiceField(
        error_messages={"required": gettext_lazy("Bitte wählen Sie mindestens eine Anmeldung aus.")}
    )

    def __init__(self, *args: Any, ids: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["einschreibungen"].choices = [(i, i) for i in ids]  # type: ignore[attr-defined]


class PersonalForm(forms.Form):
    """People of one employer, by public id."""

    personen = forms.ModelMultipleChoiceField(
        Person.objects.none(),
        to_field_name="public_id",
        error_messages={"required": gettext_lazy("Bitte wählen Sie mindestens eine Person aus.")},
    )

    def __init__(self, *args: Any, personen: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["personen"].queryset = personen  # type: ignore[attr-defined]


class HinzufuegenForm(forms.Form):
    """A person whose account exists is named by the exact address, so nobody can browse accounts."""

    email = forms.EmailField(
        label=gettext_lazy("E-Mail-Adresse des Kontos"),
        help_text=gettext_lazy("Genau die Adresse, mit der sich die Person anmeldet."),
    )
    genehmigung_liegt_vor = forms.BooleanField(
        required=False,
        label=gettext_lazy("Die Zustimmung des Arbeitgebers liegt mir schriftlich vor"),
    )

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].strip()
        self.person = Person.objects.filter(email__iexact=email, is_active=True).first()
        if self.person is None:
            raise forms.ValidationError(
                _("Unter dieser Adresse gibt es kein Konto. Neue Personen nehmen Sie über den Import auf."),
                code="unbekannt",
            )
        return email


class TeilnehmendeFilterForm(forms.Form):
    ohne_freiwillig = True

    suche = forms.CharField(label=gettext_lazy("Name, E-Mail oder Arbeitgeber"), required=False, max_length=100)
    status = forms.ChoiceField(
        label=gettext_lazy("Stand"),
        required=False,
        choices=[("", gettext_lazy("alle")), *EinschreibungStatus.choices],
    )


class PersonalFilterForm(forms.Form):
    """Searching among the employees keeps the chosen course and employer."""

    ohne_freiwillig = True

    suche = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=100)
    kurs = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    arbeitgeber = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)


class ImportForm(forms.Form):
    datei = forms.FileField(
        label=gettext_lazy("Liste der Teilnehmenden"),
        help_text=gettext_lazy(
            "Excel-Mappe (.xlsx) oder CSV mit den Spalten Vorname, Nachname, E-Mail, Geburtsdatum, Arbeitgeber."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt"}),
    )

    def clean_datei(self) -> UploadedFile:
        datei: UploadedFile = self.cleaned_data["datei"]
        if datei.size is not None and datei.size > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError(
                _("Die Datei ist größer als %(mb)s MB.") % {"mb": settings.UPLOAD_MAX_BYTES // 1024 // 1024}
            )
        if PurePath(datei.name or "").suffix.lower() not in (".csv", ".xlsx", ".txt"):
            raise forms.ValidationError(
                _("Bitte wählen Sie eine Datei mit der Endung .xlsx oder .csv."), code="datei_format"
            )
        return datei


class ImportBestaetigenForm(forms.Form):
    """`neu` holds the line numbers that are a new person in spite of the same name and date of birth."""

    neu = forms.TypedMultipleChoiceField(required=False, coerce=int)
    genehmigung_liegt_vor = forms.BooleanField(
        required=False,
        label=gettext_lazy("Die Zustimmungen der Arbeitgeber liegen mir schriftlich vor"),
        help_text=gettext_lazy("Sonst werden die Arbeitgeber um Zustimmung gebeten."),
    )

    def __init__(self, *args: Any, zu_pruefen: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["neu"].choices = [(nr, nr) for nr in zu_pruefen]  # type: ignore[attr-defined]
