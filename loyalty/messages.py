"""What is to be said, never how it reads: a template's name and its parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, field, is_dataclass
from typing import Any, Literal

_PLAIN = frozenset({bool, int, str, type(None)})

MessageKind = Literal["reply", "notice", "promotion"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture the courier draws (`kind` names how, `params` are JSON-able) and caches by file id."""

    kind: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Document:
    """A file the courier makes."""

    kind: str
    params: Mapping[str, Any]
    filename: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file somebody sent, passed on by Telegram's id of it; the template is its caption, where it can have one."""

    kind: str  # photo, voice, …
    file_id: str


@dataclass(frozen=True, slots=True)
class Post:
    """A message that stands in a group for what it is about: changed in place once it is there. topic_id 0: none."""

    topic_id: int


@dataclass(frozen=True, slots=True)
class Say:
    """One message. `reply` goes now, `notice` at least once, `promotion` at most once and only with consent."""

    template: str
    params: Mapping[str, Any] = field(default_factory=dict)  # JSON-able
    to: int = 0  # chat; 0: where the update came from
    edit: int = 0  # message to edit in place; sent anew if it can't be
    picture: Picture | None = None
    document: Document | None = None
    attachment: Attachment | None = None
    post: Post | None = None
    kind: MessageKind = "reply"
    dedup_key: str = ""  # '' or unique for ever
    topic: str = ""  # of a push, see loyalty/topics.py; '' for answers, receipts and codes
    expires_at: int = 0  # epoch ms UTC, after which it is not sent; 0: never

    def as_json(self) -> dict[str, Any]:
        """The part that is stored sealed until it is sent; what is not there is left out."""
        body: dict[str, Any] = {"template": self.template, "params": dict(self.params)}
        if self.edit:
            body["edit"] = self.edit
        if self.picture:
            body["picture"] = params_of(self.picture)
        if self.document:
            body["document"] = params_of(self.document)
        if self.attachment:
            body["attachment"] = params_of(self.attachment)
        if self.post:
            body["post"] = params_of(self.post)
        return body


def params_of(told: object) -> dict[str, Any]:
    """The fields of a dataclass as params; dataclasses within become mappings, too.

    `dataclasses.asdict` copies every number and text in it, which takes a tenth of an answer's time.
    """
    names: Mapping[str, object] = type(told).__dataclass_fields__  # type: ignore[attr-defined]  # of dataclasses
    found = {name: getattr(told, name) for name in names}
    return {name: value if type(value) in _PLAIN else _plain(value) for name, value in found.items()}


def _plain(value: Any) -> Any:
    if type(value) in _PLAIN:
        return value
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    # Most are dicts; what a Mapping is takes long to find out.
    if type(value) is dict or isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return params_of(value) if is_dataclass(value) else value
