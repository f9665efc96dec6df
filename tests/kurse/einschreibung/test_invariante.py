"""Whatever people do in whatever order: seats are counted right, and the list is served in order."""

import datetime as dt

from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from kurse.einschreibung.enums import PLATZ_BELEGT
from kurse.einschreibung.models import Einschreibung
from kurse.einschreibung.services import (
    accept_angebot,
    approve_einschreibung,
    cancel_einschreibung,
    enrol,
    finish_einschreibung,
    promote_warteliste,
    reject_einschreibung,
)
from kurse.einschreibung.warteliste import expire_angebote
from kurse.planung.models import Kurs
from lms.core.errors import DomainError
from tests.factories import BeschaeftigungFactory, PersonFactory
from tests.kurse.einschreibung.conftest import build_welt

INDEX = st.integers(0, 5)


class Kursleben(RuleBasedStateMachine):
    """Six people, two seats; half of them have an employer."""

    def __init__(self):
        super().__init__()
        self.w = build_welt(kapazitaet=2)
        self.people = [*PersonFactory.create_batch(3)]
        self.people += [BeschaeftigungFactory(arbeitgeber=self.w.arbeitgeber).person for _ in range(3)]
        self.promoted: list[int] = []

    def row(self, i):
        return Einschreibung.objects.filter(kurs=self.w.kurs, person=self.people[i]).first()

    def act(self, function, i, *args, **kwargs):
        row = self.row(i)
        if row is None:
            return
        try:
            function(row, *args, **kwargs)
        except DomainError:
            pass

    def waiting(self):
        rows = Einschreibung.objects.filter(kurs=self.w.kurs, status="warteliste").order_by("rang")
        return list(rows.values_list("pk", flat=True))

    @rule(i=INDEX)
    def enrols(self, i):
        try:
            enrol(self.people[i], self.w.kurs, self.people[i])
        except DomainError:
            pass

    @rule(i=INDEX)
    def withdraws(self, i):
        self.act(cancel_einschreibung, i, self.people[i])

    @rule(i=INDEX)
    def accepts(self, i):
        self.act(accept_angebot, i, self.people[i])

    @rule(i=INDEX)
    def is_approved(self, i):
        self.act(approve_einschreibung, i, self.w.verwaltung)

    @rule(i=INDEX)
    def is_rejected(self, i):
        self.act(reject_einschreibung, i, self.w.verwaltung, "Grund")

    @rule(i=INDEX, bestanden=st.booleans())
    def is_finished(self, i, bestanden):
        self.act(finish_einschreibung, i, bestanden=bestanden)

    @rule()
    def offers_expire(self):
        expire_angebote(timezone.now() + dt.timedelta(days=10))

    @rule(n=st.integers(2, 4))
    def capacity_changes(self, n):
        before = self.waiting()
        Kurs.objects.filter(pk=self.w.kurs.pk, belegt__lte=n).update(kapazitaet=n)
        promoted = [row.pk for row in promote_warteliste(self.w.kurs)]
        assert promoted == before[: len(promoted)]

    @invariant()
    def seats_are_counted(self):
        kurs = Kurs.objects.get(pk=self.w.kurs.pk)
        assert kurs.belegt == kurs.einschreibungen.filter(status__in=PLATZ_BELEGT).count()
        assert kurs.belegt <= kurs.kapazitaet

    @invariant()
    def nobody_waits_beside_a_free_seat(self):
        kurs = Kurs.objects.get(pk=self.w.kurs.pk)
        assert not (self.waiting() and kurs.freie_plaetze)

    @invariant()
    def list_is_in_the_order_of_joining(self):
        rows = Einschreibung.objects.filter(kurs=self.w.kurs, status="warteliste")
        assert list(rows.order_by("rang")) == list(rows.order_by("beantragt_at"))


class KurslebenTest(Kursleben.TestCase, TestCase):
    settings = settings(max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
