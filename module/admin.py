"""For operators: catalogues and their partners; everything with a life of its own is read only here."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest

from module.models import (
    Anwesenheitsregel,
    Baustein,
    Freigabe,
    Katalogpartner,
    Modul,
    Modulkatalog,
    Modulversion,
    Notenskala,
    Notenstufe,
    Programm,
    Programmversion,
)
from module.services import add_katalogpartner


class ReadOnlyAdmin(admin.ModelAdmin):
    """Shown, never written: the services are the only way to change these rows."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyInline(admin.TabularInline):
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class KatalogpartnerInline(admin.TabularInline):
    model = Katalogpartner
    extra = 0
    can_delete = False
    autocomplete_fields: list[str] = []
    raw_id_fields = ["organisation"]


@admin.register(Modulkatalog)
class ModulkatalogAdmin(admin.ModelAdmin):
    list_display = ["titel", "public_id"]
    search_fields = ["titel"]
    inlines = [KatalogpartnerInline]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_formset(self, request: HttpRequest, form: ModelForm, formset: BaseModelFormSet, change: bool) -> None:
        """New partners also get their rights on the catalogue, by the same service as everywhere."""
        super().save_formset(request, form, formset, change)
        for partner in form.instance.katalogpartner.select_related("organisation"):
            add_katalogpartner(form.instance, partner.organisation, None)


class NotenstufeInline(admin.TabularInline):
    model = Notenstufe
    extra = 0


@admin.register(Notenskala)
class NotenskalaAdmin(admin.ModelAdmin):
    list_display = ["bezeichnung", "art", "gueltig_ab"]
    inlines = [NotenstufeInline]


@admin.register(Anwesenheitsregel)
class AnwesenheitsregelAdmin(admin.ModelAdmin):
    list_display = ["bezeichnung", "schwelle_prozent", "geltungsbereich", "gueltig_ab", "gueltig_bis"]

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        """A rule in use is ended (`gueltig_bis`) and followed by a new one, never edited."""
        if obj is None:
            return []
        return [field.name for field in Anwesenheitsregel._meta.fields if field.name != "gueltig_bis"]


class FreigabeInline(ReadOnlyInline):
    model = Freigabe


@admin.register(Modulversion)
class ModulversionAdmin(ReadOnlyAdmin):
    list_display = ["titel", "modul", "nummer", "status", "runde"]
    list_filter = ["status", "modul__katalog"]
    list_select_related = ["modul"]
    search_fields = ["titel", "modul__code"]
    inlines = [FreigabeInline]


@admin.register(Modul)
class ModulAdmin(ReadOnlyAdmin):
    list_display = ["code", "titel", "katalog", "verantwortlich"]
    list_filter = ["katalog"]
    list_select_related = ["katalog", "verantwortlich"]
    search_fields = ["titel", "code"]


class BausteinInline(ReadOnlyInline):
    model = Baustein


@admin.register(Programm)
class ProgrammAdmin(ReadOnlyAdmin):
    list_display = ["titel", "einrichtung", "einordnung", "katalog"]
    list_filter = ["einordnung", "katalog"]
    list_select_related = ["katalog"]
    search_fields = ["titel", "einrichtung"]


@admin.register(Programmversion)
class ProgrammversionAdmin(ReadOnlyAdmin):
    list_display = ["programm", "nummer", "status", "gueltig_ab"]
    list_filter = ["status"]
    list_select_related = ["programm"]
    inlines = [BausteinInline]
