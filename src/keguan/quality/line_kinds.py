"""What a line is: a product, or postage, a fee, a discount, an adjustment, a manual entry.

Decided per product, from its code and its usual name. A name that is nothing but such a term (运费, Postage)
decides at once. Else a code that looks like a product's makes a product, whatever words the name holds
('POSTAGE STAMP LETTER RACK' is a rack); only odd codes, or no code, are held against the wider terms.
"""

from __future__ import annotations

from collections.abc import Mapping

# Regular expressions over the trimmed lower-case code or name; the whole text must match.
TERMS: Mapping[str, str] = {
    "shipping": r"(post|dot|c2|postage.*|.*\bpostage|carriage.*|shipping.*|freight.*|delivery( fee| charge)?"
    r"|运费.*|邮费.*|快递费.*|配送费.*|物流费.*)",
    "discount": r"(d|discount.*|coupon.*|折扣.*|优惠.*|满减.*|抵扣.*|返利.*)",
    "adjustment": r"(b|adjust.*|bad ?debt.*|correction.*|rounding.*|调整.*|冲账.*|坏账.*|抹零.*|补差.*|差价.*)",
    "fee": r"(.*\bfee|bank charges?|.*\bcommission|service charge.*|手续费.*|服务费.*|包装费.*|平台佣金.*|佣金.*)",
    "manual": r"(m|manual.*|samples?|s|手工.*|手动.*|样品.*)",
}


# Names that mean nothing else, whatever the code.
NAMES: Mapping[str, tuple[str, ...]] = {
    "shipping": (
        "运费",
        "邮费",
        "快递费",
        "配送费",
        "物流费",
        "postage",
        "dotcom postage",
        "carriage",
        "shipping",
        "freight",
    ),
    "discount": ("折扣", "优惠", "满减", "优惠券", "discount"),
    "adjustment": ("补差价", "差价", "补差", "调整", "抹零", "adjustment", "adjust bad debt"),
    "fee": ("手续费", "服务费", "包装费", "佣金", "bank charges", "amazon fee"),
    "manual": ("手工", "手工录入", "样品", "manual", "samples"),
}


def line_kind_sql(code: str = "product_id", name: str = "name") -> str:
    """SQL: the kind of a product by code and usual name; 'product' when nothing speaks against it."""
    cases = "\n".join(
        f"    WHEN regexp_full_match(lower(trim({code})), '{term}')"
        f" OR regexp_full_match(lower(trim({name})), '{term}') THEN '{kind}'"
        for kind, term in TERMS.items()
    )
    exact = "\n".join(
        f"    WHEN lower(trim({name})) IN ({', '.join(repr(term) for term in terms)}) THEN '{kind}'"
        for kind, terms in NAMES.items()
    )
    looks_usual = f"{code} IS NOT NULL AND regexp_matches({code}, '[0-9]{{3}}')"
    return f"CASE\n{exact}\n    WHEN {looks_usual} THEN 'product'\n{cases}\n    ELSE 'product' END"
