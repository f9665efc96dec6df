from django.apps import AppConfig


class ZertifikateConfig(AppConfig):
    name = "zertifikate"
    label = "zertifikate"
    verbose_name = "Zertifikate"

    def ready(self) -> None:
        from zertifikate.setup import setup

        setup()
