"""Plans made by commands rather than written by a user, as the text of a plan's file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from engine.experiment.plan import Cell, Layout


def plan_text(
    name: str,
    title: str,
    layout: Layout,
    seeds: Sequence[int],
    cells: Iterable[Cell],
    protocol: Mapping[str, object] | None = None,
) -> str:
    """The text of a plan on all folds that the data have.

    Examples
    --------
    >>> from engine.experiment.plan import parse_plan
    >>> cell = Cell(name="self", fusion="self", modalities=("text",), preset="temporal")
    >>> plan = parse_plan(plan_text("mine", "My talks", "manifest", [1, 2], [cell], {"batch": 16}))
    >>> plan.seeds, plan.cells == (cell,), dict(plan.protocol)
    ((1, 2), True, {'batch': 16})
    """
    lines = [f"name = {_value(name)}", f"title = {_value(title)}", f"seeds = {_value([*seeds])}", ""]
    lines += ["[data]", f"layout = {_value(layout)}"]
    if protocol:
        lines += ["", "[protocol]", *(f"{key} = {_value(value)}" for key, value in protocol.items())]
    for cell in cells:
        about = {"name": cell.name, **cell.model}
        lines += ["", "[[cells]]", *(f"{key} = {_value(value)}" for key, value in about.items())]
    return "\n".join(lines) + "\n"


def _value(value: object) -> str:
    """TOML of a text, number, truth value or list of these, which is that of JSON."""
    return json.dumps(value, ensure_ascii=False)
