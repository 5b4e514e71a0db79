"""People with a Telegram account."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Person:
    """Somebody in Telegram, with the phone number that Telegram knows (never told to bots)."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    phone: str | None = None

    def as_user(self) -> dict[str, Any]:
        """The Bot API's `User`."""
        return {"id": self.id, "is_bot": False, **self._named(), **self._speaking()}

    def as_chat(self) -> dict[str, Any]:
        """The Bot API's `Chat` of the private chat with this person."""
        return {"id": self.id, "type": "private", **self._named()}

    def as_contact(self) -> dict[str, Any]:
        """The Bot API's `Contact` that this person shares as their own."""
        names = {"first_name": self.first_name}
        if self.last_name:
            names["last_name"] = self.last_name
        return {"phone_number": self.phone or "", "user_id": self.id, **names}

    def as_dict(self) -> dict[str, Any]:
        """Every field, for the control API and the state file."""
        return asdict(self)

    def _named(self) -> dict[str, Any]:
        names = {
            "first_name": self.first_name,
            "last_name": self.last_name,
            "username": self.username,
        }
        return {name: value for name, value in names.items() if value}

    def _speaking(self) -> dict[str, Any]:
        return {"language_code": self.language_code} if self.language_code else {}
