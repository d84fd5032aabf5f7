"""Telephone numbers in E.164: '+', country code, number, without blanks.

Source: ITU-T E.164 (at most 15 digits) and the numbering plan of mainland China. A number without a country
code is read as Chinese: a mobile of 11 digits, or a landline with its area code. What fits neither stays as
received, extensions included: two desks of one company are two numbers. A masked number (138****1234) may
be anybody's and is never kept.
"""

from __future__ import annotations

from keguan.engine.literals import literal
from keguan.quality.lookup import as_received, narrow_sql

_PLAIN_MOBILE = "1[3-9][0-9]{9}"
_MASK = "*＊•●×✱"
_MASKED = rf"[{_MASK}]{{2,}}|[0-9]-?[xX#]{{3,}}|[xX#]{{3,}}-?[0-9]"

# Blanks, hyphens, dashes and brackets between the digits become one blank; '(0)' abroad is not dialled.
_SEPARATORS = r"[\s()\[\]\-‐‑‒–—]+"
_TRUNK = r"^((?:\+|00) ?[1-9][0-9]{0,2}[ \-]?)\(0\)"

# After +86 or 0086 the grouping says nothing; a 0 before the area code is a habit of dialling at home.
_MOBILE = "1 ?[3-9](?: ?[0-9]){9}"
_LANDLINE = "(?:1 ?0|2 ?[0-57-9]) ?[1-9](?: ?[0-9]){7}|[3-9](?: ?[0-9]){2} ?[1-9](?: ?[0-9]){6,7}"
_FROM_ABROAD = rf"^(?:\+|00) ?8 ?6(?: ?0)? ?({_MOBILE}|{_LANDLINE})$"
# At home the groups must be those of a Chinese number: '1 415 555 2671' is none.
_HOME_MOBILE = "^(?:86 ?)?0?(1[3-9][0-9](?: ?[0-9]){8})$"
_HOME_LANDLINE = (
    "^(?:86 0?|0)((?:10|2[0-57-9]) ?[1-9][0-9]{3} ?[0-9]{4}|[3-9][0-9]{2} ?[1-9][0-9]{2,3} ?[0-9]{4})$"
)
_E164 = r"^\+[1-9](?: ?[0-9]){7,14}$"
_FOREIGN = r"^(?:\+|00) ?([1-9](?: ?[0-9]){7,14})$"


def phone_sql(column: str) -> str:
    """SQL: the number in E.164 ('+8613800138000'); a text that is no such number as received; NULL when it
    is blank or masked."""
    spaced = f"regexp_replace({narrow_sql(column)}, {literal(_TRUNK)}, '\\1 ')"
    number = f"trim(regexp_replace({spaced}, {literal(_SEPARATORS)}, ' ', 'g'))"
    # Each step rewrites a number of its form whole and lets all else pass.
    for form, code in ((_FROM_ABROAD, "86"), (_HOME_MOBILE, "86"), (_HOME_LANDLINE, "86"), (_FOREIGN, "")):
        number = f"regexp_replace({number}, {literal(form)}, '+{code}\\1')"
    return f"""CASE
  WHEN regexp_full_match({column}, {literal(_PLAIN_MOBILE)}) THEN '+86' || {column}
  WHEN regexp_matches({column}, {literal(_MASKED)}) THEN NULL
  ELSE coalesce(nullif(replace(regexp_extract({number}, {literal(_E164)}), ' ', ''), ''), {as_received(column)})
END"""
