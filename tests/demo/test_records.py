"""The record files of the demo shop: which there are, that each is known for what it is, and that no row is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from keguan.app.ingest import ImportOptions, ingest
from keguan.demo import ShopFiles, write_shop
from keguan.store.workspace import Store

ENTITIES = {
    "行为日志.csv": "events", "满意度问卷.csv": "feedback", "商品评价.csv": "feedback", "投诉工单.csv": "feedback",
    "咨询建议.csv": "feedback", "访谈记录.csv": "feedback", "触达记录.csv": "contacts", "营销活动.xlsx": "campaigns",
    "活动名单.csv": "campaign_members", "授权.csv": "consents", "投放.csv": "spend", "社交指标.csv": "social_metrics",
    "服务成本.csv": "costs", "线索.csv": "leads", "联系人.csv": "contact_persons", "回款.csv": "payments",
    "销售目标.csv": "targets", "行业参考区间.csv": "benchmarks", "市场动态.csv": "external_labels",
    "商品资料.csv": "products", "客户偏好.csv": "customers",
}  # fmt: skip
SIZES = {  # rows at scale 1
    "行为日志.csv": 60_000, "满意度问卷.csv": 12_000, "商品评价.csv": 5_000, "投诉工单.csv": 1_500, "咨询建议.csv": 900,
    "触达记录.csv": 37_000, "活动名单.csv": 6_200, "线索.csv": 1_200,
}  # fmt: skip


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> ShopFiles:
    return write_shop(tmp_path_factory.mktemp("records"), scale=0.1)


def test_the_files_and_their_sizes(shop: ShopFiles) -> None:
    rows = {record.path.name: record.rows for record in shop.records}
    assert set(rows) == set(ENTITIES)
    for name, wanted in SIZES.items():
        assert rows[name] == pytest.approx(wanted / 10, rel=0.08), name
    assert len(shop.paths) == len(set(shop.paths)) == len(ENTITIES) + 2
    assert all(path.exists() for path in shop.paths)


def test_each_file_is_known_and_its_faults_are_those_planted(shop: ShopFiles, tmp_path: Path) -> None:
    store = Store.init(tmp_path / "w", 'name = "示例"\ntimezone = "Asia/Shanghai"\n')
    report = ingest(store, [str(path) for path in shop.paths], ImportOptions())
    loads = {load.file.split("#")[0]: load for load in report.files}
    for record in shop.records:
        load = loads[record.path.name]
        assert load.entity == ENTITIES[record.path.name]
        assert load.received == record.rows
        assert load.quarantined == record.broken + record.totals, record
        again = 0 if load.entity == "customers" else record.repeated
        assert load.superseded + load.dropped == again, record
        assert load.clean == record.rows - record.broken - record.totals - again


def test_files_have_the_encodings_that_real_ones_have(shop: ShopFiles) -> None:
    heads = {record.path.name: record.path.read_bytes()[:3] for record in shop.records}
    assert sum(head == b"\xef\xbb\xbf" for head in heads.values()) > 5
    assert heads["营销活动.xlsx"][:2] == b"PK"
    for name in (
        "满意度问卷.csv",
        "投诉工单.csv",
        "触达记录.csv",
        "投放.csv",
        "回款.csv",
        "联系人.csv",
        "商品资料.csv",
    ):
        path = next(record.path for record in shop.records if record.path.name == name)
        with pytest.raises(UnicodeDecodeError):
            path.read_bytes().decode()
        assert path.read_bytes().decode("gb18030").split(",")[0]


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two = (write_shop(tmp_path / name, scale=0.01) for name in "ab")
    for first, second in zip(one.paths, two.paths, strict=True):
        assert first.read_bytes() == second.read_bytes(), first.name
    assert [(r.rows, r.broken, r.repeated, r.totals) for r in one.records] == [
        (r.rows, r.broken, r.repeated, r.totals) for r in two.records
    ]


def test_the_smallest_shop_has_all_files_too(tmp_path: Path) -> None:
    files = write_shop(tmp_path, scale=1e-6)
    assert {record.path.name for record in files.records} == set(ENTITIES)
    assert all(record.rows > 0 for record in files.records)


def test_nothing_happens_after_the_close(shop: ShopFiles) -> None:
    for name, column in (("行为日志.csv", 3), ("咨询建议.csv", 9), ("触达记录.csv", 2)):
        path = next(record.path for record in shop.records if record.path.name == name)
        text = path.read_bytes()
        lines = text.decode("gb18030" if name == "触达记录.csv" else "utf-8-sig").splitlines()[1:]
        times = [line.split(",")[column] for line in lines]
        assert max(time for time in times if time[:4].isdigit() and time < "2026-13") <= "2026-10-31 23:59:59"


def test_products_are_launched_before_they_are_sold(shop: ShopFiles) -> None:
    path = next(record.path for record in shop.records if record.path.name == "商品资料.csv")
    launched = {
        row.split(",")[0]: row.split(",")[6] for row in path.read_bytes().decode("gb18030").splitlines()[1:]
    }
    assert sum(day > "2024-11-01" for day in launched.values()) > 60
    for line in shop.orders.read_bytes().decode("gb18030").splitlines()[1:]:
        cells = line.split(",")
        if cells[7] in launched and cells[1][:3] == "202" and cells[1][5:7] <= "12" and not cells[19]:
            assert launched[cells[7]] <= cells[1][:10]
