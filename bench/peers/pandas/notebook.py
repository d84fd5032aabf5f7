"""overview, RFM, ABC and cohorts as the usual pandas notebook computes them.

python bench/pandas_notebook.py LINES.parquet
"""

import sys

import pandas as pd

df = pd.read_parquet(sys.argv[1])
df["ordered_at"] = pd.to_datetime(df["ordered_at"])
df["quantity"] = df["quantity"].astype(float)
df["unit_price"] = df["unit_price"].astype(float)
df["amount"] = df["quantity"] * df["unit_price"]
df = df[df["customer_id"].notna()]
sales = df[df["quantity"] > 0]
print(df["customer_id"].nunique(), sales["order_id"].nunique(), sales["amount"].sum())
df["month"] = df["ordered_at"].dt.to_period("M")
monthly = df.groupby("month").agg(
    orders=("order_id", "nunique"), customers=("customer_id", "nunique"), net=("amount", "sum")
)
print(len(monthly))

last = df["ordered_at"].max()
window = df[df["ordered_at"] >= last - pd.DateOffset(months=12)]
rfm = window.groupby("customer_id").agg(
    r=("ordered_at", "max"), f=("order_id", "nunique"), m=("amount", "sum")
)
high = rfm >= rfm.median()
print(
    rfm.assign(k=high["r"].astype(str) + high["f"].astype(str) + high["m"].astype(str))
    .groupby("k")["m"]
    .agg(["size", "sum"])
)

spend = rfm["m"][rfm["m"] > 0].sort_values(ascending=False)
before = (spend.cumsum() - spend) / spend.sum()
print(pd.cut(before, [-1, 0.7, 0.9, 1.1], right=False, labels=["A", "B", "C"]).value_counts())

sales = df[df["quantity"] > 0].copy()
sales["cohort"] = sales.groupby("customer_id")["month"].transform("min")
sales["age"] = (sales["month"].dt.year - sales["cohort"].dt.year) * 12 + (
    sales["month"].dt.month - sales["cohort"].dt.month
)
print(sales.groupby(["cohort", "age"])["customer_id"].nunique().unstack().shape)
