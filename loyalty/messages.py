"""What is to be said, to whom: a template's name and its parameters, never the words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Kind = Literal["reply", "notice", "promotion"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture the courier draws when it sends: kind names the drawing, params its words."""

    kind: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Document:
    """A file the courier makes when it sends."""

    kind: str
    params: Mapping[str, Any]
    filename: str


@dataclass(frozen=True, slots=True)
class Say:
    """One message to send.

    template names bot/templates/<template>.j2; its buttons are those bot/buttons.py knows under the same name.
    to is a chat, 0 for the chat the update came from. edit is a message to change in place; if it can no longer
    be changed, the text is sent anew. A dedup_key that was ever used before makes the message a no-op.
    """

    template: str
    params: Mapping[str, Any] = field(default_factory=dict)
    to: int = 0
    edit: int = 0
    picture: Picture | None = None
    document: Document | None = None
    kind: Kind = "reply"
    dedup_key: str = ""

    def as_json(self) -> dict[str, Any]:
        """The part that is stored sealed until it is sent; defaults are left out."""
        body: dict[str, Any] = {"template": self.template, "params": dict(self.params)}
        if self.edit:
            body["edit"] = self.edit
        if self.picture:
            body["picture"] = asdict(self.picture)
        if self.document:
            body["document"] = asdict(self.document)
        return body
