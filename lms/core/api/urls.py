from django.urls import path

from lms.core.api import views

urlpatterns = [
    path("vorgaenge/", views.VorgangListView.as_view(), name="api_vorgaenge"),
    path("vorgaenge/<str:public_id>/", views.VorgangDetailView.as_view(), name="api_vorgang"),
    path("vorgaenge/<str:public_id>/abbrechen/", views.VorgangCancelView.as_view(), name="api_vorgang_abbrechen"),
    path("vorgaenge/<str:public_id>/fortsetzen/", views.VorgangResumeView.as_view(), name="api_vorgang_fortsetzen"),
    path("tokens/", views.TokenListView.as_view(), name="api_tokens"),
    path("tokens/<str:public_id>/", views.TokenDetailView.as_view(), name="api_token"),
]
