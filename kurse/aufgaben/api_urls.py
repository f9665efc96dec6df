from django.urls import path

from kurse.aufgaben import api

urlpatterns = [
    path("aufgaben/", api.AufgabeListView.as_view(), name="api_aufgaben"),
    path("aufgaben/<str:public_id>/", api.AufgabeDetailView.as_view(), name="api_aufgabe"),
    path("abgaben/", api.AbgabeListView.as_view(), name="api_abgaben"),
    path("abgaben/<str:public_id>/", api.AbgabeDetailView.as_view(), name="api_abgabe"),
    path("abgaben/<str:public_id>/datei/", api.AbgabeDateiView.as_view(), name="api_abgabe_datei"),
    path("bewertungen/", api.BewertungListView.as_view(), name="api_bewertungen"),
    path("pruefungsergebnisse/", api.PruefungsergebnisView.as_view(), name="api_pruefungsergebnisse"),
    path("fristverlaengerungen/", api.FristverlaengerungListView.as_view(), name="api_fristverlaengerungen"),
    path("ergebnisse/", api.ErgebnisListView.as_view(), name="api_ergebnisse"),
    path("kurse/<str:public_id>/ergebnisvorschlaege/", api.VorschlagListView.as_view(), name="api_ergebnisvorschlaege"),
    path(
        "kurse/<str:public_id>/ergebnisse/bestaetigen/",
        api.ErgebnisseBestaetigenView.as_view(),
        name="api_ergebnisse_bestaetigen",
    ),
]
