"""The columns of a plain file that the ledger reads, under whatever names they were delivered.

Only a name of the field itself, one of its aliases, or what a shapefile leaves of such a name is evidence; what was
taken is said. The delivered columns stay as they are, and the fields stand beside them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

import geopandas as gpd

from landkit.field_claims import ALIAS, CUT, NAME
from landkit.mapping import Doubt, FieldMap, convert, map_fields
from landkit.sources import Note

FIELDS = ("area_doc_mu", "district", "geom_source")
_ANY_LAYER = ""  # no layer of the schema: it has the fields that all have


@dataclass(frozen=True)
class LedgerColumns:
    """Which delivered columns hold fields of the ledger that no column is named after.

    Attributes
    ----------
    found
        The fields of these columns.
    doubtful
        Columns that could hold one, and were not taken.
    """

    found: FieldMap
    doubtful: tuple[Doubt, ...]

    @classmethod
    def of(cls, names: Collection[str], *, is_shapefile: bool) -> LedgerColumns:
        """Look for the fields among the columns called `names`; only a shapefile cuts names."""
        wanted = [field for field in FIELDS if field not in names]
        told = map_fields(dict.fromkeys(names) if wanted else (), _ANY_LAYER, by_initials=False)
        kinds = (NAME, ALIAS, CUT) if is_shapefile else (NAME, ALIAS)
        fields = {
            name: field for name, field in told.fields.items() if field in wanted and told.evidence[name] in kinds
        }
        doubtful = tuple(doubt for doubt in told.doubtful if set(doubt.fields) & set(wanted))
        return cls(replace(told, fields=fields), doubtful)

    def beside(self, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """Return `frame` with the fields added; cells that cannot be read stand there as delivered."""
        taken = [name for name in self.found.fields if name in frame.columns]
        if not taken:
            return frame
        converted = convert(frame[taken], self.found, _ANY_LAYER)
        fields = {}
        for name in taken:
            cells = converted.frame[self.found.fields[name]]
            odd = converted.problems.loc[converted.problems["column"] == name, "row"]
            if len(odd):
                cells = cells.astype(object)
                cells.loc[odd] = frame.loc[odd, name]
            fields[self.found.fields[name]] = cells
        return frame.assign(**fields)

    def notes(self, layer: str) -> Iterator[Note]:
        """Yield which column of a layer was taken as what, and which was not, and why."""
        for name, field in self.found.fields.items():
            unit = self.found.units.get(name) or self.found.assumed.get(name)
            values: dict[str, object] = {"layer": layer, "column": name, "field": field}
            yield Note("note.column_in", {**values, "unit": unit}) if unit else Note("note.column", values)
        for doubt in self.doubtful:
            yield Note(doubt.key, {"column": doubt.column, "fields": ", ".join(doubt.fields), "winner": doubt.winner})
