"""The export holds what every room stores about the person, and nothing about anybody else."""

import json

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from lms.core.datenauskunft import collect_auskunft
from tests.rechte.welt import Welt

pytestmark = pytest.mark.django_db


def test_every_room_answers_for_the_person_and_for_nobody_else():
    welt = Welt()
    person, other = welt.personen["teilnehmerin"], welt.personen["mitlernend"]
    mine = collect_auskunft(person)
    assert set(mine["raeume"]) == {
        "kern", "konten", "post", "einschreibung", "anwesenheit", "aufgaben", "zertifikate",
    }  # fmt: skip
    text = json.dumps(mine, cls=DjangoJSONEncoder, ensure_ascii=False)
    for expected in (welt.kurs.nummer, "Text der Abgabe", welt.zertifikat.nummer, '"minuten": 180', '"note": "1.7"'):
        assert expected in text
    assert other.nachname not in text
    assert other.email not in text
    theirs = json.dumps(collect_auskunft(other), cls=DjangoJSONEncoder, ensure_ascii=False)
    assert "Text der Abgabe" not in theirs
    assert welt.zertifikat.nummer not in theirs
