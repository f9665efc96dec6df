"""Registers tabs, navigation and start-page sections of this room; called once at start-up."""

from django.apps import apps
from django.db.models.signals import post_migrate

from kurse.anwesenheit.hauptbuch import keep_triggers


def setup() -> None:
    post_migrate.connect(keep_triggers, sender=apps.get_app_config("kurse"), dispatch_uid="anwesenheit_hauptbuch")
