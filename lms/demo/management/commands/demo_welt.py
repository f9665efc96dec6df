"""`manage.py demo_welt`: fill an empty database with the invented people and the real curricula."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from lms.celery import app
from lms.demo.welt import build_welt
from lms.konten.models import Person


class Command(BaseCommand):
    help = "Füllt eine leere Datenbank mit der Demo-Welt. Personen und Organisationen sind erfunden."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.BETRIEB == "produktion":
            raise CommandError("Die Demo-Welt gehört nicht in den Produktionsbetrieb.")
        if Person.objects.exists():
            raise CommandError("Die Datenbank ist nicht leer; `make reset` beginnt von vorn.")
        app.conf.task_always_eager = True
        with transaction.atomic():
            build_welt()
        self.stdout.write("Die Demo-Welt steht.")
