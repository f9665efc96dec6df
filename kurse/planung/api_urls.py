from django.urls import path

from kurse.planung import api, api_termine

urlpatterns = [
    path("kurse/", api.KursListView.as_view(), name="api_kurse"),
    path("kurse/<str:public_id>/", api.KursDetailView.as_view(), name="api_kurs"),
    path("kurse/<str:public_id>/checkliste/", api.ChecklisteView.as_view(), name="api_kurs_checkliste"),
    path("kurse/<str:public_id>/veroeffentlichen/", api.KursPublishView.as_view(), name="api_kurs_veroeffentlichen"),
    path("kurse/<str:public_id>/absagen/", api.KursCancelView.as_view(), name="api_kurs_absagen"),
    path("kurse/<str:public_id>/abschliessen/", api.KursCompleteView.as_view(), name="api_kurs_abschliessen"),
    path("kurse/<str:public_id>/termine/", api_termine.KursTermineView.as_view(), name="api_kurs_termine"),
    path("kurse/<str:public_id>/serie/", api_termine.SerieView.as_view(), name="api_kurs_serie"),
    path(
        "kurse/<str:public_id>/serie/vorschau/", api_termine.SerieVorschauView.as_view(), name="api_kurs_serie_vorschau"
    ),
    path("kurse/<str:public_id>/lehrauftraege/", api.LehrauftragListView.as_view(), name="api_kurs_lehrauftraege"),
    path("termine/", api_termine.TerminListView.as_view(), name="api_termine"),
    path("termine/<str:public_id>/", api_termine.TerminDetailView.as_view(), name="api_termin"),
    path("termine/<str:public_id>/verlegen/", api_termine.TerminMoveView.as_view(), name="api_termin_verlegen"),
    path("termine/<str:public_id>/absagen/", api_termine.TerminCancelView.as_view(), name="api_termin_absagen"),
    path("lehrauftraege/<str:public_id>/", api.LehrauftragDetailView.as_view(), name="api_lehrauftrag"),
    path("orte/", api_termine.OrtListView.as_view(), name="api_orte"),
    path("orte/<str:public_id>/", api_termine.OrtDetailView.as_view(), name="api_ort"),
]
