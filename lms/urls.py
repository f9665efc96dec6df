"""All URLs. Together with settings and api_urls the only place that names every app."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("lms.core.urls")),
    path("", include("lms.konten.urls")),
    path("", include("module.urls")),
    path("", include("kurse.urls")),
    path("", include("zertifikate.urls")),
    path("post/", include("lms.post.urls")),
    path("konto/", include("allauth.urls")),
    path("api/v1/", include("lms.api_urls")),
    path("verwaltung/", admin.site.urls),
]
if settings.METRICS:
    urlpatterns.append(path("", include("django_prometheus.urls")))
handler400 = "lms.core.error_views.bad_request"
handler403 = "lms.core.error_views.forbidden"
handler404 = "lms.core.error_views.not_found"
handler500 = "lms.core.error_views.server_error"
