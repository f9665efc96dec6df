from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demo world and the one-command start. Stands above every room and is imported by none."""

    name = "lms.demo"
    label = "demo"
    verbose_name = "Demo"
