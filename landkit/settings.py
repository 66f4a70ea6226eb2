"""What a ``landkit.toml`` says: the zone, the tolerances and the files of the layers, every key checked."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from landkit.crs import read_plane
from landkit.errors import InputError, LandkitError

SETTINGS = "landkit.toml"
AREA_BASES = ("cert", "survey", "ledger", "geom")
SUFFIXES = (".geojson", ".gpkg", ".parquet", ".csv")
_ZONE = re.compile(r"\s*\[\s*zone\s*\]")
_KEYS: dict[str, tuple[str, ...]] = {
    "": ("zone", "tolerance", "layers"),
    "zone": ("name", "name_en", "year", "crs", "aoi", "districts"),
    "tolerance": ("sliver_m2",),
    "layers.*": ("file", "programme", "area_official"),
}


@dataclass(frozen=True)
class Zone:
    """What the workspace is about.

    Attributes
    ----------
    crs
        The working plane, such as ``EPSG:4549``.
    aoi
        The box in which the zone lies: west, south, east, north in degrees.
    districts
        The id of the layer that holds the key areas.
    """

    name: str
    name_en: str
    year: int
    crs: str
    aoi: tuple[float, float, float, float] | None = None
    districts: str | None = None


@dataclass(frozen=True)
class LayerSpec:
    """A layer of the workspace: its file, and what is to be made of it.

    Attributes
    ----------
    programme
        Whether `landkit area` measures it when nothing is named.
    area_official
        Which area the office reports for its rows: cert, survey, ledger or geom.
    """

    id: str
    path: Path
    programme: bool = False
    area_official: str | None = None

    @property
    def is_table(self) -> bool:
        """Whether it holds rows without shapes."""
        return self.path.suffix.lower() == ".csv"


@dataclass(frozen=True)
class Settings:
    """The content of a ``landkit.toml``."""

    zone: Zone
    sliver_m2: float
    layers: Mapping[str, LayerSpec]


def read_settings(path: Path) -> Settings:
    """Read a ``landkit.toml``.

    Raises
    ------
    InputError
        It is corrupt, has a key that is unknown, missing or of the wrong type, or names a file that is missing or
        outside its folder.
    """
    text = read_text(path)
    return _Reader(path, text).settings(_parsed(path, text))


def with_layer(path: Path, text: str, spec: LayerSpec, *, districts: bool) -> str:
    """Return the text of a ``landkit.toml`` with a section for a layer; the rest stays as it is written.

    Parameters
    ----------
    path
        The file, for what is wrong with it.
    text
        Its text.
    spec
        The layer.
    districts
        Make it the layer of the key areas, unless another one is.

    Raises
    ------
    InputError
        The file is corrupt, or its layers are written in a way that allows no further section.
    """
    before = _parsed(path, text)
    if spec.id in before.get("layers", {}):
        return text
    section = ["", f"[layers.{_key(spec.id)}]", f"file = {json.dumps(spec.path.name, ensure_ascii=False)}"]
    lines = [*text.rstrip("\n").split("\n"), *section, *(["programme = true"] if spec.programme else []), ""]
    wanted = {**before, "layers": {**before.get("layers", {}), spec.id: {"file": spec.path.name}}}
    if spec.programme:
        wanted["layers"][spec.id]["programme"] = True
    zone = next((number for number, line in enumerate(lines) if _ZONE.match(line)), None)
    if districts and zone is not None and "districts" not in before.get("zone", {}):
        lines.insert(zone + 1, f"districts = {json.dumps(spec.id, ensure_ascii=False)}")
        wanted["zone"] = {**before["zone"], "districts": spec.id}
    enlarged = "\n".join(lines)
    try:
        is_meant = tomllib.loads(enlarged) == wanted
    except tomllib.TOMLDecodeError:
        is_meant = False
    if not is_meant:
        raise InputError("store.settings", file=path, section=section[1], entry=section[2])
    return enlarged


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)


def _parsed(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise toml_error(path, text, error) from error


def toml_error(path: Path, text: str, error: tomllib.TOMLDecodeError) -> InputError:
    """Return the error for a TOML file that cannot be parsed, with its line.

    Up to Python 3.13 the position stands in the message alone, later ones have it as attributes as well.
    """
    said = str(error)
    place = re.search(r"\(at line (\d+), column \d+\)$", said)
    line = int(place[1]) if place else text.count("\n") + 1  # "(at end of document)"
    detail = re.sub(r"\s*\(at [^()]*\)$", "", said)
    return InputError("workspace.toml", file=path, line=line, detail=detail)


def read_text(path: Path) -> str:
    """Return the text of a TOML file, with or without a byte order mark.

    Raises
    ------
    InputError
        It cannot be opened, or is not in UTF-8.
    """
    try:
        data = path.read_bytes()
        # some editors put a byte order mark first, which TOML does not know
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError("workspace.toml", file=path, line=line, detail="UTF-8") from error
    except OSError as error:
        raise InputError("files.unreadable", file=path, detail=error.strerror) from error


@dataclass(frozen=True)
class _Reader:
    """Takes a parsed ``landkit.toml`` apart; the text is there to find the line of what is wrong."""

    path: Path
    text: str

    def settings(self, raw: dict[str, Any]) -> Settings:
        self._check_keys("", raw, _KEYS[""])
        layers = {
            name: self._layer(name, self._section("layers", raw, name)) for name in self._section("", raw, "layers")
        }
        zone = self._zone(self._section("", raw, "zone"))
        if zone.districts is not None and (zone.districts not in layers or layers[zone.districts].is_table):
            raise self._error("zone", "districts", "workspace.districts", value=zone.districts)
        tolerance = self._section("", raw, "tolerance")
        self._check_keys("tolerance", tolerance, _KEYS["tolerance"])
        sliver = self._value("tolerance", tolerance, "sliver_m2", (int, float), default=1.0)
        if sliver < 0:
            raise self._error("tolerance", "sliver_m2", "workspace.value", value=sliver)
        return Settings(zone, float(sliver), layers)

    def _zone(self, zone: dict[str, Any]) -> Zone:
        self._check_keys("zone", zone, _KEYS["zone"])
        name = self._value("zone", zone, "name", str)
        crs = self._value("zone", zone, "crs", str)
        try:
            read_plane(crs)
        except LandkitError as error:
            raise self._error("zone", "crs", "workspace.crs", value=crs) from error
        return Zone(
            name,
            self._value("zone", zone, "name_en", str, default=name),
            self._value("zone", zone, "year", int),
            crs,
            self._box(zone),
            self._value("zone", zone, "districts", str, default=None),
        )

    def _box(self, zone: dict[str, Any]) -> tuple[float, float, float, float] | None:
        box = self._value("zone", zone, "aoi", list, default=None)
        if box is None:
            return None
        if len(box) == 4 and all(type(number) in (int, float) for number in box):
            west, south, east, north = (float(number) for number in box)
            if -180 <= west < east <= 180 and -90 <= south < north <= 90:
                return west, south, east, north
        raise self._error("zone", "aoi", "workspace.aoi", value=box)

    def _layer(self, name: str, layer: dict[str, Any]) -> LayerSpec:
        section = f"layers.{name}"
        self._check_keys(section, layer, _KEYS["layers.*"])
        basis = self._value(section, layer, "area_official", str, default=None)
        if basis is not None and basis not in AREA_BASES:
            raise self._error(section, "area_official", "workspace.choice", value=basis, choices=", ".join(AREA_BASES))
        spec = LayerSpec(
            name, self._file(section, layer), self._value(section, layer, "programme", bool, default=False), basis
        )
        if spec.programme and spec.is_table:
            raise self._error(section, "programme", "workspace.programme", value=spec.path.name)
        return spec

    def _file(self, section: str, layer: dict[str, Any]) -> Path:
        name = self._value(section, layer, "file", str)
        # Windows reads a drive or a backslash as part of a path, wherever the workspace was made
        parts = PureWindowsPath(name)
        if PurePosixPath(name).is_absolute() or parts.anchor or ".." in parts.parts or "\0" in name:
            raise self._error(section, "file", "workspace.outside", value=name)
        path: Path = self.path.parent / name
        if path.suffix.lower() not in SUFFIXES:
            raise self._error(section, "file", "workspace.choice", value=name, choices=" ".join(SUFFIXES))
        if not path.is_file():
            raise self._error(section, "file", "workspace.no_file", value=name)
        if not path.resolve().is_relative_to(self.path.parent.resolve()):
            raise self._error(section, "file", "workspace.outside", value=name)
        return path

    def _section(self, above: str, table: dict[str, Any], key: str) -> dict[str, Any]:
        inner = table if above == "" else table[above]
        found = inner.get(key, {})
        if not isinstance(found, dict):
            raise self._error(above, key, "workspace.value", value=found)
        return found

    def _value(self, section: str, table: dict[str, Any], key: str, kind: Any, **default: Any) -> Any:
        if key not in table:
            if "default" in default:
                return default["default"]
            raise self._error(section, "", "workspace.key_missing", missing=key)
        value = table[key]
        # true is an int to Python, and no number to anyone else
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self._error(section, key, "workspace.value", value=value)
        return value

    def _check_keys(self, section: str, table: dict[str, Any], known: Sequence[str]) -> None:
        for key in table:
            if key not in known:
                raise self._error(section, key, "workspace.key_unknown", known=", ".join(known))

    def _error(self, section: str, key: str, error: str, **values: object) -> InputError:
        name = ".".join(part for part in (section, key) if part)
        return InputError(error, file=self.path, line=self._line(section, key), name=name, **values)

    def _line(self, section: str, key: str) -> int:
        """Return the line of a key, else that of its section, else 1; written in an unusual way it is not found."""
        wanted = {f"[{section}]", f"[{section}.{key}]" if section else f"[{key}]"}
        here, found = section == "", 1
        for number, line in enumerate(self.text.split("\n"), 1):
            bare = line.strip().replace('"', "").replace("'", "").replace(" ", "")
            if bare.startswith("["):
                here = bare.split("]")[0] + "]" in wanted
                found = number if here else found
            elif here and key and bare.startswith(f"{key}="):
                return number
        return found
