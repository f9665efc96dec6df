"""OpenAPI 3.1 document and browsable docs, without any outside host."""

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from lms.core.access import Zugang


class SchemaView(SpectacularAPIView):
    zugang = Zugang.OEFFENTLICH


class DocsView(SpectacularSwaggerSplitView):
    """Swagger UI; its script comes from a second request to this view, so no inline script is needed."""

    zugang = Zugang.OEFFENTLICH
    template_name = "api/docs.html"
