"""A seeds file that is not read is never reported as clean."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path

import commands
import pytest
from seedbox import ACTORS, EVENTS, NAME, SOURCE, write_seedbox

from conflictdata import validate
from conflictdata.findings import UsageError
from conflictdata.release.publish import publish_seeds
from conflictdata.seeds import read_seeds

OTHER = "paper-2024-06-03"

# Per name of a file that is not read, the words of its hint.
MISPLACED = {
    f"sources/war/{OTHER}.yml": f"Rename it to {OTHER}.yaml.",
    f"sources/war/{OTHER}.YAML": f"Rename it to {OTHER}.yaml.",
    f"sources/war/{OTHER}.Yml": f"Rename it to {OTHER}.yaml.",
    f"sources/war/2024/{OTHER}.yaml": f"Move it to SEEDS/sources/war/{OTHER}.yaml.",
    f"sources/war/2024/06/{OTHER}.yml": f"Move it to SEEDS/sources/war/{OTHER}.yaml.",
    f"sources/{OTHER}.yaml": f"Move it to SEEDS/sources/<conflict>/{OTHER}.yaml.",
    f"{OTHER}.yaml": f"Move it to SEEDS/sources/<conflict>/{OTHER}.yaml.",
    f"source/war/{OTHER}.yaml": f"Move it to SEEDS/sources/war/{OTHER}.yaml.",
    "sources/war/paper-2024-06-02.yml": f"SEEDS/{NAME} is there already: keep one of the two files.",
    f"sources/war/{OTHER}.yaml.txt": "Remove it, or keep it outside the seeds.",
    f"sources/war/{OTHER}": "Remove it, or keep it outside the seeds.",
    "events/other.yml": "Rename it to other.yaml.",
    "events/war/2024-06-01-raid.yaml": "Put its events into SEEDS/events/<conflict>.yaml",
    "event/other.yaml": "Move it to SEEDS/events/other.yaml.",
    "reference/groups.csv": "The reference tables are actors.csv, aliases.csv, locations.csv, conflicts.csv, location_members.csv, conflict_actors.csv, common_names.csv, tolls.csv, toll_places.csv, tolls_1_1.csv.",
    "reference/Actors.csv": "SEEDS/reference/actors.csv is there already: keep one of the two files.",
    "reference/old/actors.csv": "SEEDS/reference/actors.csv is there already: keep one of the two files.",
    "reference/actors.xlsx": "The reference tables are actors.csv, aliases.csv, locations.csv, conflicts.csv, location_members.csv, conflict_actors.csv, common_names.csv, tolls.csv, toll_places.csv, tolls_1_1.csv.",
    "actors.csv": "SEEDS/reference/actors.csv is there already: keep one of the two files.",
    "waivers.yml": "Rename it to waivers.yaml.",
    "reference/retired.csv": "Move it to SEEDS/retired.csv.",
    "release.yml": "SEEDS/release.yaml is there already: keep one of the two files.",
    "parsed/feed/draft.yaml": "Keep drafts outside the seeds",
    "notes.txt": "Remove it, or keep it outside the seeds.",
    "sources/war/README.md": "Remove it, or keep it outside the seeds.",
}
LEFT_OUT = (
    ".DS_Store", "sources/war/.paper.yaml.swp", "sources/.cache/x/notes.txt", f"sources/war/{OTHER}.yaml~",
    f"sources/war/{OTHER}.yaml.orig", "reference/actors.csv.rej", "sources/war/2024/x.orig",
)  # fmt: skip


@pytest.mark.parametrize("name", MISPLACED)
def test_a_file_that_is_not_read_is_found_once_with_the_name_that_it_should_have(name: str, tmp_path: Path) -> None:
    seeds = write_seedbox(tmp_path / "seeds", {name: "killed: lots\n"})
    (finding,) = read_seeds(seeds).findings
    assert (finding.rule, finding.severity) == ("file.not-read", "error")
    assert finding.place
    assert finding.place.file == f"{seeds.as_posix()}/{name}"
    assert MISPLACED[name].replace("SEEDS", seeds.as_posix()) in finding.hint


@pytest.mark.parametrize("name", MISPLACED)
def test_a_file_that_is_named_and_not_read_is_refused(name: str, tmp_path: Path) -> None:
    seeds = write_seedbox(tmp_path / "seeds", {name: "killed: lots\n"})
    with pytest.raises(UsageError) as fault:
        validate(seeds / NAME, seeds / name)
    assert f"{seeds.as_posix()}/{name} is not read: " in str(fault.value)
    assert MISPLACED[name].replace("SEEDS", seeds.as_posix()) in str(fault.value)


@pytest.mark.parametrize("name", LEFT_OUT)
def test_copies_of_editors_and_hidden_files_are_left_out_but_not_called_clean(name: str, tmp_path: Path) -> None:
    seeds = write_seedbox(tmp_path / "seeds", {name: "killed: lots\n"})
    assert read_seeds(seeds).findings == []
    with pytest.raises(UsageError, match="is not read"):
        validate(seeds / name)


@pytest.mark.slow
def test_every_file_that_is_read_may_be_named(tmp_path: Path) -> None:
    ledgers = {"waivers.yaml": "[]\n", "retired.csv": "id,replaced_by,on,reason\n"}
    seeds = write_seedbox(tmp_path / "seeds", ledgers)
    files = [path for path in seeds.rglob("*") if path.is_file()]
    assert len(files) == 9
    for path in files:
        assert validate(path).ok
    assert validate(*files).files == 9


def test_a_link_to_a_folder_is_not_followed_and_not_passed_over(tmp_path: Path) -> None:
    elsewhere = write_seedbox(tmp_path / "elsewhere", {"sources/war/2024/x.yaml": SOURCE})
    seeds = write_seedbox(tmp_path / "seeds")
    (seeds / "sources/war/2024").symlink_to(elsewhere / "sources/war/2024")
    (seeds / "sources/war/up").symlink_to(seeds)
    assert [(f.rule, Path(f.place.file).name) for f in read_seeds(seeds).findings if f.place] == [
        ("file.not-read", "2024"),
        ("file.not-read", "up"),
    ]


def test_the_folder_of_a_conflict_may_be_a_link(tmp_path: Path) -> None:
    seeds = write_seedbox(tmp_path / "seeds")
    (seeds / "sources/war").rename(tmp_path / "war")
    (seeds / "sources/war").symlink_to(tmp_path / "war")
    assert read_seeds(seeds).findings == []
    (tmp_path / "war" / "x.yml").write_text(SOURCE)
    assert [f.rule for f in read_seeds(seeds).findings] == ["file.not-read"]


@contextmanager
def make_deep_file(folder: Path, levels: int) -> Iterator[None]:
    """Make a file below `levels` folders, and remove them at the end.

    The usual functions cannot remove such a deep tree.
    """
    with chdir(folder):
        for _ in range(levels):
            os.mkdir("d")
            os.chdir("d")
        Path("x.txt").touch()
    try:
        yield
    finally:
        with chdir(folder):
            for _ in range(levels):
                os.chdir("d")
            os.unlink("x.txt")
            for _ in range(levels):
                os.chdir("..")
                os.rmdir("d")


def test_folders_in_folders_without_end_are_gone_through(tmp_path: Path) -> None:
    seeds = write_seedbox(tmp_path / "seeds")
    with make_deep_file(seeds, 1200):
        (finding,) = read_seeds(seeds).findings
    assert finding.rule == "file.not-read"


@pytest.mark.slow
def test_a_page_under_a_wrong_name_is_one_finding(tmp_path: Path) -> None:
    seeds = write_seedbox(tmp_path / "seeds")
    (seeds / NAME).rename(seeds / NAME.replace(".yaml", ".yml"))
    assert [f.rule for f in validate(seeds).findings] == ["file.not-read"]


@pytest.mark.slow
def test_events_under_a_wrong_name_are_one_finding(tmp_path: Path) -> None:
    seeds = write_seedbox(tmp_path / "seeds")
    (seeds / "events/war.yaml").rename(seeds / "events/war.yml")
    assert [f.rule for f in validate(seeds).findings] == ["file.not-read"]


@pytest.mark.slow
def test_what_is_wrong_elsewhere_is_found_beside_a_file_that_is_not_read(tmp_path: Path) -> None:
    broken = SOURCE.replace("rebels: 20", "rebels: 10")
    copies = {NAME.replace(".yaml", ".yml"): SOURCE, "reference/actors.txt": ACTORS, "events/war.yml": EVENTS}
    seeds = write_seedbox(tmp_path / "seeds", {NAME: broken.replace("via: agency", "via: agenzy"), **copies})
    assert sorted(f.rule for f in validate(seeds).errors) == [
        "claims.relayed-via-resolves", "figures.parts-cover-parent", *["file.not-read"] * 3,
    ]  # fmt: skip


def test_seeds_with_a_file_that_is_not_read_are_not_published(tmp_path: Path) -> None:
    seeds = write_seedbox(tmp_path / "seeds", {f"sources/war/{OTHER}.yml": SOURCE})
    report, folder = publish_seeds(seeds, tmp_path / "out")
    assert folder is None
    assert [f.rule for f in report.errors] == ["file.not-read"]
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_the_command_ends_in_2_for_a_named_file_and_in_1_for_the_folder(tmp_path: Path) -> None:
    name = f"sources/war/{OTHER}.yml"
    seeds = write_seedbox(tmp_path / "seeds", {name: SOURCE, "notes.txt": "x"})
    named = commands.run("validate", str(seeds / name), str(seeds / "notes.txt"))
    assert named.returncode == 2
    assert "clean" not in named.stdout + named.stderr
    assert named.stderr.count("is not read: ") == 2
    folder = commands.run("validate", str(seeds))
    assert folder.returncode == 1
    assert "notes.txt: error[file.not-read] the file is not read: seeds have no such file" in folder.stdout
