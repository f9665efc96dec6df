"""Hands the rooms' admin pages on to Django."""

from kurse.einschreibung import admin as einschreibung_admin  # noqa: F401
from kurse.planung import admin as planung_admin  # noqa: F401
