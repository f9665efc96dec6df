from django.urls import path

from kurse.einschreibung import api

urlpatterns = [
    path("einschreibungen/", api.EinschreibungListView.as_view(), name="api_einschreibungen"),
    path("einschreibungen/mehrere/", api.MehrereView.as_view(), name="api_einschreibungen_mehrere"),
    path("einschreibungen/<str:public_id>/", api.EinschreibungDetailView.as_view(), name="api_einschreibung"),
    path(
        "einschreibungen/<str:public_id>/genehmigen/",
        api.GenehmigenView.as_view(),
        name="api_einschreibung_genehmigen",
    ),
    path("einschreibungen/<str:public_id>/ablehnen/", api.AblehnenView.as_view(), name="api_einschreibung_ablehnen"),
    path(
        "einschreibungen/<str:public_id>/stornieren/",
        api.StornierenView.as_view(),
        name="api_einschreibung_stornieren",
    ),
    path("einschreibungen/<str:public_id>/annehmen/", api.AnnehmenView.as_view(), name="api_einschreibung_annehmen"),
    path("kurse/<str:public_id>/teilnehmende-import/", api.ImportView.as_view(), name="api_teilnehmende_import"),
    path("importe/<str:public_id>/", api.ImportlaufView.as_view(), name="api_importlauf"),
    path("importe/<str:public_id>/bestaetigen/", api.ImportBestaetigenView.as_view(), name="api_import_bestaetigen"),
    path("importe/<str:public_id>/verwerfen/", api.ImportVerwerfenView.as_view(), name="api_import_verwerfen"),
]
