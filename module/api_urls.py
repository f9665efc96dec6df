from django.urls import path

from module import api

urlpatterns = [
    path("kataloge/", api.KatalogListView.as_view(), name="api_kataloge"),
    path("kataloge/<str:public_id>/", api.KatalogDetailView.as_view(), name="api_katalog"),
    path("module/", api.ModulListView.as_view(), name="api_module"),
    path("module/<str:public_id>/", api.ModulDetailView.as_view(), name="api_modul"),
    path("module/<str:public_id>/versionen/", api.ModulVersionenView.as_view(), name="api_modul_versionen"),
    path("modulversionen/", api.ModulversionListView.as_view(), name="api_modulversionen"),
    path("modulversionen/<str:public_id>/", api.ModulversionDetailView.as_view(), name="api_modulversion"),
    path(
        "modulversionen/<str:public_id>/einreichen/", api.EinreichenView.as_view(), name="api_modulversion_einreichen"
    ),
    path("modulversionen/<str:public_id>/freigaben/", api.FreigabenView.as_view(), name="api_modulversion_freigaben"),
    path("programme/", api.ProgrammListView.as_view(), name="api_programme"),
    path("programme/<str:public_id>/", api.ProgrammDetailView.as_view(), name="api_programm"),
    path("programme/<str:public_id>/versionen/", api.ProgrammVersionenView.as_view(), name="api_programm_versionen"),
    path("programmversionen/<str:public_id>/", api.ProgrammversionView.as_view(), name="api_programmversion"),
    path("programmversionen/<str:public_id>/bausteine/", api.BausteineView.as_view(), name="api_bausteine"),
    path(
        "programmversionen/<str:public_id>/bausteine/<int:reihenfolge>/",
        api.BausteinView.as_view(),
        name="api_baustein",
    ),
    path(
        "programmversionen/<str:public_id>/veroeffentlichen/",
        api.ProgrammversionVeroeffentlichenView.as_view(),
        name="api_programmversion_veroeffentlichen",
    ),
]
