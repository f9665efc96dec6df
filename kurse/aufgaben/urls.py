from django.urls import path

from kurse.aufgaben import views, views_ergebnis

urlpatterns = [
    path("kurse/<str:public_id>/aufgaben/", views.aufgaben, name="aufgaben"),
    path("kurse/<str:public_id>/aufgaben/neu/", views.aufgabe_neu, name="aufgabe_neu"),
    path("kurse/<str:public_id>/ergebnisse/", views_ergebnis.ergebnisse, name="ergebnisse"),
    path(
        "kurse/<str:public_id>/ergebnisse/bestaetigen/",
        views_ergebnis.ergebnisse_bestaetigen,
        name="ergebnisse_bestaetigen",
    ),
    path("ergebnisse/<str:public_id>/", views_ergebnis.ergebnis, name="ergebnis"),
    path("aufgaben/<str:public_id>/", views.aufgabe, name="aufgabe"),
    path("aufgaben/<str:public_id>/bearbeiten/", views.aufgabe_bearbeiten, name="aufgabe_bearbeiten"),
    path("aufgaben/<str:public_id>/frist/", views.frist, name="frist"),
    path("aufgaben/<str:public_id>/pruefung/<str:einschreibung_id>/", views.pruefung, name="pruefung"),
    path("abgaben/<str:public_id>/", views.abgabe, name="abgabe"),
    path("abgaben/<str:public_id>/datei/", views.abgabe_datei, name="abgabe_datei"),
]
