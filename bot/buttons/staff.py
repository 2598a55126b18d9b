"""Buttons of the list of staff, of invitations and of removal."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.buttons.kinds import Gettext, Keyboard, copy, inline, press, shortened, turning


def staff_roster(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    people = [press(_label(_, post, p["colleagues"]), f"colleague:{post['post_id']}") for post in p["colleagues"]]
    invite = [press(_("✉️ Invite a colleague"), "invite")]
    return inline(*(people[row : row + 2] for row in range(0, len(people), 2)), turning(p, "staff"), invite)


def staff_member(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    label = _("Give up this post") if p["is_you"] else _("🗑 Remove")
    removal = [press(label, f"remove:{p['post_id']}")] if p["removable"] else []
    return inline(removal, [press(_("◀ Back"), "staff")])


def staff_remove_confirm(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    yes = _("Yes, give it up") if p["is_you"] else _("Yes, remove")
    return inline([press(_("No, go back"), f"colleague:{p['post_id']}"), press(yes, f"removed:{p['post_id']}")])


def staff_removed(_: Gettext, p: Mapping[str, Any]) -> Keyboard | None:
    return None if p["is_you"] else inline([press(_("👥 Staff"), "staff")])


def staff_invite(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    labels = {"owner": _("Owner"), "manager": _("Manager"), "clerk": _("Clerk")}
    if not p["role"]:
        return inline([press(labels[role], f"invite:{role}") for role in reversed(p["roles"])])
    rows = (
        [press(store["name"] or _("The whole chain"), f"invitation:{p['role']}:{store['id']}")] for store in p["stores"]
    )
    return inline(*rows, turning(p, f"invite:{p['role']}"))


def staff_invited(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([copy(_("📋 Copy the link"), p["link"])])


def staff_joined(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("👥 Staff"), "staff")])


def staff_welcome(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("🏬 My counter"), "deskhome")])


def _label(_: Gettext, post: Mapping[str, Any], posts: Sequence[Mapping[str, Any]]) -> str:
    """The name; where it stands there twice, with the store."""
    twice = sum(other["name"] == post["name"] for other in posts) > 1
    where = f" · {shortened(post['store'] or _('The whole chain'), 14)}" if twice else ""
    return f"👤 {shortened(post['name'], 20)}{where}"


KEYBOARDS = {
    "staff_roster": staff_roster,
    "staff_member": staff_member,
    "staff_remove_confirm": staff_remove_confirm,
    "staff_removed": staff_removed,
    "staff_invite": staff_invite,
    "staff_invited": staff_invited,
    "staff_joined": staff_joined,
    "staff_welcome": staff_welcome,
}
