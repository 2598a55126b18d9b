"""Chinese and what is filled into it."""

import pytest

from bot.spacing import fit, mark


@pytest.mark.parametrize(
    ("translation", "filled", "shown"),
    [
        ("请在 %(it)s前领取", "3月3日 22:00", "请在 3月3日 22:00 前领取"),
        ("请在 %(it)s 前领取", "2026年12月31日", "请在 2026年12月31日前领取"),
        ("%(it)s现有 0 件", "Lotus Café", "Lotus Café 现有 0 件"),
        ("%(it)s现有 0 件", "西门店", "西门店现有 0 件"),
        ("这是 %(it)s 的", "小芳", "这是小芳的"),
        ("您有<b>%(it)s</b>可用", "<i>9</i>", "您有 <b><i>9</i></b> 可用"),
        ("您有 <b>%(it)s</b> 可用", "九分", "您有<b>九分</b>可用"),
        ("%(it)s，您好", "Ann", "Ann，您好"),
        ("在%(it)s消费", "「西门店」", "在「西门店」消费"),
        ("%(it)s到期", "", "到期"),
        ("到期%(it)s", "", "到期"),
        ("%(it)s年五月", "1990", "1990年五月"),
        ("%(it)s left", "西门", "西门 left"),
    ],
)
def test_a_seam_is_open_beside_latin_and_closed_beside_chinese(translation: str, filled: str, shown: str) -> None:
    assert fit(mark(translation) % {"it": filled}) == shown
