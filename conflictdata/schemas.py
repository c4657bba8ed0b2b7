"""The tables as pandera models with their rules: `conflictdata.schemas.Figures.validate(df)`.

A model here enforces every constraint of its columns and every rule that can be asked of the table
alone. Rules that need other tables (foreign keys, running tolls) are asked by `bound`, which is given
them, and by `conflictdata.validate`, which reads them. Warnings come as `pandera.errors.SchemaWarning`.
The findings in the table `flags` of the installed release are left out, for rows that equal the published ones.
"""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

import pandas as pd
import pandera.pandas as pa
import polars as pl
from pandera import errors

from conflictdata.rules import load_rules
from conflictdata.rules.base import Rule
from conflictdata.schema import tables as models
from conflictdata.schema.columns import list_column_kinds, list_key_columns, make_empty_frame, make_polars_schema
from conflictdata.schema.pandera_types import CellwiseSchema
from conflictdata.validation.evaluate import (
    RuleContext,
    evaluate_rules,
    explain,
    format_record_key,
    select_applicable_rules,
)
from conflictdata.validation.evaluate import format_message as message
from conflictdata.validation.published_flags import find_covered_records

Tables = Mapping[str, pl.DataFrame]

Told = dict[str, dict[str, str]]  # by rule, then by record that failed it: what is wrong

# What the rules said of the records during one validation: pandera's checks answer true or false, and no more.
_TOLD: ContextVar[Told] = ContextVar("told")


def to_polars(frame: pd.DataFrame, table: str) -> pl.DataFrame:
    """A checked pandas frame of a table in the types of the engine."""
    missing = {name: pl.Series(name, [None] * len(frame), dtype=t) for name, t in make_polars_schema(table).items()}
    given = {
        name: pl.from_pandas(frame[name]).cast(t) for name, t in make_polars_schema(table).items() if name in frame
    }
    return pl.DataFrame({**missing, **given}).select(list(list_column_kinds(table)))


def _evaluate_rules(asked: list[Rule], frame: pd.DataFrame, others: Tables, released_on: dt.date) -> Told:
    """What these rules of one table say of its records that fail, and that no published flag covers."""
    mine = {asked[0].table: to_polars(frame, asked[0].table)}
    frames = RuleContext(
        {name: {**others, **mine}.get(name, make_empty_frame(name)) for name in models.MODELS}, released_on
    )
    told: Told = {}
    for answer in evaluate_rules(asked, frames):
        rows = explain(answer, frames)
        texts: dict[str, list[str]] = {}
        for row in rows:  # a total may have two lists that do not close
            texts.setdefault(format_record_key(answer.rule, row), []).append(message(answer.rule, row)[0])
        flagged = find_covered_records(answer.rule, rows, mine[answer.rule.table], {*mine, *others})
        told[answer.rule.id] = {record: "; ".join(found) for record, found in texts.items() if record not in flagged}
    return told


def _select_records(frame: pd.DataFrame, table: str) -> list[str]:
    names = [name for name in list_key_columns(table) if name in frame]
    columns = [frame[name].astype("string").fillna("None") for name in names]
    return ["|".join(cells) for cells in zip(*columns, strict=True)] if names else [""] * len(frame)


def make_checks(asked: list[Rule], others: Tables, released_on: dt.date | None = None) -> list[pa.Check]:
    """Rules of one table as pandera checks of the whole frame: true for each row that is valid or unknown."""

    def check(rule: Rule) -> pa.Check:
        def passes(frame: pd.DataFrame) -> pd.Series[bool]:
            told = _TOLD.get()
            if rule.id not in told:  # all in one pass, when the first is asked
                told |= _evaluate_rules(asked, frame, others, released_on or dt.date.today())
            valid = [record not in told[rule.id] for record in _select_records(frame, rule.table)]
            return pd.Series(valid, index=frame.index, dtype=bool)

        return pa.Check(passes, name=rule.id, raise_warning=rule.severity == "warning")

    return [check(rule) for rule in asked]


def make_rule_checks(table: str, others: Tables, released_on: dt.date | None = None) -> list[pa.Check]:
    """The rules of a table that can be asked beside these other tables, as pandera checks."""
    asked = select_applicable_rules(load_rules().values(), {table, *others})
    return make_checks([rule for rule in asked if rule.table == table], others, released_on)


class RuledSchema(CellwiseSchema):
    """A schema whose failed rules say what is wrong, once a record.

    pandera 0.35 lists a failed check of the whole frame once for every column, and without a message.
    """

    def validate(
        self,
        check_obj: pd.DataFrame,
        head: int | None = None,
        tail: int | None = None,
        sample: int | None = None,
        random_state: int | None = None,
        lazy: bool = False,
        inplace: bool = False,
    ) -> pd.DataFrame:
        """Check a DataFrame against the columns' constraints and the rules; see `CellwiseSchema.validate`."""
        told: Told = {}
        token = _TOLD.set(told)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", errors.SchemaWarning)  # said below, in words
                return super().validate(check_obj, head, tail, sample, random_state, lazy, inplace)
        except errors.SchemaErrors as many:
            cells = _find_broken_cells(many.schema_errors)
            said = [_set_message(e, check_obj, told, cells) for e in many.schema_errors]
            raise errors.SchemaErrors(self, [e for e in said if e is not None], check_obj) from None
        except errors.SchemaError as one:
            raise (_set_message(one, check_obj, told, {}) or one) from None
        finally:
            _TOLD.reset(token)
            _warn(told)


def _warn(told: Told) -> None:
    for rule, failed in told.items():
        if load_rules()[rule].severity == "warning":
            for record, text in failed.items():
                warnings.warn(f"{rule}: {record}: {text}", errors.SchemaWarning, stacklevel=3)


def _find_broken_cells(found: list[errors.SchemaError]) -> dict[Any, set[str]]:
    """By row label, the columns whose own constraints a cell breaks."""
    cells: dict[Any, set[str]] = {}
    for error in found:
        known = isinstance(error.failure_cases, pd.DataFrame) and getattr(error.check, "name", None) not in load_rules()
        for label in error.failure_cases["index"] if known else ():
            cells.setdefault(label, set()).add(error.column_name or error.schema.name or "")
    return cells


def _set_message(
    error: errors.SchemaError, frame: pd.DataFrame, told: Told, cells: Mapping[Any, set[str]]
) -> errors.SchemaError | None:
    """The error of a rule with one failure case a record, which is what the rule says of it.

    None where nothing is left of it: a rule is not asked of a record with a cell that its column refuses.
    """
    rule = load_rules().get(getattr(error.check, "name", None) or "")
    if rule is None or not isinstance(error.failure_cases, pd.DataFrame):
        return error
    failing = {label for label in error.failure_cases["index"] if not cells.get(label, set()) & set(rule.fields)}
    labelled = zip(frame.index, _select_records(frame, rule.table), strict=True)
    # Labels need not be unique: of the rows that share one, those that failed.
    found = dict.fromkeys((label, record) for label, record in labelled if label in failing and record in told[rule.id])
    if not found:
        return None
    texts = [told[rule.id][record] for _, record in found]
    summary = "; ".join(f"{record}: {text}" for (_, record), text in zip(found, texts, strict=True))
    cases = pd.DataFrame({"index": [label for label, _ in found], "failure_case": texts})
    return errors.SchemaError(
        error.schema, error.data, f"{rule.id}: {summary}", failure_cases=cases, check=error.check,
        check_index=error.check_index, reason_code=errors.SchemaErrorReason.DATAFRAME_CHECK, column_name=rule.fields[0],
    )  # fmt: skip


class _Ruled:
    """What makes a model of `conflictdata.schema.tables` enforce its rules."""

    @classmethod
    def build_schema_(cls, **kwargs: Any) -> RuledSchema:
        """The schema of the table with its columns' constraints and its own rules."""
        plain = super().build_schema_(**kwargs)  # type: ignore[misc]
        checks = [*plain.checks, *make_rule_checks(plain.name, {})]
        return RuledSchema(plain.columns, checks=checks, parsers=plain.parsers, **kwargs)


def bound(tables: Mapping[str, pd.DataFrame], *, released_on: dt.date | None = None) -> dict[str, RuledSchema]:
    """Schemas that enforce the rules between tables too: each is bound to the others as they are given.

    Args:
        tables: pandas frames by table name.
        released_on: the day up to which things may have happened; today where it is not given.

    Returns:
        A schema for each of these tables; `bound(tables)["figures"].validate(tables["figures"])`.

    Raises:
        pandera.errors.SchemaErrors: a table does not pass its own columns' constraints.
    """
    plain = {name: models.MODELS[name].to_schema() for name in tables}
    known = {name: to_polars(plain[name].validate(frame, lazy=True), name) for name, frame in tables.items()}
    schemas = {}
    for name, schema in plain.items():
        others = {other: frame for other, frame in known.items() if other != name}
        schemas[name] = RuledSchema(
            schema.columns, checks=make_rule_checks(name, others, released_on), name=name, strict=True
        )
    return schemas


def _add_rules(model: type[models.TableModel]) -> type[models.TableModel]:
    config = type("Config", (model.Config,), {})
    return type(model.__name__, (_Ruled, model), {"__doc__": model.__doc__, "Config": config, "__module__": __name__})


Conflicts = _add_rules(models.Conflicts)
Actors = _add_rules(models.Actors)
Locations = _add_rules(models.Locations)
Aliases = _add_rules(models.Aliases)
Sources = _add_rules(models.Sources)
Events = _add_rules(models.Events)
EventActors = _add_rules(models.EventActors)
EventSources = _add_rules(models.EventSources)
Claims = _add_rules(models.Claims)
ClaimPerpetrators = _add_rules(models.ClaimPerpetrators)
ClaimLinks = _add_rules(models.ClaimLinks)
Figures = _add_rules(models.Figures)
Flags = _add_rules(models.Flags)
Crosswalk = _add_rules(models.Crosswalk)

SCHEMAS: dict[str, type[models.TableModel]] = {
    model.Config.name: model
    for model in (
        Conflicts, Actors, Locations, Aliases, Sources, Events, EventActors, EventSources,
        Claims, ClaimPerpetrators, ClaimLinks, Figures, Flags, Crosswalk,
    )
}  # fmt: skip
