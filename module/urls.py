from django.urls import path

from module import katalog_views, programm_views, version_views, views

urlpatterns = [
    path("", views.katalog, name="katalog"),
    path("module/<str:public_id>/", views.modul, name="modul"),
    path("module/<str:public_id>/version/<int:nummer>/", views.modul, name="modul_version"),
    path("programme/", views.programme, name="programme"),
    path("programme/<str:public_id>/", views.programm, name="programm"),
    path("programme/<str:public_id>/version/<int:nummer>/", views.programm, name="programm_version"),
    path("kataloge/", katalog_views.kataloge, name="kataloge"),
    path("kataloge/<str:public_id>/", katalog_views.katalog_detail, name="katalog_detail"),
    path("kataloge/<str:public_id>/module/neu/", katalog_views.modul_neu, name="modul_neu"),
    path("kataloge/<str:public_id>/programme/neu/", programm_views.programm_neu, name="programm_neu"),
    path("katalogmodule/<str:public_id>/neue-version/", version_views.neue_version, name="modulversion_neu"),
    path("modulversionen/<str:public_id>/", version_views.version_detail, name="modulversion"),
    path("modulversionen/<str:public_id>/bearbeiten/", version_views.bearbeiten, name="modulversion_bearbeiten"),
    path("modulversionen/<str:public_id>/einreichen/", version_views.einreichen, name="modulversion_einreichen"),
    path("modulversionen/<str:public_id>/entscheiden/", version_views.entscheiden, name="modulversion_entscheiden"),
    path("modulversionen/<str:public_id>/verwerfen/", version_views.verwerfen, name="modulversion_verwerfen"),
    path("modulversionen/<str:public_id>/vergleich/", version_views.vergleich, name="modulversion_vergleich"),
    path("katalogprogramme/<str:public_id>/neue-version/", programm_views.neue_version, name="programmversion_neu"),
    path("programmversionen/<str:public_id>/", programm_views.bearbeiten, name="programmversion"),
    path(
        "programmversionen/<str:public_id>/bausteine/",
        programm_views.baustein_hinzufuegen,
        name="baustein_neu",
    ),
    path(
        "programmversionen/<str:public_id>/bausteine/<int:reihenfolge>/",
        programm_views.baustein_aendern,
        name="baustein",
    ),
    path(
        "programmversionen/<str:public_id>/veroeffentlichen/",
        programm_views.veroeffentlichen,
        name="programmversion_veroeffentlichen",
    ),
]
