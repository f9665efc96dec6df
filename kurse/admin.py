"""Hands the rooms' admin pages on to Django."""
