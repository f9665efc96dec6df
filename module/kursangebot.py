"""Open courses of a module. Course planning registers its provider at start-up, so this room need not know it."""

from collections.abc import Callable, Iterable
from typing import TypedDict

from module.models import Modul


class Angebot(TypedDict, total=False):
    """One open course. `beginn` and `freie_plaetze` may be None; `ort` and `modus` are optional texts."""

    titel: str
    url: str
    beginn: object
    freie_plaetze: int | None
    ort: str
    modus: str


Provider = Callable[[Modul], Iterable[Angebot]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """`provider(modul)` returns the open, published courses of any version of the module; at most two queries."""
    if provider not in _providers:
        _providers.append(provider)


def angebote_for(modul: Modul) -> list[Angebot]:
    return [angebot for provider in _providers for angebot in provider(modul)]
