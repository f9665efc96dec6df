"""API access, denied unless declared."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from lms.core.access import Zugang
from lms.core.models import ApiToken


class DeclaredAccess(BasePermission):
    """A view declares `zugang`; without it nobody passes. Tokens also need the scope for the method.

    A view that everybody may read and only people with an account may write also declares `zugang_schreiben`.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        zugang = getattr(view, "zugang", None)
        if zugang is None:
            return False
        if request.method not in SAFE_METHODS:
            zugang = getattr(view, "zugang_schreiben", zugang)
        if isinstance(request.auth, ApiToken):  # first: public pages show the person more than the public
            needed = "lesen" if request.method in SAFE_METHODS else "schreiben"
            if needed not in request.auth.scopes:
                return False
        if zugang == Zugang.OEFFENTLICH:
            return True
        if not (request.user and request.user.is_authenticated):
            return False
        return zugang != Zugang.STAFF or bool(request.user.is_staff)
