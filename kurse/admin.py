"""Hands the rooms' admin pages on to Django."""

from kurse.einschreibung import admin as einschreibung_admin  # noqa: F401
