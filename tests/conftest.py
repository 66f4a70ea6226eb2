"""What all tests share: a header that names the libraries, and how much hypothesis tries."""

from __future__ import annotations

import os
from importlib.metadata import version

import pytest
from hypothesis import settings

LIBRARIES = (
    "geopandas",
    "shapely",
    "pyproj",
    "pyogrio",
    "fiona",
    "pyarrow",
    "numpy",
    "pandas",
    "cql2",
    "click",
    "rich",
)

# In CI the same examples every time: a red run says that the change is at fault.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("local", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "local")


def pytest_report_header() -> list[str]:
    import fiona
    import pyogrio
    import pyproj
    import shapely

    gdal = f"GDAL {pyogrio.__gdal_version_string__} (pyogrio), {fiona.__gdal_version__} (fiona)"
    return [
        "libraries: " + ", ".join(f"{name} {version(name)}" for name in LIBRARIES),
        f"GEOS {shapely.geos_version_string}, PROJ {pyproj.proj_version_str}, {gdal}",
    ]


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the language of the machine, a test that does not ask for another one reads English."""
    monkeypatch.setenv("LANDKIT_LANG", "en")
    monkeypatch.delenv("LANDKIT_DEBUG", raising=False)
