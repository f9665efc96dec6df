from django.urls import include, path

urlpatterns = [
    path("", include("kurse.planung.urls")),
    path("", include("kurse.einschreibung.urls")),
    path("", include("kurse.anwesenheit.urls")),
    path("", include("kurse.aufgaben.urls")),
    path("", include("kurse.fortschritt.urls")),
]
