"""How allauth behaves here: open registration or invitation, mail through the outbox, lockout page."""

import hashlib
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.core.adresse import client_address
from lms.core.mail import queue_mail
from lms.konten.einladungen import is_open
from lms.konten.models import Einladung, Person

#: Session key: digest of the invitation with which somebody came to register.
SESSION_EINLADUNG = "einladung_digest"


def einladung_of(request: HttpRequest) -> Einladung | None:
    """The open invitation with which this visitor registers, if any."""
    digest = request.session.get(SESSION_EINLADUNG, "") if hasattr(request, "session") else ""
    found = Einladung.objects.select_related("organisation").filter(digest=digest).first() if digest else None
    return found if found and is_open(found) else None


class KontoAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Always with an open invitation, otherwise as the setting REGISTRIERUNG says."""
        return settings.REGISTRIERUNG == "offen" or einladung_of(request) is not None

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        data = form.cleaned_data
        user.vorname, user.nachname = data.get("vorname", ""), data.get("nachname", "")
        user.geburtsdatum = data.get("geburtsdatum")
        user = super().save_user(request, user, form, commit)
        if commit:
            request.session.pop(SESSION_EINLADUNG, None)
        return user

    def get_client_ip(self, request: HttpRequest) -> str:
        """What allauth's limits per address count; behind a proxy its own default counts the proxy for everybody."""
        return client_address(request) or super().get_client_ip(request)

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Into the outbox, not onto the wire. The same text within a minute (a double click) is one mail."""
        site = SimpleNamespace(name=_("Nachqualifizierung FSA"), domain=urlsplit(settings.BASE_URL).netloc)
        message = self.render_mail(template_prefix, email, {"email": email, **context, "current_site": site})
        minute = timezone.now().strftime("%Y%m%d%H%M")
        digest = hashlib.sha256(f"{template_prefix}\n{email}\n{message.body}\n{minute}".encode()).hexdigest()
        empfaenger = context.get("user")
        queue_mail(
            f"konto:{template_prefix.rpartition('/')[2]}:{digest}",
            email,
            str(message.subject),
            str(message.body),
            empfaenger=empfaenger if isinstance(empfaenger, Person) and empfaenger.pk else None,
            vertraulich=True,
        )


def axes_username(request: HttpRequest, credentials: dict | None = None) -> str:
    """Whose failures axes counts: allauth passes the address as `email`, its form field is called `login`."""
    data = credentials or {}
    value = data.get("email") or data.get("username") or data.get("login")
    if not value and request is not None:
        value = request.POST.get("login") or request.POST.get("username")
    return str(value or "").strip().lower()[:255]


def axes_address(request: HttpRequest) -> str | None:
    """From which address axes counts failures."""
    return client_address(request) or None


def locked_out(request: HttpRequest, *args: Any) -> HttpResponse:
    """Too many wrong passwords for this account from this address: says how long to wait and what else to do."""
    minuten = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return render(request, "konten/gesperrt.html", {"minuten": minuten}, status=429)
