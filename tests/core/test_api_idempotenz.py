"""`Idempotency-Key`: once or not at all; errors are never remembered as answers."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from lms.core.access import Zugang
from lms.core.api.auth import issue_token
from lms.core.api.idempotency import IdempotentMixin, delete_old_keys
from lms.core.errors import DomainError
from lms.core.models import ApiToken, Idempotenzschluessel
from lms.konten.models import Organisation
from tests.factories import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


class Act(IdempotentMixin, APIView):
    """Creates an organisation and then answers as `how` says."""

    zugang = Zugang.ANGEMELDET
    how = "ok"

    def post(self, request, **kwargs):
        row = OrganisationFactory()
        if self.how == "domain":
            raise DomainError("voll", "Der Kurs ist voll.")
        if self.how == "invalid":
            raise serializers.ValidationError({"feld": ["falsch"]})
        if self.how == "forbidden":
            raise PermissionDenied
        if self.how == "returned":
            return Response({"code": "x"}, status=422)
        if self.how == "crash":
            raise RuntimeError
        return Response({"id": row.public_id}, status=201)

    get = post


def call(person, data=None, key="k1", how="ok", method="post", path="/x/", **extra):
    headers = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
    request = getattr(APIRequestFactory(), method)(path, data or {}, **headers, **extra)
    if person:
        force_authenticate(request, person)
    return Act.as_view(how=how)(request)


def test_replay_answers_the_same_and_acts_once():
    person = PersonFactory()
    first, second = call(person, {"a": 1, "b": 2}), call(person, {"b": 2, "a": 1})
    assert (second.status_code, second.data) == (201, first.data)
    assert (first.headers.get("Idempotent-Replay"), second.headers["Idempotent-Replay"]) == (None, "true")
    assert Organisation.objects.count() == 1


@pytest.mark.parametrize("other", [{"data": {"a": 2}}, {"path": "/y/"}, {"path": "/x/?a=1"}])
def test_another_request_under_the_same_key_is_a_conflict(other):
    person = PersonFactory()
    call(person, {"a": 1})
    answer = call(person, **({"data": {"a": 1}} | other))
    assert (answer.status_code, answer.data["code"]) == (409, "idempotenz_konflikt")
    assert Organisation.objects.count() == 1


def test_a_file_counts_by_its_content():
    person = PersonFactory()

    def send(content):
        return call(person, {"datei": SimpleUploadedFile("a.txt", content)}, format="multipart")

    assert send(b"eins").data == send(b"eins").data
    assert send(b"zwei").status_code == 409


@pytest.mark.parametrize(("how", "status"), [("domain", 409), ("invalid", 400), ("forbidden", 403), ("returned", 422)])
def test_an_error_undoes_the_act_and_leaves_the_key_free(how, status):
    person = PersonFactory()
    assert call(person, how=how).status_code == status
    assert not Organisation.objects.exists()
    assert not Idempotenzschluessel.objects.exists()
    assert call(person).status_code == 201


def test_a_crash_undoes_the_act_and_leaves_the_key_free():
    person = PersonFactory()
    with pytest.raises(RuntimeError):
        call(person, how="crash")
    assert not Organisation.objects.exists()
    assert not Idempotenzschluessel.objects.exists()


def test_keys_belong_to_people():
    first, second = call(PersonFactory()), call(PersonFactory())
    assert first.data != second.data
    assert Organisation.objects.count() == 2


def test_without_key_or_on_reads_nothing_is_remembered():
    person = PersonFactory()
    call(person, key="")
    call(person, key="")
    call(person, method="get")
    assert Organisation.objects.count() == 3
    assert not Idempotenzschluessel.objects.exists()


def test_anonymous_is_refused_before_the_key_counts():
    answer = call(None)
    assert (answer.status_code, answer.data["code"]) == (401, "not_authenticated")
    assert not Organisation.objects.exists()
    assert not Idempotenzschluessel.objects.exists()


def test_a_key_that_is_too_long_is_refused():
    answer = call(PersonFactory(), key="x" * 101)
    assert (answer.status_code, answer.data["code"]) == (409, "idempotenz_schluessel_zu_lang")
    assert not Organisation.objects.exists()


def test_old_keys_are_forgotten():
    person = PersonFactory()
    call(person, key="alt")
    Idempotenzschluessel.objects.update(created_at=timezone.now() - timedelta(days=8))
    call(person, key="neu")
    assert delete_old_keys() == 1
    assert Idempotenzschluessel.objects.get().schluessel == "neu"


def test_the_clear_text_of_a_token_is_stored_nowhere(client):
    person = PersonFactory()
    client.force_login(person)
    until = (timezone.now() + timedelta(days=3)).isoformat()
    body = json.dumps({"bezeichnung": "Lohn", "scopes": ["lesen"], "gueltig_bis": until})

    def post():
        return client.post("/api/v1/tokens/", body, content_type="application/json", headers={"Idempotency-Key": "t"})

    first, second = post(), post()
    clear = first.json()["token"]
    assert clear.startswith("nq_")
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == {name: value for name, value in first.json().items() if name != "token"}
    assert clear not in str(list(Idempotenzschluessel.objects.values())) + str(list(ApiToken.objects.values()))
    assert ApiToken.objects.count() == 1
    headers = {"Authorization": f"Bearer {clear}"}
    client.logout()
    assert client.get("/api/v1/konto/", headers=headers).json()["email"] == person.email


def test_issue_token_is_importable_for_other_rooms():
    row, clear = issue_token(PersonFactory(), "x", ["lesen"], timezone.now() + timedelta(days=1))
    assert len(row.digest) == 64
    assert clear not in row.digest
