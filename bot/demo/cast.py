"""The people of the demo whose phones can be held. Nobody of them exists."""

from __future__ import annotations

from dataclasses import dataclass

from bot.demo.goods import LOTUS, NANHU, XIMEN


@dataclass(frozen=True, slots=True)
class Character:
    """An account of the simulated Telegram."""

    user_id: int
    first_name: str
    last_name: str  # '' where the whole name is written in one, as Chinese names are
    language: str  # as Telegram sends it
    phone: str  # E.164, of ranges kept for examples
    note: str  # shown under the name

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


LIN = Character(1001, "林小满", "", "zh-hans", "+8613800138101", "爱喝咖啡 · loves coffee")
CHEN = Character(1002, "陳美玲", "", "zh-hant", "+8613800138102", "今天生日 · birthday")
ANN = Character(1003, "Ann", "Walker", "en", "+12025550103", "weekly shopping")
GRANDPA = Character(1004, "钱有福", "", "zh-hans", "+8613800138104", "大字版 · large print")
ROBIN = Character(1005, "Robin", "Newbury", "en", "+12025550105", "not a member yet")
LELE = Character(1006, "夏乐乐", "", "zh-hans", "+8613800138106", "还没入会")

XIAOCHUAN = Character(2001, "王小川", "", "zh-hans", "+8613800138201", "店员 · clerk, Ximen")
MEI = Character(2002, "Mei", "Tan", "en", "+12025550122", "clerk, Nanhu · 店员")
ZHIXIA = Character(2003, "周知夏", "", "zh-hans", "+8613800138203", "经理 · manager")
OWNER = Character(3001, "顾满仓", "", "zh-hans", "+8613800138301", "老板 · owner")

MEMBERS = (LIN, CHEN, ANN, GRANDPA)
NEWCOMERS = (ROBIN, LELE)
# Who works where; the owner works for the whole chain.
CLERKS = ((XIAOCHUAN, XIMEN), (MEI, NANHU))
MANAGED = (XIMEN, LOTUS)
STAFF = (XIAOCHUAN, MEI, ZHIXIA, OWNER)
EVERYBODY = (*MEMBERS, *NEWCOMERS, *STAFF)

BEHIND_THE_TILL = {XIMEN: XIAOCHUAN, LOTUS: ZHIXIA, NANHU: MEI}
