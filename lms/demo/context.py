"""The demo logins on the login page; nothing anywhere else."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from lms.demo.logins import LOGINS, PASSWORD


def logins(request: HttpRequest) -> dict[str, Any]:
    if settings.BETRIEB != "demo":
        return {}
    return {"demo_logins": LOGINS, "demo_password": PASSWORD}
