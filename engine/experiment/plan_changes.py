"""Whether results of one plan may be carried on with another."""

from __future__ import annotations

from engine.experiment.plan import Plan


def plan_differences(old: Plan, new: Plan) -> list[str]:
    """What speaks against carrying on, one line each; empty where every run of the old plan is one of the new.

    Further cells, seeds and folds may be added, and titles, published figures and the report may change.
    """
    lines = [f"name: {old.name} there, {new.name} here"] if old.name != new.name else []
    for part in ("layout", "classes", "face_encoder", "vectors", "counts"):
        before, after = getattr(old.data, part), getattr(new.data, part)
        if before != after:
            lines.append(f"data.{part}: {_shown(before)} there, {_shown(after)} here")
    for key in sorted({*old.protocol, *new.protocol}):
        before, after = old.protocol.get(key), new.protocol.get(key)
        if before != after:
            lines.append(f"protocol.{key}: {_shown(before)} there, {_shown(after)} here")
    cells = {cell.name: cell for cell in new.cells}
    for cell in old.cells:
        if cell.name not in cells:
            lines.append(f"cell {cell.name}: there, but not here")
            continue
        for key, value in cell.model.items():
            other = cells[cell.name].model[key]
            if value != other:
                lines.append(f"cell {cell.name}, {key}: {_shown(value)} there, {_shown(other)} here")
    gone = [str(seed) for seed in old.seeds if seed not in new.seeds]
    if gone:
        lines.append(f"seeds: {', '.join(gone)} there, but not here")
    return lines + _folds(old, new)


def _folds(old: Plan, new: Plan) -> list[str]:
    if new.folds is None or old.folds == new.folds:
        return []
    if old.folds is None:
        return [f"folds: all there, {', '.join(new.folds)} here"]
    gone = [fold for fold in old.folds if fold not in new.folds]
    return [f"folds: {', '.join(gone)} there, but not here"] if gone else []


def _shown(value: object) -> str:
    if isinstance(value, tuple | list):
        return ", ".join(str(one) for one in value) or "nothing"
    return "nothing" if value in (None, {}) else str(value)
