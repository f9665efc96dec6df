"""Sign-up, verification, login, lockout, reset and second factor with allauth's real views."""

import re
import unicodedata

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from axes.models import AccessAttempt
from django.core import mail

from lms.konten.models import Person
from lms.post.enums import NachrichtStatus
from lms.post.models import Nachricht
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
PASSWORT = "ein-langes-Passwort-7"


def signup(client, **fields):
    data = {
        "vorname": "Zoë Ǧamīla",
        "nachname": "D’Ǫrvić-Łoś",
        "geburtsdatum": "1991-02-28",
        "email": "Zoe@Example.org",
        "password1": PASSWORT,
        "password2": PASSWORT,
    }
    return client.post("/konto/signup/", data | fields)


def verified(password=PASSWORT, **fields):
    person = PersonFactory(**fields)
    person.set_password(password)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
    return person


def login(client, email, password):
    return client.post("/konto/login/", {"login": email, "password": password})


def links(text):
    return re.findall(r"https?://[^/\s]+(/\S*)", text)


def test_signup_is_mailed_through_the_outbox_and_needs_the_link(client):
    answer = signup(client)
    assert answer.status_code == 302
    person = Person.objects.get(email="zoe@example.org")
    assert (person.vorname, person.nachname, str(person.geburtsdatum)) == ("Zoë Ǧamīla", "D’Ǫrvić-Łoś", "1991-02-28")
    row = Nachricht.objects.get()
    assert (row.an, row.empfaenger, row.vertraulich) == ("zoe@example.org", person, True)
    assert row.text.startswith("Guten Tag,")
    assert mail.outbox == []
    login(client, "zoe@example.org", PASSWORT)
    assert "_auth_user_id" not in client.session
    path = next(link for link in links(row.text) if "confirm-email" in link)
    client.post(path)
    assert EmailAddress.objects.get(user=person).verified
    answer = login(client, "zoe@example.org", PASSWORT)
    assert answer.url == "/start/"


def test_second_signup_of_an_address_looks_the_same_and_makes_no_second_account(client):
    verified(email="zoe@example.org")
    first = signup(client, email="neu@example.org")
    client.logout()
    second = signup(client)
    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert Person.objects.filter(email__iexact="zoe@example.org").count() == 1
    assert "zoe@example.org" in Nachricht.objects.latest("id").an


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("vorname", "Иван", "lateinischer Schrift"),
        ("nachname", "Muster\u200bmann", "lateinischer Schrift"),
        ("nachname", "😀", "lateinischer Schrift"),
        ("nachname", "   ", "erforderlich"),
        ("vorname", "x" * 121, "120"),
        ("geburtsdatum", "2200-01-01", "Geburtsdatum"),
        ("password2", "anderes-Passwort-7", "Passwort"),
        ("password1", "12345678901", "Passwort"),
    ],
)
def test_bad_signup_is_explained_in_german_and_keeps_what_was_entered(client, field, value, message):
    answer = signup(client, **{field: value})
    body = answer.content.decode()
    assert answer.status_code in (200, 422)
    assert message in body
    assert "Zoe@Example.org" in body
    assert not Person.objects.exists()


def test_names_are_stored_in_nfc(client):
    signup(client, vorname="Zoe\u0308")
    assert Person.objects.get().vorname == "Zo\u00eb"


def test_every_letter_of_din_91379_is_a_name():
    from lms.konten.namen import clean_name
    from tests.zertifikate.pdf.din91379 import LATIN_LETTERS, SEQUENCES

    for letter in [*LATIN_LETTERS, *SEQUENCES]:
        name = unicodedata.normalize("NFC", f"A{letter}a")
        assert clean_name(name) == name


def test_closed_registration_shows_no_form(client, settings):
    settings.REGISTRIERUNG = "einladung"
    body = client.get("/konto/signup/").content.decode()
    assert 'name="password1"' not in body
    signup(client)
    assert not Person.objects.exists()


def test_axes_counts_logins_of_allauth_and_locks_with_a_german_page(client, settings):
    settings.AXES_FAILURE_LIMIT = 3
    person = verified()
    for _ in range(2):
        assert login(client, person.email, "falsch").status_code in (200, 422)
    attempt = AccessAttempt.objects.get()
    assert (attempt.username, attempt.failures_since_start) == (person.email, 2)
    login(client, person.email.upper(), "falsch")
    answer = login(client, person.email, PASSWORT)
    assert answer.status_code == 429
    assert "vorübergehend gesperrt" in answer.content.decode()
    assert "_auth_user_id" not in client.session
    other = verified()
    assert login(client, other.email, PASSWORT).url == "/start/"


def test_success_resets_the_count(client, settings):
    settings.AXES_FAILURE_LIMIT = 3
    person = verified()
    login(client, person.email, "falsch")
    login(client, person.email, PASSWORT)
    assert not AccessAttempt.objects.filter(failures_since_start__gt=0).exists()


def test_password_reset_by_mail(client):
    person = verified()
    client.post("/konto/password/reset/", {"email": person.email})
    row = Nachricht.objects.get()
    path = next(link for link in links(row.text) if "reset" in link)
    form = client.get(path, follow=True)
    answer = client.post(
        form.redirect_chain[-1][0], {"password1": "ganz-neues-Wort-9", "password2": "ganz-neues-Wort-9"}
    )
    assert answer.status_code == 302
    assert login(client, person.email, "ganz-neues-Wort-9").url == "/start/"


def test_reset_for_an_unknown_address_looks_the_same(client):
    known = client.post("/konto/password/reset/", {"email": verified().email})
    unknown = client.post("/konto/password/reset/", {"email": "niemand@example.org"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)


def test_second_factor_is_asked_after_the_password(client):
    person = verified()
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(person, secret)
    answer = login(client, person.email, PASSWORT)
    assert "/2fa/authenticate" in answer.url
    assert "_auth_user_id" not in client.session
    counter = next(iter(yield_hotp_counters_from_time()))
    code = format_hotp_value(hotp_value(secret, counter))
    assert client.post(answer.url, {"code": code}).url == "/start/"


@pytest.mark.parametrize(
    "path",
    ["/konto/email/", "/konto/password/change/", "/konto/2fa/", "/konto/2fa/totp/activate/", "/konto/2fa/webauthn/"],
)
def test_account_pages_are_german(client, path):
    person = verified()
    login(client, person.email, PASSWORT)
    body = client.get(path, follow=True).content.decode()
    assert 'lang="de"' in body
    for english in (
        "Password:",
        "Email Addresses",
        "Account",
        "Sign In",
        "Two-Factor",
        "Security Keys",
        "Current Password",
    ):
        assert f">{english}" not in body


def test_delivery_in_demo_mode_marks_the_mail_and_sends_nothing(client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        signup(client)
    assert Nachricht.objects.get().status == NachrichtStatus.GESENDET
    assert mail.outbox == []
