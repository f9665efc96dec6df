"""What the OpenAPI document says about every endpoint. Imports no views: REST framework loads it before them."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from lms.core.api.idempotency import MAX_KEY_LENGTH, IdempotentMixin
from lms.core.api.serializers import FehlerSerializer

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "maxLength": MAX_KEY_LENGTH},
    OpenApiParameter.HEADER,
    description="Repeating the same request under the same key answers the stored result and acts once.",
)


class ApiAutoSchema(AutoSchema):
    """Adds what holds for every endpoint: the error envelope, and on writes the `Idempotency-Key`."""

    def get_override_parameters(self) -> list[Any]:
        found = super().get_override_parameters()
        writes = self.method not in ("GET", "HEAD", "OPTIONS") and isinstance(self.view, IdempotentMixin)
        return [*found, IDEMPOTENCY_KEY] if writes else found

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        bodies["default"] = self._get_response_for_code(FehlerSerializer, "default", direction=direction)
        return bodies
