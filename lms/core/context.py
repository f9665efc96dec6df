"""What the page shell needs on every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    from lms.core.navigation import navigation_for

    return {
        "navigation": navigation_for(request),
        "demo": settings.BETRIEB == "demo",
        "demo_post": settings.DEMO_POST,
        "request_id": getattr(request, "request_id", ""),
    }
