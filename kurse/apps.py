from importlib import import_module

from django.apps import AppConfig


class KurseConfig(AppConfig):
    name = "kurse"
    label = "kurse"
    verbose_name = "Kurse"

    def ready(self) -> None:
        for room in ("planung", "einschreibung", "anwesenheit", "aufgaben", "fortschritt"):
            import_module(f"kurse.{room}.setup").setup()
