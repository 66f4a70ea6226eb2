"""What landkit stands on: versions of the libraries, data of PROJ, fonts, encodings, each looked at and judged."""

from __future__ import annotations

import locale
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

# Jinhua, EPSG:4490 to EPSG:4549; the plane coordinates come from integrating the meridian's arc in 50 digits
# (tests/test_health.py does so again), not from PROJ.
_LONGITUDE, _LATITUDE = 119.65, 29.08
_EAST, _NORTH = 465922.56221105, 3218186.825983
_TOLERANCE = 0.001  # m

_LIBRARIES = ("landkit", "numpy", "pandas", "geopandas", "shapely", "pyproj", "pyogrio", "fiona", "pyarrow", "cql2")
_OLDEST_GEOS = (3, 12, 0)  # the first that repairs and checks coverages as the ledger needs it
_SAMPLE = "亩"
_FONTS = {
    "nt": (Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts", ("msyh*", "simsun*", "simhei*", "deng*")),
    "darwin": (Path("/System/Library/Fonts"), ("PingFang*", "STHeiti*", "Hiragino Sans GB*")),
}


@dataclass(frozen=True)
class Check:
    """One thing looked at: what was `found` (a version, a path, a reason), and whether that will do."""

    id: str
    required: bool
    ok: bool
    found: str | None


@dataclass(frozen=True)
class Report:
    """All checks, in the order in which one thing rests on another."""

    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """Whether everything required will do."""
        return all(check.ok for check in self.checks if check.required)


def doctor() -> Report:
    """Look at everything that landkit stands on; nothing found wrong is raised, it is reported."""
    return Report(
        (
            _looked_at("python", _python),
            *(_looked_at(name, _library(name)) for name in _LIBRARIES),
            _looked_at("geos", _geos),
            _looked_at("proj", _proj),
            _looked_at("proj_data", _proj_data),
            _looked_at("transformation", _transformation),
            _looked_at("proj_offline", _proj_offline, required=False),
            _looked_at("gdal_pyogrio", _gdal_pyogrio),
            _looked_at("gdal_fiona", _gdal_fiona),
            _looked_at("font", _font, required=False),
            _looked_at("stdout", lambda: _encodes(getattr(sys.stdout, "encoding", None)), required=False),
            _looked_at("file_names", lambda: _encodes(sys.getfilesystemencoding()), required=False),
            _looked_at("locale", lambda: _encodes(locale.getencoding()), required=False),
        )
    )


def _looked_at(name: str, look: Callable[[], tuple[bool, str | None]], *, required: bool = True) -> Check:
    try:
        ok, found = look()
    except Exception as error:  # noqa: BLE001 - whatever a broken library raises is the finding
        ok, found = False, f"{type(error).__name__}: {error}"
    return Check(name, required, ok, found)


def _python() -> tuple[bool, str]:
    return sys.version_info >= (3, 11), f"{sys.version.split()[0]} {sys.executable}"


def _library(name: str) -> Callable[[], tuple[bool, str]]:
    return lambda: (True, str(import_module(name).__version__))


def _geos() -> tuple[bool, str]:
    import shapely

    return shapely.geos_version >= _OLDEST_GEOS, shapely.geos_version_string


def _proj() -> tuple[bool, str]:
    import pyproj

    return True, pyproj.proj_version_str


def _proj_data() -> tuple[bool, str]:
    import pyproj

    folder = pyproj.datadir.get_data_dir()
    return any((Path(part) / "proj.db").is_file() for part in folder.split(os.pathsep)), folder


def _transformation() -> tuple[bool, str]:
    import pyproj

    carry = pyproj.Transformer.from_crs("EPSG:4490", "EPSG:4549", always_xy=True)
    east, north = carry.transform(_LONGITUDE, _LATITUDE)
    off = max(abs(east - _EAST), abs(north - _NORTH))
    return off <= _TOLERANCE, f"EPSG:4490 -> EPSG:4549, {off:.6f} m"


def _proj_offline() -> tuple[bool, str]:
    from pyproj.network import is_network_enabled  # type: ignore[attr-defined] # named in its documentation

    enabled = is_network_enabled()
    return not enabled, f"PROJ_NETWORK={'ON' if enabled else 'OFF'}"


def _gdal_pyogrio() -> tuple[bool, str]:
    import pyogrio

    return True, pyogrio.__gdal_version_string__


def _gdal_fiona() -> tuple[bool, str]:
    import fiona
    from fiona.crs import CRS

    # fiona brings a PROJ of its own, which a PROJ_DATA left behind by other programs sends astray.
    return "CGCS2000" in CRS.from_epsg(4549).to_wkt(), fiona.__gdal_version__


def _font() -> tuple[bool, str | None]:
    program = shutil.which("fc-list")
    if program:
        listed = subprocess.run([program, ":lang=zh", "family"], capture_output=True, check=True, timeout=20)  # noqa: S603
        families = sorted(listed.stdout.decode("utf-8", errors="replace").split("\n"))
        return any(families), next((family for family in families if family), None)
    folder, patterns = _FONTS.get(sys.platform if sys.platform == "darwin" else os.name, (Path(), ()))
    found = [path.name for pattern in patterns for path in sorted(folder.glob(pattern))]
    return bool(found), found[0] if found else None


def _encodes(encoding: str | None) -> tuple[bool, str | None]:
    if encoding is None:
        return False, None
    try:
        _SAMPLE.encode(encoding)
    except UnicodeEncodeError:
        return False, encoding
    return True, encoding
