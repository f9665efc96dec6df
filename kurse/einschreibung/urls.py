from django.urls import path

from kurse.einschreibung import views, views_arbeitgeber, views_import, views_teilnehmende

urlpatterns = [
    path("meine-kurse/", views.meine_kurse, name="meine_kurse"),
    path("kurse/<str:public_id>/einschreiben/", views.einschreiben, name="einschreiben"),
    path("einschreibungen/<str:public_id>/zurueckziehen/", views.zurueckziehen, name="einschreibung_zurueckziehen"),
    path("einschreibungen/<str:public_id>/annehmen/", views.annehmen, name="angebot_annehmen"),
    path("genehmigungen/", views_arbeitgeber.genehmigungen, name="genehmigungen"),
    path("genehmigungen/<str:public_id>/", views_arbeitgeber.genehmigung, name="genehmigung"),
    path("traeger/einschreiben/", views_arbeitgeber.traeger_einschreiben, name="traeger_einschreiben"),
    path("kurse/<str:public_id>/teilnehmende/", views_teilnehmende.teilnehmende, name="teilnehmende"),
    path(
        "kurse/<str:public_id>/teilnehmende/export/<str:format>/",
        views_teilnehmende.export,
        name="teilnehmende_export",
    ),
    path(
        "kurse/<str:public_id>/teilnehmende/hinzufuegen/",
        views_teilnehmende.hinzufuegen,
        name="teilnehmende_hinzufuegen",
    ),
    path("kurse/<str:public_id>/teilnehmende/import/", views_import.importieren, name="teilnehmende_import"),
    path("einschreibungen/<str:public_id>/beenden/", views_teilnehmende.stornieren, name="einschreibung_beenden"),
    path(
        "einschreibungen/<str:public_id>/zustimmung/",
        views_teilnehmende.zustimmung_vermerken,
        name="zustimmung_vermerken",
    ),
    path("importe/<str:public_id>/", views_import.importlauf, name="importlauf"),
    path("importe/<str:public_id>/verwerfen/", views_import.verwerfen, name="importlauf_verwerfen"),
]
