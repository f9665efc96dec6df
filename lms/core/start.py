"""The start page: what to do next. Rooms register providers at start-up; this room knows none of them."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Aufgabenzeile:
    """One thing to do or to know: a link with a short text; `dringend` puts it on top."""

    titel: object
    url: str
    text: object = ""
    dringend: bool = False


@dataclass(frozen=True, slots=True)
class Abschnitt:
    """A section of the start page, for example “Heute unterrichten Sie”. Empty sections are not shown."""

    titel: object
    zeilen: list[Aufgabenzeile] = field(default_factory=list)
    order: int = 50
    mehr_url: str = ""
    mehr_text: object = ""


Provider = Callable[[HttpRequest], list[Abschnitt]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """`provider(request)` returns sections for the person who is logged in; at most three queries each."""
    if provider not in _providers:
        _providers.append(provider)


def abschnitte_for(request: HttpRequest) -> list[Abschnitt]:
    found = [abschnitt for provider in _providers for abschnitt in provider(request) if abschnitt.zeilen]
    return sorted(found, key=lambda abschnitt: abschnitt.order)
