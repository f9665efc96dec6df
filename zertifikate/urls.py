from django.urls import path

from zertifikate import pruef_views, views

urlpatterns = [
    path("zertifikate/", views.MeineZertifikate.as_view(), name="meine_zertifikate"),
    path("zertifikate/register/", views.Register.as_view(), name="zertifikatsregister"),
    path("zertifikate/vorlagen/", views.Vorlagen.as_view(), name="vorlagen"),
    path("zertifikate/vorlagen/<str:org_id>/<str:art>/", views.VorlageBearbeiten.as_view(), name="vorlage"),
    path("zertifikate/<str:public_id>/", views.Detail.as_view(), name="zertifikat"),
    path("zertifikate/<str:public_id>/pdf/", views.Herunterladen.as_view(), name="zertifikat_pdf"),
    path("kurse/<str:public_id>/zertifikate/", views.KursZertifikate.as_view(), name="kurs_zertifikate"),
    path("pruefen/", pruef_views.PruefenStart.as_view(), name="pruefen_start"),
    path("pruefen/<str:code>/", pruef_views.Pruefen.as_view(), name="pruefen"),
]
