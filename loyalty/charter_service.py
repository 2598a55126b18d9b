"""The charter's part on the service desk: categories, service times, working hours, compensation."""

from datetime import date, time
from typing import Annotated

from pydantic import Field

from loyalty.charter_base import Code, Named, Points, Section, Words
from loyalty.charter_earning import Weekday

Hours = Annotated[int, Field(ge=1, le=10_000)]


class Severity(Named):
    """How urgent a case is: working hours until a first answer and until a solution are due."""

    answer_hours: Hours
    resolve_hours: Hours


class StoreHours(Section):
    """A store whose hours differ from `[stores]`; `closed` are days of the week, `holidays` further days off."""

    store: Code
    opens: time | None = None
    closes: time | None = None
    closed: tuple[Weekday, ...] = ()
    holidays: tuple[date, ...] = ()


class CannedAnswer(Named):
    """An answer staff send with one tap; `name` is what the button says."""

    words: Words


def _named(code: str, hans: str, hant: str, en: str) -> Named:
    return Named(code=code, name=Words(zh_Hans=hans, zh_Hant=hant, en=en))


def _severity(code: str, words: tuple[str, str, str], answer_hours: int, resolve_hours: int) -> Severity:
    name = Words(zh_Hans=words[0], zh_Hant=words[1], en=words[2])
    return Severity(code=code, name=name, answer_hours=answer_hours, resolve_hours=resolve_hours)


class Service(Section):
    """How complaints, suggestions and praise are dealt with. Severities stand mildest first.

    `warn_percent`: when so much of a service time has passed, the holder is reminded. A solution nobody confirms is
    asked about again after `remind_days`, and closed after `close_days`. What one person may give for one case alone is
    points, `clerk_points` for a clerk, as many as they may adjust for managers; or one of `coupons`, for a clerk one of
    `clerk_coupons`. For more, a manager is asked.
    """

    severities: tuple[Severity, ...] = Field(
        default=(
            _severity("low", ("不急", "不急", "Minor"), 16, 80),
            _severity("normal", ("普通", "普通", "Normal"), 8, 40),
            _severity("urgent", ("紧急", "緊急", "Urgent"), 2, 8),
        ),
        min_length=1,
    )
    categories: tuple[Named, ...] = Field(
        default=(
            _named("service", "服务态度", "服務態度", "Service"),
            _named("goods", "商品质量", "商品品質", "Goods"),
            _named("price", "价格与结账", "價格與結帳", "Prices and checkout"),
            _named("points", "积分与优惠", "積分與優惠", "Points and offers"),
            _named("store", "门店环境", "門市環境", "The store"),
            _named("other", "其他", "其他", "Something else"),
        ),
        min_length=1,
    )
    answers: tuple[CannedAnswer, ...] = ()
    store_hours: tuple[StoreHours, ...] = ()
    holidays: tuple[date, ...] = ()
    warn_percent: int = Field(default=75, ge=1, le=99)
    remind_days: int = Field(default=2, ge=1, le=60)
    close_days: int = Field(default=5, ge=1, le=90)
    clerk_points: Points = 50
    coupons: tuple[Code, ...] = ()
    clerk_coupons: tuple[Code, ...] = ()
    everywhere: bool = False  # clerks see all stores' cases

    def severity(self, code: str) -> Severity:
        """The severity with this code; the middle one if a newer charter dropped it."""
        middle = self.severities[len(self.severities) // 2]
        return next((severity for severity in self.severities if severity.code == code), middle)

    def category(self, code: str) -> Named:
        """The category with this code; the last one if a newer charter dropped it."""
        return next((category for category in self.categories if category.code == code), self.categories[-1])
