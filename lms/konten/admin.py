"""What operators need: people, organisations, roles, wordings. Acts go through the services; ledgers are read only."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest

from lms.core.admin import ReadOnlyAdmin
from lms.konten.models import (
    Beschaeftigung,
    Einladung,
    Einwilligung,
    Einwilligungstext,
    Mitgliedschaft,
    Organisation,
    Person,
)
from lms.konten.profil import STAMMDATEN, update_stammdaten
from lms.konten.services import add_mitgliedschaft


@admin.register(Person)
class PersonAdmin(ModelAdmin):
    """Names and dates of birth change by the service. Accounts are made by registration or import, and blocked here."""

    list_display = ["nachname", "vorname", "email", "is_active", "is_staff"]
    search_fields = ["nachname", "vorname", "email"]
    list_filter = ["is_active", "is_staff"]
    fields = [*STAMMDATEN, "email", "is_active", "last_login", "created_at"]
    readonly_fields = ["email", "last_login", "created_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Person, form: Any, change: bool) -> None:
        update_stammdaten(obj, request.user, **{name: form.cleaned_data[name] for name in STAMMDATEN})
        if "is_active" in form.changed_data:
            obj.save(update_fields=["is_active", "updated_at"])


@admin.register(Organisation)
class OrganisationAdmin(ModelAdmin):
    """Operators decide what an organisation is, and so which roles it can give."""

    list_display = ["name", "kurzname", "kreis", "ist_hochschule", "ist_bildungstraeger", "ist_arbeitgeber"]
    search_fields = ["name", "kurzname"]
    list_filter = ["kreis", "ist_hochschule", "ist_bildungstraeger", "ist_arbeitgeber", "ist_landesfachstelle"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Mitgliedschaft)
class MitgliedschaftAdmin(ModelAdmin):
    """The first leadership of an organisation is set here; ending goes through the organisation's page."""

    list_display = ["person", "organisation", "rolle", "von", "bis"]
    list_select_related = ["person", "organisation"]
    list_filter = ["rolle"]
    search_fields = ["person__nachname", "organisation__name"]
    fields = ["person", "organisation", "rolle"]
    autocomplete_fields = ["person", "organisation"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Mitgliedschaft, form: Any, change: bool) -> None:
        row = add_mitgliedschaft(obj.person, obj.organisation, obj.rolle)
        obj.pk, obj.public_id = row.pk, row.public_id


@admin.register(Einwilligungstext)
class EinwilligungstextAdmin(ModelAdmin):
    """A new wording is a new version; one that exists is never edited."""

    list_display = ["kategorie", "version", "gueltig_ab"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Beschaeftigung)
class BeschaeftigungAdmin(ReadOnlyAdmin):
    list_display = ["person", "arbeitgeber", "von", "bis", "qualifikationsstatus"]
    list_select_related = ["person", "arbeitgeber"]
    search_fields = ["person__nachname", "arbeitgeber__name"]


@admin.register(Einwilligung)
class EinwilligungAdmin(ReadOnlyAdmin):
    list_display = ["person", "arbeitgeber", "kategorie", "erteilt_at", "widerrufen_at"]
    list_select_related = ["person", "arbeitgeber"]


@admin.register(Einladung)
class EinladungAdmin(ReadOnlyAdmin):
    list_display = ["email", "organisation", "rolle", "gueltig_bis", "angenommen_at"]
    list_select_related = ["organisation"]
    exclude = ["digest"]
