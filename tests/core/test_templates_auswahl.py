"""Our select must be Django's select, only faster."""

from django import forms
from django.forms.renderers import DjangoTemplates, get_default_renderer
from django.utils.html import format_html

CHOICES = [
    ("", "alle"),
    ("14612", "Dresden, Stadt"),
    (3, format_html("<b>{}</b>", "fett")),
    (None, '<script>"x"</script>'),
    ("Gruppe <1>", [("a&b", "A & B"), (1.5, "eineinhalb")]),
]


class MitDaten(forms.Select):
    def create_option(self, *args, **kwargs):
        option = super().create_option(*args, **kwargs)
        option["attrs"] |= {"data-x": '"&', "hidden": True, "disabled": False}
        return option


def both(widget, value):
    ours = widget.render("kreis", value, {"id": "id_kreis", "required": True}, get_default_renderer())
    djangos = widget.render("kreis", value, {"id": "id_kreis", "required": True}, DjangoTemplates())
    return ["\n".join(line.strip() for line in html.splitlines() if line.strip()) for html in (ours, djangos)]


def test_same_html_as_django():
    for widget in (forms.Select(choices=CHOICES), MitDaten(choices=CHOICES)):
        for value in ("", "14612", 3, "a&b", "unbekannt", None):
            ours, djangos = both(widget, value)
            assert ours == djangos
    ours, djangos = both(forms.SelectMultiple(choices=CHOICES), ["14612", "a&b"])
    assert ours == djangos
    assert ours.count("selected") == 2
