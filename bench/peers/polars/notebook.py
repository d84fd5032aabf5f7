"""overview, RFM, ABC and cohorts as one would write them by hand in Polars.

python bench/peers/polars/notebook.py LINES.parquet
"""

import sys

import polars as pl

lines = (
    pl.scan_parquet(sys.argv[1])
    .filter(pl.col("customer_id").is_not_null())
    .select(
        "customer_id",
        "order_id",
        at=pl.col("ordered_at").str.to_datetime("%Y-%m-%d %H:%M:%S"),
        quantity=pl.col("quantity").cast(pl.Float64),
        amount=pl.col("quantity").cast(pl.Float64) * pl.col("unit_price").cast(pl.Float64),
    )
    .with_columns(month=pl.col("at").dt.truncate("1mo"))
)
sales = lines.filter(pl.col("quantity") > 0)
print(
    sales.select(
        pl.col("customer_id").n_unique(), pl.col("order_id").n_unique(), pl.col("amount").sum()
    ).collect()
)
monthly = lines.group_by("month").agg(
    orders=pl.col("order_id").n_unique(),
    customers=pl.col("customer_id").n_unique(),
    net=pl.col("amount").sum(),
)
print(monthly.collect().height)

last = lines.select(pl.col("at").max()).collect().item()
rfm = (
    lines.filter(pl.col("at") >= pl.lit(last).dt.offset_by("-12mo"))
    .group_by("customer_id")
    .agg(r=pl.col("at").max(), f=pl.col("order_id").n_unique(), m=pl.col("amount").sum())
    .collect()
)
high = rfm.with_columns(
    hr=pl.col("r") >= pl.col("r").median(),
    hf=pl.col("f") >= pl.col("f").median(),
    hm=pl.col("m") >= pl.col("m").median(),
)
print(high.group_by("hr", "hf", "hm").agg(pl.len(), pl.col("m").sum()))

spend = rfm.select("m").filter(pl.col("m") > 0).sort("m", descending=True)
before = (pl.col("m").cum_sum() - pl.col("m")) / pl.col("m").sum()
print(
    spend.select(
        k=pl.when(before < 0.7).then(pl.lit("A")).when(before < 0.9).then(pl.lit("B")).otherwise(pl.lit("C"))
    )
    .group_by("k")
    .len()
)

active = sales.select("customer_id", "month").unique()
first = active.group_by("customer_id").agg(cohort=pl.col("month").min())
grid = active.join(first, on="customer_id").group_by("cohort", "month").len()
print(grid.collect().height)
