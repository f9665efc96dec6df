from django.urls import include, path

urlpatterns = [
    path("", include("kurse.planung.api_urls")),
    path("", include("kurse.einschreibung.api_urls")),
    path("", include("kurse.anwesenheit.api_urls")),
    path("", include("kurse.aufgaben.api_urls")),
    path("", include("kurse.fortschritt.api_urls")),
]
