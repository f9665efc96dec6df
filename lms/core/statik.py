"""Which static files are collected: only what a page of this service can ask for."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class StatikConfig(StaticFilesConfig):
    """Leaves out what packages bring along for uses that this service doesn't have."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "*.d.ts",
        "redoc",
        "rest_framework",
        "noto-sans*",
        "kern.css",
        "*.woff",
        "*.esm.js",
        "*.amd.js",
        "*.cjs.js",
        "*.js.gz",
        "ext",
        "kern-grid*",
    ]
