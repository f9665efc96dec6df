"""Operators read the core's ledgers; nobody edits them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from lms.core.models import AuditEintrag, Vorgang


class ReadOnlyAdmin(admin.ModelAdmin):
    """Look, but do not touch."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(AuditEintrag)
class AuditEintragAdmin(ReadOnlyAdmin):
    list_display = ["at", "aktion", "akteur", "objekt_typ", "objekt_id"]
    list_select_related = ["akteur"]
    list_filter = ["aktion", "objekt_typ"]
    search_fields = ["objekt_id", "request_id"]
    show_full_result_count = False


@admin.register(Vorgang)
class VorgangAdmin(ReadOnlyAdmin):
    list_display = ["public_id", "art", "status", "gestartet_von", "erledigt", "gesamt", "created_at"]
    list_select_related = ["gestartet_von"]
    list_filter = ["status", "art"]
