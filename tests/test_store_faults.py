"""Faults while a workspace is written: kills at random moments, a full disk, a disk that refuses."""

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import box

from landkit.errors import UsageError
from landkit.store import exclusive, history
from landkit.workspace import open_workspace

SCRIPTS = Path(__file__).parents[1] / "scripts"
SETTINGS = '[zone]\nname = "某区"\nyear = 2022\ncrs = "EPSG:4549"\n'


def test_nothing_is_lost_to_kills(tmp_path, monkeypatch):
    if not SCRIPTS.is_dir():
        pytest.skip("scripts/ is not beside the tests")
    monkeypatch.syspath_prepend(str(SCRIPTS))
    from faults import kill_transactions

    toll = kill_transactions(tmp_path, 25, seed=7)
    assert toll.lost == 0
    assert toll.old + toll.new == toll.kills == 25


def parcels(count):
    shapes = [box(500_000 + 60 * number, 3_218_000, 500_050 + 60 * number, 3_218_050) for number in range(count)]
    return gpd.GeoDataFrame(
        {"id": [f"S-{number}" for number in range(count)], "note": "备注" * 50}, geometry=shapes, crs=4549
    )


def workspace(folder):
    (folder / "landkit.toml").write_text(SETTINGS, encoding="utf-8")
    with exclusive(folder, purpose="test") as transaction:
        open_workspace(folder).stage(transaction, "reclaim", parcels(20))
    return {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def overfill(folder):
    """Write more than there is room for: a layer, or plain bytes."""
    with exclusive(folder, purpose="test") as transaction:
        transaction.put("event.csv", b"event_no\n")
        open_workspace(folder).stage(transaction, "reclaim", parcels(20_000))


def overfill_with_bytes(folder):
    with exclusive(folder, purpose="test") as transaction:
        transaction.put("event.csv", b"x" * 20_000_000)


@contextlib.contextmanager
def small_disk(folder):
    """Mount a file system of 2 MB on `folder`."""
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root may mount a small disk")
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], check=False, capture_output=True)
    if done.returncode:
        pytest.skip(f"no mount here: {done.stderr.decode(errors='replace').strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


@contextlib.contextmanager
def small_files(folder):
    """Let this process write no file of more than 1 MB."""
    resource = pytest.importorskip("resource", reason="no limits on files here")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("room", [small_disk, small_files])
@pytest.mark.parametrize("writes", [overfill, overfill_with_bytes])
def test_a_full_disk_leaves_every_byte(tmp_path, room, writes):
    with room(tmp_path):
        before = workspace(tmp_path)
        with pytest.raises(UsageError) as caught:
            writes(tmp_path)
        assert caught.value.key == "store.failed"
        assert caught.value.hint("zh")
        assert {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before
        assert list((tmp_path / ".landkit").glob("stage-*")) == []
        assert len(open_workspace(tmp_path).layer("reclaim")) == 20
        with exclusive(tmp_path, purpose="test") as transaction:  # there is room again
            transaction.put("event.csv", b"event_no\n")
        assert len(history(tmp_path)) == 2


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission(tmp_path):
    before = workspace(tmp_path)
    tmp_path.chmod(0o500)
    (tmp_path / ".landkit").chmod(0o500)
    try:
        with pytest.raises(UsageError) as caught:
            overfill_with_bytes(tmp_path)
        assert caught.value.key == "store.denied"
        assert len(open_workspace(tmp_path).layer("reclaim")) == 20
    finally:
        tmp_path.chmod(0o700)
        (tmp_path / ".landkit").chmod(0o700)
    assert {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before
