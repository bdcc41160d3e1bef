from __future__ import annotations

from pathlib import Path

import pytest

from engine.config import FUSIONS
from engine.errors import DataError
from engine.experiment.plan import ReportPlan, read_plan
from engine.experiment.shipped import find_plan, plans_folder
from tests.experiment.fakes import PLAN, tiny_plan

PUBLISHED = {
    "A": (36.5, 45.2),
    "V": (45.4, 51.3),
    "T": (47.4, 53.5),
    "self A+V": (48.3, 56.7),
    "self A+T": (51.8, 57.4),
    "self V+T": (56.3, 61.4),
    "self A+V+T": (58.7, 64.2),
    "cross A+V": (48.1, 56.6),
    "cross A+T": (50.1, 56.2),
    "cross V+T": (56.7, 61.7),
    "cross A+V+T": (57.8, 63.6),
    "noSP self": (58.4, 63.8),
    "noSP cross": (57.0, 63.4),
    "Cross+Self": (58.5, 64.2),
}
DIMS = {"audio": 120, "video": 2048, "text": 300}


def test_the_plan_of_the_paper() -> None:
    plan = read_plan(find_plan(Path("paper")))
    assert {cell.name: (cell.published.balanced_accuracy, cell.published.accuracy) for cell in plan.cells} == PUBLISHED  # type: ignore[union-attr]
    assert len(plan.seeds) == 10 and plan.folds is not None and len(plan.folds) == 5
    assert sum(plan.data.counts.values()) == 7487 and set(plan.data.counts) == set(plan.data.classes)
    assert plan.protocol == {} and plan.report.alpha == 0.05
    for first, second in plan.report.compare:
        one, other = plan.cell(first), plan.cell(second)
        assert (one.fusion, other.fusion) == ("self", "cross")
        assert (one.modalities, one.pooling) == (other.modalities, other.pooling)
    letters = {"audio": "A", "video": "V", "text": "T"}
    for cell in plan.cells:
        assert cell.preset == "paper" and (cell.pooling == "concatenate") == cell.name.startswith("noSP")
        if cell.table == 1:
            assert cell.name.split()[-1] == "+".join(letters[name] for name in cell.modalities)
            assert len(cell.modalities) == 1 or cell.name.startswith(cell.fusion)
        assert cell.config(DIMS, 7).classes == 7


def test_models_of_the_paper_have_the_authors_sizes() -> None:
    from engine.models.fusion import FusionModel

    plan = read_plan(find_plan(Path("paper")))
    for name, size in (("self A+V+T", 1_645_892), ("cross A+V+T", 1_820_132)):
        model = FusionModel(plan.cell(name).config(DIMS, 7))
        assert sum(one.numel() for one in model.parameters()) == size


@pytest.mark.parametrize("path", sorted(plans_folder().glob("*.toml")), ids=lambda path: path.stem)
def test_every_plan_that_ships_can_be_read(path: Path) -> None:
    assert read_plan(path).name == path.stem


def test_what_is_left_out_has_its_default() -> None:
    plan = tiny_plan(('title = "A tiny plan"\n', ""), ('folds = ["one", "two"]', ""), ('classes = ["no", "yes"]', ""))
    assert (plan.title, plan.folds, plan.data.classes, plan.report) == ("tiny", None, (), ReportPlan())
    cell = plan.cell("self A+T")
    assert (cell.pooling, cell.preset, cell.table, cell.published) == ("statistical", "paper", None, None)


def test_modalities_come_in_the_order_of_the_models() -> None:
    plan = tiny_plan(
        ('fusion = "self"\nmodalities = ["audio", "text"]', 'fusion = "self"\nmodalities = ["text", "audio"]')
    )
    assert plan.cells[0].modalities == ("audio", "text")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('name = "tiny"', "nam = 1", "nam is not known: did you mean name?"),
        ('name = "tiny"', "", "name must be a text"),
        ("seeds = [1, 2]", "seeds = []", "seeds must be a list of whole numbers"),
        ("seeds = [1, 2]", "seeds = [1, true]", "seeds must be a list of whole numbers"),
        ("seeds = [1, 2]", "seeds = [1, 1]", "seeds has 1 twice"),
        ('folds = ["one", "two"]', "folds = 3", "folds must be a list"),
        ('layout = "folds"', 'layout = "fold"', "data.layout must be one of folds, manifest, joined, found 'fold'"),
        ("[data]", "[dat]", "dat is not known: did you mean data?"),
        ("[[cells]]\nname = \"self", "[protocol]\nx = [1]\n[[cells]]\nname = \"self", "protocol.x must be a number"),
        ('fusion = "self"', 'fusion = "selve"', r"cells\[1\].fusion must be one of self, cross, cross\+self"),
        ('fusion = "self"', 'fusion = "self"\npoling = 1', r"cells\[1\].poling is not known: did you mean pooling?"),
        ('"text"]\n\n', '"smell"]\n\n', r"cells\[1\].modalities must be a list of audio, video, text"),
        ('"cross"\nmodalities = ["audio", "text"]', '"cross"\nmodalities = ["audio"]', "at least two modalities"),
        ('name = "cross A+T"', 'name = "Self A-T"', "would share the folder self-a-t"),
        ('name = "cross A+T"', 'name = "+"', "name must be a name with letters"),
        ('fusion = "cross"', 'fusion = "cross"\npublished = { accuracy = 0.6 }', r"published.*a number from 1 to 100"),
        ("[data]", '[report]\ncompare = [["self A+T", "cros A+T"]]\n[data]', r"no cell: did you mean cross A\+T\?"),
        ("[data]", '[report]\ncompare = [["self A+T"]]\n[data]', "pairs of different cells"),
        ("[data]", "[report]\nalpha = 5\n[data]", "report.alpha must be a number"),
        ('classes = ["no", "yes"]', 'classes = ["no", "no"]', "data.classes has no twice"),
        ('classes = ["no", "yes"]', "counts = { no = -1 }", "data.counts.no must be a whole number"),
        ("[data]", "data", "Expected '='"),
    ],
)  # fmt: skip
def test_mistakes_are_named(before: str, after: str, message: str, tmp_path: Path) -> None:
    assert before in PLAN
    path = tmp_path / "my.toml"
    path.write_text(PLAN.replace(before, after))
    with pytest.raises(DataError, match=message) as caught:
        read_plan(path)
    assert str(caught.value).startswith(f"{path}: ")


def test_plans_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"there is no plan papr: give a TOML file, or one of .*paper"):
        find_plan(Path("papr"))
    with pytest.raises(DataError, match="is a folder"):
        find_plan(tmp_path)
    with pytest.raises(DataError, match="cannot read the plan"):
        read_plan(tmp_path / "none.toml")
    (tmp_path / "picture.toml").write_bytes(b"\x89PNG\xff")
    with pytest.raises(DataError, match="not text in UTF-8"):
        read_plan(tmp_path / "picture.toml")


def test_a_byte_order_mark_at_the_beginning_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(PLAN, encoding="utf-8-sig")
    assert read_plan(path) == tiny_plan()


def test_every_fusion_can_be_a_cell() -> None:
    for fusion in FUSIONS:
        assert tiny_plan(('fusion = "cross"', f'fusion = "{fusion}"')).cells[1].config(DIMS, 2).fusion == fusion
