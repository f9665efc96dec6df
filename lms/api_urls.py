"""`/api/v1/`: every act of the pages, through the same services."""

from django.urls import include, path

from lms.core.api.schema import DocsView, SchemaView

urlpatterns = [
    path("schema/", SchemaView.as_view(), name="api_schema"),
    path("docs/", DocsView.as_view(url_name="api_schema"), name="api_docs"),
    path("", include("lms.core.api.urls")),
    path("", include("lms.konten.api_urls")),
    path("", include("module.api_urls")),
    path("", include("kurse.api_urls")),
    path("", include("zertifikate.api_urls")),
]
