from django.urls import path

from kurse.planung import views, views_planung, views_termine

urlpatterns = [
    path("kurse/", views.kurse, name="kurse"),
    path("kurse/<str:public_id>/", views.kurs, name="kurs"),
    path("kurse/<str:public_id>/kalender.ics", views.kalender, name="kurs_kalender"),
    path("planung/", views_planung.planung, name="planung"),
    path("planung/kurse/neu/", views_planung.kurs_neu, name="planung_kurs_neu"),
    path("planung/kurse/<str:public_id>/", views_planung.planung_kurs, name="planung_kurs"),
    path("planung/kurse/<str:public_id>/bearbeiten/", views_planung.kurs_bearbeiten, name="planung_kurs_bearbeiten"),
    path(
        "planung/kurse/<str:public_id>/veroeffentlichen/",
        views_planung.kurs_veroeffentlichen,
        name="planung_kurs_veroeffentlichen",
    ),
    path("planung/kurse/<str:public_id>/absagen/", views_planung.kurs_absagen, name="planung_kurs_absagen"),
    path(
        "planung/kurse/<str:public_id>/abschliessen/", views_planung.kurs_abschliessen, name="planung_kurs_abschliessen"
    ),
    path("planung/kurse/<str:public_id>/lehrende/", views_planung.lehrende, name="planung_lehrende"),
    path("planung/kurse/<str:public_id>/termine/", views_termine.termine, name="planung_termine"),
    path("planung/kurse/<str:public_id>/termine/neu/", views_termine.termine_neu, name="planung_termine_neu"),
    path(
        "planung/kurse/<str:public_id>/termine/vorschau/", views_termine.serie_vorschau, name="planung_serie_vorschau"
    ),
    path("planung/termine/<str:public_id>/", views_termine.termin_bearbeiten, name="planung_termin"),
    path("planung/termine/<str:public_id>/verlegen/", views_termine.termin_verlegen, name="planung_termin_verlegen"),
    path("planung/termine/<str:public_id>/absagen/", views_termine.termin_absagen, name="planung_termin_absagen"),
    path("planung/termine/<str:public_id>/loeschen/", views_termine.termin_loeschen, name="planung_termin_loeschen"),
    path(
        "planung/lehrauftraege/<str:public_id>/entfernen/",
        views_planung.lehrauftrag_entfernen,
        name="planung_lehrauftrag_entfernen",
    ),
    path("planung/orte/", views_planung.orte, name="planung_orte"),
    path("planung/orte/neu/", views_planung.ort_neu, name="planung_ort_neu"),
    path("planung/orte/<str:public_id>/", views_planung.ort_bearbeiten, name="planung_ort"),
    path("planung/orte/<str:public_id>/loeschen/", views_planung.ort_loeschen, name="planung_ort_loeschen"),
]
