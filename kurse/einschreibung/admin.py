"""Admin of this room: to look at enrolments; states change only through the acts of the pages and the API."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from kurse.einschreibung.models import Angebotsregel, Einschreibung, Importlauf


class _ReadOnly(admin.ModelAdmin):
    """A state, a seat and a rank belong together: editing one of them by hand would break the others."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Einschreibung)
class EinschreibungAdmin(_ReadOnly):
    list_display = ["person", "kurs", "status", "genehmigung", "rang", "beantragt_at"]
    list_filter = ["status", "genehmigung"]
    list_select_related = ["person", "kurs"]
    search_fields = ["person__nachname", "person__email", "kurs__nummer", "kurs__titel", "public_id"]


@admin.register(Importlauf)
class ImportlaufAdmin(_ReadOnly):
    list_display = ["dateiname", "kurs", "person", "created_at", "bestaetigt_at", "verworfen_at"]
    list_select_related = ["kurs", "person"]
    exclude = ["zeilen"]


@admin.register(Angebotsregel)
class AngebotsregelAdmin(admin.ModelAdmin):
    list_display = ["gueltig_ab", "frist_stunden", "vorlauf_stunden", "begruendung"]
