"""Filters of the account pages."""

from django import template

from lms.core.start import Aufgabenzeile

register = template.Library()


@register.filter
def nicht_dringend(zeilen: list[Aufgabenzeile]) -> list[Aufgabenzeile]:
    """What is not already on top of the start page."""
    return [zeile for zeile in zeilen if not zeile.dringend]
