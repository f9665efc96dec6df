"""Logs and error reports say what broke, not whose data it was."""

import json
import logging
import sys

import pytest
from django.db import IntegrityError, transaction

from lms.core.logging import JsonFormatter, scrub_event
from lms.konten.models import Person
from tests.factories import PersonFactory

POSTGRES = (
    'duplicate key value violates unique constraint "person_email_einmalig"\n'
    "DETAIL:  Key (lower(email))=(wer@example.org) already exists."
)


def line_of(error):
    try:
        raise error
    except IntegrityError:
        record = logging.LogRecord("lms", logging.ERROR, __file__, 1, "job %s failed", ("abc",), sys.exc_info())
    return json.loads(JsonFormatter().format(record))


def test_the_values_of_a_broken_constraint_stay_out_of_the_log():
    line = line_of(IntegrityError(POSTGRES))
    assert "person_email_einmalig" in line["exception"]
    assert "wer@example.org" not in line["exception"]


def test_also_when_the_error_is_part_of_the_message():
    record = logging.LogRecord("celery", logging.ERROR, __file__, 1, "raised: %r", (IntegrityError(POSTGRES),), None)
    line = JsonFormatter().format(record)
    assert "wer@example.org" not in line
    assert "person_email_einmalig" in line


def test_and_out_of_error_reports():
    event = scrub_event({"exception": {"values": [{"type": "IntegrityError", "value": POSTGRES}, {"value": None}]}})
    assert "wer@example.org" not in json.dumps(event)
    assert "person_email_einmalig" in json.dumps(event)
    assert scrub_event({"message": "x"}) == {"message": "x"}


@pytest.mark.django_db
def test_a_real_error_of_this_database():
    person = PersonFactory()
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Person.objects.create(email=person.email.upper(), vorname="A", nachname="B")
    assert person.email.lower() not in json.dumps(line_of(caught.value)).lower()
