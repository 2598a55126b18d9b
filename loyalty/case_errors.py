"""Refusals of the service desk."""

from loyalty.refusal import Refusal


class CaseNotFound(Refusal):
    """There is no such case, or it is none of the person's business."""


class CaseElsewhere(CaseNotFound):
    """It is another store's."""


class CaseSettled(Refusal):
    """The case is in another `state` by now, so that this can't be done to it any more."""

    case_id: int
    state: str


class CaseHeld(Refusal):
    """A colleague has it, `holder` by name: others may note something, and whoever manages its store do the rest."""

    case_id: int
    holder: str


class CaseAnswered(Refusal):
    """Its member has heard of it, or it has ended: it is nobody else's any more."""

    case_id: int


class WhoseUnclear(Refusal):
    """The correction may name another member, and may not."""

    case_id: int


class GroupElsewhere(Refusal):
    """The group shows the cases of a store that the person does not manage; '' for the whole chain."""

    store: str


class OwnCase(Refusal):
    """Nobody deals with a case of their own."""


class RatedCase(Refusal):
    """How case `case_id` was dealt with is looked into by a manager, and not by who had that one."""

    case_id: int


class CompensationTooHigh(Refusal):
    """More than `limit` points for one case are for managers to ask for."""

    limit: int  # what is left of it


class CompensationWaits(Refusal):
    """One thing at a time: for this case something waits for a second person already."""


class DisputedSale(Refusal):
    """The person recorded the purchase that the member says is not theirs: a colleague resolves that."""


class OwnSale(Refusal):
    """The person recorded the purchase that this is about."""
