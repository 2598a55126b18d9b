"""What managers send to many: written, looked at, agreed to by a second person, sent, held back, stopped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from actions import charters, staff
from actions.one_by_one import Worked, each
from actions.pushes import push
from db import accounts, audit, campaigns, members, outbox, staff as posts, stores
from db.campaigns import Campaign, State
from db.database import Tx
from db.people import Person
from db.staff import CHAIN
from loyalty import campaigns as rules
from loyalty.campaigns import Draft
from loyalty.charter import Charter
from loyalty.errors import CampaignNotFound, CampaignSettled, NobodyToReview, SecondPersonNeeded
from loyalty.jobs import Page, Run
from loyalty.messages import Picture, Say
from loyalty.paging import cut
from loyalty.roles import Role

NEW = "campaign_new"

_PAGE = 200
_ALL = 1_000_000


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the managers' list."""

    campaign_id: int
    opening: dict[str, str]  # the first words, by locale
    state: str  # see View
    starts_at: int  # epoch ms UTC


@dataclass(frozen=True, slots=True)
class View:
    """A campaign as managers see it. Texts and names by locale, times in epoch ms UTC.

    state: draft, waiting, declined, approved, running, paused, stopped, sent.
    """

    campaign_id: int
    state: str
    texts: dict[str, str]  # '' where the default language's is sent instead
    tier: dict[str, str]  # {} for all
    store: str  # '' for all
    starts_at: int
    ends_at: int  # what has not been sent by then is not sent
    members: int  # on Telegram, in this tier and at this store
    willing: int  # of them: can be reached, and want offers
    sent: int
    queued: int
    unwanted: int  # by who wants no such messages
    undelivered: int  # blocked, too late, stopped
    unknown: int  # may have arrived
    asked_by: str  # names of staff
    decided_by: str  # '' if nobody has
    is_yours: bool
    has_second: bool  # somebody beside who wrote it may agree


def list_all(tx: Tx, person: Person, page: int = 0) -> Say:
    """A page of the campaigns the person may see, newest first. Refuses NotAllowed."""
    staff.require(tx, person.user_id, Role.MANAGER)
    charter = charters.current(tx)
    seen = cut([one for one in campaigns.list_latest(tx, _ALL) if _may_see(tx, person, one)], page)
    listed = [asdict(_listed(tx, charter, one)) for one in seen.rows]
    return Say("campaign_list", {"campaigns": listed, "page": seen.page, "pages": seen.pages})


def audiences(tx: Tx, person: Person) -> dict[str, Any]:
    """Whom the person may write to: all and tiers for who manages the chain, else their stores. Refuses NotAllowed."""
    staff.require(tx, person.user_id, Role.MANAGER)
    managed = staff.stores_of(tx, person.user_id, Role.MANAGER)
    tiers = charters.current(tx).tiers if staff.is_allowed(tx, person.user_id, Role.MANAGER, CHAIN) else ()
    return {
        "everyone": bool(tiers),
        "tiers": [{"code": tier.code, "name": tier.names} for tier in tiers],
        "stores": [{"id": store.id, "name": store.name} for store in managed],
    }


def create(tx: Tx, person: Person, draft: Draft, instead_of: int = 0) -> list[Say]:
    """A draft, said as members would see it in each language, and what can be done with it. instead_of: the declined
    one that it was, 0 for none. Refuses NotAllowed."""
    staff.require(tx, person.user_id, Role.MANAGER, draft.store_id or CHAIN)
    campaign = _require(tx, person, campaigns.add(tx, draft, person.user_id))
    _audit(tx, person, "campaign_written", campaign, **({"instead_of": instead_of} if instead_of else {}))
    return [*_previews(tx, person, campaign), _view(tx, person, campaign)]


def look(tx: Tx, person: Person, campaign_id: int) -> Say:
    """Refuses NotAllowed and CampaignNotFound."""
    return _view(tx, person, _require(tx, person, campaign_id))


def declined(tx: Tx, person: Person, campaign_id: int) -> Draft:
    """What the person wrote and a second one declined, to write it anew; that one stays as it is.

    Refuses NotAllowed, CampaignNotFound, also to others, and CampaignSettled if it is not declined.
    """
    campaign = _require(tx, person, campaign_id)
    if campaign.created_by != person.user_id:
        raise CampaignNotFound
    if campaign.state != "declined":
        raise CampaignSettled
    return campaign.draft


def ask(tx: Tx, person: Person, campaign_id: int) -> Say:
    """Ask a second person to agree: everybody who may gets the question, the first answer counts.

    Refuses NotAllowed, CampaignNotFound, NobodyToReview, and CampaignSettled if it is no draft any more.
    """
    campaign = _move(tx, person, campaign_id, ("draft", "waiting"))
    _audit(tx, person, "campaign_asked", campaign)
    asked = _seconds(tx, campaign)
    if not asked:
        raise NobodyToReview
    shown = asdict(_shown(tx, person.user_id, campaign))
    for user_id in asked:
        for preview in _previews(tx, person, campaign):
            outbox.post(tx, Say(preview.template, preview.params, to=user_id, picture=preview.picture, kind="notice"))
        outbox.post(tx, Say("campaign_asked", shown | {"is_yours": False}, to=user_id, kind="notice"))
    return Say("campaign_view", shown)


def decide(tx: Tx, person: Person, campaign_id: int, agree: bool) -> Say:
    """The second person's word; whoever wrote it is told. One whose time has passed begins at once.

    Refuses NotAllowed, CampaignNotFound, SecondPersonNeeded (not who wrote it), and CampaignSettled.
    """
    if _require(tx, person, campaign_id).created_by == person.user_id:
        raise SecondPersonNeeded
    after: State = "approved" if agree else "declined"
    campaign = _move(tx, person, campaign_id, ("waiting", after), decided_by=person.user_id)
    _audit(tx, person, "campaign_agreed" if agree else "campaign_declined", campaign)
    if agree and campaign.draft.starts_at < tx.now:
        campaigns.postpone(tx, campaign_id, tx.now)
    shown = asdict(_shown(tx, person.user_id, _require(tx, person, campaign_id)))
    outbox.post(tx, Say("campaign_decided", shown | {"is_yours": True}, to=campaign.created_by, kind="notice"))
    return Say("campaign_view", shown)


def pause(tx: Tx, person: Person, campaign_id: int) -> Say:
    """What is not on its way yet waits. Refuses NotAllowed, CampaignNotFound and CampaignSettled."""
    campaign = _move(tx, person, campaign_id, ("approved", "paused"))
    _audit(tx, person, "campaign_paused", campaign)
    campaigns.hold_back(tx, campaign_id)
    return _view(tx, person, campaign)


def resume(tx: Tx, person: Person, campaign_id: int) -> Say:
    """Go on where it was. Refuses as `pause`."""
    campaign = _move(tx, person, campaign_id, ("paused", "approved"))
    _audit(tx, person, "campaign_resumed", campaign)
    campaigns.let_go(tx, campaign_id)
    return _view(tx, person, campaign)


def stop(tx: Tx, person: Person, campaign_id: int) -> Say:
    """For good: what is not on its way yet is never sent. Drafts and questions are discarded alike. Refuses as `pause`,
    CampaignSettled once it has ended."""
    state = _require(tx, person, campaign_id).state
    if state in ("declined", "stopped", "sent"):
        raise CampaignSettled
    campaign = _move(tx, person, campaign_id, (state, "stopped"))
    _audit(tx, person, "campaign_stopped", campaign)
    campaigns.withdraw(tx, campaign_id)
    return _view(tx, person, campaign)


def page(tx: Tx, _run: Run) -> Page:
    """Queue the next members' messages of a campaign whose time has come; tell who wrote one when all is sent."""
    campaigns.lock(tx)
    campaign = campaigns.due(tx)
    if campaign is None:
        return Page("", looked_at=0, reached=_close_finished(tx))
    receivers = campaigns.list_receivers(tx, campaign.draft, campaign.cursor, _PAGE)
    queued = _queue(tx, campaign, receivers)
    keys = [key for key in queued.answers if key]
    campaigns.mark_messages(tx, campaign.id, keys)
    last = receivers[-1][0] if receivers else campaign.cursor
    campaigns.advance(tx, campaign.id, last, done=len(receivers) < _PAGE)
    # Another campaign may be due behind the last page, so that the cursor names both.
    return Page(f"{campaign.id}:{last}:{len(receivers)}", len(receivers), len(keys), queued.left_out)


def _queue(tx: Tx, campaign: Campaign, receivers: list[tuple[int, str]]) -> Worked[str]:
    """The messages' keys; '' for a member who gets none."""
    charter, used = charters.current(tx), rules.fields_in(campaign.draft.texts)

    def queue(receiver: tuple[int, str]) -> str:
        member_id, tier = receiver
        values = _values(tx, charter, member_id, tier, used)
        key = f"campaign:{campaign.id}:{member_id}"
        say = Say("campaign", {"text": _filled(charter, campaign, values)}, picture=_picture(campaign))
        return key if push(tx, member_id, "offers", say, key, campaign.draft.starts_at + rules.GOOD_FOR_MS) else ""

    return each(tx, receivers, queue, lambda receiver: receiver[0])


def _values(tx: Tx, charter: Charter, member_id: int, tier: str, used: set[str]) -> dict[str, dict[str, str]]:
    """By locale, what the fields in use stand for."""
    name = members.name_of(tx, member_id) if "name" in used else ""
    points = f"{accounts.get(tx, member_id).available:,}" if "points" in used else ""
    tiers = charter.tier(tier).names
    return {locale: {"name": name, "points": points, "tier": named} for locale, named in tiers.items()}


def _filled(charter: Charter, campaign: Campaign, values: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    texts = rules.in_all_languages(campaign.draft.texts, charter.programme.default_locale)
    return {locale: rules.fill(text, values[locale]) for locale, text in texts.items()}


def _previews(tx: Tx, person: Person, campaign: Campaign) -> list[Say]:
    """Each language's own text as a member gets it, filled with the reader's name, and tier if they are a member."""
    charter, member = charters.current(tx), members.get_by_user(tx, person.user_id)
    named = members.name_of(tx, member.id) if member else ""
    tiers = charter.tier(member.tier if member else "").names
    values = {
        locale: {"name": named or posts.name_of(tx, person.user_id), "points": "100", "tier": tier}
        for locale, tier in tiers.items()
    }
    own = {locale: text for locale, text in campaign.draft.texts.items() if text}
    previews = [rules.fill(text, values[locale]) for locale, text in own.items()]
    return [Say("campaign_preview", {"text": text}, picture=_picture(campaign)) for text in previews]


def _picture(campaign: Campaign) -> Picture | None:
    return Picture("gift", {"picture_id": campaign.draft.picture_id}) if campaign.draft.picture_id else None


def _close_finished(tx: Tx) -> int:
    finished = campaigns.list_finished(tx)
    for campaign_id in finished:
        campaigns.move(tx, campaign_id, "approved", "sent")
        campaign = campaigns.get(tx, campaign_id)
        assert campaign is not None
        told = asdict(_shown(tx, campaign.created_by, campaign))
        outbox.post(tx, Say("campaign_sent", told, to=campaign.created_by, kind="notice"))
    return len(finished)


def _move(tx: Tx, person: Person, campaign_id: int, states: tuple[State, State], decided_by: int = 0) -> Campaign:
    """From one state into the other; the campaign as it is then. Refuses CampaignSettled."""
    campaigns.lock(tx)
    _require(tx, person, campaign_id)
    if not campaigns.move(tx, campaign_id, *states, decided_by=decided_by):
        raise CampaignSettled
    return _require(tx, person, campaign_id)


def _seconds(tx: Tx, campaign: Campaign) -> list[int]:
    """Telegram ids of those who may agree to it."""
    managers = posts.list_users(tx, Role.MANAGER, campaign.draft.store_id or CHAIN)
    return sorted({*posts.list_users(tx, Role.OWNER), *managers} - {campaign.created_by})


def _audit(tx: Tx, person: Person, deed: str, campaign: Campaign, **detail: int) -> None:
    audit.add(tx, person.user_id, deed, store_id=campaign.draft.store_id, campaign=campaign.id, **detail)


def _require(tx: Tx, person: Person, campaign_id: int) -> Campaign:
    """Refuses NotAllowed and CampaignNotFound."""
    staff.require(tx, person.user_id, Role.MANAGER)
    campaign = campaigns.get(tx, campaign_id)
    if campaign is None or not _may_see(tx, person, campaign):
        raise CampaignNotFound
    return campaign


def _may_see(tx: Tx, person: Person, campaign: Campaign) -> bool:
    """Who manages the chain, or the store it goes to."""
    managed = [store.id for store in staff.stores_of(tx, person.user_id, Role.MANAGER)]
    return staff.is_allowed(tx, person.user_id, Role.MANAGER, CHAIN) or campaign.draft.store_id in managed


def _listed(tx: Tx, charter: Charter, campaign: Campaign) -> Listed:
    texts = rules.in_all_languages(campaign.draft.texts, charter.programme.default_locale)
    # A button says words, not fields.
    plain = {locale: rules.fill(text, dict.fromkeys(rules.FIELDS, "…")) for locale, text in texts.items()}
    opening = {locale: text.partition("\n")[0][:30] for locale, text in plain.items()}
    return Listed(campaign.id, opening, _state(tx, campaign), campaign.draft.starts_at)


def _state(tx: Tx, campaign: Campaign) -> str:
    begun = campaign.state == "approved" and campaign.draft.starts_at <= tx.now
    return "running" if begun else campaign.state


def _view(tx: Tx, person: Person, campaign: Campaign) -> Say:
    return Say("campaign_view", asdict(_shown(tx, person.user_id, campaign)))


def _shown(tx: Tx, user_id: int, campaign: Campaign) -> View:
    # Counts the whole audience, half a second for a million members: once in an action.
    draft, counts = campaign.draft, campaigns.count_messages(tx, campaign.id)
    audience, willing = campaigns.count_audience(tx, draft.tier, draft.store_id)
    store = stores.get(tx, draft.store_id) if draft.store_id else None
    others = sum(counts.values()) - sum(counts.get(state, 0) for state in ("sent", "queued", "unwanted", "unknown"))
    return View(
        campaign_id=campaign.id,
        state=_state(tx, campaign),
        texts=dict(draft.texts),
        tier=charters.current(tx).tier(draft.tier).names if draft.tier else {},
        store=store.name if store else "",
        starts_at=draft.starts_at,
        ends_at=draft.starts_at + rules.GOOD_FOR_MS,
        members=audience,
        willing=willing,
        sent=counts.get("sent", 0),
        queued=counts.get("queued", 0),
        unwanted=counts.get("unwanted", 0),
        undelivered=others,
        unknown=counts.get("unknown", 0),
        asked_by=posts.name_of(tx, campaign.created_by),
        decided_by=posts.name_of(tx, campaign.decided_by),
        is_yours=campaign.created_by == user_id,
        has_second=bool(_seconds(tx, campaign)),
    )
