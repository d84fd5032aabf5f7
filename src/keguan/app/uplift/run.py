"""The use case 'uplift' on a flat table: its Result, in the shape of every analysis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from keguan.analysis import Settings
from keguan.app.checking import checked
from keguan.app.flat_table import wrong
from keguan.app.result_rows import arrow
from keguan.app.uplift.reading import Flat, read
from keguan.app.uplift.request import Request
from keguan.core.text import Text
from keguan.models.uplift import ANALYSIS
from keguan.models.uplift.asked import Asked
from keguan.models.uplift.held_out import settled
from keguan.models.uplift.leaks import Judged, judged
from keguan.models.uplift.story import told
from keguan.result import Column, Note, Result, Table


def uplift(request: Request) -> Result:
    """UsageError, InputError as `read` says, and for a feature that was named and cannot have been known before."""
    flat = read(request)
    found = judged(flat.features, flat.columns, flat.treated, flat.outcome)
    _refuse(request, found)
    features = tuple(item.feature for item in found if item.verdict == "used")
    trial = settled(features, flat.columns, flat.treated, flat.outcome, request.probability)
    kind = "share" if set(flat.outcome.tolist()) <= {0.0, 1.0} else "number"
    asked = Asked(
        request.treatment.strip(), request.control.strip(), "share" if kind == "share" else "number",
        _make, Settings().min_n, request.probability,
    )  # fmt: skip
    result = told(trial, found, request.stakes, request.seed, asked).result
    made = replace(result, notes=(*_notes(request, flat), *result.notes), params=_params(request, features))
    return checked(made, ANALYSIS)


def _refuse(request: Request, found: Sequence[Judged]) -> None:
    """A feature that was asked for by name is not left out in silence; and many that differ mean no random arms."""
    unlike = [item.feature.name for item in found if item.verdict == "unbalanced"]
    leaks = [item.feature.name for item in found if item.verdict == "knows_outcome"]
    if request.features and (unlike or leaks):
        raise wrong("--feature", Text("这些列不可能是分组之前就知道的：它们含有结果，或在两组里不同（p < 0.001）",
            "these columns cannot have been known before the assignment: they know the outcome, or differ between the arms "
            "(p < 0.001)"), ", ".join([*leaks, *unlike]),
            Text("只用分组之前已知的列；若它们确实是事前的，则分组不是随机的，不能学习谁该接触",
                 "only columns known before; if they are, the arms were not drawn at random, and whom to contact cannot be "
                 "learned"), Text("去掉这些 --feature 后重试", "leave out these --feature and try again"),
            file=request.file)  # fmt: skip
    if len(unlike) >= 3 and 3 * len(unlike) > len(found):
        raise wrong("--arm", Text("两组的许多特征不同（p < 0.001），分组不是随机的", 
            "the arms differ in many features (p < 0.001): they were not drawn at random"), ", ".join(unlike),
            Text("随机分组的两个组", "two arms drawn at random"),
            Text("用随机分组的数据重试", "try again with arms that were drawn at random"), file=request.file)  # fmt: skip


def _make(
    id: str, title: Text, columns: Sequence[Column], key: tuple[str, ...], rows: Sequence[Mapping[str, Any]]
) -> Table:
    return Table(id, title, tuple(columns), arrow(rows, columns), key, method=f"models.uplift.tables.{id}")


def _params(request: Request, features: Sequence[Any]) -> dict[str, str | float | int | None]:
    names = (
        "arm",
        "treatment",
        "control",
        "metric",
        "margin",
        "contact_cost",
        "depth",
        "probability",
        "seed",
    )
    return {
        **{name: getattr(request, name) for name in names},
        "features": ", ".join(item.name for item in features),
    }


def _notes(request: Request, flat: Flat) -> Iterator[Note]:
    if flat.rejected:
        yield Note(Text(f"{flat.rejected:,} 行分不清单元格，没有计入",
                        f"{flat.rejected:,} rows could not be taken apart and are left out"), "warning")  # fmt: skip
    if flat.other_arms:
        yield Note(Text(f"{flat.other_arms:,} 行属于别的组或没有组别，没有计入",
                        f"{flat.other_arms:,} rows are of other arms or of none, and are left out"))  # fmt: skip
    if flat.no_outcome:
        yield Note(Text(f"{flat.no_outcome:,} 行没有 {request.metric} 的数值，没有计入；若缺失就是没有发生，请填 0 后重试",
                        f"{flat.no_outcome:,} rows have no value of {request.metric} and are left out; if missing means that it "
                        "did not happen, write 0 and try again"), "warning")  # fmt: skip
    if flat.sampled is not None:
        yield Note(Text(f"两组共 {flat.sampled:,} 行，用其中 {len(flat.treated):,} 行的样本学习",
                        f"Of {flat.sampled:,} rows of both arms a sample of {len(flat.treated):,} is used"))  # fmt: skip
