from django.apps import AppConfig


class KurseConfig(AppConfig):
    name = "kurse"
    label = "kurse"
    verbose_name = "Kurse"
