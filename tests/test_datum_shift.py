"""GCJ-02 and BD-09 against a published vector, measured distances, and themselves."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landkit.datum_shift import from_bd09, from_gcj02, to_bd09, to_gcj02

GEOD = pyproj.Geod(ellps="WGS84")
degrees = st.tuples(st.floats(74, 134), st.floats(4, 53))


def at(longitude: float, latitude: float):
    return np.array([longitude]), np.array([latitude])


def test_bd09_of_the_published_vector():
    # https://help.aliyun.com/document_detail/214134.html: GCJ-02 120.026268, 30.279164 is BD-09 120.032768, 30.285238
    ground = from_gcj02(*at(120.026268, 30.279164))
    assert np.ravel(to_bd09(*ground)) == pytest.approx([120.032768, 30.285238], abs=6e-7)


def test_one_step_of_the_inverse_is_the_published_wgs84():
    # The same page gives "WGS 84" 120.021519, 30.281543, which is the point less the shift at the point itself.
    x, y = at(120.026268, 30.279164)
    there_x, there_y = to_gcj02(x, y)
    assert [2 * x[0] - there_x[0], 2 * y[0] - there_y[0]] == pytest.approx([120.021519, 30.281543], abs=6e-7)


@pytest.mark.parametrize(("shift", "metres", "azimuth"), [(to_gcj02, 564.6, 126), (to_bd09, 1137, 74)])
def test_the_shift_at_jinhua(shift, metres, azimuth):
    x, y = shift(*at(119.6, 29.1))
    forward, _, distance = GEOD.inv(119.6, 29.1, x[0], y[0])
    assert distance == pytest.approx(metres, abs=0.5)
    assert forward == pytest.approx(azimuth, abs=0.5)


@pytest.mark.parametrize(("there", "back"), [(to_gcj02, from_gcj02), (to_bd09, from_bd09)])
@given(place=degrees)
def test_the_inverse_leads_back(there, back, place):
    x, y = back(*there(*at(*place)))
    assert x[0] == pytest.approx(place[0], abs=1e-9)
    assert y[0] == pytest.approx(place[1], abs=1e-9)


@pytest.mark.parametrize("shift", [to_gcj02, to_bd09, from_gcj02, from_bd09])
def test_nothing_moves_outside_china(shift):
    assert np.ravel(shift(*at(2.35, 48.85))).tolist() == [2.35, 48.85]


def test_it_distorts_areas():
    # Measured with another implementation: +0.26 % at 119.35 E.
    side = 0.01
    x = np.array([119.35, 119.35 + side, 119.35 + side, 119.35]) - side / 2
    y = np.array([29.1, 29.1, 29.1 + side, 29.1 + side]) - side / 2
    before, after = (abs(GEOD.polygon_area_perimeter(*ring)[0]) for ring in ((x, y), to_gcj02(x, y)))
    assert after / before - 1 == pytest.approx(0.0026, abs=0.0003)
