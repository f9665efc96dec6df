"""The options of a select in one go. Django includes two templates per option, which made long filters slow."""

from typing import Any

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def optionen(optgroups: Any) -> SafeString:
    """The same options as Django's own templates, from the `optgroups` of a widget's context."""
    lines = []
    for gruppe, options, _index in optgroups:
        if gruppe:
            lines.append(f'<optgroup label="{conditional_escape(gruppe)}">')
        lines += [
            f'<option value="{conditional_escape(str(option["value"]))}"{_attributes(option["attrs"])}>'
            f"{conditional_escape(option['label'])}</option>"
            for option in options
        ]
        if gruppe:
            lines.append("</optgroup>")
    return mark_safe("\n".join(lines))


def _attributes(attrs: dict[str, Any]) -> str:
    return "".join(
        f" {name}" if value is True else f' {name}="{conditional_escape(str(value))}"'
        for name, value in attrs.items()
        if value is not False
    )
