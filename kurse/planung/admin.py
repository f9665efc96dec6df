"""Operators look courses up here; acts go through the pages and the API, so rules and mails are never bypassed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from kurse.planung.models import Kurs, Lehrauftrag, Ort, Pause, Termin, Terminaenderung


class ReadOnlyMixin:
    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LehrauftragInline(ReadOnlyMixin, admin.TabularInline):
    model = Lehrauftrag
    extra = 0
    raw_id_fields = ["person"]


class PauseInline(ReadOnlyMixin, admin.TabularInline):
    model = Pause
    extra = 0


class TerminaenderungInline(ReadOnlyMixin, admin.TabularInline):
    model = Terminaenderung
    extra = 0


@admin.register(Kurs)
class KursAdmin(ReadOnlyMixin, admin.ModelAdmin):
    list_display = ["nummer", "titel", "veranstalter", "status", "beginn", "belegt", "kapazitaet"]
    list_filter = ["status", "art", "modus", "kreis"]
    search_fields = ["nummer", "titel", "veranstalter__name", "public_id"]
    list_select_related = ["veranstalter"]
    date_hierarchy = "beginn"
    inlines = [LehrauftragInline]


@admin.register(Termin)
class TerminAdmin(ReadOnlyMixin, admin.ModelAdmin):
    list_display = ["beginn", "ende", "kurs", "ort", "status", "liste_geschlossen_at"]
    list_filter = ["status"]
    search_fields = ["kurs__titel", "kurs__nummer", "thema", "public_id"]
    list_select_related = ["kurs", "ort"]
    date_hierarchy = "beginn"
    inlines = [PauseInline, TerminaenderungInline]


@admin.register(Ort)
class OrtAdmin(ReadOnlyMixin, admin.ModelAdmin):
    list_display = ["name", "ort", "kreis", "organisation", "plaetze"]
    list_filter = ["kreis"]
    search_fields = ["name", "ort", "organisation__name"]
    list_select_related = ["organisation"]
