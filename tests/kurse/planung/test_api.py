import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from kurse.planung.models import Kurs, Lehrauftrag, Ort, Termin
from kurse.planung.services import assign_lehrauftrag, publish_kurs, update_termin
from lms.konten.enums import Kreis, Rolle
from tests.factories import EinschreibungFactory, KursFactory, OrganisationFactory, PersonFactory, TerminFactory, member

LINK = "https://raum.example.org/geheim"


@pytest.fixture
def api(welt):
    client = APIClient()
    client.force_authenticate(welt.planung)
    return client


def as_person(person):
    client = APIClient()
    client.force_authenticate(person)
    return client


def neu(welt, **mehr):
    now = timezone.now()
    return {
        "veranstalter": welt.org.public_id,
        "art": "modulkurs",
        "modulversion": welt.version.public_id,
        "kapazitaet": 12,
        "anmeldung_von": now.isoformat(),
        "anmeldung_bis": (now + dt.timedelta(days=5)).isoformat(),
        "barrierefreiheit": "stufenlos",
        **mehr,
    }


def serie(welt, **mehr):
    tag = timezone.localdate() + dt.timedelta(days=30)
    return {
        "art": "block",
        "von": tag.isoformat(),
        "anzahl": 2,
        "beginn": "09:00",
        "ende": "12:15",
        "feiertage_auslassen": False,
        "ort": welt.ort.public_id,
        **mehr,
    }


def test_the_whole_way(api, welt):
    made = api.post(reverse("api_kurse"), neu(welt))
    assert made.status_code == 201, made.data
    key = made.data["id"]
    preview = api.post(reverse("api_kurs_serie_vorschau", args=[key]), serie(welt))
    assert [row["minuten"] for row in preview.data["termine"]] == [180, 180]
    assert (preview.data["ue_geplant"], preview.data["ue_soll"]) == ("8.00", "16.00")
    assert not Termin.objects.exists()
    assert len(api.post(reverse("api_kurs_serie", args=[key]), serie(welt)).data) == 2
    refused = api.post(reverse("api_kurs_veroeffentlichen", args=[key]))
    assert (refused.status_code, refused.data["code"]) == (409, "kurs_unvollstaendig")
    assert refused.data["details"] == {"fehlt": ["lehrende"]}
    points = {row["code"]: row["erfuellt"] for row in api.get(reverse("api_kurs_checkliste", args=[key])).data}
    assert (points["termine"], points["lehrende"]) == (True, False)
    named = api.post(reverse("api_kurs_lehrauftraege", args=[key]), {"email": welt.lehrende.email})
    assert (named.status_code, named.data["rolle"]) == (201, "leitung")
    assert api.post(reverse("api_kurs_veroeffentlichen", args=[key])).data["status"] == "veroeffentlicht"
    changed = api.patch(reverse("api_kurs", args=[key]), {"kapazitaet": 15})
    assert changed.data["freie_plaetze"] == 15
    termin = Termin.objects.first()
    moved = api.post(
        reverse("api_termin_verlegen", args=[termin.public_id]),
        {
            "beginn": (termin.beginn + dt.timedelta(hours=1)).isoformat(),
            "ende": (termin.ende + dt.timedelta(hours=1)).isoformat(),
            "grund": "Raum",
        },
    )
    assert dt.datetime.fromisoformat(moved.data["beginn"]) == termin.beginn + dt.timedelta(hours=1)
    assert moved.data["ort"]["id"] == welt.ort.public_id
    cancelled = api.post(reverse("api_termin_absagen", args=[termin.public_id]), {"grund": "Sturm"})
    assert cancelled.data["status"] == "abgesagt"
    assert api.post(reverse("api_kurs_absagen", args=[key]), {"grund": "Ende"}).data["status"] == "abgesagt"


def test_a_repeated_key_is_one_course(api, welt):
    data = neu(welt)
    answers = [api.post(reverse("api_kurse"), data, headers={"Idempotency-Key": "k1"}) for _ in range(2)]
    assert answers[0].data["id"] == answers[1].data["id"]
    assert Kurs.objects.count() == 1


def test_errors_use_the_envelope(api, welt):
    bad = api.post(reverse("api_kurse"), neu(welt, kapazitaet=0, kreis="99999"))
    assert (bad.status_code, bad.data["code"]) == (400, "eingabe_ungueltig")
    assert set(bad.data["fields"]) == {"kapazitaet", "kreis"}
    rule = api.post(reverse("api_kurse"), neu(welt, mindestteilnehmende=50))
    assert (rule.status_code, rule.data["code"]) == (409, "mindestzahl_zu_gross")
    assert set(rule.data["fields"]) == {"mindestteilnehmende"}


def test_conflicts_refuse_until_they_are_accepted(api, welt):
    kurs, other = welt.kurs(), welt.kurs()
    assert api.post(reverse("api_kurs_serie", args=[other.public_id]), serie(welt)).status_code == 201
    url = reverse("api_kurs_serie", args=[kurs.public_id])
    preview = api.post(reverse("api_kurs_serie_vorschau", args=[kurs.public_id]), serie(welt))
    assert [len(row["konflikte"]) for row in preview.data["termine"]] == [1, 1]
    refused = api.post(url, serie(welt))
    assert (refused.status_code, refused.data["code"]) == (409, "termin_konflikte")
    assert api.post(url, serie(welt, trotz_konflikten=True)).status_code == 201


def test_single_sessions_with_breaks(api, welt):
    kurs, draft = welt.kurs(), welt.entwurf()
    item = {
        "beginn": draft.beginn.isoformat(),
        "ende": draft.ende.isoformat(),
        "pausen": [{"beginn": a.isoformat(), "ende": b.isoformat()} for a, b in draft.pausen],
        "thema": "Recht",
        "link": LINK,
    }
    made = api.post(reverse("api_kurs_termine", args=[kurs.public_id]), {"termine": [item]})
    assert (made.status_code, made.data[0]["minuten"], made.data[0]["link"]) == (201, 180, LINK)
    key = made.data[0]["id"]
    assert api.patch(reverse("api_termin", args=[key]), {"thema": "Neu"}).data["link"] == LINK
    assert api.delete(reverse("api_termin", args=[key])).status_code == 204


def test_links_are_for_people_of_the_course(welt):
    kurs = publish_kurs(welt.fertiger_kurs(), welt.planung)
    termin = update_termin(kurs.termine.get(), welt.planung, thema="", link=LINK)
    urls = [
        reverse("api_kurs_termine", args=[kurs.public_id]),
        reverse("api_termine"),
        reverse("api_termin", args=[termin.public_id]),
    ]
    for person, sees in (
        (None, False),
        (PersonFactory(), False),
        (EinschreibungFactory(kurs=kurs, status="beantragt").person, False),
        (EinschreibungFactory(kurs=kurs).person, True),
        (welt.lehrende, True),
        (welt.planung, True),
    ):
        client = as_person(person) if person else APIClient()
        for url in urls:
            body = client.get(url)
            assert body.status_code == 200
            assert (LINK in body.content.decode()) is sees, (url, person)


def test_public_list_filters_order_and_pages(welt):
    now = timezone.now()
    for days in (30, 10, 20):
        begin = now + dt.timedelta(days=days)
        KursFactory(
            titel=f"in {days}" + (" zwanzig" if days == 20 else ""), beginn=begin, ende=begin, kreis=Kreis.BAUTZEN
        )
    KursFactory(titel="ohne Termin")
    KursFactory(titel="Entwurf", status="entwurf")
    url, client = reverse("api_kurse"), APIClient()

    def titel(**query):
        return [row["titel"] for row in client.get(url, query).data["results"]]

    assert titel(ordering="beginn") == ["in 10", "in 20 zwanzig", "in 30", "ohne Termin"]
    assert titel(ordering="-beginn", kreis=Kreis.BAUTZEN) == ["in 30", "in 20 zwanzig", "in 10"]
    assert titel(q="zwanzig") == ["in 20 zwanzig"]
    assert client.get(url, {"kreis": "99999"}).status_code == 400
    seen, page = [], client.get(url, {"ordering": "beginn", "page_size": 1}).data
    while True:
        seen += [row["titel"] for row in page["results"]]
        if not page["next"]:
            break
        page = client.get(page["next"]).data
    assert seen == ["in 10", "in 20 zwanzig", "in 30", "ohne Termin"]
    assert client.get(url, {"umfang": "planung"}).data["results"] == []
    draft = welt.kurs(titel="Mein Entwurf")
    mine = as_person(welt.planung).get(url, {"umfang": "planung"}).data["results"]
    assert [row["id"] for row in mine] == [draft.public_id]


def test_strangers_change_nothing(welt):
    kurs = publish_kurs(welt.fertiger_kurs(), welt.planung)
    draft = welt.kurs()
    termin, auftrag = kurs.termine.get(), kurs.lehrauftraege.get()
    k, d, t = [kurs.public_id], [draft.public_id], [termin.public_id]
    grund = {"grund": "x"}
    times = {"beginn": termin.beginn.isoformat(), "ende": termin.ende.isoformat(), **grund}
    calls = [
        ("post", reverse("api_kurse"), neu(welt), 403),
        ("patch", reverse("api_kurs", args=k), {"titel": "fremd"}, 403),
        ("patch", reverse("api_kurs", args=d), {"titel": "fremd"}, 404),
        ("get", reverse("api_kurs", args=d), None, 404),
        ("get", reverse("api_kurs_checkliste", args=k), None, 404),
        ("post", reverse("api_kurs_veroeffentlichen", args=d), {}, 404),
        ("post", reverse("api_kurs_absagen", args=k), grund, 403),
        ("post", reverse("api_kurs_abschliessen", args=k), {}, 403),
        ("post", reverse("api_kurs_serie", args=k), serie(welt), 403),
        ("post", reverse("api_kurs_serie_vorschau", args=k), serie(welt), 404),
        ("post", reverse("api_kurs_lehrauftraege", args=k), {"email": welt.lehrende.email}, 404),
        ("delete", reverse("api_lehrauftrag", args=[auftrag.public_id]), None, 404),
        ("patch", reverse("api_termin", args=t), {"thema": "fremd"}, 403),
        ("delete", reverse("api_termin", args=t), None, 404),
        ("post", reverse("api_termin_verlegen", args=t), times, 403),
        ("post", reverse("api_termin_absagen", args=t), grund, 403),
        ("get", reverse("api_ort", args=[welt.ort.public_id]), None, 404),
        ("patch", reverse("api_ort", args=[welt.ort.public_id]), {"name": "fremd"}, 404),
        ("delete", reverse("api_ort", args=[welt.ort.public_id]), None, 404),
    ]
    before = [list(model.objects.order_by("pk").values()) for model in (Kurs, Termin, Lehrauftrag, Ort)]
    stranger = as_person(member(OrganisationFactory(bildungstraeger=True), Rolle.LEITUNG))
    for method, url, data, expected in calls:
        assert getattr(stranger, method)(url, data).status_code == expected, url
        if method != "get":
            assert getattr(APIClient(), method)(url, data).status_code in (401, 403), url
    assert [list(model.objects.order_by("pk").values()) for model in (Kurs, Termin, Lehrauftrag, Ort)] == before


def test_places(api, welt):
    data = {"organisation": welt.org.public_id, "name": "Saal", "ort": "Pirna", "kreis": Kreis.DRESDEN}
    made = api.post(reverse("api_orte"), data)
    assert made.status_code == 201
    url = reverse("api_ort", args=[made.data["id"]])
    assert api.post(reverse("api_orte"), data).data["code"] == "ort_vorhanden"
    assert api.patch(url, {"barrierefreiheit": "Aufzug"}).data["barrierefreiheit"] == "Aufzug"
    assert api.patch(url, {"plz": "123"}).status_code == 400
    assert len(api.get(reverse("api_orte")).data["results"]) == 2
    assert api.delete(url).status_code == 204
    assert as_person(PersonFactory()).get(reverse("api_orte")).data["results"] == []


def test_lecturers(api, welt):
    kurs = welt.kurs()
    url = reverse("api_kurs_lehrauftraege", args=[kurs.public_id])
    assert api.post(url, {"person": welt.lehrende.public_id}).status_code == 400
    assert api.post(url, {"email": "niemand@example.org"}).data["fields"] == {
        "email": ["Diese Person gibt es hier nicht."]
    }
    own = member(welt.org, Rolle.LEHRENDE)
    made = api.post(url, {"person": own.public_id, "rolle": "mitwirkung"})
    assert [row["name"] for row in api.get(url).data] == [own.name]
    assert api.delete(reverse("api_lehrauftrag", args=[made.data["id"]])).status_code == 204
    assert not kurs.lehrauftraege.exists()


def test_sessions_list_has_constant_queries(api, welt, django_assert_num_queries):
    kurs = welt.kurs()
    assign_lehrauftrag(kurs, welt.lehrende, welt.planung)
    for count in (1, 3):
        while Termin.objects.count() < count:
            TerminFactory(kurs=kurs, ort=welt.ort, link=LINK)
        with django_assert_num_queries(3):
            assert len(api.get(reverse("api_termine")).data["results"]) == count
