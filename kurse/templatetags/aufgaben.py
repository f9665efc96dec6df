"""Notation of grades and checksums."""

from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def note(value: Any) -> str:
    """A grade keeps its decimal: `{{ 2.0|note }}` → 2,0"""
    return "–" if value in (None, "") else str(value).replace(".", ",")


@register.filter
def umbrechbar(value: str) -> SafeString:
    """A long checksum that may break every eight characters, so that it fits on a phone and is copied in one piece."""
    return format_html_join("", "{}<wbr>", ((value[i : i + 8],) for i in range(0, len(value), 8)))
