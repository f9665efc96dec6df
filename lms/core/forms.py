"""Form rendering in the KERN design system: authors write plain `forms.Form`, the renderer does the rest."""

from typing import Any

from django import forms
from django.conf import settings
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext as _


class DatumInput(forms.DateInput):
    """The browser's own date picker; it speaks ISO whatever the language of the page."""

    input_type = "date"

    def __init__(self, attrs: dict | None = None, format: str | None = None) -> None:  # noqa: A002
        super().__init__(attrs, format or "%Y-%m-%d")


class UhrzeitInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs: dict | None = None, format: str | None = None) -> None:  # noqa: A002
        super().__init__(attrs, format or "%H:%M")


class ZeitpunktInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs: dict | None = None, format: str | None = None) -> None:  # noqa: A002
        super().__init__(attrs, format or "%Y-%m-%dT%H:%M")


_PICKERS: dict[type[forms.Widget], type[forms.Widget]] = {
    forms.DateInput: DatumInput,
    forms.TimeInput: UhrzeitInput,
    forms.DateTimeInput: ZeitpunktInput,
}

#: How a widget is drawn by forms/field.html, most specific first.
_KINDS: tuple[tuple[str, tuple[type[forms.Widget], ...]], ...] = (
    ("haken", (forms.CheckboxInput,)),
    ("auswahl_mehrere", (forms.CheckboxSelectMultiple,)),
    ("auswahl_eine", (forms.RadioSelect,)),
    ("liste_mehrere", (forms.SelectMultiple,)),
    ("liste", (forms.Select,)),
    ("datei", (forms.FileInput,)),
    ("mehrzeilig", (forms.Textarea,)),
    ("gruppe", (forms.MultiWidget, forms.SelectDateWidget)),
)

INPUT_CLASS = "kern-form-input__input"
_CLASSES = {
    "haken": "kern-form-check__checkbox",
    "auswahl_mehrere": "kern-form-check__checkbox",
    "auswahl_eine": "kern-form-check__radio",
    "liste_mehrere": f"{INPUT_CLASS} liste-mehrere",
    "liste": "kern-form-input__select",
}


def _with_picker(widget: forms.Widget) -> forms.Widget:
    """Django's plain date and time inputs become pickers; any other widget (the admin's, say) is left alone."""
    if isinstance(widget, forms.MultiWidget):
        widget.widgets = [_with_picker(part) for part in widget.widgets]
        for part in widget.widgets:  # each part keeps its own class; the admin's scripts find their fields by it
            own = part.attrs.get("class", "")
            part.attrs["class"] = own if INPUT_CLASS in own else f"{own} {INPUT_CLASS}".strip()
        return widget
    picker = _PICKERS.get(type(widget))
    if picker is None:
        return widget
    new = picker(attrs=widget.attrs)
    new.is_required, new.is_localized = widget.is_required, widget.is_localized
    return new


class KernBoundField(BoundField):
    """Gives each widget its KERN class and tells the template how to draw it."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        field.widget = _with_picker(field.widget)
        super().__init__(form, field, name)
        if self.kern_art == "datei":
            limit = _("Höchstens %(megabyte)s MB.") % {"megabyte": settings.UPLOAD_MAX_BYTES // 1024 // 1024}
            self.help_text = f"{self.help_text} {limit}".strip()

    @property
    def use_fieldset(self) -> bool:
        return self.kern_art in ("auswahl_eine", "auswahl_mehrere", "gruppe")

    @property
    def kern_art(self) -> str:
        widget = self.field.widget
        return next((kind for kind, types in _KINDS if isinstance(widget, types)), "eingabe")

    @property
    def freiwillig(self) -> bool:
        """Only optional fields are marked. A form with `ohne_freiwillig = True` (filters) marks none."""
        return not (self.field.required or self.kern_art == "haken" or getattr(self.form, "ohne_freiwillig", False))

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        if not isinstance(widget, forms.MultiWidget):
            own = attrs.get("class") or widget.attrs.get("class", "")
            base = _CLASSES.get(self.kern_art, INPUT_CLASS)
            error = f" {base.split()[0]}--error" if self.errors else ""
            attrs["class"] = f"{own} {base}{error}".strip()
        if widget.attrs.get("placeholder") == self.label:
            attrs["placeholder"] = False  # says nothing that the label does not say
        if self.kern_art == "mehrzeilig" and widget.attrs.get("rows") == "10":
            attrs["rows"] = "5"  # Django's own default is taller than a phone's keyboard leaves room for
        return attrs


class KernFormRenderer(TemplatesSetting):
    """Fields, errors and hints as KERN components; see templates/forms/."""

    form_template_name = "forms/form.html"
    formset_template_name = "forms/formset.html"
    field_template_name = "forms/field.html"
    bound_field_class = KernBoundField
