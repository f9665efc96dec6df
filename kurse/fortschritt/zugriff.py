"""Who may open the pages of this room; answers are kept on the request, because the navigation asks on every page."""

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest

from kurse.einschreibung.models import Einschreibung
from lms.core.navigation import logged_in
from lms.konten.enums import Recht
from lms.konten.models import (
    Beschaeftigung,
    Organisation,
    OrganisationGroupObjectPermission,
    Person,
)
from lms.konten.rechte import organisationen_mit_recht
from lms.konten.selectors import active_on


def _rights(request: HttpRequest) -> set[str]:
    """Which of this room's two rights the person holds; one query per request."""
    if not logged_in(request):
        return set()
    if not hasattr(request, "_fortschritt_rechte"):
        request._fortschritt_rechte = set(  # type: ignore[attr-defined]
            OrganisationGroupObjectPermission.objects.filter(
                Q(permission__codename=Recht.LANDESWEIT_EINSEHEN)
                | Q(permission__codename=Recht.FORTSCHRITT_EINSEHEN, content_object__ist_arbeitgeber=True),
                group__user=request.user,
            ).values_list("permission__codename", flat=True)
        )
    return request._fortschritt_rechte  # type: ignore[attr-defined]


def has_team(request: HttpRequest) -> bool:
    return Recht.FORTSCHRITT_EINSEHEN in _rights(request)


def has_land(request: HttpRequest) -> bool:
    return Recht.LANDESWEIT_EINSEHEN in _rights(request)


def has_weg(request: HttpRequest) -> bool:
    """An enrolment or a present employment; one query per request."""
    if not logged_in(request):
        return False
    if not hasattr(request, "_hat_weg"):
        enrolled = Exists(Einschreibung.objects.filter(person=OuterRef("pk")))
        employed = Exists(Beschaeftigung.objects.filter(active_on(), person=OuterRef("pk")))
        found = Person.objects.filter(enrolled | employed, pk=request.user.pk)
        request._hat_weg = found.exists()  # type: ignore[attr-defined]
    return request._hat_weg  # type: ignore[attr-defined]


def require_team(akteur: Person) -> list[Organisation]:
    """Organisations whose employees' progress the person may see; raises `PermissionDenied` if there is none."""
    found = list(organisationen_mit_recht(akteur, Recht.FORTSCHRITT_EINSEHEN).order_by("name"))
    if not found:
        raise PermissionDenied
    return found
