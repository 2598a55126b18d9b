"""The invented chain's stores, and what is on their shelves."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shop:
    """A store; `hours` weighs the hours of the day at which people come."""

    code: str
    name: str
    district: str
    address: str
    hours: dict[int, int]


@dataclass(frozen=True, slots=True)
class Good:
    """Something to buy; price in minor units, per piece or per kilogram. `usual` weighs how often it is taken."""

    item: str
    category: str  # code in the charter
    price: int
    usual: int = 2
    by_weight: bool = False


XIMEN, LOTUS, NANHU = "ximen", "lianhu", "nanhu"

SHOPS = (
    Shop(
        XIMEN,
        "西门生活超市 Ximen Market",
        "莲湖区",
        "西门里大街 8 号",
        {9: 3, 10: 5, 11: 4, 16: 3, 17: 6, 18: 9, 19: 8, 20: 4},
    ),
    Shop(
        LOTUS, "莲湖咖啡 Lotus Café", "莲湖区", "荷叶巷 21 号", {8: 8, 9: 7, 10: 4, 13: 4, 14: 5, 15: 5, 16: 3, 19: 1}
    ),
    Shop(
        NANHU,
        "南湖衣妆 Nanhu Style",
        "曲江新区",
        "南湖西岸 3 号",
        {11: 2, 13: 3, 14: 5, 15: 6, 16: 6, 19: 5, 20: 5, 21: 2},
    ),
)

GOODS = {
    XIMEN: (
        Good("番茄", "fresh", 798, 5, by_weight=True),
        Good("小青菜", "fresh", 598, 5, by_weight=True),
        Good("红富士苹果", "fresh", 1280, 4, by_weight=True),
        Good("五花肉", "fresh", 3680, 3, by_weight=True),
        Good("鲈鱼", "fresh", 4280, 1, by_weight=True),
        Good("鸡蛋 10 枚", "fresh", 1390, 4),
        Good("鲜牛奶 950ml", "dairy", 1890, 6),
        Good("酸奶 8 杯", "dairy", 2480, 3),
        Good("大米 5kg", "food", 4590, 2),
        Good("手工挂面", "food", 990, 2),
        Good("生抽 500ml", "food", 1280, 1),
        Good("菜籽油 5L", "food", 7990, 1),
        Good("薯片", "food", 850, 2),
        Good("矿泉水 12 瓶", "drinks", 1990, 2),
        Good("茉莉花茶 100g", "drinks", 3800, 1),
        Good("抽纸 6 包", "household", 2690, 2),
        Good("洗衣液 2L", "household", 4290, 1),
    ),
    LOTUS: (
        Good("拿铁", "drinks", 2600, 8),
        Good("美式", "drinks", 1900, 6),
        Good("桂花拿铁", "drinks", 2900, 4),
        Good("手冲", "drinks", 3200, 2),
        Good("冷萃", "drinks", 2700, 3),
        Good("可颂", "food", 1600, 4),
        Good("贝果", "food", 1800, 3),
        Good("抹茶蛋糕", "food", 3200, 2),
    ),
    NANHU: (
        Good("氨基酸洁面", "beauty", 8900, 4),
        Good("保湿面霜", "beauty", 23900, 2),
        Good("防晒霜", "beauty", 12900, 3),
        Good("口红", "beauty", 15900, 3),
        Good("面膜 5 片", "beauty", 9900, 5),
        Good("纯棉 T 恤", "clothing", 12900, 4),
        Good("针织衫", "clothing", 29900, 2),
        Good("牛仔裤", "clothing", 32900, 2),
        Good("风衣", "clothing", 69900, 1),
        Good("帆布包", "clothing", 15900, 2),
        Good("香薰蜡烛", "household", 12900, 2),
    ),
}
# Bought by those who come for one thing only.
ONE_THING = {XIMEN: "鲜牛奶 950ml", LOTUS: "美式", NANHU: "面膜 5 片"}
