"""Races of the outbox, of roles and invitations, and of `Idempotency-Key`; each with its control."""

import threading

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.db import connection, transaction
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from lms.core.access import Zugang
from lms.core.api.idempotency import IdempotentMixin
from lms.core.errors import DomainError
from lms.konten.einladungen import accept_einladung, digest_of, invite
from lms.konten.enums import Rolle
from lms.konten.models import Einladung, Mitgliedschaft, Organisation
from lms.konten.services import add_mitgliedschaft, end_mitgliedschaft
from lms.post import services as post
from lms.post.models import Nachricht
from tests.concurrency import run_parallel
from tests.factories import OrganisationFactory, PersonFactory, member

pytestmark = [
    pytest.mark.nebenlaeufig,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL"),
]
WORKERS = 6


@pytest.fixture
def sent(settings, monkeypatch):
    """Every mail that reached the wire, by key."""
    settings.DEMO_POST = False
    found, lock = [], threading.Lock()

    def send(self, fail_silently=False):
        with lock:
            found.append(self.subject)
        return 1

    monkeypatch.setattr(EmailMessage, "send", send)
    return found


def test_many_workers_send_one_mail_once(sent):
    row = post.queue_text("a", "a@example.org", "Betreff", "Text")
    sent.clear()
    Nachricht.objects.update(status="wartend")
    run_parallel([lambda: post.send_nachricht(row.pk)] * WORKERS)
    assert sent == ["Betreff"]


def test_control_without_the_conditional_update_it_is_sent_more_than_once(sent, monkeypatch):
    row = post.queue_text("a", "a@example.org", "Betreff", "Text")
    sent.clear()
    Nachricht.objects.update(status="wartend")
    together = threading.Barrier(WORKERS)

    def read_then_write(pk):
        found = post.due_nachrichten().filter(pk=pk).first()
        together.wait(10)
        if found:
            Nachricht.objects.filter(pk=pk).update(status="in_arbeit")
        return found

    monkeypatch.setattr(post, "claim_nachricht", read_then_write)
    run_parallel([lambda: post.send_nachricht(row.pk)] * WORKERS)
    assert len(sent) > 1


def test_telling_the_same_thing_at_the_same_time_writes_one_row(sent):
    results = run_parallel([lambda: post.queue_text("k", "a@example.org", "B", "T").pk] * WORKERS)
    assert len(set(results)) == 1
    assert Nachricht.objects.count() == 1


def _consistent(organisation):
    """Everybody in the group of a role holds the role, and the other way round."""
    in_group = set()
    for row in organisation.rollengruppen.filter(rolle=Rolle.KURSVERWALTUNG):
        in_group |= set(row.group.user_set.values_list("pk", flat=True))
    open_rows = organisation.mitgliedschaften.filter(rolle=Rolle.KURSVERWALTUNG, bis=None)
    return in_group == set(open_rows.values_list("person_id", flat=True))


def test_giving_and_ending_a_role_at_the_same_time_keeps_group_and_membership_together():
    for _ in range(8):
        org = OrganisationFactory(bildungstraeger=True)
        person = member(org, Rolle.KURSVERWALTUNG)
        row = person.mitgliedschaften.get()
        results = run_parallel(
            [
                lambda org=org, person=person: add_mitgliedschaft(person, org, Rolle.KURSVERWALTUNG),
                lambda row=row: end_mitgliedschaft(row, None),
            ]
        )
        assert not [result for result in results if isinstance(result, Exception)]
        assert _consistent(org)


def test_control_without_the_lock_the_group_outlives_the_membership():
    org = OrganisationFactory(bildungstraeger=True)
    person = member(org, Rolle.KURSVERWALTUNG)
    row = person.mitgliedschaften.get()
    read, ended = threading.Event(), threading.Event()

    def add_unguarded():
        with transaction.atomic():
            assert Mitgliedschaft.objects.filter(person=person, rolle=Rolle.KURSVERWALTUNG, bis=None).exists()
            read.set()
            ended.wait(10)
            person.groups.add(org.rollengruppen.get(rolle=Rolle.KURSVERWALTUNG).group)

    def end():
        read.wait(10)
        end_mitgliedschaft(row, None)
        ended.set()

    run_parallel([add_unguarded, end])
    assert not _consistent(org)


def test_two_leaders_who_leave_at_the_same_time_leave_one_behind():
    org = OrganisationFactory()
    one, two = member(org, Rolle.LEITUNG), member(org, Rolle.LEITUNG)
    results = run_parallel(
        [lambda person=person: end_mitgliedschaft(person.mitgliedschaften.get(), person) for person in (one, two)]
    )
    assert [result.code for result in results if isinstance(result, DomainError)] == ["letzte_leitung"]
    assert org.mitgliedschaften.filter(rolle=Rolle.LEITUNG, bis=None).count() == 1


def test_an_invitation_clicked_many_times_gives_one_role(settings):
    settings.DEMO_POST = True
    org = OrganisationFactory(bildungstraeger=True)
    row = invite(org, member(org, Rolle.LEITUNG), email="neu@example.org", rolle=Rolle.LEHRENDE)
    Einladung.objects.filter(pk=row.pk).update(digest=digest_of("token"))
    person = PersonFactory(email="neu@example.org")
    EmailAddress.objects.create(user=person, email=person.email, verified=True)
    results = run_parallel([lambda: accept_einladung("token", person).pk] * WORKERS)
    assert set(results) == {row.pk}
    assert person.mitgliedschaften.count() == 1


class Act(APIView):
    """Creates an organisation; waits so that all requests are inside at the same time."""

    zugang = Zugang.ANGEMELDET

    def post(self, request):
        return Response({"id": OrganisationFactory().public_id}, status=201)


class GuardedAct(IdempotentMixin, Act):
    pass


def _post(view, person):
    request = APIRequestFactory().post("/x/", {"a": 1}, HTTP_IDEMPOTENCY_KEY="k")
    force_authenticate(request, person)
    return view.as_view()(request).data["id"]


@pytest.mark.parametrize(("view", "expected"), [(GuardedAct, 1), (Act, WORKERS)], ids=["guarded", "control"])
def test_the_same_key_at_the_same_time_acts_once(view, expected):
    person = PersonFactory()
    results = run_parallel([lambda: _post(view, person)] * WORKERS)
    assert len(set(results)) == expected
    assert Organisation.objects.count() == expected
