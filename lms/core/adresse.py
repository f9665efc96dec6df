"""The address of who asks, one answer for every limit: lockout, sign-up and login limits, verification."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The last address in X-Forwarded-For that our own proxies vouch for; what a client writes before it is ignored.

    Without proxies (`PROXY_COUNT=0`), or when the header holds fewer addresses than there are proxies or no address at
    all, it is the address of the connection.
    """
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    count = settings.PROXY_COUNT
    if count and len(forwarded) >= count:
        try:
            return str(ip_address(forwarded[-count]))
        except ValueError:
            pass
    return request.META.get("REMOTE_ADDR", "")
