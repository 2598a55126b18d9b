"""Refusals about what managers send to many."""

from loyalty.refusal import Refusal


class CampaignTextInvalid(Refusal):
    """The text is empty, has more than `longest` characters, or a `field` that there is not ('' if that is fine)."""

    field: str
    longest: int


class CampaignTimeInvalid(Refusal):
    """That is no time, has been, or is more than a year ahead."""


class CampaignNotFound(Refusal):
    """There is no such campaign, or the person does not manage where it goes."""


class CampaignSettled(Refusal):
    """The campaign is in another state by now: somebody else was faster."""


class NobodyToReview(Refusal):
    """Nobody but who wrote it may agree to a message to many."""
