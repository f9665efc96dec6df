"""The main navigation. Apps above register their entries at start-up, so this room needs to know none of them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

Visible = Callable[[HttpRequest], bool]


@dataclass(frozen=True, slots=True)
class Eintrag:
    """One entry: `titel` (lazy string), `url_name`, who sees it, and the order in the bar."""

    titel: object
    url_name: str
    visible: Visible
    order: int = 50


@dataclass(frozen=True, slots=True)
class Link:
    titel: object
    url: str
    aktiv: bool


_entries: list[Eintrag] = []


def register(*entries: Eintrag) -> None:
    """Called from `AppConfig.ready`."""
    for entry in entries:
        if entry not in _entries:
            _entries.append(entry)
    _entries.sort(key=lambda entry: entry.order)


def navigation_for(request: HttpRequest) -> list[Link]:
    links = []
    for entry in _entries:
        if entry.visible(request):
            url = reverse(entry.url_name)
            active = request.path == url or (url != "/" and request.path.startswith(url))
            links.append(Link(entry.titel, url, active))
    return links


def everyone(request: HttpRequest) -> bool:
    return True


def logged_in(request: HttpRequest) -> bool:
    return bool(getattr(request, "user", None) and request.user.is_authenticated)
