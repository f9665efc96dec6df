"""Buttons on the public course page. Rooms above register theirs (enrol, withdraw …), so planning names none."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import HttpRequest

from kurse.planung.models import Kurs


@dataclass(frozen=True, slots=True)
class Aktion:
    """`method` is "get" (a link) or "post" (a button); `art` is the KERN kind: primary, secondary, tertiary.

    `url=""` shows `titel` as a plain sentence, for example why enrolling is not possible now.
    """

    titel: object
    url: str = ""
    method: str = "get"
    art: str = "secondary"


Provider = Callable[[HttpRequest, Kurs], Iterable[Aktion]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    if provider not in _providers:
        _providers.append(provider)


def aktionen_for(request: HttpRequest, kurs: Kurs) -> list[Aktion]:
    return [aktion for provider in _providers for aktion in provider(request, kurs)]
