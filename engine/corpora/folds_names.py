"""Names of classes that a data set knows by number alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.corpora.utterances import IntArray
from engine.errors import DataError


def name_classes(
    totals: Sequence[IntArray], classes: Sequence[str] | None, counts: Mapping[str, int] | None
) -> tuple[tuple[str, ...], str]:
    """Names of the labels 0, 1, ..., and a remark that says where they come from.

    Parameters
    ----------
    totals : utterances with each label, [classes], for every fold.
    classes : the names in the order of the labels, if known.
    counts : utterances of each class in a fold. Where they fit the totals of every fold in one way alone, they name
        the labels, whatever the order of ``classes``.

    Raises
    ------
    DataError
        When there are no ``classes``, and the counts do not fit.

    Examples
    --------
    >>> import numpy as np
    >>> name_classes([np.array([3, 8])], ["calm", "angry"], {"calm": 8, "angry": 3})[0]
    ('angry', 'calm')
    """
    found = _by_counts(totals, counts) if counts else None
    if found is not None:
        changed = classes is not None and tuple(classes) != found
        order = ", which is another order than that given" if changed else ""
        return found, f"the numbers of utterances name the labels: {_listed(found)}{order}"
    first = ", ".join(str(int(total)) for total in totals[0])
    if classes is None:
        if counts:
            raise DataError(
                f"the counts name no labels: there are {first} utterances with labels 0 to {len(totals[0]) - 1}. "
                "Correct data.counts, or give data.classes in the order of the labels"
            )
        names = tuple(f"class {label}" for label in range(len(totals[0])))
        return names, "the labels have no names: give them as data.classes in the order of the labels"
    if counts:
        why = f"their numbers of utterances are {first}, which do not fit the counts in one way alone"
        return tuple(classes), f"the labels have the names in the order given, {_listed(classes)}: {why}"
    return tuple(classes), f"the labels have the names in the order given: {_listed(classes)}"


def _by_counts(totals: Sequence[IntArray], counts: Mapping[str, int]) -> tuple[str, ...] | None:
    """The only naming that fits the totals of every fold, or None."""
    names = {count: name for name, count in counts.items()}
    if len(names) < len(counts):
        return None  # two classes of one size could change places
    found = {tuple(names.get(int(total)) for total in one) for one in totals}
    if len(found) != 1:
        return None
    only = found.pop()
    named = tuple(name for name in only if name is not None)
    return named if len(named) == len(only) == len(counts) and len(set(named)) == len(named) else None


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"{label} {name}" for label, name in enumerate(names))
