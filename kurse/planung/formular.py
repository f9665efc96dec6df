"""Shared steps of the planning views."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lms.core.errors import DomainError


def add_domain_error(form: forms.BaseForm, error: DomainError) -> None:
    """Show a rule violation at its field; nothing that was entered is lost."""
    form.add_error(error.field if error.field in form.fields else None, error.message)


def run(form: forms.BaseForm, act: Callable[[], Any]) -> tuple[bool, Any]:
    """Validate and act: (True, result), or (False, None) with the errors in the form."""
    if not form.is_valid():
        return False, None
    try:
        return True, act()
    except DomainError as error:
        add_domain_error(form, error)
        return False, None


def page(request: HttpRequest, template: str, kontext: dict[str, Any]) -> HttpResponse:
    """A page whose form was refused answers 422, so HTMX and tests can tell."""
    form = kontext.get("form")
    refused = request.method == "POST" and form is not None and form.is_bound and bool(form.errors)
    return render(request, template, kontext, status=422 if refused else 200)
