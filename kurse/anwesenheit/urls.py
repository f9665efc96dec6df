from django.urls import path

from kurse.anwesenheit import views

urlpatterns = [
    path("heute/", views.HeuteView.as_view(), name="heute"),
    path("termine/<str:public_id>/anwesenheit/", views.AnwesenheitView.as_view(), name="anwesenheit"),
    path(
        "termine/<str:public_id>/anwesenheit/oeffnen/",
        views.ListeOeffnenView.as_view(),
        name="anwesenheit_oeffnen",
    ),
    path("kurse/<str:public_id>/anwesenheit/", views.UebersichtView.as_view(), name="anwesenheit_uebersicht"),
    path("meine-anwesenheit/<str:public_id>/", views.MeineAnwesenheitView.as_view(), name="meine_anwesenheit"),
]
