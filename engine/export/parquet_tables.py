"""Tables as Parquet: every column with its type, and with its meaning and unit in the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from engine.export.columns import Column, Table
from engine.export.findings import Findings
from engine.export.heading import heading

if TYPE_CHECKING:
    import pyarrow


def write_parquet_table(path: Path, findings: Findings, table: Table) -> None:
    """Write a table; cells without a value are null.

    Units and meanings are metadata of the fields; the heading of the recording, with the order of the classes, is the
    schema's metadata ``attune`` as JSON.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    import pyarrow as pa
    from pyarrow import parquet

    metadata = {"attune": json.dumps(heading(findings) | {"table": table.name, "meaning": table.meaning})}
    schema = pa.schema([_field(one) for one in table.columns], metadata=metadata)
    columns = zip(*table.rows(), strict=True)
    cells = list(columns) or [() for _ in table.columns]
    arrays = [pa.array(list(one), field.type) for one, field in zip(cells, schema, strict=True)]
    parquet.write_table(pa.Table.from_arrays(arrays, schema=schema), str(path), compression="zstd")


def _field(column: Column) -> pyarrow.Field:
    import pyarrow as pa

    about = {"meaning": column.meaning, "unit": column.unit, "range": column.range}
    return pa.field(column.name, pa.type_for_alias(column.type), metadata=about)
