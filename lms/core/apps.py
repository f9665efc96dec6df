from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "lms.core"
    label = "core"
    verbose_name = "Kern"

    def ready(self) -> None:
        from lms import checks  # noqa: F401  (registers the system checks)
