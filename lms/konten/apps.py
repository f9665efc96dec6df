from django.apps import AppConfig


class KontenConfig(AppConfig):
    name = "lms.konten"
    label = "konten"
    verbose_name = "Konten"

    def ready(self) -> None:
        from lms.konten.setup import setup

        setup()
