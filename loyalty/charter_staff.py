"""The charter's part on those who work here: who sees whose figures."""

from typing import Literal

from loyalty.charter_base import Section


class Staff(Section):
    """Everybody sees their own figures. `overview`: whether the store's are seen by its managers, by the whole team
    (then without anybody's, but for what three did best), or by nobody (`off`).
    """

    overview: Literal["managers", "team", "off"] = "managers"
