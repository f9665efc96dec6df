import re

import pytest

from tests.zertifikate.welt import Welt
from zertifikate.namen import canonical_name, name_digest, names_match
from zertifikate.pruefung import MAX_NAMES_PER_CODE
from zertifikate.services import issue_zertifikat, new_pruefcode, revoke_zertifikat

pytestmark = pytest.mark.django_db


@pytest.fixture
def zertifikat():
    welt = Welt()
    person = welt.einschreibung.person
    person.vorname, person.nachname = "Žofia", "Đorđević-Weiß"
    person.save()
    row = issue_zertifikat(welt.einschreibung, "modulbescheinigung", welt.amt)
    row.amt = welt.amt
    return row


def secrets_of(row):
    facts = row.snapshot
    return [
        facts["person"]["nachname"],
        facts["person"]["vorname"],
        facts["titel"],
        row.nummer,
        "1988",
        facts["ue_besucht"],
    ]


def test_the_code_alone_shows_validity_kind_and_issuer_only(client, zertifikat):
    page = client.get(f"/pruefen/{zertifikat.pruefcode}/").content.decode()
    assert "ist gültig" in page
    assert "Modulbescheinigung" in page
    assert zertifikat.snapshot["aussteller"]["name"] in page
    assert not [text for text in secrets_of(zertifikat) if text in page]


def test_the_right_name_opens_the_details(client, zertifikat):
    page = client.post(f"/pruefen/{zertifikat.pruefcode}/", {"name": "zofia dordevic weiss"}).content.decode()
    assert "Žofia Đorđević-Weiß" in page
    assert zertifikat.nummer in page


def test_a_wrong_name_opens_nothing(client, zertifikat):
    page = client.post(f"/pruefen/{zertifikat.pruefcode}/", {"name": "Erika Mustermann"}).content.decode()
    assert "gehört nicht zu diesem Nachweis" in page
    assert not [text for text in secrets_of(zertifikat) if text in page]


def test_unknown_code(client, zertifikat):
    page = client.get(f"/pruefen/{new_pruefcode()}/").content.decode()
    assert "gibt es keinen Nachweis" in page
    assert zertifikat.snapshot["aussteller"]["name"] not in page


def test_revoked_says_so_and_no_more(client, zertifikat):
    revoke_zertifikat(zertifikat, zertifikat.amt, "Täuschung")
    for page in (
        client.get(f"/pruefen/{zertifikat.pruefcode}/").content.decode(),
        client.post(f"/pruefen/{zertifikat.pruefcode}/", {"name": "Žofia Đorđević-Weiß"}).content.decode(),
    ):
        assert "nicht mehr gültig" in page
        assert "Täuschung" not in page
        assert not [text for text in secrets_of(zertifikat) if text in page]


def test_guessing_names_is_limited(client, zertifikat):
    for _attempt in range(MAX_NAMES_PER_CODE):
        assert client.post(f"/pruefen/{zertifikat.pruefcode}/", {"name": "Erika"}).status_code == 200
    blocked = client.post(f"/pruefen/{zertifikat.pruefcode}/", {"name": "Žofia Đorđević-Weiß"})
    assert blocked.status_code == 429
    assert not [text for text in secrets_of(zertifikat) if text in blocked.content.decode()]


def test_asking_for_many_codes_is_limited(client, settings):
    statuses = [client.get(f"/pruefen/{new_pruefcode()}/").status_code for _ in range(62)]
    assert statuses[:60] == [200] * 60
    assert statuses[60:] == [429, 429]


def test_the_code_may_be_typed_in_any_form(client, zertifikat):
    typed = zertifikat.pruefcode.replace("-", " ").upper()
    response = client.post("/pruefen/", {"code": f" {typed} "})
    assert response.url == f"/pruefen/{zertifikat.pruefcode}/"


def test_the_api_says_the_same(client, zertifikat):
    url = f"/api/v1/pruefungen/{zertifikat.pruefcode}/"
    plain = client.post(url, {}, content_type="application/json").json()
    assert plain == {
        "status": "gueltig",
        "art": "Modulbescheinigung",
        "aussteller": zertifikat.snapshot["aussteller"]["name"],
        "name_richtig": None,
        "details": None,
    }
    full = client.post(url, {"name": "Žofia Đorđević-Weiß"}, content_type="application/json").json()
    assert full["details"] == zertifikat.snapshot


def test_names_are_compared_tolerantly_but_not_loosely():
    salt = "ab" * 16
    digest = name_digest("Đặng Thị-Hà Müller", salt)
    assert names_match("dang thi ha muller", salt, digest)
    assert not names_match("dang thi ha", salt, digest)
    assert not names_match("", salt, digest)
    assert canonical_name("Weiß") == canonical_name("WEISS")


def test_codes_are_long_and_random():
    codes = {new_pruefcode() for _ in range(1000)}
    assert len(codes) == 1000
    assert all(re.fullmatch(r"([2-9a-hjkmnp-z]{4}-){3}[2-9a-hjkmnp-z]{4}", code) for code in codes)
