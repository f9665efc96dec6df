"""Deny by default: every view says who may open it, or nobody can.

A view declares its audience with the attribute `zugang` (class attribute on class-based views, or the decorator
`@zugang(…)` on functions). `ZugangMiddleware` refuses a view without the declaration. `zugang` is only the door to the
page; which rows a person sees is decided by the selectors, which answer 404 for what the person may not see.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


class Zugang(StrEnum):
    """Audience of a URL."""

    OEFFENTLICH = "oeffentlich"  # anyone, without login
    ANGEMELDET = "angemeldet"  # any person with an account; objects are checked by selectors and services
    STAFF = "staff"  # operators of the service (Django admin)


#: Third-party URLs, by view-name prefix. Everything else must declare itself.
FREMDE_VIEWS: dict[str, Zugang] = {
    "account_": Zugang.OEFFENTLICH,  # allauth guards its own pages
    "mfa_": Zugang.OEFFENTLICH,
    "socialaccount_": Zugang.OEFFENTLICH,
    "admin:": Zugang.STAFF,
    "prometheus-": Zugang.STAFF,
    "javascript-catalog": Zugang.OEFFENTLICH,
}


def zugang(value: Zugang) -> Callable[[View], View]:
    """Declare the audience of a function view."""

    def mark(view: View) -> View:
        view.zugang = value  # type: ignore[attr-defined]
        return view

    return mark


def declared_zugang(view: Any, view_name: str) -> Zugang | None:
    """The audience that a resolved view declares, or None."""
    target = getattr(view, "view_class", None) or getattr(view, "cls", None) or view
    found = getattr(view, "zugang", None) or getattr(target, "zugang", None)
    if found is not None:
        return Zugang(found)
    for prefix, value in FREMDE_VIEWS.items():
        if view_name.startswith(prefix):
            return value
    return None


def is_api_view(view: Any) -> bool:
    """DRF views authenticate by token too, so `DeclaredAccess` guards them, not the session of the middleware."""
    return getattr(view, "cls", None) is not None
