"""Buttons of the record of who did what."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.kinds import Gettext, Keyboard, Row, inline, press, shortened, turning
from bot.words import N_

# What each kind of deed is called, on buttons and in the list. tests/bot/test_audit.py holds it against the actions.
KINDS = {
    "adjustment_agreed": N_("Adjustment agreed"),
    "adjustment_asked": N_("Adjustment asked for"),
    "adjustment_declined": N_("Adjustment declined"),
    "adjustment_entered": N_("Adjustment"),
    "backup_restored": N_("Backup restored"),
    "campaign_agreed": N_("Message to many agreed"),
    "campaign_asked": N_("Message to many, agreement asked"),
    "campaign_declined": N_("Message to many declined"),
    "campaign_paused": N_("Message to many paused"),
    "campaign_resumed": N_("Message to many resumed"),
    "campaign_stopped": N_("Message to many stopped"),
    "campaign_written": N_("Message to many written"),
    "care_settled": N_("Care task settled"),
    "case_assigned": N_("Case handed to a colleague"),
    "case_classified": N_("Case classified"),
    "case_given_back": N_("Case given back"),
    "case_logged": N_("Case logged"),
    "praise_passed_on": N_("Praise passed on"),
    "case_merged": N_("Cases merged"),
    "case_moved": N_("Case moved to another member"),
    "case_read": N_("Case read"),
    "case_resolved": N_("Case resolved"),
    "case_taken": N_("Case taken"),
    "case_transferred": N_("Case handed on"),
    "charter_published": N_("New rules"),
    "compensation_agreed": N_("Compensation agreed"),
    "compensation_asked": N_("Compensation, agreement asked"),
    "compensation_declined": N_("Compensation declined"),
    "coupon_changed": N_("Coupon changed"),
    "coupon_created": N_("Coupon created"),
    "coupon_given": N_("Coupon given"),
    "coupon_resumed": N_("Coupon goes on"),
    "coupon_stopped": N_("Coupon stopped"),
    "coupon_used": N_("Coupon used"),
    "gift_changed": N_("Gift changed"),
    "gift_created": N_("Gift created"),
    "gift_handed_over": N_("Gift handed over"),
    "gift_moved": N_("Gifts moved"),
    "gift_offered_again": N_("Gift offered again"),
    "gift_restocked": N_("Gift stock"),
    "gift_withdrawn": N_("Gift withdrawn"),
    "handbook_put_back": N_("Original handbook again"),
    "handbook_replaced": N_("New handbook"),
    "job_rehearsed": N_("Dry run"),
    "job_started": N_("Job started"),
    "member_enrolled": N_("Member signed up"),
    "member_erased": N_("Member erased"),
    "member_listed": N_("Name seen in a list or a search"),
    "member_noted": N_("Note about a member"),
    "member_opened": N_("Member looked at"),
    "member_revealed": N_("Phone looked at"),
    "members_listed": N_("Members searched"),
    "notes_read": N_("Notes read"),
    "own_credits_found": N_("Credited themselves"),
    "owner_appointed": N_("Owner appointed by the settings"),
    "points_read": N_("Points looked at"),
    "purchase_recorded": N_("Purchase"),
    "purchase_refunded": N_("Refund"),
    "purchase_undone": N_("Purchase undone"),
    "purchases_read": N_("Purchases looked at"),
    "record_read": N_("Record of a member read"),
    "report_exported": N_("Report as a spreadsheet"),
    "staff_invited": N_("Colleague invited"),
    "staff_joined": N_("Colleague joined"),
    "staff_removed": N_("Colleague removed"),
    "store_added": N_("Store opened"),
    "store_changed": N_("Store changed"),
    "store_closed": N_("Store closed"),
    "store_reopened": N_("Store opened again"),
    "team_praised": N_("The team thanked"),
    "update_replayed": N_("Message handled again"),
    "verify_locked": N_("Code locked"),
}


def audit(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    place = f"{p['by']}:{p['value']}"
    newer = [press(_("‹ Newer"), f"audit:{place}:{p['newer']}")] if p["newer"] >= 0 else []
    older = [press(_("Older ›"), f"audit:{place}:{p['older']}")] if p["older"] >= 0 else []
    everything = [press(_("Everything"), "audit:all::0")] if p["by"] != "all" else []
    return inline(
        [*newer, *older],
        [press(_("By person"), "auditpeople"), press(_("By member"), "auditmember"), press(_("By kind"), "auditkinds")],
        everything,
    )


def audit_people(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    people = [press(shortened(person["name"], 40), f"audit:person:{person['post_id']}:0") for person in p["people"]]
    return inline(*_pairs(people), turning(p, "auditpeople"), [press(_("Everything"), "audit:all::0")])


def audit_kinds(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    kinds = [press(_(KINDS.get(kind, kind)), f"audit:kind:{kind}:0") for kind in p["kinds"]]
    return inline(*_pairs(kinds), [press(_("Everything"), "audit:all::0")])


def audit_member(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("Everything"), "audit:all::0")])


def _pairs(buttons: Row) -> list[Row]:
    return [buttons[place : place + 2] for place in range(0, len(buttons), 2)]


KEYBOARDS = {"audit": audit, "audit_people": audit_people, "audit_kinds": audit_kinds, "audit_member": audit_member}
