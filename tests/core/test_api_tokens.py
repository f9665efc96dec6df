"""Tokens, jobs, schema and docs of the API's core."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kurse.planung.enums import KursStatus
from lms.core.api.auth import issue_token, revoke_token
from lms.core.enums import VorgangStatus
from lms.core.models import ApiToken, Vorgang
from lms.konten.enums import Rolle
from tests.factories import KursFactory, PersonFactory, member

pytestmark = pytest.mark.django_db


def token_of(person, *scopes, days=1):
    return issue_token(person, "Test", list(scopes or ["lesen"]), timezone.now() + timedelta(days=days))


def bearer(clear):
    return {"Authorization": f"Bearer {clear}"}


def test_a_token_reads_as_its_person_and_writes_only_with_the_scope(client):
    person = PersonFactory(vorname="Alt")
    _row, reading = token_of(person)
    _row, writing = token_of(person, "lesen", "schreiben")

    def rename(clear):
        data = '{"vorname": "Neu"}'
        return client.patch("/api/v1/konto/", data, content_type="application/json", headers=bearer(clear))

    assert client.get("/api/v1/konto/", headers=bearer(reading)).json()["id"] == person.public_id
    answer = rename(reading)
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
    person.refresh_from_db()
    assert person.vorname == "Alt"
    assert rename(writing).json()["vorname"] == "Neu"


def test_a_token_without_reading_does_not_see_the_drafts_of_its_person_on_public_lists(client):
    kurs = KursFactory(status=KursStatus.ENTWURF)
    person = member(kurs.veranstalter, Rolle.KURSVERWALTUNG)
    _row, writing = token_of(person, "schreiben")
    _row, reading = token_of(person, "lesen")
    path = f"/api/v1/kurse/{kurs.public_id}/"
    assert client.get(path).status_code == 404
    assert client.get(path, headers=bearer(reading)).json()["id"] == kurs.public_id
    assert client.get(path, headers=bearer(writing)).status_code == 403


@pytest.mark.parametrize("state", ["expired", "revoked", "unknown", "inactive"])
def test_dead_tokens_all_answer_the_same(client, state):
    person = PersonFactory()
    row, clear = token_of(person)
    if state == "expired":
        ApiToken.objects.update(gueltig_bis=timezone.now())
    elif state == "revoked":
        revoke_token(row, person)
    elif state == "inactive":
        type(person).objects.update(is_active=False)
    else:
        clear = "nq_" + "x" * 43
    answer = client.get("/api/v1/konto/", headers=bearer(clear))
    assert answer.status_code == 401
    assert answer.json() == {
        "code": "authentication_failed",
        "detail": "Das Token ist unbekannt, abgelaufen oder widerrufen.",
        "fields": {},
    }


def test_a_token_can_neither_make_nor_revoke_tokens(client):
    row, clear = token_of(PersonFactory(), "lesen", "schreiben")
    until = (timezone.now() + timedelta(days=300)).isoformat()
    data = {"bezeichnung": "Zweites", "scopes": ["lesen"], "gueltig_bis": until}
    answer = client.post("/api/v1/tokens/", data, content_type="application/json", headers=bearer(clear))
    assert answer.status_code == 403
    assert client.delete(f"/api/v1/tokens/{row.public_id}/", headers=bearer(clear)).status_code == 403
    assert ApiToken.objects.get().widerrufen_at is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"scopes": ["alles"]}, "eingabe_ungueltig"),
        ({"scopes": []}, "eingabe_ungueltig"),
        ({"bezeichnung": "x" * 101}, "eingabe_ungueltig"),
        ({"gueltig_bis": "2020-01-01T00:00:00Z"}, "token_laufzeit"),
        ({"gueltig_bis": "2999-01-01T00:00:00Z"}, "token_laufzeit"),
    ],
)
def test_bad_tokens_are_refused_with_the_field(client, change, code):
    client.force_login(PersonFactory())
    until = (timezone.now() + timedelta(days=3)).isoformat()
    data = {"bezeichnung": "Lohn", "scopes": ["lesen"], "gueltig_bis": until} | change
    answer = client.post("/api/v1/tokens/", data, content_type="application/json")
    assert answer.json()["code"] == code
    assert list(answer.json()["fields"]) == list(change)
    assert not ApiToken.objects.exists()


def test_tokens_of_others_do_not_exist(client):
    row, _clear = token_of(PersonFactory())
    client.force_login(PersonFactory())
    assert client.get("/api/v1/tokens/").json()["results"] == []
    assert client.get(f"/api/v1/tokens/{row.public_id}/").status_code == 404
    assert client.delete(f"/api/v1/tokens/{row.public_id}/").status_code == 404
    row.refresh_from_db()
    assert row.widerrufen_at is None


def test_own_token_is_listed_without_its_secret_and_revoked(client):
    person = PersonFactory()
    row, _clear = token_of(person)
    client.force_login(person)
    listed = client.get("/api/v1/tokens/").json()["results"]
    assert [entry["id"] for entry in listed] == [row.public_id]
    assert not {"digest", "token"} & set(listed[0])
    for _ in range(2):
        assert client.delete(f"/api/v1/tokens/{row.public_id}/").status_code == 204
    row.refresh_from_db()
    assert row.widerrufen_at is not None


def test_jobs_belong_to_who_started_them(client):
    person = PersonFactory()
    row = Vorgang.objects.create(art="test", gestartet_von=person, gesamt=4, erledigt=1)
    client.force_login(PersonFactory())
    for path in ("", "abbrechen/", "fortsetzen/"):
        method = client.post if path else client.get
        assert method(f"/api/v1/vorgaenge/{row.public_id}/{path}").status_code == 404
    row.refresh_from_db()
    assert row.status == VorgangStatus.WARTEND
    client.force_login(person)
    assert client.get(f"/api/v1/vorgaenge/{row.public_id}/").json()["prozent"] == 25
    assert client.post(f"/api/v1/vorgaenge/{row.public_id}/abbrechen/").json()["status"] == "abgebrochen"
    again = client.post(f"/api/v1/vorgaenge/{row.public_id}/abbrechen/")
    assert (again.status_code, again.json()["code"]) == (409, "uebergang_unzulaessig")
    assert client.post(f"/api/v1/vorgaenge/{row.public_id}/fortsetzen/").json()["status"] == "wartend"


@pytest.mark.parametrize("path", ["konto", "tokens", "vorgaenge", "organisationen", "einwilligungen", "einladungen"])
def test_anonymous_gets_the_envelope_and_no_login_page(client, path):
    answer = client.get(f"/api/v1/{path}/")
    assert answer.status_code == 401
    assert answer.json()["code"] == "not_authenticated"
    assert set(answer.json()) == {"code", "detail", "fields"}


def test_unknown_address_answers_in_the_envelope(client):
    answer = client.get("/api/v1/gibt-es-nicht/")
    assert (answer.status_code, answer.json()["code"]) == (404, "nicht_gefunden")


def test_session_writes_need_the_csrf_token():
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    person = PersonFactory(vorname="Alt")
    client.force_login(person)
    answer = client.patch("/api/v1/konto/", {"vorname": "Neu"}, content_type="application/json")
    assert answer.status_code == 403
    person.refresh_from_db()
    assert person.vorname == "Alt"


def test_docs_page_needs_neither_inline_script_nor_another_host(client):
    answer = client.get("/api/v1/docs/")
    body = answer.content.decode()
    assert "<script>" not in body
    assert "style=" not in body
    assert "<style" not in body
    assert "http://" not in body.replace("http://testserver", "")
    assert "https://" not in body
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    script = client.get("/api/v1/docs/?script=")
    assert script.headers["Content-Type"].startswith("application/javascript")
    assert b"SwaggerUIBundle" in script.content


def test_schema_is_openapi_3_1(client):
    schema = client.get("/api/v1/schema/", headers={"Accept": "application/json"}).json()
    assert schema["openapi"] == "3.1.0"
    assert "token" in schema["components"]["securitySchemes"]
    assert "/api/v1/vorgaenge/{public_id}/abbrechen/" in schema["paths"]


def test_every_write_of_this_room_documents_the_key_and_every_answer_the_envelope(client):
    paths = client.get("/api/v1/schema/", headers={"Accept": "application/json"}).json()["paths"]
    write = paths["/api/v1/tokens/"]["post"]
    assert "Idempotency-Key" in {row["name"] for row in write["parameters"]}
    assert "Idempotency-Key" not in {row["name"] for row in paths["/api/v1/tokens/"]["get"].get("parameters", [])}
    for path, methods in paths.items():
        for method, operation in methods.items():
            error = operation["responses"]["default"]["content"]["application/json"]["schema"]
            assert error == {"$ref": "#/components/schemas/Fehler"}, (path, method)


def test_the_document_has_no_warnings(capsys):
    from django.core.management import call_command

    call_command("spectacular", "--validate", "--fail-on-warn", "--file", "/dev/null")
    assert "Warning" not in capsys.readouterr().err
