"""Two revisions of a real repository.

The right revisions are compared, and the name of a revision is never an option.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import pytest
from diff_example import commit_all, make_repository, rewrite, run, run_git
from seedbox import NAME, SOURCE

from conflictdata.comparison import diff, diff_revisions
from conflictdata.findings import UsageError
from conflictdata.schema.tableschema import write_schemas


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_repository(tmp_path_factory.mktemp("git") / "scratch")


@pytest.fixture
def copy(scratch: Path, tmp_path: Path) -> Path:
    """Return a repository that a test may change."""
    return Path(shutil.copytree(scratch, tmp_path / "copy"))


@pytest.mark.slow
@pytest.mark.parametrize(
    "revisions",
    [
        *("main", "main...HEAD", "main^{commit}..change"),
        *(pytest.param(r, marks=pytest.mark.slow) for r in ("main..change", "main..", "main~0..HEAD^0")),
    ],
)
def test_revisions_are_compared_as_git_has_them(revisions: str, scratch: Path, tmp_path: Path) -> None:
    found = diff_revisions(revisions, repository=scratch)
    assert found.bump == "minor"
    assert {kind: found.total(kind) for kind in ("removed", "replaced", "corrected", "added")} == {
        "removed": 1, "replaced": 2, "corrected": 3, "added": 8,
    }  # fmt: skip


@pytest.mark.slow
def test_revisions_say_what_folders_say(scratch: Path, tmp_path: Path) -> None:
    run_git(scratch, "worktree", "add", "--quiet", "--detach", str(tmp_path / "main"), "main")
    folders = diff(tmp_path / "main/seeds", scratch / "seeds").to_dict()
    revisions = diff_revisions("main..change", repository=scratch).to_dict()
    for side in ("old", "new"):
        del folders[side], revisions[side]
    assert revisions == folders


@pytest.mark.slow
def test_three_dots_leave_out_what_main_has_done_since(copy: Path) -> None:
    run_git(copy, "checkout", "--quiet", "main")
    (copy / "seeds" / NAME).write_text(SOURCE.replace("children: 7", "children: 8"), encoding="utf-8")
    commit_all(copy, "main goes on")
    two = {c.record: c.old for c in diff_revisions("main..change", repository=copy).changes("corrected")}
    three = {c.record: c.old for c in diff_revisions("main...change", repository=copy).changes("corrected")}
    children = "paper-2024-06-02.1.killed.civilians.children"
    assert (two[children], three[children]) == ("8", "7")


@pytest.mark.slow
def test_one_revision_is_held_against_the_files_as_they_lie(copy: Path) -> None:
    assert not diff_revisions("HEAD", repository=copy)
    path = copy / "seeds" / NAME
    path.write_text(path.read_text(encoding="utf-8").replace("children: 9", "children: 10"), encoding="utf-8")
    (change,) = diff_revisions("HEAD", repository=copy).changes()
    assert (change.old, change.new) == ("9", "10")


@pytest.mark.slow
def test_from_a_folder_inside_the_seeds_are_found_from_there(copy: Path) -> None:
    (copy / "docs").mkdir()
    assert diff_revisions("main", seeds="../seeds", repository=copy / "docs").total() == 14


@pytest.mark.slow
def test_seeds_that_only_one_revision_has_are_all_new(copy: Path) -> None:
    run_git(copy, "checkout", "--quiet", "--orphan", "empty")
    run_git(copy, "rm", "-r", "--quiet", "--cached", ".")
    run_git(copy, "commit", "--quiet", "--allow-empty", "-m", "nothing")
    found = diff_revisions("empty..change", repository=copy)
    assert found.old.missing
    assert found.total("added") == found.total() > 30
    assert diff_revisions("change..empty", repository=copy).total("removed") == found.total()


@pytest.mark.slow
def test_schemas_beside_the_seeds_are_compared(copy: Path) -> None:
    run_git(copy, "checkout", "--quiet", "-f", "main")
    write_schemas(copy / "schemas")
    commit_all(copy, "schemas")
    rewrite(copy / "schemas/figures.json", lambda schema: schema["fields"].reverse())
    (change,) = diff_revisions("HEAD", repository=copy).schema
    assert (change.what, change.where) == ("fields reordered", ("figures",))
    assert diff_revisions("HEAD~1", repository=copy).schema == (), "the older revision has none"


@pytest.mark.slow
def test_files_are_read_as_committed_whatever_the_attributes_say(copy: Path) -> None:
    (copy / ".gitattributes").write_text("*.yaml export-ignore\n*.csv export-subst filter=evil\n", encoding="utf-8")
    run_git(copy, "config", "filter.evil.smudge", "touch evil-ran")
    commit_all(copy, "attributes")
    assert diff_revisions("main..HEAD", repository=copy).total() == 14
    assert not list(copy.rglob("evil-ran"))


@pytest.mark.slow
def test_links_in_a_revision_are_not_followed(copy: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text(SOURCE, encoding="utf-8")
    (copy / "seeds/sources/war/paper-2024-06-05.yaml").symlink_to(secret)
    commit_all(copy, "a link")
    found = diff_revisions("HEAD~1..HEAD", repository=copy)
    assert not found
    assert found.new.errors == 0, "the link is left out, and not read as a page that holds its target's name"


@pytest.mark.slow
def test_odd_file_names_do_no_harm(copy: Path) -> None:
    for name in ("a b.yaml", "naïve-2024-06-05.yaml", "-option.yaml", "new\nline.yaml"):
        (copy / "seeds/sources/war" / name).write_text(SOURCE, encoding="utf-8")
    commit_all(copy, "odd names")
    found = diff_revisions("HEAD~1..HEAD", repository=copy)
    assert found.new.errors
    assert found.new.errors >= 4


HOSTILE = [
    "--output=evil", "-h", "--", "--help..main", "main..--upload-pack=x", "-c..-c", "main --output=evil", "main\n..HEAD",
    "main;touch evil", "$(touch evil)", "`touch evil`", "main|cat", "HEAD:seeds", "..--all", "--git-dir=/tmp", "\x00",
]  # fmt: skip


@pytest.mark.parametrize("revisions", HOSTILE)
def test_a_hostile_name_is_refused_and_runs_nothing(revisions: str, copy: Path) -> None:
    there = sorted(p.name for p in copy.iterdir())
    with pytest.raises(UsageError, match=r"not the name of a revision|there is no revision"):
        diff_revisions(revisions, repository=copy)
    assert sorted(p.name for p in copy.iterdir()) == there


def test_the_command_line_takes_a_hostile_name_for_a_name(copy: Path) -> None:
    done = run("diff", "--git=--output=evil", cwd=copy)
    assert (done.returncode, done.stdout) == (2, "")
    assert "'--output=evil' is not the name of a revision" in done.stderr
    assert not (copy / "evil").exists()


BAD = {
    "unknown revision": ("nowhere", "seeds", "there is no revision 'nowhere'"),
    "unknown second revision": ("main..nowhere", "seeds", "there is no revision 'nowhere'"),
    "no seeds in either": ("main..change", "elsewhere", "elsewhere"),
    "a file for seeds": ("main..change", "seeds/release.yaml", "seeds/release.yaml"),
    "seeds outside": ("main..change", "../../seeds", "outside the repository"),
}


@pytest.mark.parametrize(("revisions", "seeds", "message"), BAD.values(), ids=BAD)
def test_incomparable_revisions_have_a_message(revisions: str, seeds: str, message: str, scratch: Path) -> None:
    with pytest.raises(UsageError, match=message):
        diff_revisions(revisions, seeds=seeds, repository=scratch)


@pytest.mark.slow
def test_histories_without_a_common_ancestor(copy: Path) -> None:
    run_git(copy, "checkout", "--quiet", "--orphan", "other")
    commit_all(copy, "another beginning")
    with pytest.raises(UsageError, match="main and other have no common ancestor here"):
        diff_revisions("main...other", repository=copy)
    assert diff_revisions("main..other", repository=copy).total() == 14


def test_a_folder_without_a_repository(tmp_path: Path) -> None:
    done = run("diff", "--git", "main", cwd=tmp_path, GIT_CEILING_DIRECTORIES=str(tmp_path.parent))
    assert done.returncode == 2
    assert "is not in a git repository" in done.stderr


def test_without_git(scratch: Path, tmp_path: Path) -> None:
    done = run("diff", "--git", "main", cwd=scratch, PATH=str(tmp_path))
    assert done.returncode == 2
    assert "git is not installed; give two folders instead" in done.stderr


@pytest.mark.slow
def test_a_repository_whose_seeds_lie_at_its_top(tmp_path: Path, copy: Path) -> None:
    (copy / "seeds").rename(tmp_path / "top")
    top = tmp_path / "top"
    run_git(top, "init", "--quiet", "--initial-branch=main")
    commit_all(top, "the seeds alone")
    (top / NAME).unlink()
    found = diff_revisions("main", seeds=".", repository=top)
    assert found.total("removed") > 5


@pytest.mark.slow
def test_a_revision_with_errors_is_compared_and_says_so(copy: Path) -> None:
    path = copy / "seeds" / NAME
    path.write_text(path.read_text(encoding="utf-8").replace("rebels: 20", "rebels: 2O"), encoding="utf-8")
    (copy / "seeds/sources/war/paper-2024-06-09.yaml").write_text("publisher: [", encoding="utf-8")
    commit_all(copy, "slips")
    done = run("diff", "--git", "HEAD~1..HEAD", "--format", "json", cwd=copy)
    document = json.loads(done.stdout)
    assert done.returncode == 0
    assert document["new"]["errors"] >= 2
    assert document["new"]["unread"] == ["sources/war/paper-2024-06-09.yaml"]
    assert str(os.path.sep) + "tmp" not in json.dumps(document["new"])
    assert re.search(
        r"HEAD has \d+ errors: conflictdata validate lists them", run("diff", "--git", "HEAD~1..HEAD", cwd=copy).stdout
    )


@pytest.mark.slow
def test_a_missing_register_is_no_removal(copy: Path) -> None:
    (copy / "seeds/reference/actors.csv").unlink()
    with pytest.raises(UsageError, match=r"the working tree lacks reference/actors.csv"):
        diff_revisions("main", repository=copy)
