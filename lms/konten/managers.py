from typing import Any

from django.contrib.auth.base_user import BaseUserManager


class PersonManager(BaseUserManager):
    """People log in by e-mail; the address is kept in lower case."""

    use_in_migrations = True

    def _create(self, email: str, password: str | None, **fields: Any) -> Any:
        if not email:
            raise ValueError("email is required")
        person: Any = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Any:
        fields.setdefault("is_staff", False)
        fields.setdefault("is_superuser", False)
        return self._create(email, password, **fields)

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Any:
        fields.update(is_staff=True, is_superuser=True)
        return self._create(email, password, **fields)

    def get_by_natural_key(self, username: str | None) -> Any:
        return self.get(email__iexact=username)
