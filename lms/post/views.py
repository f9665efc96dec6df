"""The demo's window onto the outbox. It exists only where mails are not sent; in production it answers 404."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from lms.core.access import Zugang, zugang
from lms.post.models import Nachricht
from lms.post.selectors import nachrichten_for

PRO_SEITE = 25


@zugang(Zugang.OEFFENTLICH)
@never_cache
@require_GET
def ausgang(request: HttpRequest) -> HttpResponse:
    """Mails of the demo, public on purpose: who registers or forgot a password has no login yet.

    People who are logged in see their own first and may ask for all.
    """
    if not settings.DEMO_POST:
        raise Http404
    alle = not request.user.is_authenticated or request.GET.get("alle") == "1"
    rows = Nachricht.objects.all() if alle else nachrichten_for(request.user)
    adresse = request.GET.get("an", "").strip()
    if adresse:
        rows = rows.filter(an__iexact=adresse)
    seite = Paginator(rows.order_by("-id"), PRO_SEITE).get_page(request.GET.get("seite"))
    return render(request, "ausgang/ausgang.html", {"seite": seite, "alle": alle, "adresse": adresse})
