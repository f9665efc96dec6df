"""Invented organisations and people. The names are made up and hold rare letters on purpose."""

from dataclasses import dataclass
from datetime import date

from lms.konten.enums import Kreis, Rolle, Traegerart

KATALOG = "Gemeinsamer Modulkatalog Nachqualifizierung Flüchtlingssozialarbeit"
KATALOG_TEXT = (
    "Gemeinsam geführt von den Partnern dieser Demo, die erfunden sind. Die Curricula sind wirklich: Jede Seite nennt "
    "Einrichtung und Quelle."
)


@dataclass(frozen=True, slots=True)
class Org:
    schluessel: str
    name: str
    kurzname: str
    kreis: str
    ort: str
    plz: str
    art: str
    traegerart: str = Traegerart.FREI


ORGANISATIONEN = (
    Org("lfs", "Landesfachstelle Musterland (erfunden)", "LFS", Kreis.DRESDEN, "Dresden", "01067", "landesfachstelle"),
    Org("hs1", "Hochschule Elbtal (erfunden)", "HSE", Kreis.DRESDEN, "Dresden", "01307", "hochschule", Traegerart.OEFFENTLICH),
    Org("hs2", "Hochschule Muldenaue (erfunden)", "HSM", Kreis.MITTELSACHSEN, "Mittweida", "09648", "hochschule", Traegerart.OEFFENTLICH),
    Org("bt1", "Bildungswerk Weiße Elster (erfunden)", "BWE", Kreis.LEIPZIG_STADT, "Leipzig", "04109", "bildungstraeger"),
    Org("bt2", "Akademie Lausitzer Berge (erfunden)", "ALB", Kreis.BAUTZEN, "Bautzen", "02625", "bildungstraeger"),
    Org("ag1", "Beispielhilfe Dresden (erfunden)", "BHD", Kreis.DRESDEN, "Dresden", "01099", "arbeitgeber"),
    Org("ag2", "Soziale Dienste Neißeland (erfunden)", "SDN", Kreis.GOERLITZ, "Görlitz", "02826", "arbeitgeber"),
    Org("ag3", "Amt für Integration Musterkreis (erfunden)", "AIM", Kreis.NORDSACHSEN, "Torgau", "04860", "arbeitgeber", Traegerart.OEFFENTLICH),
    Org("ag4", "Unterkunft und Beratung Probst GmbH (erfunden)", "UBP", Kreis.SAECHSISCHE_SCHWEIZ, "Pirna", "01796", "arbeitgeber", Traegerart.GEWERBLICH),
)  # fmt: skip

#: Login name, first name, last name, organisation, role.
MITARBEITENDE = (
    ("lehrende", "Katharina", "Großmann-Öztürk", "bt1", Rolle.LEHRENDE),
    ("lehrende2", "Jörg", "Häußler", "bt1", Rolle.LEHRENDE),
    ("lehrende3", "Dörte", "Příhodová", "bt2", Rolle.LEHRENDE),
    ("lehrende4", "Amadou", "Traoré", "bt2", Rolle.LEHRENDE),
    ("kursverwaltung", "Silke", "Weißflog", "bt1", Rolle.KURSVERWALTUNG),
    ("kursverwaltung2", "Tomáš", "Šimek", "bt2", Rolle.KURSVERWALTUNG),
    ("pruefungsamt", "Andrea", "Löbau", "bt1", Rolle.PRUEFUNGSAMT),
    ("pruefungsamt2", "René", "Kühnel", "bt2", Rolle.PRUEFUNGSAMT),
    ("katalog", "Prof. Dr. Ulrike", "Zschoche", "hs1", Rolle.KATALOGREDAKTION),
    ("katalog2", "Dr. Matthias", "Nguyễn", "hs2", Rolle.KATALOGREDAKTION),
    ("katalog3", "Petra", "Mlynk", "bt1", Rolle.KATALOGREDAKTION),
    ("katalog4", "Stefan", "Wićaz", "bt2", Rolle.KATALOGREDAKTION),
    ("arbeitgeber", "Heike", "Schönfelder", "ag1", Rolle.PERSONALVERANTWORTUNG),
    ("arbeitgeber2", "Karsten", "Ludwig", "ag2", Rolle.PERSONALVERANTWORTUNG),
    ("arbeitgeber3", "Ines", "Rößler", "ag3", Rolle.PERSONALVERANTWORTUNG),
    ("arbeitgeber4", "Falk", "Probst", "ag4", Rolle.LEITUNG),
    ("leitung", "Gundula", "Heßler", "bt1", Rolle.LEITUNG),
    ("landesfachstelle", "Carola", "Sächsisch-Beispiel", "lfs", Rolle.FACHSTELLE),
)

TEILNEHMENDE = (
    "Yasmin Al-Khatib", "Şükran Yıldırım", "Małgorzata Wójcik", "Olena Ševčenko-Kowal", "Nguyễn Thị Hương Đặng",
    "José María Núñez Ibáñez", "Éloïse Dubois", "Žofia Đorđević", "Mehmet Çağlar Öztürk", "Anna-Sophie Bräunlich",
    "Björn Åkesson", "Fatoumata Diallo", "Ilja Ščerbakov", "Rozhîn Baran", "Marie-Luise von der Heydte-Grünewald",
    "Sîrwan Ehmed", "Tereza Říhová", "Gábor Szőke", "Ion Țurcanu", "Lucija Čačić", "Aïcha Benköy", "Ørjan Sæther",
    "Jānis Ķēniņš", "Rūta Žemaitytė", "Ayşe Gül Işık", "Wiebke Hußmann", "Mirjana Šćepanović", "Habibullah Noori",
    "Selamawit Tesfaye", "Dilan Kılıç", "Stanisław Żeleźny", "Kateřina Dvořáková", "Ömer Faruk Şimşek", "Hanka Krawcec",
    "Jan-Peter Lößnitz", "Tsegay Berhane", "Viktória Kőszegi", "Amélie Großpietsch", "Rafał Świątek", "Zeynep Aydın",
    "Lăcrămioara Bălan", "Miloš Ćirić",
)  # fmt: skip

#: Standing of KomIntAVO § 12 (4) for the people in turn.
STATUS = ("offen", "ausnahme", "vergleichbar", "offen", "bestandsschutz", "abschluss", "offen")
GEBURTSTAGE = tuple(date(1968 + (7 * n) % 33, 1 + (5 * n) % 12, 1 + (11 * n) % 28) for n in range(60))
