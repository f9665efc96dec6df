"""Operators see what waits and what failed, and let failed mails try again. Texts stay closed: they are letters."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.core.admin import ReadOnlyAdmin
from lms.core.errors import DomainError
from lms.post.models import Nachricht
from lms.post.services import retry_nachricht


@admin.register(Nachricht)
class NachrichtAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "an", "betreff", "status", "versuche", "naechster_versuch_at", "fehler"]
    list_filter = ["status"]
    search_fields = ["an", "betreff"]
    exclude = ["text", "kalender"]
    actions = ["retry"]

    @admin.action(description=gettext_lazy("Fehlgeschlagene erneut versuchen"), permissions=["view"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Nachricht]) -> None:
        for row in queryset:
            try:
                retry_nachricht(row, request.user)  # type: ignore[arg-type]
            except DomainError as error:
                messages.error(request, f"{row}: {error.message}")
            else:
                messages.success(request, _("„%(mail)s“ wird erneut versucht.") % {"mail": row})
