"""Where the answer comes from, as the window shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.config import Fusion, Modality


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Exact Shapley shares of the modalities in the top emotion of one fusion.

    ``with_all`` is the probability with all of them, ``with_none`` with none; the shares, of the modalities that the
    model uses, add up to the difference. A modality that is absent has a share of exactly zero.
    """

    top: str
    with_all: float
    with_none: float
    shares: Mapping[Modality, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where the answer comes from, per fusion, and for which moment."""

    pts_s: float | None = None
    shares: Mapping[Fusion, Shares] = field(default_factory=dict)
    muted: frozenset[Modality] = frozenset()
