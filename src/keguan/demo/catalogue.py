"""The products of the demo shop: numbers, names, three category levels, prices, costs and popularity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from keguan.demo.sampling import Floats, Ints, Words, words
from keguan.demo.season import MONTHS, day_index
from keguan.demo.shelves import DEPARTMENTS, Shelf

SEASONS: dict[str, tuple[float, ...]] = {  # weight of January .. December
    "": (1.0,) * 12,
    "summer": (0.3, 0.3, 0.5, 0.9, 1.5, 2.0, 2.3, 1.9, 1.0, 0.5, 0.3, 0.3),
    "winter": (2.0, 1.3, 0.7, 0.4, 0.3, 0.3, 0.3, 0.3, 0.6, 1.3, 2.1, 2.3),
    "gift": (2.2, 1.1, 0.7, 0.7, 0.9, 1.1, 0.7, 0.9, 2.1, 0.8, 1.0, 1.2),
    "school": (0.7, 1.4, 1.2, 0.8, 0.8, 0.8, 0.9, 1.9, 1.8, 0.8, 0.8, 0.7),
}
PRICE_RISE_DAY = day_index(date(2026, 1, 1))
SHARE_LAUNCHED_LATER = 0.18
ARTICLES_PER_SHELF = (8, 12)  # drawn from lowest to highest, inclusive


@dataclass(frozen=True)
class Catalogue:
    """One entry per product in each array; prices and costs in cents, `later_price` from 2026 on."""

    product_id: Words
    name: Words
    department: Ints
    second: Words
    third: Words
    brand: Words
    price: Ints
    later_price: Ints
    cost: Ints
    weights: Floats  # (months, kinds: person 0 and company 1, products)

    def __len__(self) -> int:
        return len(self.product_id)

    def price_on(self, product: Ints, day: Ints) -> Ints:
        """Unit price in cents on the day of sale."""
        return np.where(day >= PRICE_RISE_DAY, self.later_price[product], self.price[product])


def make_catalogue(rng: np.random.Generator) -> Catalogue:
    """The whole assortment; its size does not depend on the size of the shop."""
    articles = [
        article
        for number, department in enumerate(DEPARTMENTS)
        for place in range(len(department.shelves))
        for article in _articles(rng, number, place)
    ]
    department_of: Ints = np.array([article.department for article in articles], dtype=np.int64)
    shelves = [DEPARTMENTS[article.department].shelves[article.shelf] for article in articles]
    price = _prices(rng, articles, shelves)
    cost_share = np.array([DEPARTMENTS[d].cost for d in department_of])
    drawn = cost_share[:, 0] + rng.random(len(price)) * (cost_share[:, 1] - cost_share[:, 0])
    rise = np.where(rng.random(len(price)) < 0.35, 1.05, 1.0)
    return Catalogue(
        product_id=words(
            [
                f"SP{article.department + 1:02d}{article.shelf + 1:02d}{number:04d}"
                for number, article in enumerate(articles, start=1)
            ]
        ),
        name=words([article.name for article in articles]),
        department=department_of,
        second=words([shelf[0] for shelf in shelves]),
        third=words([shelf[1] for shelf in shelves]),
        brand=words([article.brand for article in articles]),
        price=price,
        later_price=_retail_ending(price * rise / 100),
        cost=np.rint(price * drawn).astype(np.int64),
        weights=_weights(rng, department_of, shelves, price),
    )


@dataclass(frozen=True, slots=True)
class _Article:
    department: int
    shelf: int
    name: str
    brand: str
    line: str  # brand and article: its variants share a price level
    step: float  # 0..1: how large the variant is among those of its line


def _articles(rng: np.random.Generator, department: int, shelf: int) -> list[_Article]:
    """Different articles of one shelf; sizes (1.2L, 1.5L) rise in price, colours do not."""
    _, _, nouns, variants, _, _, _ = DEPARTMENTS[department].shelves[shelf]
    sizes = any(letter.isdigit() for letter in variants)
    names = [
        _Article(department, shelf, f"{brand} {noun} {variant}", brand, f"{brand} {noun}", sizes * place / 2)
        for brand in DEPARTMENTS[department].brands
        for noun in nouns.split()
        for place, variant in enumerate(variants.split())
    ]
    count = int(rng.integers(ARTICLES_PER_SHELF[0], ARTICLES_PER_SHELF[1] + 1))
    return [names[place] for place in np.sort(rng.permutation(len(names))[:count])]


def _prices(rng: np.random.Generator, articles: list[_Article], shelves: list[Shelf]) -> Ints:
    """Between the lowest and highest price of the shelf: by the level of the line and the size."""
    low = np.array([shelf[4] for shelf in shelves], dtype=np.float64)
    high = np.array([shelf[5] for shelf in shelves], dtype=np.float64)
    _, line = np.unique([article.line for article in articles], return_inverse=True)
    level = rng.beta(1.6, 2.2, size=len(articles))[line]
    place = 0.6 * level + 0.4 * np.array([article.step for article in articles])
    return _retail_ending(low * (high / low) ** place)


def _retail_ending(yuan: Floats) -> Ints:
    """Prices as shops print them, in cents: 9.90 and 45.90 below 50 yuan, 129.00 above."""
    small = np.floor(yuan) * 100 + 90
    large = np.maximum(np.rint(yuan / 10) * 10 - 1, 49) * 100
    return np.where(yuan < 50, small, large).astype(np.int64)


def _weights(rng: np.random.Generator, department: Ints, shelves: list[Shelf], price: Ints) -> Floats:
    """Demand per month of the period, kind of customer and product; 0 before a product is launched."""
    size = len(price)
    popularity = rng.lognormal(0.0, 0.95, size=size) * (price / 5_000.0) ** -0.15
    launch = np.where(rng.random(size) < SHARE_LAUNCHED_LATER, rng.integers(2, MONTHS - 3, size=size), 0)
    on_shelf = np.bincount(department, minlength=len(DEPARTMENTS))
    weights = np.zeros((MONTHS, 2, size))
    for month in range(MONTHS):
        season = np.array([SEASONS[shelf[6]][(month + 10) % 12] for shelf in shelves])
        for kind in (0, 1):
            demand = np.array([(d.persons, d.companies)[kind] for d in DEPARTMENTS])
            share = (demand / on_shelf)[department]
            weights[month, kind] = share * popularity * season * (launch <= month)
    return weights
