from django.urls import path

from zertifikate import api

urlpatterns = [
    path("zertifikate/", api.ZertifikatListe.as_view(), name="api_zertifikate"),
    path("zertifikate/<str:public_id>/", api.ZertifikatDetail.as_view(), name="api_zertifikat"),
    path("zertifikate/<str:public_id>/pdf/", api.ZertifikatPdf.as_view(), name="api_zertifikat_pdf"),
    path("zertifikate/<str:public_id>/widerruf/", api.ZertifikatWiderruf.as_view(), name="api_zertifikat_widerruf"),
    path("kurse/<str:public_id>/zertifikate/", api.KursAusstellung.as_view(), name="api_kurs_zertifikate"),
    path("pruefungen/<str:code>/", api.Pruefung.as_view(), name="api_pruefung"),
]
