"""The texts of rules, with examples. Nothing heavy is imported, so that readers stay fast."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field

from conflictdata.findings import Severity


@dataclass(frozen=True)
class Example:
    """A bad and a good example of a rule.

    An example maps places to texts. Texts of several lines are indented as the code is:

    - `claim`: keys of a claim; `claims`: the claims of a page; `page`: keys of a page. The other keys are added
      (`devtools.example_world`).
    - `events`: events of `seeds/events/<conflict>.yaml`; `actors`, `locations`, `aliases`, `conflicts`: rows of that
      table.
    - `figures.csv` and others: a table on its own. The other columns are added.
    - A path such as `waivers.yaml`: a whole seed file. A path that ends in `/`: the files of that folder.
    - `package`: changes made by hand to a built package.
    - For a rule of another dataset, the name of a file, such as `ged.csv`. Nothing is added.

    Invisible characters are written as `<U+202E>`, bytes that are not text as `<byte E9>`, repetitions as `<a x 100>`.

    Attributes:
        title: One line that describes valid data.
        bad: Breaks the rule. Empty if `unseen` gives a reason.
        good: Does not break it.
        both: Texts that both examples have besides.
        also: Other rules that the bad example breaks.
        reported_as: The rule that reports the fault instead of this one.
        of: The rule that the example is of, if a function makes rules of this kind for several tables. The pages of the
            others lead to it.
        unseen: Reason for having no example.
    """

    title: str
    bad: Mapping[str, str] = field(default_factory=dict)
    good: Mapping[str, str] = field(default_factory=dict)
    both: Mapping[str, str] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    reported_as: str = ""
    of: str = ""
    unseen: str = ""

    def __post_init__(self) -> None:
        for name in ("bad", "good"):
            texts = {**getattr(self, name), **self.both}
            object.__setattr__(self, name, {place: _clean_text(text) for place, text in texts.items()})


def _clean_text(text: str) -> str:
    """Return a text without the indentation of the code, with a line feed at the end."""
    return textwrap.dedent(text.removeprefix("\n")).rstrip(" \n") + "\n" if text else ""


@dataclass(frozen=True, kw_only=True)
class RuleText:
    """The texts of a rule. The rules of files, cells, waivers and packages have nothing else: readers check them.

    Attributes:
        id: `table.kebab-name`. Never reused for another rule.
        severity: `error` or `warning`.
        message: `str.format` template. For a rule of records, over the columns of the failed row. Shows the arithmetic.
        hint: How to fix the problem. A template like `message`.
        why: A paragraph about the harm that a violation does.
        example: A bad and a good example.
        waivable: Whether a waiver may cover a finding of an error. Warnings can always be waived.
    """

    id: str
    severity: Severity = "error"
    message: str = ""
    hint: str
    why: str
    example: Example | None = field(default=None, compare=False, repr=False)
    waivable: bool = False
