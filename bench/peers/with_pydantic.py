"""pydantic, row by row. The key and the foreign key are sets of Python; rules of a row are asked where its cells are sound."""

import csv
import datetime as dt
import re
from collections.abc import Iterator
from typing import Annotated, Any

import common
from pydantic import BaseModel, Field, ValidationError, create_model, field_validator, model_validator

KNOWN = frozenset(common.COUNTRIES)
BAD = re.compile(f"(?P<formula>{common.FORMULA})|(?P<untidy>{common.UNTIDY})")


def field(name: str) -> tuple[Any, Any]:
    """A column: its type, and that it is required."""
    if name in common.TEXTS:
        return Annotated[str, Field(min_length=1, max_length=common.LONGEST)], ...
    if name in common.DAYS:
        return Annotated[dt.date, Field(ge=dt.date.fromisoformat(common.FIRST_DAY))], ...
    low, high = common.RANGES[name]
    return Annotated[float if name in common.REALS else int, Field(ge=low, le=high)], ...


class Rules(BaseModel):
    """What holds for a row; all that fail are named."""

    @field_validator(*common.TEXTS, check_fields=False)
    @classmethod
    def tidy(cls, text: str) -> str:
        if hit := BAD.search(text):
            raise ValueError(hit.lastgroup)
        return text

    @field_validator("country_id", check_fields=False)
    @classmethod
    def resolves(cls, country: int) -> int:
        if country not in KNOWN:
            raise ValueError("country-id-resolves")
        return country

    @model_validator(mode="after")
    def hold(self: Any) -> Any:
        days = (self.date_end - self.date_start).days
        least, most = common.SPANS[self.date_prec]
        cell = (self.latitude + 90) * 2 // 1 * 720 + (self.longitude + 180) * 2 // 1 + 1
        deaths = self.deaths_a + self.deaths_b + self.deaths_civilians + self.deaths_unknown
        said = {
            "parts-make-best": deaths == self.best,
            "low-not-above-best": self.low <= self.best,
            "best-not-above-high": self.best <= self.high,
            "dates-in-order": days >= 0,
            "span-fits-precision": days < 0 or least <= days <= most,
            "year-of-dates": self.date_end.year == self.year,
            "grid-of-point": cell == self.priogrid_gid,
            "sides-differ": self.side_a != self.side_b,
            "point-not-zero": not (self.latitude == 0 and self.longitude == 0),
            "civilians-are-hit": not (self.type_of_violence == 3 and self.deaths_a > 1000),
        }
        if failed := [rule for rule, holds in said.items() if not holds]:
            raise ValueError(" ".join(failed))
        return self


Row = create_model("Row", __base__=Rules, **{name: field(name) for name in common.COLUMNS})


def rows(path: str) -> Iterator[dict[str, Any]]:
    """The rows, as dictionaries."""
    if common.is_csv(path):
        with open(path, newline="", encoding="utf-8") as file:
            yield from csv.DictReader(file)
        return
    import pyarrow.parquet as pq

    for batch in pq.ParquetFile(path).iter_batches(100_000):
        yield from batch.to_pylist()


found = dict.fromkeys(common.RULES, 0)
seen: set[Any] = set()
for row in rows(common.file()):
    if row["id"] in seen:
        found["key-unique"] += 1
    seen.add(row["id"])
    try:
        Row.model_validate(row)
    except ValidationError as fault:
        for error in fault.errors():
            named = error["msg"].removeprefix("Value error, ").split()
            for rule in named if error["type"] == "value_error" else ["range"]:
                found[rule] += 1
common.answer(found, "the key, which is a set of Python")
