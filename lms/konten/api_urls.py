from django.urls import path

from lms.konten import api

urlpatterns = [
    path("konto/", api.KontoView.as_view(), name="api_konto"),
    path("organisationen/", api.OrganisationListView.as_view(), name="api_organisationen"),
    path("organisationen/<str:public_id>/", api.OrganisationDetailView.as_view(), name="api_organisation"),
    path("mitgliedschaften/", api.MitgliedschaftListView.as_view(), name="api_mitgliedschaften"),
    path("mitgliedschaften/<str:public_id>/", api.MitgliedschaftDetailView.as_view(), name="api_mitgliedschaft"),
    path(
        "mitgliedschaften/<str:public_id>/beenden/",
        api.MitgliedschaftEndView.as_view(),
        name="api_mitgliedschaft_beenden",
    ),
    path("beschaeftigungen/", api.BeschaeftigungListView.as_view(), name="api_beschaeftigungen"),
    path("beschaeftigungen/<str:public_id>/", api.BeschaeftigungDetailView.as_view(), name="api_beschaeftigung"),
    path(
        "beschaeftigungen/<str:public_id>/bestaetigen/",
        api.BeschaeftigungConfirmView.as_view(),
        name="api_beschaeftigung_bestaetigen",
    ),
    path(
        "beschaeftigungen/<str:public_id>/beenden/",
        api.BeschaeftigungEndView.as_view(),
        name="api_beschaeftigung_beenden",
    ),
    path("einwilligungen/", api.EinwilligungListView.as_view(), name="api_einwilligungen"),
    path(
        "einwilligungen/<str:public_id>/widerrufen/",
        api.EinwilligungWithdrawView.as_view(),
        name="api_einwilligung_widerrufen",
    ),
    path("einladungen/", api.EinladungListView.as_view(), name="api_einladungen"),
    path("einladungen/<str:public_id>/", api.EinladungDetailView.as_view(), name="api_einladung"),
    path("einladungen/<str:public_id>/annehmen/", api.EinladungAcceptView.as_view(), name="api_einladung_annehmen"),
]
