from django.urls import path

from kurse.anwesenheit import api

urlpatterns = [
    path("termine/<str:public_id>/anwesenheit/", api.AnwesenheitView.as_view(), name="api_anwesenheit"),
    path(
        "termine/<str:public_id>/anwesenheit/schliessen/",
        api.SchliessenView.as_view(),
        name="api_anwesenheit_schliessen",
    ),
    path("termine/<str:public_id>/anwesenheit/oeffnen/", api.OeffnenView.as_view(), name="api_anwesenheit_oeffnen"),
    path("einschreibungen/<str:public_id>/anwesenheit/", api.NachweisView.as_view(), name="api_meine_anwesenheit"),
]
