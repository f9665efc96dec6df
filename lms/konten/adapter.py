"""allauth adapter: open registration or invitation, and mail through the outbox."""

from allauth.account.adapter import DefaultAccountAdapter


class KontoAdapter(DefaultAccountAdapter):
    pass
