"""Following an invitation: the page behind the link is public, accepting needs the account of the invited address."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lms.core.access import Zugang, zugang
from lms.core.errors import DomainError
from lms.konten.adapter import SESSION_EINLADUNG
from lms.konten.einladungen import accept_einladung, accept_own_einladung, find_einladung, is_open, owns_address
from lms.konten.models import Einladung
from lms.konten.selectors import open_einladungen_for


def _thank(request: HttpRequest, row: Einladung) -> HttpResponse:
    messages.success(request, _("Sie gehören jetzt zu %(name)s.") % {"name": row.organisation.name})
    return redirect("start")


def _to_signup(request: HttpRequest, row: Einladung, path: str) -> HttpResponse:
    """Remember the invitation for the sign-up. Who holds the link received the mail, so the address is verified."""
    request.session[SESSION_EINLADUNG] = row.digest
    request.session["account_verified_email"] = row.email
    return redirect(f"{reverse('account_signup')}?{urlencode({'next': path})}")


@zugang(Zugang.OEFFENTLICH)
@never_cache
@require_http_methods(["GET", "POST"])
def einladung(request: HttpRequest, token: str) -> HttpResponse:
    row = find_einladung(token)
    if row is None:
        raise Http404
    if request.method == "POST" and not request.user.is_authenticated and is_open(row):
        return _to_signup(request, row, request.path)
    fehler = None
    if request.method == "POST" and request.user.is_authenticated:
        try:
            return _thank(request, accept_einladung(token, request.user))
        except DomainError as error:
            fehler = error
    daten = {
        "einladung": row,
        "offen": is_open(row),
        "eigene": request.user.is_authenticated and owns_address(request.user, row.email),
        "fehler": fehler,
        "next": urlencode({"next": request.path}),
    }
    return render(request, "konten/einladung.html", daten, status=409 if fehler else 200)


@zugang(Zugang.ANGEMELDET)
@require_http_methods(["GET", "POST"])
def einladung_annehmen(request: HttpRequest, public_id: str) -> HttpResponse:
    """The same for a person who is logged in with the invited address; no link needed."""
    row = get_object_or_404(open_einladungen_for(request.user), public_id=public_id)
    if request.method == "POST":
        return _thank(request, accept_own_einladung(row, request.user))
    return render(request, "konten/einladung.html", {"einladung": row, "offen": True, "eigene": True})
