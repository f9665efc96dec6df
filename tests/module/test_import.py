"""The import: real curricula in, nothing invented, nothing half done, nothing twice."""

import copy
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.core.models import AuditEintrag
from module import programme, services
from module.import_katalog import ABGELEHNT, GEAENDERT, NEU, UNVERAENDERT, import_datei, import_zeilen
from module.models import Anwesenheitsregel, Baustein, Modul, Modulversion, Notenskala, Programm, Programmversion
from module.quelle import QuelleUnlesbar, read_quelle, rows_from
from tests.factories.katalog import katalog_of

REAL = Path(services.__file__).parent / "daten" / "curricula.json"
SOURCE = json.loads(REAL.read_text(encoding="utf-8"))["programmes"]

ROW = {
    "id": "grundlagen",
    "programme": "Grundlagen",
    "institution": "Hochschule",
    "source_url": "https://example.org/grundlagen (Seite 3)",
    "relevance": "direct",
    "total_ue": 40,
    "total_ects": None,
    "note": "nur ein Auszug",
    "modules": [
        {
            "title": "Recht",
            "topics": ["Asyl", "Aufenthalt"],
            "ue": 16,
            "workload_h": None,
            "ects": 5,
            "assessment": None,
        },
        {"title": "Praxis", "topics": [], "workload_h": 80, "kind": "practice"},
        {"title": "Sprache", "topics": [], "kind": "elective", "note": "freiwillig"},
    ],
}


def row(**changes):
    return {**copy.deepcopy(ROW), **changes}


def run(katalog, *rows, **kwargs):
    return import_zeilen(rows_from({"programmes": list(rows)}), katalog, **kwargs)


@pytest.fixture
def katalog(db):
    return katalog_of()


@pytest.fixture
def real(katalog):
    return import_datei(REAL, katalog)


def snapshot():
    models = (Programm, Programmversion, Baustein, Modul, Modulversion, Anwesenheitsregel, Notenskala, AuditEintrag)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


# --- the real file --------------------------------------------------------------------------------------------------
def test_every_row_of_the_real_file_comes_in(real):
    assert real.geschrieben
    assert real.anzahl(NEU) == len(SOURCE) == Programm.objects.count() == 33
    assert Baustein.objects.count() == sum(len(item["modules"]) for item in SOURCE) == 97
    assert Modulversion.objects.count() == Modul.objects.count() == Baustein.objects.exclude(modul=None).count()


def test_no_number_is_invented(real):
    """Every number in the database stands in the source, and every null stayed unknown."""
    for item in SOURCE:
        version = Programmversion.objects.get(programm__import_schluessel=item["id"])
        assert (version.ue_gesamt, version.stunden_gesamt, version.ects_gesamt) == (
            item["total_ue"],
            item["total_workload_h"],
            item["total_ects"],
        )
        for part, source in zip(version.bausteine.order_by("reihenfolge"), item["modules"], strict=True):
            assert part.titel == source["title"]
            assert (part.ue, part.stunden, part.ects) == (source["ue"], source["workload_h"], source["ects"])
            if part.modul:
                published = part.modul.versionen.get()
                assert (published.ue, published.ects) == (source["ue"], source["ects"])
                assert published.arbeitsaufwand == source["workload_h"]
                assert published.themen == source["topics"]
                assert published.quelle_url.startswith("http")


def test_no_fact_of_the_source_is_dropped(real):
    """Whatever has no field of its own stands in the titled texts of the programme."""
    for item in SOURCE:
        version = Programmversion.objects.get(programm__import_schluessel=item["id"])
        texts = "\n".join(entry["text"] for entry in version.angaben)
        for key in ("note", "structure", "final_assessment", "min_attendance", "version", "supersedes", "recognition"):
            assert item.get(key, "") in texts
        for part in item["modules"]:
            assert part.get("note", "") in texts


def test_the_saxon_programme_for_career_changers(real):
    version = Programmversion.objects.get(programm__import_schluessel="sn-kindheitspaedagogik")
    parts = list(version.bausteine.all())
    assert [p.art for p in parts] == ["pflicht"] * 12 + ["praxis"]
    assert [bool(p.modul) for p in parts] == [True] * 12 + [False]
    rule = version.anwesenheitsregel
    assert (rule.schwelle_prozent, rule.geltungsbereich, rule.ausgleich_zulaessig) == (Decimal(75), "modul", True)
    assert {m.anwesenheitsregel for m in Modulversion.objects.filter(modul__bausteine__in=parts)} == {rule}
    assert version.stunden_gesamt == 1600


def test_second_run_changes_nothing(real, katalog):
    before = snapshot()
    again = import_datei(REAL, katalog)
    assert again.anzahl(UNVERAENDERT) == 33
    assert snapshot() == before


def test_dry_run_reports_the_same_and_writes_nothing(katalog):
    before = snapshot()
    bericht = import_datei(REAL, katalog, dry_run=True)
    assert bericht.anzahl(NEU) == 33
    assert not bericht.geschrieben
    assert snapshot() == before


# --- changes --------------------------------------------------------------------------------------------------------
def test_changed_source_is_a_new_version_and_the_old_one_stays(katalog):
    run(katalog, row())
    changed = row()
    changed["modules"][0]["ects"] = 6
    bericht = run(katalog, changed)
    assert bericht.anzahl(GEAENDERT) == 1
    old, new = Modulversion.objects.filter(titel="Recht").order_by("nummer")
    assert (old.ects, old.status, new.ects, new.status) == (5, "abgeloest", 6, "veroeffentlicht")
    assert [v.status for v in Programmversion.objects.order_by("nummer")] == ["abgeloest", "veroeffentlicht"]
    assert Modulversion.objects.filter(titel="Sprache").count() == 1
    # and back again: a third version, because the second one was published
    run(katalog, row())
    assert Modulversion.objects.filter(titel="Recht").count() == 3
    assert run(katalog, row()).anzahl(UNVERAENDERT) == 1


def test_own_versions_of_the_partners_are_left_alone(partner):
    run(partner.katalog, row())
    modul = Modul.objects.get(titel="Recht")
    draft = services.create_version(modul, partner.anna)
    changed = row()
    changed["modules"][0]["ects"] = 6
    bericht = run(partner.katalog, changed)
    assert any("eigene Fassung" in text for text in bericht.zeilen[0].texte)
    assert list(modul.versionen.order_by("nummer").values_list("status", flat=True)) == ["veroeffentlicht", "entwurf"]
    draft.refresh_from_db()
    assert draft.ects == 5


def test_parts_without_a_module(katalog):
    run(katalog, row())
    art = dict(Baustein.objects.values_list("titel", "art"))
    assert art == {"Recht": "pflicht", "Praxis": "praxis", "Sprache": "wahlpflicht"}
    assert set(Modul.objects.values_list("titel", flat=True)) == {"Recht", "Sprache"}
    version = Programmversion.objects.get()
    assert {"titel": "Sprache: Hinweis", "text": "freiwillig"} in version.angaben
    assert (version.quelle_url, version.quelle) == ("https://example.org/grundlagen", "Seite 3")


# --- refusals -------------------------------------------------------------------------------------------------------
BAD = [
    ({"id": None}, "„id“ fehlt"),
    ({"id": "Groß Klein"}, "nur Kleinbuchstaben"),
    ({"programme": "  "}, "„programme“ fehlt"),
    ({"programme": "halb \ud800"}, "„programme“ muss ein Text sein"),
    ({"note": ["a", "\x00"]}, "„note“ muss ein Text"),
    ({"programme": 7}, "„programme“ muss ein Text sein"),
    ({"programme": "x" * 301}, "länger als 300 Zeichen"),
    ({"institution": ""}, "„institution“ fehlt"),
    ({"source_url": "siehe Buch"}, "Internetadresse"),
    ({"source_url": None}, "„source_url“ fehlt"),
    ({"relevance": "egal"}, "„relevance“ kennt nur"),
    ({"total_ue": "viele"}, "„total_ue“ muss eine Zahl oder null sein"),
    ({"total_ue": True}, "„total_ue“ muss eine Zahl oder null sein"),
    ({"total_ects": -1}, "muss zwischen 0 und"),
    ({"total_ects": 10**30}, "muss zwischen 0 und"),
    ({"total_ects": Decimal("1.005")}, "höchstens zwei Nachkommastellen"),
    ({"modules": None}, "„modules“ muss eine Liste sein"),
    ({"modules": ["Recht"]}, "Teil 1 muss ein Objekt"),
    ({"modules": [{"topics": []}]}, "Teil 1: „title“ fehlt"),
    ({"modules": [{"title": "A", "kind": "magic"}]}, "Teil 1: „kind“ kennt nur"),
    ({"modules": [{"title": "A", "topics": "Recht"}]}, "Teil 1: „topics“ muss eine Liste"),
    ({"modules": [{"title": "A"}, {"title": "A"}]}, "mehrfach"),
    ({"modules": [{"title": "A", "mystery": 1}]}, "Teil 1: „mystery“ ist ein unbekannter Schlüssel"),
    ({"dauer": "1 Jahr"}, "„dauer“ ist ein unbekannter Schlüssel"),
    ({"note": {"a": 1}}, "„note“ muss ein Text"),
]


@pytest.mark.parametrize(("change", "text"), BAD)
def test_bad_row_is_named_and_nothing_is_written(katalog, change, text):
    before = snapshot()
    bericht = run(katalog, row(id="gut"), row(**change))
    assert [r.status for r in bericht.zeilen] == [NEU, ABGELEHNT]
    assert any(text in reason for reason in bericht.zeilen[1].texte), bericht.zeilen[1].texte
    assert not bericht.geschrieben
    assert snapshot() == before


def test_the_same_id_twice(katalog):
    bericht = run(katalog, row(), row())
    assert [r.status for r in bericht.zeilen] == [NEU, ABGELEHNT]
    assert not Programm.objects.exists()


def test_programme_of_another_catalogue(katalog):
    run(katalog, row())
    bericht = run(katalog_of(titel="Anderer"), row())
    assert "Gemeinsamer Katalog" in bericht.zeilen[0].texte[0]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=st.sampled_from(sorted({key for item in SOURCE for key in item})), value=JSON)
def test_any_value_is_read_or_refused(key, value):
    """No value of any key makes the reader fail: a row comes out, with or without reasons."""
    (found,) = rows_from({"programmes": [row(**{key: value})]})
    assert all(isinstance(reason, str) and reason for reason in found.fehler)


@settings(max_examples=100, deadline=None)
@given(value=JSON)
def test_any_module_is_read_or_refused(value):
    (found,) = rows_from({"programmes": [row(modules=[value, {"title": "A", "ue": value}])]})
    assert all(isinstance(reason, str) and reason for reason in found.fehler)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "kein gültiges JSON"),
        (b"{", "JSON"),
        ('{"ü": 1}'.encode("latin-1"), "UTF-8"),
        (b"[]", "programmes"),
        (b'{"programmes": []}', "programmes"),
        (b'{"programmes": [NaN]}', "JSON"),
        (b"[" * 100_000, "JSON"),
    ],
)
def test_unreadable_files(tmp_path, content, text):
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(QuelleUnlesbar, match=text):
        read_quelle(path)


# --- the command ----------------------------------------------------------------------------------------------------
def call(*args, **kwargs):
    out = io.StringIO()
    call_command("import_katalog", *map(str, args), stdout=out, **kwargs)
    return out.getvalue()


def test_command_reports_rows_and_sums(katalog):
    assert "33 neu, 0 geändert, 0 unverändert, 0 ABGELEHNT" in call(REAL)
    assert "0 neu, 0 geändert, 33 unverändert, 0 ABGELEHNT" in call(REAL)


def test_command_fails_loudly_and_changes_nothing(katalog, tmp_path):
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"programmes": [row(), row(id="b", relevance="egal")]}))
    out = io.StringIO()
    with pytest.raises(CommandError, match="nichts geändert"):
        call_command("import_katalog", str(path), stdout=out)
    assert "ABGELEHNT    b  Grundlagen" in out.getvalue()
    assert "„relevance“ kennt nur" in out.getvalue()
    assert not Programm.objects.exists()


@pytest.mark.parametrize(
    ("args", "text"),
    [
        (("fehlt.json",), "lässt sich nicht lesen"),
        ((REAL, "--katalog", "Unbekannt"), "gibt es nicht"),
        ((REAL, "--katalog", "Neu", "--federfuehrend", "Niemand"), "gibt es nicht"),
    ],
)
def test_command_says_what_is_wrong(katalog, args, text):
    with pytest.raises(CommandError, match=text):
        call(*args)


def test_command_needs_to_know_which_catalogue(katalog):
    katalog_of(titel="Zweiter")
    with pytest.raises(CommandError, match="--katalog"):
        call(REAL)


def test_rules_are_loaded_once(db):
    call_command("lade_regeln", stdout=io.StringIO())
    first = snapshot()
    call_command("lade_regeln", stdout=io.StringIO())
    assert snapshot() == first
    assert Anwesenheitsregel.objects.get(bezeichnung__contains="Hessen").schwelle_prozent == Decimal("50.01")
    assert all(rule.quelle and rule.quelle_url for rule in Anwesenheitsregel.objects.all())
    scale = Notenskala.objects.get(art="hochschule")
    assert [str(s.wert) for s in scale.stufen.filter(bestanden=False)] == ["5.0"]
    assert not scale.stufen.filter(wert__in=["0.7", "4.3", "4.7", "5.3"]).exists()


def test_imported_modules_can_be_carried_on_by_the_partners(partner):
    """A new version of an imported module needs all nine fields, then goes the same way as any other."""
    run(partner.katalog, row())
    modul = Modul.objects.get(titel="Recht")
    draft = services.create_version(modul, partner.anna)
    assert draft.quelle_url == "https://example.org/grundlagen"
    assert programme.next_nummer(Programm.objects.get()) == 2
