"""Settings of training on corpora joined by class, and the plan that ships with them."""

from __future__ import annotations

import pytest

from engine.experiment.plan import read_plan
from engine.experiment.protocol_settings import protocol_settings
from engine.experiment.shipped import plans_folder
from engine.training.joined import JoinedSettings


def test_the_shipped_plan_sets_what_the_recipe_uses():
    plan = read_plan(plans_folder() / "bundle.toml")
    assert [cell.fusion for cell in plan.cells] == ["self", "cross"]
    for cell in plan.cells:
        settings = JoinedSettings(**protocol_settings(plan, cell))
        recipe = settings.recipe(seed=1)
        assert (recipe.steps, recipe.seed, settings.teachers) == (4000, 1, 2)
        assert recipe.windows.item_classes["video"] == 1.0


def test_settings_out_of_range_are_refused():
    with pytest.raises(ValueError, match="steps must be from 1"):
        JoinedSettings(steps=0)
