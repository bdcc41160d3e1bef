from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from engine.errors import DataError, OutputError
from engine.experiment.plan import Plan, parse_plan
from engine.experiment.record import RunRecord
from engine.experiment.report.write import ReportFiles, write_report
from tests.experiment.synthetic_records import SMALL_PLAN, records, small_plan, write_experiment

BALANCED, PLAIN = "balanced accuracy (paper: WA)", "accuracy (paper: UWA)"


def report(
    folder: Path, keep: Callable[[str, str, int], bool] = lambda *_: True, plan: Plan | None = None
) -> ReportFiles:
    plan = plan or small_plan()
    return write_report(write_experiment(folder, plan, records(plan, keep), ("2 utterances were dropped",)))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Balanced(HTMLParser):
    """Checks that every tag is closed by its own, and collects what a reader sees."""

    VOID = ("meta", "br", "link")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []
        self.seen: set[str] = set()
        self.targets: set[str] = set()
        self.ids: set[str] = set()
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        for name, value in attributes:
            if name == "href" and value and value.startswith("#"):
                self.targets.add(value[1:])
            if name == "id" and value:
                self.ids.add(value)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))


def test_the_page_is_whole_and_needs_nothing_else(tmp_path: Path) -> None:
    files = report(tmp_path)
    text = files.page.read_text(encoding="utf-8")
    page = Balanced(text)
    assert not {"script", "link", "img", "iframe", "object"} & page.seen
    assert not re.search(r"https?:|url\(|@import|src=", text)
    assert page.targets <= page.ids and len(page.targets) == 8
    assert "prefers-color-scheme: dark" in text and "@media print" in text
    assert (files.done, files.expected) == (6, 6)
    assert files.verdict in page.text


def test_metrics_have_their_exact_names_everywhere(tmp_path: Path) -> None:
    files = report(tmp_path)
    for path in (files.page, files.markdown):
        text = path.read_text(encoding="utf-8")
        assert BALANCED in text and PLAIN in text
        assert not re.search(r"(?<!\()\b(UWA|WA)\b", text.replace("paper: UWA", "").replace("paper: WA", ""))


def test_no_figure_is_nan_and_no_template_is_left(tmp_path: Path) -> None:
    for path in report(tmp_path).page.parent.glob("*.*"):
        text = re.sub(r"(?s)<style>.*</style>", "", path.read_text(encoding="utf-8"))
        assert not re.search(r"\bnan\b|\binf\b|None\b|\{\{|\{%", text, re.IGNORECASE if path.suffix != ".md" else 0), (
            path
        )


def test_the_same_records_give_the_same_bytes(tmp_path: Path) -> None:
    first = report(tmp_path / "a")
    second = report(tmp_path / "b")
    again = write_report(tmp_path / "a", tmp_path / "elsewhere")
    for name in ("report.html", "report.md", "table.csv", "runs.csv", "cost.csv"):
        content = (tmp_path / "a" / name).read_bytes()
        assert content == (tmp_path / "b" / name).read_bytes() == (tmp_path / "elsewhere" / name).read_bytes()
    assert first.page != second.page and again.page.parent == tmp_path / "elsewhere"


def test_cost_and_versions_change_no_table(tmp_path: Path) -> None:
    """A run that took longer or went through another version of a library counts the same."""
    plan = small_plan()
    report(tmp_path / "a")
    slower = [
        replace(one, cost=replace(one.cost, seconds=one.cost.seconds * 3, device_name="Other"), versions={"torch": "9"})
        for one in records(plan)
    ]
    write_report(write_experiment(tmp_path / "b", plan, slower, ("2 utterances were dropped",)))
    for name in ("table.csv", "runs.csv"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    texts = [(tmp_path / one / "report.md").read_text(encoding="utf-8") for one in "ab"]
    assert texts[0] != texts[1]
    assert texts[0].partition("## Cost")[0] == texts[1].partition("## Cost")[0]


def test_table_csv_holds_what_the_runs_say(tmp_path: Path) -> None:
    files = report(tmp_path)
    (self_row, _), runs = rows(files.table), rows(files.runs)
    mine = [float(one["test_balanced_accuracy"]) for one in runs if one["cell"] == "self A+V+T"]
    assert (self_row["runs"], self_row["runs_of_plan"], self_row["folds"]) == ("3", "3", "3")
    mean = sum(mine) / 3
    assert float(self_row["balanced_accuracy_mean"]) == pytest.approx(mean, abs=1e-4)
    spread = (sum((one - mean) ** 2 for one in mine) / 2) ** 0.5
    assert float(self_row["balanced_accuracy_std"]) == pytest.approx(spread, abs=2e-4)
    assert float(self_row["balanced_accuracy_fold_std"]) == pytest.approx(spread, abs=2e-4)  # one seed: folds are runs
    assert float(self_row["balanced_accuracy_published"]) == 58.7
    assert float(self_row["balanced_accuracy_difference"]) == pytest.approx(mean - 58.7, abs=1e-4)
    assert runs[0]["folder"] == "runs/self-a-v-t/fold01-seed01"


def test_missing_runs_are_named_and_n_is_said(tmp_path: Path) -> None:
    files = report(tmp_path, lambda cell, fold, seed: not (cell.startswith("cross") and fold == "fold02"))
    page = Balanced(files.page.read_text(encoding="utf-8")).text
    assert "5 of 6 runs" in page and files.verdict.startswith("Only 5 of 6 runs are done")
    assert "cross A+V+T (2 of 3): fold02 all seeds" in page
    assert rows(files.table)[1]["runs"] == "2" and rows(files.table)[0]["runs"] == "3"
    assert "2 of 3" in files.markdown.read_text(encoding="utf-8")


def test_an_experiment_without_a_run(tmp_path: Path) -> None:
    files = report(tmp_path, lambda *_: False)
    assert "nothing to say yet" in files.verdict
    assert "0 of 6 runs" in Balanced(files.page.read_text(encoding="utf-8")).text
    assert rows(files.runs) == [] and rows(files.table)[0]["balanced_accuracy_mean"] == ""


def test_one_run_of_each_cell_has_no_test_and_says_why(tmp_path: Path) -> None:
    files = report(tmp_path, lambda cell, fold, seed: fold == "fold01")
    page = Balanced(files.page.read_text(encoding="utf-8")).text
    assert "not defined: only one pair of runs with the same fold and seed" in page
    assert "No difference can be tested yet" in files.verdict


def test_equal_runs_have_no_test_and_say_why(tmp_path: Path) -> None:
    plan = small_plan()
    mine = {one.fold: one for one in records(plan) if one.cell.startswith("self")}
    twins = [replace(one, test=mine[one.fold].test) for one in records(plan)]
    files = write_report(write_experiment(tmp_path, plan, twins))
    assert "no pair differs" in Balanced(files.page.read_text(encoding="utf-8")).text
    assert "no pair differs" in files.markdown.read_text(encoding="utf-8")


NASTY = '<script>alert(1)</script> & "a|b" *c*'


def renamed(one: RunRecord, classes: tuple[str, ...]) -> RunRecord:
    return replace(one, data=replace(one.data, classes=classes))


def test_what_others_wrote_is_escaped(tmp_path: Path) -> None:
    """Titles, cells, classes and notes are shown as they are, and do nothing."""
    name = NASTY.replace("\\", "").replace('"', '\\"')
    text = SMALL_PLAN.replace('title = "Six runs"', f'title = "{name}"').replace('"cross A+V+T"', '"<i>x</i>|y"')
    plan = parse_plan(text)
    classes = (NASTY, "excited", "<b>happy</b>", "sad", "frustrated", "surprise", "neutral")
    made = [renamed(one, classes) for one in records(plan)]
    write_experiment(tmp_path, plan, made, (NASTY,))
    about = tmp_path / "experiment.json"
    escaped = NASTY.replace('"', '\\"')
    about.write_text(
        about.read_text(encoding="utf-8").replace('"angry"', f'"{escaped}"').replace('"happy"', '"<b>happy</b>"'),
        encoding="utf-8",
    )
    files = write_report(tmp_path)
    html = files.page.read_text(encoding="utf-8")
    page = Balanced(html)
    assert "script" not in page.seen and "b" in page.seen and "<i>x" not in html
    assert NASTY in page.text and "<b>happy</b>" in page.text and "<i>x</i>|y" in page.text
    markdown = files.markdown.read_text(encoding="utf-8")
    assert "<script" not in markdown and "<i>" not in markdown and "\\|y" in markdown
    assert rows(files.table)[1]["cell"] == "<i>x</i>|y"


def test_other_classes_do_not_mix(tmp_path: Path) -> None:
    plan = small_plan()
    other = [renamed(one, tuple("abcdefg")) for one in records(plan)]
    with pytest.raises(DataError, match="was trained on the classes a, b"):
        write_report(write_experiment(tmp_path, plan, other))


def test_damaged_failed_and_strange_records_are_named(tmp_path: Path) -> None:
    plan = small_plan()
    write_experiment(tmp_path, plan, records(plan))
    first, second = (tmp_path / "runs" / "self-a-v-t" / f"fold0{n}-seed01" for n in (1, 2))
    (first / "record.json").write_text("{", encoding="utf-8")
    (second / "record.json").unlink()
    (second / "failure.txt").write_text("out of memory\nmore\n", encoding="utf-8")
    stranger = tmp_path / "runs" / "old-cell" / "fold01-seed01"
    stranger.mkdir(parents=True)
    (stranger / "record.json").write_text("{}", encoding="utf-8")
    files = write_report(tmp_path)
    page = Balanced(files.page.read_text(encoding="utf-8")).text
    assert "runs/self-a-v-t/fold01-seed01/record.json is damaged" in page
    assert "self A+V+T, fold02, seed 1 failed: out of memory" in page
    assert "1 record in this folder" in page
    assert files.done == 4


def test_data_without_a_test_set_are_reported_on_dev_and_say_so(tmp_path: Path) -> None:
    plan = small_plan()
    made = [replace(one, test=None, trials={"audio+video+text": one.dev, "audio": one.dev}) for one in records(plan)]
    files = write_report(write_experiment(tmp_path, plan, made))
    page = Balanced(files.page.read_text(encoding="utf-8")).text
    assert "have no test set" in page and "Dev figures in %" in page and "With some modalities only" in page
    assert "without a look at test" not in page
    row, run = rows(files.table)[0], rows(files.runs)[0]
    assert row["split"] == "dev" and float(row["accuracy_mean"]) > 0
    assert run["test_accuracy"] == "" and float(run["dev_accuracy"]) > 0 and "dev_recall_angry" in run
    assert "audio + video + text" in files.markdown.read_text(encoding="utf-8")


def test_a_folder_without_an_experiment(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no experiment"):
        write_report(tmp_path)


def test_a_report_that_cannot_be_written(tmp_path: Path) -> None:
    plan = small_plan()
    folder = write_experiment(tmp_path / "x", plan, records(plan))
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="is a file, not a folder"):
        write_report(folder, tmp_path / "file")


def test_a_plan_without_published_figures_tables_or_pairs(tmp_path: Path) -> None:
    text = re.sub(r"(?m)^(published|table|compare) = .*\n", "", SMALL_PLAN)
    files = report(tmp_path, plan=parse_plan(text))
    page = Balanced(files.page.read_text(encoding="utf-8")).text
    assert "names no pairs" in page and "Results of all cells" in page and "published" not in files.verdict


def test_the_plan_of_the_paper_is_reported_from_few_runs(tmp_path: Path) -> None:
    from engine.experiment.plan import read_plan

    plan = read_plan(Path(__file__).parents[2] / "plans" / "paper.toml")
    files = report(tmp_path, lambda cell, fold, seed: fold in ("fold01", "fold02") and seed <= 2, plan)
    page = Balanced(files.page.read_text(encoding="utf-8")).text
    assert "56 of 700 runs" in page
    for part in ("Table 1", "Table 2", "The whole plan of 700 runs on one Example GPU: about"):
        assert part in page
    assert len(rows(files.table)) == 14 and len(rows(files.runs)) == 56
    assert re.search(r"attune play FILE --model DIR/runs/[\w-]+/fold0[12]-seed0[12]", page)
