from typing import Any

from django.core.management.base import BaseCommand

from lms.konten.texte import ensure_einwilligungstexte


class Command(BaseCommand):
    help = "Create the first wording of each consent where there is none yet; running it twice changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{ensure_einwilligungstexte()} Einwilligungstexte angelegt.")
