"""Notation of grades."""

from typing import Any

from django import template

register = template.Library()


@register.filter
def note(value: Any) -> str:
    """A grade keeps its decimal: `{{ 2.0|note }}` → 2,0"""
    return "–" if value in (None, "") else str(value).replace(".", ",")
