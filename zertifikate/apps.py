from django.apps import AppConfig


class ZertifikateConfig(AppConfig):
    name = "zertifikate"
    label = "zertifikate"
    verbose_name = "Zertifikate"
