from django.urls import path

from kurse.fortschritt import api

urlpatterns = [
    path("fortschritt/", api.FortschrittApi.as_view(), name="api_fortschritt"),
    path("kurse/<str:public_id>/fortschritt/", api.KursFortschrittApi.as_view(), name="api_kurs_fortschritt"),
    path("traeger/fortschritt/", api.TraegerFortschrittApi.as_view(), name="api_traeger_fortschritt"),
    path("landesfachstelle/zahlen/", api.LandeszahlenApi.as_view(), name="api_landeszahlen"),
]
