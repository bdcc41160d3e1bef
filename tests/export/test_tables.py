"""Tables read back with readers that have nothing to do with what wrote them."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings

from engine.config import EMOTIONS
from engine.export.columns import Cell, Table
from engine.export.csv_tables import original, write_csv_table
from engine.export.dictionary import dictionary
from engine.export.findings import Findings
from engine.export.json_lines import write_json_lines
from engine.export.parquet_tables import write_parquet_table
from engine.export.tables import tables
from tests.export.made import findings, findings_drawn, outcome, prediction, utterance, word


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def written_csv(folder: Path, found: Findings, name: str) -> list[dict[str, str]]:
    table = next(one for one in tables(found) if one.name == name)
    write_csv_table(folder / f"{name}.csv", table)
    return read_csv(folder / f"{name}.csv")


def test_predictions(tmp_path: Path) -> None:
    rows = written_csv(tmp_path, findings(), "predictions")
    assert [row["time"] for row in rows] == [f"{0.5 * k:.3f}" for k in range(1, 9)]
    first, none, last = rows[0], rows[4], rows[7]
    assert (first["self_happy"], first["mean_happy"], first["top"], first["voice"]) == (
        "0.700000",
        "0.700000",
        "happy",
        "1",
    )
    assert (first["face"], first["words"], first["muted"], first["utterance"]) == ("0", "0", "", "")
    assert {key: value for key, value in none.items() if key != "time"} == dict.fromkeys(set(none) - {"time"}, "")
    assert (last["cross_sad"], last["self_sad"], last["mean_sad"]) == ("", "0.700000", "0.700000")
    assert (last["muted"], last["utterance"]) == ("face+words", "0")


def test_face_is_empty_where_no_model_looks_at_it(tmp_path: Path) -> None:
    rows = written_csv(tmp_path, findings(modalities=("audio", "text")), "predictions")
    assert {row["face"] for row in rows} == {""} and rows[0]["words"] == "0"


def test_columns_that_analyze_writes_come_first_and_are_the_same(tmp_path: Path) -> None:
    from engine.analysis.tables import prediction_rows, utterance_rows, word_rows

    found = findings()
    heading, *rows = prediction_rows(found.predictions, found.fusions, found.labels)
    ours = written_csv(tmp_path, found, "predictions")
    assert [[row[name] for name in heading] for row in ours if row["top"]] == rows
    heading, *rows = utterance_rows(found.utterances, found.labels)
    assert [[row[name] for name in heading] for row in written_csv(tmp_path, found, "utterances")] == rows
    heading, *rows = word_rows([one for _, one in found.words], found.recognizer)
    assert [[row[name] for name in heading] for row in written_csv(tmp_path, found, "words")] == rows


def test_an_utterance_whose_words_are_not_known(tmp_path: Path) -> None:
    from dataclasses import replace

    open_ = replace(utterance(0, [], 1.0, 2.0, top=None), final=False)
    row = written_csv(tmp_path, findings(utterances=(open_,), recognizer=""), "utterances")[0]
    assert (row["text"], row["top"], row["happy"], row["final"]) == ("", "", "", "0")
    assert written_csv(tmp_path, findings(utterances=(open_,), recognizer=""), "words") == []


def test_classes_that_are_called_as_columns_keep_their_own() -> None:
    labels = ("text", "top")
    one = prediction(1.0, 0, outcomes={"self": outcome(0, 0.9, labels)})
    found = findings(moments=((1.0, one),), utterances=(), labels=labels, fusions=("self",))
    for table in tables(found):
        assert len({column.name for column in table.columns}) == len(table.columns)


def test_what_is_not_a_number_is_no_value(tmp_path: Path) -> None:
    broken = prediction(0.5, 0, outcomes={"self": outcome(0, float("nan"))})
    row = written_csv(tmp_path, findings(moments=((0.5, broken),)), "predictions")[0]
    assert (row["self_anger"], row["mean_anger"]) == ("", "")
    write_json_lines(
        tmp_path / "x.jsonl", findings(moments=((0.5, broken),)), tables(findings(moments=((0.5, broken),)))
    )


def check_csv(folder: Path, table: Table) -> None:
    """RFC 4180, every cell as it was, nothing that a spreadsheet would calculate."""
    path = folder / "x.csv"
    write_csv_table(path, table)
    with path.open(encoding="utf-8", newline="") as file:
        heading, *rows = csv.reader(file, strict=True)
    assert [original(one) for one in heading] == [one.name for one in table.columns]
    assert len(rows) == len(table.items)
    for row, cells in zip(rows, table.rows(), strict=True):
        for text, cell in zip(row, cells, strict=True):
            assert not text.startswith(("=", "@", "+", "-", "\t", "\r", "\n")) or isinstance(cell, float)
            if isinstance(cell, str):
                assert original(text) == cell
            elif cell is None:
                assert text == ""
            else:
                assert float(text) == pytest.approx(float(cell), abs=1e-3)
    assert path.read_bytes().endswith(b"\r\n")


def check_json(folder: Path, found: Findings) -> None:
    path = folder / "x.jsonl"
    write_json_lines(path, found, tables(found))
    head, *rest = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]
    assert (head["type"], head["labels"], head["name"]) == ("recording", list(found.labels), found.name)
    expected = [
        (table.row_type, dict(zip([one.name for one in table.columns], cells, strict=True)))
        for table in tables(found)
        for cells in table.rows()
    ]
    assert [(one.pop("type"), _as_float32(one)) for one in rest] == [(name, _as_float32(row)) for name, row in expected]


def _as_float32(row: dict[str, Cell]) -> dict[str, Cell]:
    times = ("time", "start", "end", "window_start")
    return {
        name: float(np.float32(cell)) if isinstance(cell, float) and name not in times else cell
        for name, cell in row.items()
    }


@settings(max_examples=40, deadline=None)
@given(found=findings_drawn())
def test_anything_comes_back(found: Findings) -> None:
    with TemporaryDirectory() as folder:
        for table in tables(found):
            check_csv(Path(folder), table)
        check_json(Path(folder), found)


@settings(max_examples=8, deadline=None)
@given(found=findings_drawn())
def test_parquet_read_by_another_reader(found: Findings) -> None:
    duckdb = pytest.importorskip("duckdb")
    with TemporaryDirectory() as folder:
        for table in tables(found):
            path = Path(folder, f"{table.name}.parquet")
            write_parquet_table(path, found, table)
            rows = duckdb.sql(f"select * from '{path}'")
            assert rows.columns == [one.name for one in table.columns]
            kinds = {
                "float64": "DOUBLE",
                "float32": "FLOAT",
                "int32": "INTEGER",
                "bool": "BOOLEAN",
                "string": "VARCHAR",
            }
            assert [str(one) for one in rows.types] == [kinds[one.type] for one in table.columns]
            found_rows = rows.fetchall()
            assert [list(row) for row in found_rows] == [list(row) for row in table.rows()]


def test_parquet_says_what_its_columns_mean(tmp_path: Path) -> None:
    from pyarrow import parquet

    found = findings()
    for table in tables(found):
        write_parquet_table(tmp_path / "x.parquet", found, table)
        schema = parquet.read_schema(tmp_path / "x.parquet")
        heading = json.loads(schema.metadata[b"attune"])
        assert heading["labels"] == list(EMOTIONS) and heading["table"] == table.name
        for field, column in zip(schema, table.columns, strict=True):
            assert field.metadata[b"meaning"].decode() == column.meaning
            assert field.metadata[b"unit"].decode() == ("s" if column.kind == "time" else "")


def test_every_column_is_in_the_dictionary(tmp_path: Path) -> None:
    found = findings()
    said = dictionary(tables(found))
    sections = {part.split("\n")[0]: part for part in said.split("\n## ")[1:]}
    for table in tables(found):
        write_csv_table(tmp_path / "x.csv", table)
        with (tmp_path / "x.csv").open(newline="") as file:
            heading = next(csv.reader(file))
        for name in heading:
            assert f"| `{name}` | " in sections[table.name]
    assert all(line.count(" | ") == 4 for line in said.split("\n") if line.startswith("| `"))


def test_strange_words_are_harmless_in_a_spreadsheet(tmp_path: Path) -> None:
    said = utterance(0, [word("=HYPERLINK(1)", 0.0, 1.0), word("'cause", 1.0, 2.0)], 0.0, 2.0)
    rows = written_csv(tmp_path, findings(utterances=(said,)), "words")
    assert [row["word"] for row in rows] == ["'=HYPERLINK(1)", "'cause"]


def test_the_guide_has_every_column() -> None:
    from tools.export_columns import PAGE, page

    text = PAGE.read_text(encoding="utf-8")
    assert page(text) == text, "write the page anew: python -m tools.export_columns"
