import json
import unicodedata
from dataclasses import FrozenInstanceError, replace
from datetime import date
from decimal import Decimal

import pytest

from zertifikate.pdf.snapshot import ARTEN, SCHEMA_VERSION, Anrechnung, Person, Snapshot, SnapshotError


def put(data: dict, path: str, value: object) -> dict:
    *parents, last = path.split(".")
    target = data
    for name in parents:
        target = target[int(name)] if name.isdigit() else target[name]
    target[last] = value
    return data


def refused(data: dict) -> tuple[str, str]:
    with pytest.raises(SnapshotError) as caught:
        Snapshot.from_dict(data)
    return caught.value.code, caught.value.field


def test_round_trip_through_json_changes_nothing(data):
    snapshot = Snapshot.from_dict(data)
    assert json.loads(json.dumps(snapshot.to_dict())) == data
    assert Snapshot.from_dict(snapshot.to_dict()) == snapshot
    assert (snapshot.ue_besucht, snapshot.beginn) == (Decimal("37.5"), date(2026, 3, 2))
    assert snapshot.to_dict()["schema_version"] == SCHEMA_VERSION


def test_recognitions_round_trip(snapshot):
    item = Anrechnung("Gesprächsführung", "TU Chemnitz", date(2024, 2, 3), Decimal("8"), None)
    changed = replace(snapshot, anrechnungen=(item,))
    assert Snapshot.from_dict(changed.to_dict()) == changed


def test_a_snapshot_is_frozen(snapshot):
    with pytest.raises(FrozenInstanceError):
        snapshot.nummer = "other"


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("nummer", "", ("empty", "nummer")),
        ("nummer", "   ", ("empty", "nummer")),
        ("nummer", 7, ("type", "nummer")),
        ("nummer", "x" * 61, ("too_long", "nummer")),
        ("titel", "zwei\nZeilen", ("value", "titel")),
        ("person.nachname", "", ("empty", "person.nachname")),
        ("person.nachname", "a\x00", ("value", "person.nachname")),
        ("person.geburtsdatum", "4.3.1988", ("value", "person.geburtsdatum")),
        ("person.geburtsdatum", "19880304", ("value", "person.geburtsdatum")),
        ("person.geburtsort", "Aleppo", ("unknown", "person.geburtsort")),
        ("person", "Ali Ay", ("type", "person")),
        ("art", "diplom", ("value", "art")),
        ("ue_besucht", 37.5, ("type", "ue_besucht")),
        ("ue_besucht", "-1", ("value", "ue_besucht")),
        ("ue_besucht", "1.005", ("value", "ue_besucht")),
        ("ue_besucht", "NaN", ("value", "ue_besucht")),
        ("ue_besucht", "viele", ("value", "ue_besucht")),
        ("ects", "", ("value", "ects")),
        ("note", "", ("empty", "note")),
        ("inhalte", "Asyl", ("type", "inhalte")),
        ("inhalte", ["Asyl", ""], ("empty", "inhalte[1]")),
        ("unterzeichnende", [], ("empty", "unterzeichnende")),
        ("unterzeichnende.0.name", 5, ("type", "unterzeichnende[0].name")),
        ("ende", "2026-03-01", ("value", "ende")),
        ("ausgestellt_am", "2026-06-25", ("value", "ausgestellt_am")),
        ("pruef_url", "javascript:alert(1)", ("value", "pruef_url")),
        ("schema_version", 2, ("schema", "schema_version")),
        ("schema_version", True, ("schema", "schema_version")),
    ],
)
def test_a_bad_field_is_named(data, path, value, expected):
    assert refused(put(data, path, value)) == expected


@pytest.mark.parametrize("name", ["nummer", "person", "vorlage", "note", "schema_version"])
def test_every_field_must_be_there(data, name):
    del data[name]
    assert refused(data) == ("missing", name)


def test_attendance_alone_earns_neither_credits_nor_a_grade(data):
    data["art"] = "teilnahmebescheinigung"
    assert refused(data) == ("value", "ects")
    data["ects"] = None
    assert refused(data) == ("value", "note")
    data["note"] = None
    assert Snapshot.from_dict(data).art in ARTEN


def test_the_constructor_is_as_strict_as_the_reader():
    with pytest.raises(SnapshotError) as caught:
        Person("Ali", "Ay", "1988-03-04")
    assert (caught.value.code, caught.value.field) == ("type", "geburtsdatum")


def test_decomposed_input_is_the_same_snapshot(data, snapshot):
    decomposed = json.loads(unicodedata.normalize("NFD", json.dumps(data, ensure_ascii=False)))
    assert decomposed != data
    assert Snapshot.from_dict(decomposed) == snapshot
