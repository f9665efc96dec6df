from django.apps import AppConfig


class ModuleConfig(AppConfig):
    name = "module"
    label = "module"
    verbose_name = "Module"

    def ready(self) -> None:
        from module.setup import setup

        setup(self)
