from django import forms


class RegistrierungForm(forms.Form):
    def signup(self, request, user):
        pass
