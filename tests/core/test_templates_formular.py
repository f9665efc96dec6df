"""Plain `forms.Form` comes out as KERN fields with hints, errors and a summary that leads to them."""

import re
from datetime import date, datetime, time

import pytest
from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.files.uploadedfile import SimpleUploadedFile


class Beispiel(forms.Form):
    titel = forms.CharField(label="Titel", help_text="Wie auf dem Zertifikat.")
    beginn = forms.DateField(label="Beginn", initial=date(2026, 11, 24))
    uhrzeit = forms.TimeField(label="Uhrzeit", initial=time(9, 0))
    frist = forms.DateTimeField(label="Frist", initial=datetime(2026, 11, 24, 9, 0), required=False)
    ort = forms.ChoiceField(label="Ort", choices=[("a", "Aue"), ("b", "Bautzen")])
    modus = forms.ChoiceField(label="Modus", choices=[("p", "Präsenz"), ("o", "Online")], widget=forms.RadioSelect)
    ziele = forms.MultipleChoiceField(
        label="Ziele", choices=[("x", "X"), ("y", "Y")], widget=forms.CheckboxSelectMultiple, required=False
    )
    datei = forms.FileField(label="Nachweis", required=False)
    ok = forms.BooleanField(label="Einverstanden")
    geheim = forms.CharField(widget=forms.HiddenInput, initial="v1")


VALID = {
    "titel": "Recht",
    "beginn": "2026-11-24",
    "uhrzeit": "09:00",
    "frist": "2026-11-24T09:00",
    "ort": "a",
    "modus": "p",
    "ok": "on",
    "geheim": "v1",
}


def ids_of(html: str) -> list[str]:
    return re.findall(r'\bid="([^"]+)"', html)


def test_fields_carry_kern_classes_and_pickers_speak_iso() -> None:
    html = str(Beispiel())
    assert 'type="date" name="beginn" value="2026-11-24"' in html
    assert 'type="time" name="uhrzeit" value="09:00"' in html
    assert 'type="datetime-local" name="frist" value="2026-11-24T09:00"' in html
    assert "kern-form-input__select-wrapper" in html
    assert html.count("kern-form-check__radio") == 2
    assert html.count('class="kern-form-check__checkbox"') == 3
    assert '<input type="hidden" name="geheim" value="v1"' in html


def test_the_pickers_values_are_understood() -> None:
    form = Beispiel(VALID)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["beginn"] == date(2026, 11, 24)
    assert form.cleaned_data["uhrzeit"] == time(9, 0)
    assert form.cleaned_data["frist"].isoformat() == "2026-11-24T09:00:00+01:00"


def test_german_dates_typed_by_hand_are_understood_too() -> None:
    form = Beispiel(VALID | {"beginn": "24.11.2026"})
    assert form.is_valid()
    assert form.cleaned_data["beginn"] == date(2026, 11, 24)


def test_optional_fields_are_marked_required_ones_and_ticks_are_not() -> None:
    html = str(Beispiel())
    marked = re.findall(r'(\w+)\s*<span class="kern-label__optional">\(freiwillig\)', html)
    assert marked == ["Frist", "Ziele", "Nachweis"]
    form = Beispiel()
    form.ohne_freiwillig = True
    assert "freiwillig" not in str(form)


def test_hints_and_errors_are_announced_with_the_field() -> None:
    html = str(Beispiel({}))
    field = re.search(r'<input[^>]*name="titel"[^>]*>', html)
    assert field
    assert 'aria-describedby="id_titel_helptext id_titel_error"' in field[0]
    assert 'aria-invalid="true"' in field[0]
    assert {"id_titel_helptext", "id_titel_error"} <= set(ids_of(html))


def test_the_summary_links_to_elements_that_exist_and_ids_are_unique() -> None:
    html = str(Beispiel({}))
    targets = re.findall(r'href="#([^"]+)"', html)
    assert targets == ["id_titel", "id_beginn", "id_uhrzeit", "id_ort", "id_modus", "id_ok"]
    ids = ids_of(html)
    assert set(targets) <= set(ids)
    assert len(ids) == len(set(ids))


def test_a_hidden_fields_error_is_shown_without_a_link() -> None:
    form = Beispiel(VALID | {"geheim": ""})
    html = str(form)
    assert "geheim" in html
    assert 'href="#id_geheim"' not in html


def test_values_and_errors_are_escaped() -> None:
    form = Beispiel(VALID | {"titel": '"><script>x', "ort": "<b>"})
    html = str(form)
    assert "<script>" not in html
    assert "<b>" not in html


def test_files_state_the_limit_and_never_link_to_the_stored_file(settings) -> None:
    settings.UPLOAD_MAX_BYTES = 3 * 1024 * 1024
    assert "Höchstens 3 MB." in str(Beispiel())

    class Bild(SimpleUploadedFile):
        url = "/dateien/geheim.pdf"

    html = str(Beispiel(initial={"datei": Bild("nachweis.pdf", b"x")}))
    assert "Bisherige Datei: nachweis.pdf" in html
    assert "/dateien/" not in html


@pytest.mark.parametrize("rows", ["10", "3"])
def test_text_areas_are_lower_than_djangos_default(rows: str) -> None:
    class Lang(forms.Form):
        text = forms.CharField(widget=forms.Textarea(attrs={"rows": rows}))

    assert f'rows="{"5" if rows == "10" else rows}"' in str(Lang())


def test_widgets_keep_their_own_attributes() -> None:
    class Eigen(forms.Form):
        tag = forms.DateField(widget=forms.DateInput(attrs={"class": "schmal", "min": "2026-01-01"}))

    html = str(Eigen())
    assert 'min="2026-01-01"' in html
    assert 'class="schmal kern-form-input__input"' in html


def test_the_admins_date_and_time_parts_keep_the_classes_its_scripts_look_for() -> None:
    class Betrieb(forms.Form):
        um = forms.SplitDateTimeField(widget=AdminSplitDateTime)

    html = str(Betrieb()["um"])
    assert "vDateField" in html
    assert "vTimeField" in html


def test_date_and_time_in_two_parts_are_pickers() -> None:
    class Zwei(forms.Form):
        um = forms.SplitDateTimeField(label="Beginn")

    html = str(Zwei())
    assert 'type="date" name="um_0"' in html
    assert 'type="time" name="um_1"' in html
    assert html.count("kern-form-input__input") == 2
