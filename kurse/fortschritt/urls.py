from django.urls import path, register_converter

from kurse.fortschritt import views, views_land, views_traeger


class TabellenformatConverter:
    regex = "xlsx|csv"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(TabellenformatConverter, "tabellenformat")

urlpatterns = [
    path("mein-weg/", views.mein_weg, name="mein_weg"),
    path("mein-weg/arbeitgeber/<str:public_id>/", views.mein_weg_arbeitgeber, name="mein_weg_arbeitgeber"),
    path("kurse/<str:public_id>/fortschritt/", views.kurs_fortschritt, name="kurs_fortschritt"),
    path("traeger/", views_traeger.traeger_fortschritt, name="traeger_fortschritt"),
    path("traeger/export.<tabellenformat:fmt>", views_traeger.traeger_export, name="traeger_export"),
    path("traeger/<str:public_id>/", views_traeger.traeger_person, name="traeger_person"),
    path("landesfachstelle/", views_land.landesfachstelle, name="landesfachstelle"),
    path("landesfachstelle/zahlen.<tabellenformat:fmt>", views_land.land_export, name="land_export"),
]
