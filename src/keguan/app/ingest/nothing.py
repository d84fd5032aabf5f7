"""The error of an import of which no row can be used: which rule took most rows, and where to look first."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from keguan.app.ingest.report import FileReport
from keguan.core.errors import InputError, Where
from keguan.core.text import Text
from keguan.quality.judge import RULES
from keguan.schema.vocabulary import shown


def nothing_landed(connection: duckdb.DuckDBPyConnection, reports: Sequence[FileReport]) -> InputError:
    """Every row went to quarantine, or there is none: nothing is committed."""
    received = sum(report.received for report in reports)
    if not received:
        return InputError(
            Text("文件里没有数据行，只有表头", "The file holds a header and no rows of data"),
            Where(file=", ".join(report.file for report in reports[:5])),
            found="0",
            do=Text(
                "检查导出时的筛选条件，重新导出；如果第一行就是数据，加上 --no-header",
                "check the filter of the export and export again; if the first row is data, give --no-header",
            ),
        )
    rule, column, rows, load_id, row, found = connection.execute(
        "SELECT rule, column_name, count(*) AS n, arg_min(load_id, (load_id, source_row)), "
        "arg_min(source_row, (load_id, source_row)), arg_min(found, (load_id, source_row)) "
        "FROM batch_quarantine GROUP BY ALL ORDER BY n DESC, rule, column_name LIMIT 1"
    ).fetchall()[0]
    file = connection.execute("SELECT file FROM batch_loads WHERE load_id = ?", [load_id]).fetchall()[0][0]
    what = RULES[rule]
    named = (
        [f"（{shown(column, 'column', 'zh')}）", f" ({shown(column, 'column', 'en')})"]
        if column
        else ["", ""]
    )
    return InputError(
        Text(
            f"没有一行可以使用, 工作区保持原样：收到 {received:,} 行，其中 {rows:,} 行{what.zh}{named[0]}",
            f"Not one row can be used; the workspace is as it was. Of {received:,} rows received, {rows:,}: "
            f"{what.en[:1].lower()}{what.en[1:]}{named[1]}",
        ),
        Where(file=file, row=row),
        found=found or f"{rows:,} / {received:,}",
        do=Text(
            "运行 keguan import --dry-run 查看各列的识别结果, 用 --map 指明列的含义",
            "run keguan import --dry-run to see how columns were understood, and name them with --map",
        ),
    )
