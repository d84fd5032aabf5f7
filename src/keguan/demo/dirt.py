"""What goes wrong in a real export: cells written oddly, lines twice, test orders, unusable rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from keguan.demo.order_rows import ORDER_HEADERS, OrderRows
from keguan.demo.sampling import Ints

FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")
QUANTITY, PRICE, TIME = "数量", "单价(元)", "下单时间"
BREAKS: tuple[tuple[str, str | None], ...] = (  # None: the value with a minus sign
    (TIME, "2025-02-30 10:21:00"), (QUANTITY, "abc"), (PRICE, None), (TIME, ""), (PRICE, "暂无"),
    (QUANTITY, "#N/A"), (TIME, "2026-13-05 09:12:44"), (PRICE, None), (TIME, "0000-00-00 00:00:00"),
    (QUANTITY, "1O"),
)  # fmt: skip
BROKEN_ROWS, ODD_CELLS, REPEATED_LINES, TEST_LINES = 20, 40, 120, 12  # at scale 1
ODD_FORMS: tuple[tuple[str, Callable[[str], str]], ...] = (
    (QUANTITY, lambda text: text.translate(FULL_WIDTH)),
    (PRICE, lambda text: text.translate(FULL_WIDTH)),
    ("客户编号", lambda text: f" {text} " if text else ""),
    ("渠道", lambda text: f"{text}\u3000"),
    (PRICE, lambda text: f"¥{text}"),
    ("实付金额(元)", lambda text: f"{float(text):,.2f}"),
    ("收货城市", lambda text: ""),
)
TEST_CELLS = {
    "客户编号": "TEST01", "商品编号": "TEST0001", "商品名称": "测试商品（请勿发货）", "一级类目": "",
    "二级类目": "", "三级类目": "", "品牌": "", "数量": "1", "单价(元)": "0.01", "优惠金额(元)": "0.00",
    "实付金额(元)": "0.01", "成本(元)": "0.00",
}  # fmt: skip


@dataclass(frozen=True)
class Damage:
    """The rows as the shop would export them, and how many of each kind were planted."""

    cells: npt.NDArray[np.object_]
    broken: int
    odd: int
    repeated: int
    tests: int


def spoil(rng: np.random.Generator, rows: OrderRows, scale: float) -> Damage:
    """Damage only lines that are sold and stay sold, so that no return loses its order."""
    wanted = [_planted(number, scale) for number in (BROKEN_ROWS, ODD_CELLS, REPEATED_LINES, TEST_LINES)]
    wanted[1] *= len(ODD_FORMS)
    plain = rng.permutation(np.flatnonzero(rows.plain))[: sum(wanted)]
    broken, odd, repeated, tests = np.split(plain, np.cumsum(wanted)[:-1])
    cells = rows.cells.copy()
    _break(cells, broken)
    _write_oddly(cells, odd)
    cells = _insert(cells, np.concatenate([repeated, tests]), _test_orders(cells, tests), len(repeated))
    return Damage(cells, len(broken), len(odd), len(repeated), len(tests))


def _planted(number: int, scale: float) -> int:
    """A share of the full shop's number, but at least two so that a small shop shows the same faults."""
    return max(2, round(number * scale))


def _break(cells: npt.NDArray[np.object_], rows: Ints) -> None:
    for place, row in enumerate(rows):
        header, text = BREAKS[place % len(BREAKS)]
        column = ORDER_HEADERS.index(header)
        cells[row, column] = f"-{cells[row, column]}" if text is None else text


def _write_oddly(cells: npt.NDArray[np.object_], rows: Ints) -> None:
    for place, row in enumerate(rows):
        header, form = ODD_FORMS[place % len(ODD_FORMS)]
        column = ORDER_HEADERS.index(header)
        cells[row, column] = form(str(cells[row, column]))


def _test_orders(cells: npt.NDArray[np.object_], rows: Ints) -> npt.NDArray[np.object_]:
    """Orders that staff placed to try the shop, at the time of some real order."""
    tests = cells[rows].copy()
    for header, text in TEST_CELLS.items():
        tests[:, ORDER_HEADERS.index(header)] = text
    tests[:, 0] = [f"TEST{number:06d}" for number in range(1, len(rows) + 1)]
    return tests


def _insert(
    cells: npt.NDArray[np.object_], after: Ints, tests: npt.NDArray[np.object_], repeated: int
) -> npt.NDArray[np.object_]:
    """Repeated lines stand right behind themselves, test orders behind the order whose time they share."""
    added = np.concatenate([cells[after[:repeated]], tests])
    return np.insert(cells, after + 1, added, axis=0)
