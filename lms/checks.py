"""Deployment mistakes are system checks: `manage.py check --deploy` refuses a production that is still a demo."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register

from lms import env


@register(Tags.security, deploy=True)
def check_production(app_configs: Any, **kwargs: Any) -> list[Error]:
    found = []
    if env.BETRIEB != "produktion":
        found.append(
            Error(
                "BETRIEB is not “produktion”.",
                hint="Set BETRIEB=produktion.",
                id="lms.E001",
            )
        )
    if settings.DEBUG:
        found.append(Error("DEBUG is on.", hint="Remove DEBUG from the environment.", id="lms.E002"))
    if settings.SECRET_KEY == env.DEMO_SECRET or len(settings.SECRET_KEY) < 50:
        found.append(
            Error(
                "SECRET_KEY is the demo key or too short.",
                hint="Use 50 random characters.",
                id="lms.E003",
            )
        )
    if settings.EMBEDDED_BROKER:
        found.append(
            Error(
                "The embedded broker is for demos.",
                hint="Set CELERY_BROKER_URL.",
                id="lms.E004",
            )
        )
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        found.append(
            Error(
                "SQLite is for demos.",
                hint="Set DATABASE_URL to a PostgreSQL server.",
                id="lms.E005",
            )
        )
    if settings.DEMO_POST:
        found.append(
            Error(
                "DEMO_POST shows mails on a page.",
                hint="Remove DEMO_POST.",
                id="lms.E006",
            )
        )
    if not env.EMAIL_URL:
        found.append(Error("No mail server.", hint="Set EMAIL_URL.", id="lms.E007"))
    if not settings.BASE_URL.startswith("https://"):
        found.append(
            Error(
                "BASE_URL is not https.",
                hint="Certificates print BASE_URL for ever.",
                id="lms.E008",
            )
        )
    if not env.REDIS_URL:
        found.append(
            Error(
                "No shared cache.",
                hint="Set REDIS_URL; rate limits count there.",
                id="lms.E009",
            )
        )
    return found
