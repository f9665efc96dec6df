from django.urls import path, register_converter

from lms.konten import einladung_views, organisation_views, views
from lms.konten.enums import Datenkategorie


class KategorieConverter:
    """One of the data categories; any other word is no address."""

    regex = "|".join(Datenkategorie.values)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)


register_converter(KategorieConverter, "datenkategorie")

ORG = "organisationen/<str:public_id>/"

urlpatterns = [
    path("start/", views.start, name="start"),
    path("mein-konto/", views.mein_konto, name="mein_konto"),
    path("mein-konto/profil/", views.mein_profil, name="mein_profil"),
    path(
        "mein-konto/beschaeftigungen/<str:public_id>/bestaetigen/",
        views.beschaeftigung_bestaetigen,
        name="beschaeftigung_bestaetigen",
    ),
    path(
        "mein-konto/beschaeftigungen/<str:public_id>/beenden/",
        views.beschaeftigung_beenden,
        name="beschaeftigung_beenden",
    ),
    path(
        "mein-konto/einwilligungen/<str:public_id>/<datenkategorie:kategorie>/erteilen/",
        views.einwilligung_erteilen,
        name="einwilligung_erteilen",
    ),
    path(
        "mein-konto/einwilligungen/<str:public_id>/<datenkategorie:kategorie>/widerrufen/",
        views.einwilligung_widerrufen,
        name="einwilligung_widerrufen",
    ),
    path("mein-konto/tokens/neu/", views.token_neu, name="token_neu"),
    path("mein-konto/tokens/<str:public_id>/widerrufen/", views.token_widerrufen, name="token_widerrufen"),
    path("mein-konto/datenauskunft/", views.datenauskunft, name="datenauskunft"),
    path("einladungen/<str:public_id>/annehmen/", einladung_views.einladung_annehmen, name="einladung_annehmen"),
    path("einladung/<str:token>/", einladung_views.einladung, name="einladung"),
    path(ORG, organisation_views.organisation, name="organisation"),
    path(f"{ORG}bearbeiten/", organisation_views.organisation_bearbeiten, name="organisation_bearbeiten"),
    path(f"{ORG}mitglieder/", organisation_views.mitglieder, name="organisation_mitglieder"),
    path(f"{ORG}rollen/neu/", organisation_views.rolle_geben, name="organisation_rolle_geben"),
    path(
        f"{ORG}rollen/<str:mitgliedschaft_id>/beenden/",
        organisation_views.rolle_beenden,
        name="organisation_rolle_beenden",
    ),
    path(f"{ORG}einladen/", organisation_views.einladen, name="organisation_einladen"),
    path(
        f"{ORG}einladungen/<str:einladung_id>/widerrufen/",
        organisation_views.einladung_widerrufen,
        name="organisation_einladung_widerrufen",
    ),
    path(f"{ORG}beschaeftigte/", organisation_views.beschaeftigte, name="organisation_beschaeftigte"),
    path(
        f"{ORG}beschaeftigte/<str:beschaeftigung_id>/",
        organisation_views.beschaeftigte_bearbeiten,
        name="organisation_beschaeftigung",
    ),
    path(
        f"{ORG}beschaeftigte/<str:beschaeftigung_id>/beenden/",
        organisation_views.beschaeftigte_beenden,
        name="organisation_beschaeftigung_beenden",
    ),
]
