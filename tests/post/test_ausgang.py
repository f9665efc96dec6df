"""The outbox: written once, sent once per claim, retried, never lost, secret links erased."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from lms.core.errors import DomainError
from lms.core.mail import queue_mail
from lms.post import services
from lms.post.enums import NachrichtStatus
from lms.post.models import Nachricht
from lms.post.services import (
    claim_nachricht,
    due_nachrichten,
    queue_nachricht,
    queue_text,
    retry_nachricht,
    send_nachricht,
)
from lms.post.tasks import sweep_nachrichten
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
ICS = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//\r\nEND:VCALENDAR\r\n"


@pytest.fixture
def smtp(settings):
    settings.DEMO_POST = False


@pytest.fixture
def broken(monkeypatch, smtp):
    """A mail server that refuses everything; `.heal()` repairs it."""

    def fail(self, fail_silently=False):
        raise ConnectionRefusedError("no server")

    from django.core.mail import EmailMessage

    real = EmailMessage.send
    monkeypatch.setattr(EmailMessage, "send", fail)
    return lambda: monkeypatch.setattr(EmailMessage, "send", real)


def queue(key="a", **more):
    return queue_text(key, "a@example.org", "Betreff", "Text mit Umlaut: ä", **more)


def test_the_same_key_is_one_mail(smtp):
    assert queue() == queue_text("a", "b@example.org", "Anders", "Anders")
    assert Nachricht.objects.get().betreff == "Betreff"


def test_sent_after_the_commit_and_not_before(smtp, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        queue()
        assert mail.outbox == []
    assert [(m.to, m.subject, m.body) for m in mail.outbox] == [(["a@example.org"], "Betreff", "Text mit Umlaut: ä")]
    row = Nachricht.objects.get()
    assert (row.status, row.versuche, row.gesendet_at is not None) == (NachrichtStatus.GESENDET, 1, True)


def test_an_act_that_rolls_back_tells_nobody(smtp, django_capture_on_commit_callbacks):
    def act():
        with transaction.atomic():
            queue()
            raise RuntimeError

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError):
        act()
    assert not Nachricht.objects.exists()
    assert mail.outbox == []


def test_delivering_twice_sends_once(smtp):
    row = queue()
    send_nachricht(row.pk)
    send_nachricht(row.pk)
    sweep_nachrichten()
    assert len(mail.outbox) == 1


def test_failures_wait_longer_and_longer_and_the_mail_arrives_when_the_server_is_back(broken):
    row, waits = queue(), []
    for _ in range(4):
        Nachricht.objects.update(naechster_versuch_at=timezone.now())
        before = timezone.now()
        sweep_nachrichten()
        row.refresh_from_db()
        waits.append(round((row.naechster_versuch_at - before).total_seconds() / 60))
        assert (row.status, row.fehler) == (NachrichtStatus.WARTEND, "ConnectionRefusedError")
    assert waits == [1, 2, 4, 8]
    broken()
    sweep_nachrichten()
    assert mail.outbox == []
    Nachricht.objects.update(naechster_versuch_at=timezone.now())
    sweep_nachrichten()
    assert len(mail.outbox) == 1


def test_after_the_last_attempt_it_stays_visibly_failed_until_an_operator_retries(broken):
    row = queue()
    Nachricht.objects.update(versuche=services.MAX_VERSUCHE - 1)
    send_nachricht(row.pk)
    row.refresh_from_db()
    assert row.status == NachrichtStatus.FEHLGESCHLAGEN
    Nachricht.objects.update(naechster_versuch_at=timezone.now())
    assert not due_nachrichten().exists()
    broken()
    retry_nachricht(row, PersonFactory(is_staff=True))
    sweep_nachrichten()
    assert len(mail.outbox) == 1
    with pytest.raises(DomainError) as error:
        retry_nachricht(row, PersonFactory(is_staff=True))
    assert error.value.code == "uebergang_unzulaessig"


def test_a_mail_whose_worker_died_is_taken_again_but_only_after_a_while(smtp):
    row = queue()
    assert claim_nachricht(row.pk).versuche == 1
    sweep_nachrichten()
    assert mail.outbox == []
    Nachricht.objects.update(updated_at=timezone.now() - services.STALE_AFTER - timedelta(seconds=1))
    sweep_nachrichten()
    assert len(mail.outbox) == 1


def test_a_worker_that_comes_back_late_does_not_overwrite_the_next_attempt(smtp):
    row = queue()
    late = claim_nachricht(row.pk)
    Nachricht.objects.update(updated_at=timezone.now() - services.STALE_AFTER - timedelta(seconds=1))
    send_nachricht(row.pk)
    services._give_back(late, "late")
    row.refresh_from_db()
    assert (row.status, row.versuche) == (NachrichtStatus.GESENDET, 2)


def test_every_attempt_carries_the_same_message_id_and_no_header_can_be_injected(smtp):
    row = queue_text("x", "a@example.org", "Eins\r\nBcc: b@example.org", "Text")
    first, second = services.build_email(row).message(), services.build_email(row).message()
    assert first["Message-ID"] == second["Message-ID"] == f"<{row.public_id}@example.org>"
    assert first["Bcc"] is None
    assert first["Subject"] == "Eins Bcc: b@example.org"


def test_calendar_is_attached_as_calendar(smtp):
    row = queue(kalender=ICS)
    send_nachricht(row.pk)
    parts = list(mail.outbox[0].message().walk())
    calendar = next(part for part in parts if part.get_content_type() == "text/calendar")
    assert calendar.get_payload(decode=True).decode().replace("\r\n", "\n") == ICS.replace("\r\n", "\n")
    assert calendar.get_filename() == "termine.ics"


def test_secret_links_are_erased_once_sent_but_not_while_they_wait(smtp):
    secret, plain = queue("s", vertraulich=True), queue("p")
    for row in (secret, plain):
        assert Nachricht.objects.get(pk=row.pk).text == "Text mit Umlaut: ä"
        send_nachricht(row.pk)
    assert "ä" in mail.outbox[0].body
    secret.refresh_from_db()
    plain.refresh_from_db()
    assert (secret.text, plain.text) == (
        "Der Text enthielt einen geheimen Link und wurde nach dem Versand gelöscht.",
        "Text mit Umlaut: ä",
    )


def test_templates_are_plain_text_and_not_escaped(smtp):
    person = PersonFactory(vorname="Zoë", nachname="D’O'Neill & Co")
    kontext = {
        "organisation": {"name": "A & B <GmbH>"},
        "einladung": {"rolle": "x", "get_rolle_display": "Leitung"},
        "link": "https://x/?a=1&b=2",
    }
    row = queue_nachricht("t", person, "einladung", kontext)
    assert row.betreff == "Einladung von A & B <GmbH>"
    assert "Guten Tag Zoë D’O'Neill & Co," in row.text
    assert "https://x/?a=1&b=2" in row.text
    assert "&amp;" not in row.text


def test_rooms_below_reach_the_outbox(smtp):
    assert queue_mail("k", "a@example.org", "B", "T", vertraulich=True) == Nachricht.objects.get()


def test_demo_page_exists_only_in_the_demo(client, settings):
    settings.DEMO_POST = True
    mine, other = PersonFactory(), PersonFactory()
    queue_text("1", mine.email, "Für mich", "<b>fett</b> https://example.org/x", empfaenger=mine)
    queue_text("2", other.email, "Für andere", "Text", empfaenger=other)
    public = client.get("/post/").content.decode()
    assert "Für mich" in public
    assert "Für andere" in public
    assert "für jeden sichtbar" in public
    assert "<b>fett" not in public
    client.force_login(mine)
    own = client.get("/post/").content.decode()
    assert "Für mich" in own
    assert "Für andere" not in own
    assert "Für andere" in client.get("/post/?alle=1").content.decode()
    settings.DEMO_POST = False
    assert client.get("/post/").status_code == 404
    client.logout()
    assert client.get("/post/").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_page_takes_the_same_queries_for_any_number(client, settings, django_assert_num_queries, number):
    settings.DEMO_POST = True
    for index in range(number):
        queue(f"k{index}")
    with django_assert_num_queries(2):
        client.get("/post/")
