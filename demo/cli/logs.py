"""What long commands tell of their progress, on stderr."""

from __future__ import annotations

import logging


def tell(name: str) -> None:
    """Show the progress messages of a part of the engine, with the time of each."""
    logger = logging.getLogger(name)
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s  %(message)s", datefmt="%H:%M:%S"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
