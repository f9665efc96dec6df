"""`manage.py lade_regeln`: attendance rules and grade scales with their sources."""

from typing import Any

from django.core.management.base import BaseCommand

from module.regeln import load_regeln


class Command(BaseCommand):
    help = "Legt fehlende Anwesenheitsregeln und Notenskalen an; vorhandene bleiben, wie sie sind."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{load_regeln()} Regeln und Skalen neu angelegt.")
