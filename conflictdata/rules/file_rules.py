"""Problems of files and their grammar, one entry per problem."""

from __future__ import annotations

from dataclasses import dataclass

from conflictdata.findings import Finding, Place, Severity


@dataclass(frozen=True)
class Problem:
    """Problem of a file or of its grammar.

    Attributes:
        id: Id, such as `seed.shape`.
        hint: How to fix it.
        why: Reason why such a file is refused.
    """

    id: str
    hint: str
    why: str


_PROBLEMS = (
    Problem("file.unreadable", "Check that the file is there and may be read.", "Nothing can be said of a file that cannot be read."),
    Problem("file.not-read", "Rename or move it as docs/seeds.md says, or keep it outside the seeds.", "A page under a wrong name would be missing from the data, and nobody would know."),
    Problem("file.empty", "Write the page into it, or remove the file.", "An empty file is usually a save that went wrong."),
    Problem("file.size", "Split it: one file holds one page.", "No page needs so much; a huge file is a mistake or an attack, and is not read."),
    Problem("file.binary", "Save it as UTF-8 text.", "The file holds bytes that no text has."),
    Problem("file.encoding", "Save it as UTF-8.", "Bytes that are not UTF-8 read as other letters on another machine."),
    Problem("file.byte-order-mark", "Save it as UTF-8 without byte-order mark.", "The mark becomes a part of the first column's or key's name."),
    Problem("file.line-ending", "Use \\n at the end of lines (Unix line endings).", "With other endings every line of the file differs in a diff, and hashes differ between systems."),
    Problem("file.tab", "Use spaces.", "A tab is as wide as each editor pleases, so that the tree reads differently to each."),
    Problem("file.control-character", "Delete the character.", "It is not visible, and makes equal texts unequal."),
    Problem("file.normal-form", "Type the character anew, or save the file in Unicode normal form C.", "Two texts that look alike would not be equal: a name with its accents apart matches no other."),
    Problem("file.bidi", "Delete the character.", "A direction override shows a reader another text or number than the one stored."),
    Problem("file.merge-mark", "Keep one of the two versions, or both, and delete the lines with <<<<<<<, ======= and >>>>>>>.", "The file holds two versions of its records, and nobody has said which one is right."),
    Problem("yaml.syntax", "Compare the line with docs/seeds.md.", "The file cannot be read from here on."),
    Problem("yaml.duplicate-key", "Keep one of the two, or give the second a name of its own.", "A common reader of YAML silently keeps the last one; a figure would vanish."),
    Problem("yaml.anchor", "Write the value out in both places.", "Anchors and aliases let one line change several figures."),
    Problem("yaml.tag", "Remove the tag.", "Everything in a seed is text; its type comes from the column."),
    Problem("yaml.depth", "Flatten the tree: a figure lies at most 8 deep.", "No page divides its numbers so deeply; a deep file is a mistake or an attack."),
    Problem("yaml.documents", "Keep one document, without `---` or `...` between.", "One file holds one page."),
    Problem("csv.syntax", "Quote the cell with \", and double a quote inside it.", "The cells after the fault may be read into wrong columns."),
    Problem("csv.order", "Move the row: the rows stand in the order of their keys.", "In a sorted table a change of one record is a change of one line, and two people's additions seldom meet."),
    Problem("csv.separator", "Save it with commas between the cells.", "Programs that expect commas read the whole row as one cell, and a comma in a text then breaks it."),
    Problem("csv.header", "Keep one first line with a name for each column.", "The header says what the cells mean. Under a wrong or a second header they mean something else."),
    Problem("csv.width", "Give the row as many cells as the header has.", "The cells of this row would stand in wrong columns."),
    Problem("json.syntax", "Check that the download is complete; `python -m json.tool FILE` says the same.", "The file cannot be read from here on."),
    Problem("json.shape", "Give a JSON list of objects, one a record.", "What is no object has no columns."),
    Problem("feed.missing-column", "Give the file with the columns that its makers publish.", "The rules that make this dataset worth trusting need the column. Without it they say nothing, and a wrong number passes."),
    Problem("feed.day-column", "Give the file as its makers publish it, or write each day as YYYY-MM-DD.", "A spreadsheet that exchanges day and month, or a program that changes the time zone, writes other days than the release has, and every one of them looks right."),
    Problem("feed.records-removed", "Check that the download is complete. If the release removes so many, allow it with --accept-removals. If the files are a part of the dataset, give --part.", "A file that was cut off looks like a release without these records: their claims would be retracted."),
    Problem("seed.shape", "Compare the place with docs/seeds.md.", "The reader expects another form here."),
    Problem("seed.unknown-key", "See docs/seeds.md for the keys.", "A key that is not known is most often a slip, and what it holds would be lost."),
    Problem("seed.missing-key", "Add the key.", "The record cannot stand without it."),
    Problem("seed.empty-value", "Fill it in, or remove the key where it need not be there.", "An empty value is neither silence nor zero."),
    Problem("seed.todo", "Fill in what the page says. Where it says nothing, delete the line, unless docs/seeds.md asks for it.", "A scaffold marks with TODO what only a reader of the page can decide; a TODO is no data."),
    Problem("seed.file-name", "Rename the file to <publisher>-<published>.yaml, in small letters (a second page of one day: -2).", "The file's name is the source's id."),
    Problem("seed.duplicate-source", "Give the second page of a day the ending -2.", "Two files would write the same claims' ids."),
    Problem("seed.claim-number", "Number the claims of a page 1, 2, 3; a number never changes.", "The number is a part of the claim's id."),
    Problem("seed.no-figures", "Add a figure, such as `killed: 8`.", "A claim without a number says nothing that the data can hold."),
    Problem("seed.window", "Give one of `since:` (a running toll from that day on), `during:` (a day, or first/last), `event:`, `standing:` (a level on a day), `projected:`.", "The window says what the number counts."),
    Problem("seed.quantity", "Write a quantity as in docs/seeds.md: 727, at least 727, 100 to 200, dozens, unstated.", "A number that is not understood must not be guessed."),
    Problem("seed.name", "Use a group word, an actor, or give the group a label.", "A typing error would make a new group."),
    Problem("seed.duplicate-name", "Give the two figures different names.", "A figure's id is its path; two would be one."),
    Problem("seed.outcome", "Use an outcome and a unit of docs/seeds.md.", "A number must say what happened to whom."),
    Problem("seed.missing-table", "Add the file, or check the path.", "The records that refer to it cannot be checked."),
    Problem("seed.order", "Move the event: the events of a file stand in the order of their ids.", "In order of the days a reader finds an event, and sees whether it is there already."),
    Problem("seed.retired-id", "Give the record a new id; an id is never used twice.", "Somebody may have cited the old record by it."),
    Problem("report.incomplete", "Leave out --engine spark: the other engines evaluate all rules of a table, whatever its size.", "On Spark the rules that compare records of one of our tables are not evaluated, such as whether parts add up to their total. A report without these rules must not pass for a clean one."),
)  # fmt: skip

PROBLEMS: dict[str, Problem] = {p.id: p for p in _PROBLEMS}


def make_file_finding(
    id: str,  # noqa: A002
    message: str,
    place: Place,
    *,
    value: str = "",
    hint: str = "",
    severity: Severity = "error",
) -> Finding:
    """Return a finding for one of these problems.

    Args:
        id: Id of the problem.
        message: What is wrong in this file.
        place: Position in the file.
        value: The text that is wrong.
        hint: How to fix it; by default the hint of the problem.
        severity: `warning` for what a reader may pass over.
    """
    return Finding(id, severity, message, hint or PROBLEMS[id].hint, value=value, place=place)
