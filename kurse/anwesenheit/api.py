"""`/api/v1/termine/<id>/anwesenheit/`, `/api/v1/einschreibungen/<id>/anwesenheit/`."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kurse.anwesenheit import darstellung, selectors
from kurse.anwesenheit import serializers as s
from kurse.anwesenheit.enums import Herkunft
from kurse.anwesenheit.formular import Formular
from kurse.anwesenheit.services import close_liste, record_anwesenheit, reopen_liste
from kurse.einschreibung.selectors import einschreibung_or_404
from kurse.planung.permissions import may_record
from lms.core.access import Zugang
from lms.core.api.idempotency import IdempotentMixin
from lms.konten.models import Person


def _liste(person: Person, public_id: str) -> Response:
    termin = selectors.termin_or_404(person, public_id)
    context = {"mit_notizen": termin.darf_erfassen}  # type: ignore[attr-defined]
    return Response(s.AnwesenheitslisteSerializer(darstellung.liste_context(termin, Formular()), context=context).data)


class AnwesenheitView(IdempotentMixin, APIView):
    """The attendance list of one session."""

    zugang = Zugang.ANGEMELDET

    @extend_schema(responses=s.AnwesenheitslisteSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        """Participants with their current entry."""
        return _liste(request.user, public_id)

    @extend_schema(request=s.AnwesenheitErfassenSerializer, responses=s.AnwesenheitsstandSerializer(many=True))
    def put(self, request: Request, public_id: str) -> Response:
        """Record many people in one request, all or nothing. Answers what stands, in the order of the entries."""
        termin = selectors.termin_or_404(request.user, public_id)
        data = s.AnwesenheitErfassenSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        staende = record_anwesenheit(termin, request.user, data.to_eintraege(), herkunft=Herkunft.API)
        return Response(s.AnwesenheitsstandSerializer(staende, many=True).data)


class SchliessenView(IdempotentMixin, APIView):
    """Close the list of one session."""

    zugang = Zugang.ANGEMELDET

    @extend_schema(request=None, responses=s.AnwesenheitslisteSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        """Close the list; everybody needs a state first."""
        close_liste(selectors.termin_or_404(request.user, public_id), request.user)
        return _liste(request.user, public_id)


class OeffnenView(IdempotentMixin, APIView):
    """Open a closed list again."""

    zugang = Zugang.ANGEMELDET

    @extend_schema(request=s.ListeOeffnenSerializer, responses=s.AnwesenheitslisteSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        """Only the provider, with a reason."""
        termin = selectors.termin_or_404(request.user, public_id)
        data = s.ListeOeffnenSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        reopen_liste(termin, request.user, data.validated_data["grund"])
        return _liste(request.user, public_id)


class NachweisView(APIView):
    """The attendance of one enrolment."""

    zugang = Zugang.ANGEMELDET

    @extend_schema(responses=s.AnwesenheitsnachweisSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        """One's own attendance (or, for staff of the course, a participant's): sums, sessions, entries."""
        einschreibung = einschreibung_or_404(request.user, public_id)
        own = einschreibung.person_id == request.user.pk
        context = {"mit_notizen": not own and may_record(request.user, einschreibung.kurs)}
        return Response(
            s.AnwesenheitsnachweisSerializer(darstellung.nachweis_context(einschreibung), context=context).data
        )
