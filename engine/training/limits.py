"""What settings of a training may be."""

from __future__ import annotations

import math
from collections.abc import Mapping

Limits = Mapping[str, tuple[float, float]]
"""Least and largest value of each setting, both allowed."""


def check_limits(settings: object, limits: Limits) -> None:
    """Refuse settings that nothing can be trained with.

    Parameters
    ----------
    settings : has the settings as attributes.
    limits : least and largest value of each, both allowed.

    Raises
    ------
    ValueError
        With name, value and limits of the first that is not within its own.
    """
    for name, (least, most) in limits.items():
        value = getattr(settings, name)
        if not least <= value <= most:
            bounds = f"at least {least:g}" if most == math.inf else f"from {least:g} to {most:g}"
            raise ValueError(f"{name} must be {bounds}, found {value:g}")
