"""Text that no database or no answer can hold is refused when it comes in."""

import pytest

from lms.konten.enums import Rolle
from tests.factories import OrganisationFactory, PersonFactory, member

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("value", [r"a\u0000b", r"\ud800", r"\udfff x"])
@pytest.mark.parametrize("body", ['{"traegerart": "%s"}', '{"%s": 1}', '{"a": [{"b": ["%s"]}]}'])
def test_refused_wherever_it_stands(client, body, value):
    org = OrganisationFactory(arbeitgeber=True)
    client.force_login(member(org, Rolle.LEITUNG))
    path = f"/api/v1/organisationen/{org.public_id}/"
    answer = client.patch(path, body % value, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")


def test_whole_pairs_and_other_letters_pass(client):
    client.force_login(PersonFactory())
    answer = client.patch("/api/v1/konto/", r'{"vorname": "\u017dofia", "x": "\ud83d\ude00"}', "application/json")
    assert (answer.status_code, answer.json()["vorname"]) == (200, "Žofia")


@pytest.mark.parametrize("depth", [400, 5_000, 200_000])
def test_depth_is_refused_without_a_crash(client, depth):
    client.force_login(PersonFactory())
    answer = client.patch("/api/v1/konto/", '{"x": ' + "[" * depth + "]" * depth + "}", "application/json")
    assert answer.status_code in (200, 400)
