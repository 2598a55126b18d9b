"""Two hundred invented members: who they are, with whom they live, how they shop, and every visit of two years.

Everything is drawn from one seeded `Random`, and dated back from a given day: the same day gives the same people.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.demo import cast
from bot.demo.cast import Character
from bot.demo.goods import GOODS, LOTUS, NANHU, ONE_THING, SHOPS, XIMEN, Good
from loyalty.birthdays import Birthday
from loyalty.earning import Line

T = TypeVar("T")

MEMBERS = 200
DAYS = 730
PAYMENTS = (("wechat", 9), ("alipay", 6), ("card", 2), ("cash", 2), ("", 1))
# How busy the shops are, by month: before the New Year's feasts, at the summer and autumn sales; quiet in August.
SEASONS = (1.45, 1.2, 0.9, 1.0, 1.05, 1.15, 0.9, 0.8, 1.05, 1.1, 1.25, 1.2)
FIRST_USER_ID = 5_000_001

SURNAMES = "林周许何苏沈江唐罗梁宋冯邓叶程袁董潘田姜范方石姚谭廖邹熊金陆"
# Solar terms, teas and things to eat: nobody's parents choose these.
GIVEN = (
    "谷雨", "白露", "霜降", "芒种", "清明", "惊蛰", "立夏", "秋分", "小雪", "大暑",
    "毛尖", "龙井", "普洱", "茉莉", "碧螺", "铁观", "青团", "毛豆", "桂花", "年糕",
    "青柠", "豆花", "汤圆", "米糕", "莲藕", "荸荠", "枇杷", "杨梅", "山楂", "栗子",
    "花卷", "凉皮", "小笼", "馄饨", "酥饼", "麻薯", "椰果", "柚子", "金桔", "石榴",
)  # fmt: skip
TRADITIONAL = (
    "黃桂圓",
    "羅綠豆",
    "鄭芋圓",
    "許仙草",
    "蔡鳳梨",
    "葉茶香",
    "張米香",
    "蘇湯圓",
    "陳麥芽",
    "盧蓮霧",
    "簡芭樂",
    "賴蜜棗",
)
ENGLISH = (
    "Basil Thyme", "Poppy Fields", "Olive Branch", "Rusty Gates", "Ginger Root", "Clementine Peel", "Barley Mowe",
    "Hazel Nutt", "Pepper Mills", "Rose Bush", "Sandy Shore", "Cliff Edge", "Dusty Rhodes", "Holly Wood",
)  # fmt: skip
LIKES = ("手冲咖啡", "低糖", "有机蔬菜", "新品试用", "桂花味", "棉麻衣服", "乌龙茶", "无香护肤品")
ALLERGIES = ("花生", "乳糖", "海鲜", "芒果", "peanuts", "gluten")
LANES = ("荷叶巷", "西门里", "南湖西岸", "梧桐里", "柳絮街", "石榴坊")


@dataclass(frozen=True, slots=True)
class Habit:
    """How one kind of customer shops. trips: a month, for the whole household; shops: how they share them."""

    trips: float
    shops: dict[str, int]
    lines: tuple[int, int]  # fewest and most lines of a visit
    weekend: float = 1.0  # how much likelier on Saturday and Sunday
    one_thing: bool = False


@dataclass(frozen=True, slots=True)
class Shopper:
    """A member to be. Dates are local; `until` is the last day of shopping (quiet members stopped long ago)."""

    name: str
    phone: str  # E.164
    language: str
    user_id: int  # 0: not on Telegram
    habit: Habit
    trips: float  # a month, of this member
    weekday: int  # the household's own shopping day
    home: str  # code of the store nearest
    joined: date
    until: date
    birthday: Birthday | None = None
    referred: bool = False
    profile: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Visit:
    """One purchase; `at` in epoch ms UTC."""

    at: int
    shopper: int  # place in the list
    shop: str
    payment: str
    lines: tuple[Line, ...]

    @property
    def amount(self) -> int:
        return sum(line.amount for line in self.lines)


FAMILY = Habit(4.6, {XIMEN: 10, LOTUS: 1, NANHU: 1}, (3, 8), weekend=1.8)
CAFE = Habit(8.5, {LOTUS: 9, XIMEN: 1}, (1, 2), weekend=0.5)
BEAUTY = Habit(1.5, {NANHU: 8, LOTUS: 2, XIMEN: 1}, (1, 3), weekend=2.2)
OCCASIONAL = Habit(0.7, {XIMEN: 4, LOTUS: 2, NANHU: 2}, (1, 4), weekend=1.5)
SPLENDID = Habit(6.0, {NANHU: 6, XIMEN: 5, LOTUS: 2}, (3, 7), weekend=1.4)
SINGLE = Habit(3.0, {XIMEN: 6, LOTUS: 2, NANHU: 1}, (1, 1), one_thing=True)
HABITS = ((FAMILY, 24), (CAFE, 15), (BEAUTY, 16), (OCCASIONAL, 32), (SPLENDID, 5), (SINGLE, 8))


def members(random: Random, today: date) -> list[Shopper]:
    """The characters first, then households until there are enough."""
    found = _characters(today)
    names = _names(random)
    while len(found) < MEMBERS:
        found += _household(random, today, names, len(found))
    return found[:MEMBERS]


def visits(random: Random, shoppers: list[Shopper], today: date, zone: ZoneInfo) -> list[Visit]:
    """What all of them bought until the day before yesterday, oldest first."""
    found = [visit for number in range(len(shoppers)) for visit in _life(random, number, shoppers[number], today, zone)]
    return sorted(found, key=lambda visit: (visit.at, visit.shopper))


def instant(day: date, hour: int, minute: int, zone: ZoneInfo) -> int:
    """Epoch ms UTC of a local time."""
    return int(datetime.combine(day, time(hour, minute), zone).timestamp()) * 1000


# Who they are


def _characters(today: date) -> list[Shopper]:
    began = today - timedelta(days=DAYS)
    lin = _character(cast.LIN, CAFE, 8.0, LOTUS, began + timedelta(days=12))
    chen = _character(cast.CHEN, BEAUTY, 1.6, NANHU, began + timedelta(days=200))
    ann = _character(cast.ANN, FAMILY, 2.4, XIMEN, began + timedelta(days=90))
    old = _character(cast.GRANDPA, FAMILY, 1.0, XIMEN, began + timedelta(days=30))
    return [
        replace(
            lin, birthday=Birthday(8, 15, 1996, lunar=True), profile={"likes": "手冲咖啡，桂花味", "gender": "female"}
        ),
        replace(chen, birthday=_of(today, 1991), profile={"likes": "無香護膚品", "sizes": "M"}),
        replace(ann, birthday=Birthday(5, 17, 1985), profile={"allergies": "peanuts", "email": "ann@example.com"}),
        replace(old, birthday=Birthday(2, 2, 1949, lunar=True), profile={"contact": "phone"}),
    ]


def _character(person: Character, habit: Habit, trips: float, home: str, joined: date) -> Shopper:
    return Shopper(
        person.full_name, person.phone, person.language, person.user_id, habit, trips, 5, home, joined, date.max
    )


def _of(day: date, year: int) -> Birthday:
    """Born on this day of a year; the 29th of February has to wait for its years."""
    return Birthday(day.month, min(day.day, 28) if day.month == 2 else day.day, year)


def _names(random: Random) -> Iterator[tuple[str, str]]:
    """Names and languages that go with them; every simplified surname comes with many given names."""
    simplified = [(surname + given, "zh-hans") for surname in SURNAMES for given in GIVEN]
    others = [(name, "zh-hant") for name in TRADITIONAL] + [(name, "en") for name in ENGLISH]
    chosen = random.sample(simplified, MEMBERS - len(others)) + others
    random.shuffle(chosen)
    return iter(chosen)


def _household(random: Random, today: date, names: Iterator[tuple[str, str]], number: int) -> list[Shopper]:
    habit = _drawn(random, HABITS)
    size = random.choice((1, 1, 1, 2, 2, 3)) if habit in (FAMILY, OCCASIONAL) else 1
    home = _drawn(random, tuple(habit.shops.items()))
    address = f"{random.choice(LANES)} {random.randint(1, 88)} 号"
    weekday, began = random.randrange(7), today - timedelta(days=DAYS)
    # A third was there when the programme opened.
    first = began + timedelta(days=0 if random.random() < 0.33 else random.randrange(DAYS - 40))
    people = [_person(random, today, next(names), number + place, home, first) for place in range(size)]
    keen = random.uniform(0.6, 1.5) / size
    shared = [replace(one, habit=habit, trips=habit.trips * keen, weekday=weekday) for one in people]
    return [replace(one, profile={"address": address, **one.profile} if size > 1 else one.profile) for one in shared]


def _person(random: Random, today: date, named: tuple[str, str], number: int, home: str, first: date) -> Shopper:
    name, language = named
    joined = min(first + timedelta(days=random.randrange(25)), today - timedelta(days=5))
    on_telegram = random.random() < 0.78
    quiet = random.random() < 0.13
    until = joined + timedelta(days=random.randint(60, 420)) if quiet else date.max
    return Shopper(
        name=name,
        phone=_phone(language, number),
        language=language,
        user_id=FIRST_USER_ID + number if on_telegram else 0,
        habit=OCCASIONAL, trips=0.0, weekday=0, home=home, joined=joined, until=until,
        birthday=_birthday(random, today, number),
        referred=random.random() < 0.1,
        profile=_profile(random, home),
    )  # fmt: skip


def _phone(language: str, number: int) -> str:
    """American numbers of the range kept for fiction; Chinese ones beside that of an operator's own service."""
    if language == "en":
        return f"+1{(202, 212, 312)[number // 80]}555{110 + number % 80:04}"
    return f"+861380013{8300 + number}"


def _birthday(random: Random, today: date, number: int) -> Birthday | None:
    """One more today, a few this week; most any day, some lunar, some not told."""
    if number in (20, 40, 60):
        return _of(today + timedelta(days=(number - 20) // 10), 1980 + number % 20)
    if random.random() < 0.25:
        return None
    year = random.randint(1950, 2004)
    lunar = random.random() < 0.15
    return Birthday(random.randint(1, 12), random.randint(1, 28), year, lunar=lunar)


def _profile(random: Random, home: str) -> dict[str, str]:
    district = next(shop.district for shop in SHOPS if shop.code == home)
    drawn = {
        "gender": (random.choice(("female", "male")), 0.5),
        "district": (district, 0.6),
        "likes": (random.choice(LIKES), 0.25),
        "allergies": (random.choice(ALLERGIES), 0.08),
        "contact": (random.choice(("telegram", "phone")), 0.2),
    }
    return {name: value for name, (value, share) in drawn.items() if random.random() < share}


# What they buy


def _life(random: Random, number: int, shopper: Shopper, today: date, zone: ZoneInfo) -> Iterator[Visit]:
    day, last = shopper.joined, min(shopper.until, today - timedelta(days=2))
    yield _visit(random, number, shopper, day, zone)
    while (day := day + timedelta(days=1)) <= last:
        if random.random() < _likelihood(shopper, day):
            yield _visit(random, number, shopper, day, zone)


def _likelihood(shopper: Shopper, day: date) -> float:
    """Of a visit on that day: the household's own day counts twice, weekends and seasons as they do."""
    weight = shopper.habit.weekend if day.weekday() >= 5 else 1.0
    if day.weekday() == shopper.weekday:
        weight *= 2
    return shopper.trips / 30 * SEASONS[day.month - 1] * weight * 0.85


def _visit(random: Random, number: int, shopper: Shopper, day: date, zone: ZoneInfo) -> Visit:
    habit = shopper.habit
    code = _drawn(random, tuple(habit.shops.items()))
    shop = next(shop for shop in SHOPS if shop.code == code)
    hour = _drawn(random, tuple(shop.hours.items()))
    at = instant(day, hour, random.randrange(60), zone) + random.randrange(60) * 1000
    return Visit(at, number, code, _drawn(random, PAYMENTS), _basket(random, habit, code))


def _basket(random: Random, habit: Habit, code: str) -> tuple[Line, ...]:
    if habit.one_thing:
        good = next(good for good in GOODS[code] if good.item == ONE_THING[code])
        return (_line(random, good),)
    fewest, most = habit.lines
    # A café sells no basket of eight.
    count = min(random.randint(fewest, most), 3 if code != XIMEN else most)
    shelf = tuple((good, good.usual) for good in GOODS[code])
    chosen = {good.item: good for good in (_drawn(random, shelf) for _ in range(count))}
    return tuple(_line(random, good) for good in chosen.values())


def _line(random: Random, good: Good) -> Line:
    quantity = random.randint(35, 165) * 10 if good.by_weight else 1000 * random.choice((1, 1, 1, 1, 2, 2, 3))
    if good.price >= 10_000:
        quantity = 1000
    return Line(good.item, good.category, quantity, good.price * quantity // 1000)


def _drawn(random: Random, weighted: tuple[tuple[T, int], ...]) -> T:
    return random.choices([one for one, _ in weighted], [weight for _, weight in weighted])[0]
