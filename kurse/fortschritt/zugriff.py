"""Who may open the pages of this room; answers are kept on the request, because the navigation asks on every page."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from kurse.einschreibung.models import Einschreibung
from lms.core.navigation import logged_in
from lms.konten.enums import Recht
from lms.konten.models import Beschaeftigung, Organisation, Person
from lms.konten.rechte import organisationen_mit_recht, rollenrechte
from lms.konten.selectors import active_on


def has_team(request: HttpRequest) -> bool:
    return any(row.recht == Recht.FORTSCHRITT_EINSEHEN and row.ist_arbeitgeber for row in rollenrechte(request))


def has_land(request: HttpRequest) -> bool:
    return any(row.recht == Recht.LANDESWEIT_EINSEHEN for row in rollenrechte(request))


def has_weg(request: HttpRequest) -> bool:
    """An enrolment or a present employment; at most two small queries per request."""
    if not logged_in(request):
        return False
    if not hasattr(request, "_hat_weg"):
        pk = request.user.pk
        request._hat_weg = (  # type: ignore[attr-defined]
            Einschreibung.objects.filter(person=pk).exists()
            or Beschaeftigung.objects.filter(active_on(), person=pk).exists()
        )
    return request._hat_weg  # type: ignore[attr-defined]


def require_team(akteur: Person) -> list[Organisation]:
    """Organisations whose employees' progress the person may see; raises `PermissionDenied` if there is none."""
    found = list(organisationen_mit_recht(akteur, Recht.FORTSCHRITT_EINSEHEN).order_by("name"))
    if not found:
        raise PermissionDenied
    return found
