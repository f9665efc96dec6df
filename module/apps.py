from django.apps import AppConfig


class ModuleConfig(AppConfig):
    name = "module"
    label = "module"
    verbose_name = "Module"
