from django.urls import path

from lms.core import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("impressum/", views.impressum, name="impressum"),
    path("datenschutz/", views.datenschutz, name="datenschutz"),
    path("barrierefreiheit/", views.barrierefreiheit, name="barrierefreiheit"),
    path("vorgaenge/<str:public_id>/", views.vorgang_detail, name="vorgang"),
    path(
        "vorgaenge/<str:public_id>/abbrechen/",
        views.vorgang_cancel,
        name="vorgang_abbrechen",
    ),
    path(
        "vorgaenge/<str:public_id>/fortsetzen/",
        views.vorgang_resume,
        name="vorgang_fortsetzen",
    ),
]
