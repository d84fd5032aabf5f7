"""What will present customers still bring, and how sure is that?

Method: BG/NBD, MBG/NBD and Pareto/NBD by maximum likelihood on histories counted once; the one with the smallest
mean Poisson deviance in a hold-out is used, or a simple rule where no model beats it. Spend a purchase: Gamma-Gamma,
or the empirical-Bayes mean. Value is discounted over 12 and 36 months, on margin where cost is known.

Sources: Fader, Hardie and Lee (2005); Batislam, Denizel and Filiztekin (2007); Schmittlein, Morrison and Colombo
(1987); Fader and Hardie (2013) on Gamma-Gamma; Bühlmann and Straub (1970).
"""

from __future__ import annotations

from keguan.analysis import Analysis, Inputs
from keguan.core.text import Text
from keguan.models.clv.claims import TEXT
from keguan.models.clv.params import Params
from keguan.result import Result


def run(inputs: Inputs, params: Params) -> Result:
    """Tables: parameters, fit, backtest, deciles, cohorts, tracking, settings, score_parameters, groups; relation clv."""
    from keguan.models.clv.story import run as told  # numpy and scipy, when they are needed

    return told(inputs, params)


ANALYSIS = Analysis(
    name="clv",
    title=Text("客户生命周期价值", "Customer lifetime value"),
    question=Text(
        "现有客户未来还会带来多少价值，把握有多大？",
        "What will present customers still bring, and how sure is that?",
    ),
    section="value",
    params=Params,
    run=run,
    text=TEXT,
    reads=("purchases", "customer_facts", "order_lines"),
    uses=("business_kind", "rfm"),
    order=60,
)
