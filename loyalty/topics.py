"""What the bot writes about of its own accord: members choose by topic and by frequency (docs/pushes.md)."""

from dataclasses import dataclass
from typing import Literal

from loyalty.messages import MessageKind

TopicName = Literal["points", "coupons", "tier", "birthday", "greetings", "tips", "offers", "surveys"]


@dataclass(frozen=True, slots=True)
class Topic:
    """`own`: about the member's own points, coupons or tier. Only of the others there is one a day at most."""

    name: TopicName
    own: bool

    @property
    def kind(self) -> MessageKind:
        """Own matters arrive at least once, all else at most once."""
        return "notice" if self.own else "promotion"


TOPICS: dict[TopicName, Topic] = {
    topic.name: topic
    for topic in (
        Topic("points", own=True),
        Topic("coupons", own=True),
        Topic("tier", own=True),
        Topic("birthday", own=False),
        Topic("greetings", own=False),
        Topic("tips", own=False),
        Topic("offers", own=False),
        Topic("surveys", own=False),
    )
}

# What the programme tells staff of its own accord, at work: no pushes to members, but switched off in the same place.
STAFF_TOPICS = ("reports",)


def is_own(topic: str) -> bool:
    """Whether it is about the member's own matters. What is no topic any more is not."""
    known = TOPICS.get(topic)  # type: ignore[call-overload]  # any text
    return known is not None and known.own
