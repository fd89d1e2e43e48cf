"""A folder of runbooks: which one serves which harm, and what no single file can know is wrong."""

from pathlib import Path

import pytest

from runbooks.catalogue import Catalogue, check_folder, library_path, load
from runbooks.faults import RunbookFaults
from runbooks.parse import SIZE_LIMIT

RUNBOOK = """---
id: {id}
version: 1
owner: trust
review_by: 2027-06-01
harm: [{harm}]
floor: SEV3
---
# A runbook

## Steps

### ask · specialist · question
Which?

- This → {target}
- That
"""


def put(folder: Path, name: str, id: str, harm: str, target: str = "TS-1") -> None:
    (folder / name).write_text(RUNBOOK.format(id=id, harm=harm, target=target), encoding="utf-8")


def told(folder: Path) -> list[str]:
    return [str(fault) for fault in check_folder(folder)]


def test_a_harm_area_has_its_runbook_and_the_rest_have_the_general_one(tmp_path: Path) -> None:
    put(tmp_path, "b.md", "TS-1", "other")
    put(tmp_path, "a.md", "TS-2", "fraud, privacy")
    (tmp_path / "README.md").write_text("About this folder.", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("Not a runbook.", encoding="utf-8")
    catalogue = load(tmp_path)
    assert [each.id for each in catalogue.runbooks] == ["TS-1", "TS-2"]
    served = [catalogue.for_harm(slug) for slug in ("privacy", "insider", "anything")]
    assert [each.id for each in served if each] == ["TS-2", "TS-1", "TS-1"]
    assert check_folder(tmp_path) == []


def test_without_a_general_runbook_a_harm_area_may_have_none() -> None:
    assert Catalogue(()).for_harm("fraud") is None


def test_a_runbook_is_found_by_its_id() -> None:
    library = load(library_path())
    found = library.get("RB-03")
    assert found is library.for_harm("fraud")
    assert library.get("RB-99") is None


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    put(tmp_path, "a.md", "TS-1", "fraude")
    put(tmp_path, "b.md", "TS-2", "frau")
    with pytest.raises(RunbookFaults) as refused:
        load(tmp_path)
    assert [(fault.file, fault.line) for fault in refused.value.faults] == [("a.md", 6), ("b.md", 6)]
    assert list(refused.value.faults) == check_folder(tmp_path)


def test_two_files_do_not_have_one_id(tmp_path: Path) -> None:
    put(tmp_path, "a.md", "TS-1", "fraud")
    put(tmp_path, "b.md", "TS-1", "privacy")
    assert told(tmp_path) == ["b.md:2:5: “TS-1” is already in a.md. Choose one of the two files."]


def test_two_runbooks_do_not_serve_one_harm_area(tmp_path: Path) -> None:
    put(tmp_path, "a.md", "TS-1", "fraud")
    put(tmp_path, "b.md", "TS-2", "privacy, fraud")
    assert told(tmp_path) == ["b.md:6:17: “fraud” is already in a.md. Choose one of the two files."]


def test_an_answer_leads_to_a_runbook_that_is_there(tmp_path: Path) -> None:
    put(tmp_path, "a.md", "TS-2", "fraud", target="TS-9")
    assert told(tmp_path) == ["a.md:16:3: There is no runbook TS-9 in this folder."]


def test_an_answer_that_leads_to_a_faulty_file_is_not_blamed(tmp_path: Path) -> None:
    put(tmp_path, "a.md", "TS-1", "fraude")
    put(tmp_path, "b.md", "TS-2", "fraud", target="TS-1")
    assert [fault.file for fault in check_folder(tmp_path)] == ["a.md"]


def test_an_empty_folder_has_no_runbook(tmp_path: Path) -> None:
    assert told(tmp_path) == [f"{tmp_path}:1:1: There is no runbook here. A runbook is a file “*.md”."]


def test_a_file_that_is_not_text_says_from_which_line(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"---\nid: \xff\n---\n")
    assert told(tmp_path) == ["a.md:2:1: The file is not UTF-8 text from here on. Save it as UTF-8."]


def test_an_enormous_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"x" + "€".encode() * 2 * SIZE_LIMIT)
    assert told(tmp_path) == ["a.md:1:1: The file is too long: a runbook has at most 65,536 characters."]


def test_a_folder_that_is_not_there_is_an_error_of_the_environment(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        check_folder(tmp_path / "nowhere")
