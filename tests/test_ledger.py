"""The closing ledger against truth counted in half cells of a grid."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from cells import SIDE, Grid, grids, halves, lands, truth
from hypothesis import given, settings
from hypothesis import strategies as st

import landkit
from landkit.crs import Plane
from landkit.districts import NOWHERE, Districts
from landkit.errors import ClosureError, InputError
from landkit.ledger import ASSIGNMENTS, CLOSES_M2, Features, account
from landkit.measure.area import METHODS, measure
from landkit.measure.overlay import Pieces, split
from landkit.policy import Count

PLANE = Plane(40)
NEAR = 1e-9  # of the land there is
QUICK = settings(deadline=None, max_examples=20)

names = st.sampled_from(["takeback", "remediate", "village"])
ledgers = st.lists(
    st.tuples(lands(), names, st.sampled_from(["signed", None]), st.booleans(), st.none() | st.integers(1, 900)),
    min_size=1,
    max_size=9,
)
areas_of = st.lists(st.tuples(st.sampled_from(["A", "B", "C"]), lands()), min_size=1, max_size=4)


def features(rows, grid, *, keys=("programme",), method="planar", owner=None):
    shapes = np.array([grid.shape(land, plain=plain) for land, _, _, plain, _ in rows])
    columns = pd.DataFrame(
        {
            "programme": pd.Series([name for _, name, _, _, _ in rows], dtype=object),
            "stage": pd.Series([stage for _, _, stage, _, _ in rows], dtype=object),
        }
    )
    return Features(
        shapes,
        measure(shapes, PLANE, method=method),
        columns[list(keys)],
        np.array(pd.factorize(columns["programme"])[0], dtype=np.intp),
        np.full(len(rows), NOWHERE) if owner is None else owner,
        np.array([np.nan if doc is None else doc for *_, doc in rows], dtype=float),
    )


def partition(named, grid):
    shapes = np.array([grid.shape(land) for _, land in named])
    return Districts.of(shapes, [name for name, _ in named], "EPSG:4549", PLANE, layer="districts")


def nowhere(*_):
    return frozenset()


def by_land(named):
    """Label a half cell by the districts that it lies in."""
    claims = {name: frozenset().union(*(land for own, land in named if own == name)) for name, _ in named}
    return lambda atom, _: frozenset(name for name, land in claims.items() if atom in land)


def told(found):
    """Return what an account says, by names instead of numbers."""
    labels = [frozenset(label) for label in found.districts]
    groups = [tuple(None if pd.isna(value) else value for value in row) for row in found.groups.to_numpy(dtype=object)]

    def label(number):
        return frozenset() if number == NOWHERE else labels[number]

    rows = {
        (label(row["district"]), groups[row["group"]]): {
            **{key: row[key] for key in ("gross", "net", "exclusive", "shared", "parcels")},
            "ledger": None if pd.isna(row["ledger"]) else row["ledger"],
        }
        for row in found.rows.to_dict("records")
    }
    shared = {
        (label(row["district"]), frozenset(groups[group] for group in row["groups"])): row["area"]
        for row in found.shared.to_dict("records")
    }
    assert len(rows) == len(found.rows)
    assert len(shared) == len(found.shared)
    return rows, shared


def check(found, expected):
    total, rows, shared = expected
    slack = NEAR * total["gross"] + 1e-6
    for key, value in total.items():
        if key != "outside" or found.total["outside"] is not None:
            assert found.total[key] == pytest.approx(value, abs=slack), key
    assert found.total["counted_again"] == pytest.approx(total["stacked"] + total["conflict"], abs=slack)
    told_rows, told_shared = told(found)
    assert told_rows.keys() == rows.keys()
    for key, row in rows.items():
        assert told_rows[key] == pytest.approx(row, abs=slack), key
    assert told_shared == pytest.approx(shared, abs=slack)
    assert found.residual <= CLOSES_M2


def counted_truth(rows, named_shared, policy):
    counted = {key: row["net"] if policy == "each" else row["exclusive"] for key, row in rows.items()}
    order = policy.partition(":")[2].split(",")
    for (label, groups), area in named_shared.items():
        if policy == "split":
            for group in groups:
                counted[label, group] += area / len(groups)
        elif order != [""]:
            winner = next((group for name in order for group in groups if name in group), None)
            if winner is not None:
                counted[label, winner] += area
    return counted


def groups_of(rows, keys):
    return [tuple({"programme": name, "stage": stage}[key] for key in keys) for _, name, stage, _, _ in rows]


def expected_of(rows, labels, grid, *, keys=("programme",), method="planar"):
    programmes = [name for _, name, _, _, _ in rows]
    lands_of = [land for land, *_ in rows]
    docs = [doc for *_, doc in rows]
    return truth(
        lands_of, groups_of(rows, keys), programmes, labels=labels, weight=grid.weights(PLANE, method), docs=docs
    )


@QUICK
@given(ledgers, grids, st.sampled_from([("programme",), ("stage",), ("stage", "programme"), ()]))
def test_ledger_without_districts_is_what_is_counted(rows, grid, keys):
    found = account(features(rows, grid, keys=keys), PLANE, method="planar")
    check(found, expected_of(rows, nowhere, grid, keys=keys))
    assert found.total["outside"] is None
    assert found.total["parcels"] == len(rows)


@QUICK
@given(ledgers, areas_of, grids, st.sampled_from([("programme",), ("stage", "programme"), ()]))
def test_ledger_by_district_is_what_is_counted(rows, named, grid, keys):
    found = account(
        features(rows, grid, keys=keys),
        PLANE,
        districts=partition(named, grid),
        method="planar",
        allow_district_overlap=True,
    )
    check(found, expected_of(rows, by_land(named), grid, keys=keys))


@settings(deadline=None, max_examples=15)
@given(ledgers, areas_of, grids)
def test_ledger_on_the_ellipsoid_is_what_is_counted(rows, named, grid):
    found = account(
        features(rows, grid, method="ellipsoid"), PLANE, districts=partition(named, grid), allow_district_overlap=True
    )
    check(found, expected_of(rows, by_land(named), grid, method="ellipsoid"))


@settings(deadline=None, max_examples=15)
@given(ledgers, areas_of, grids)
def test_rows_need_not_be_kept_apart_by_district(rows, named, grid):
    found = account(
        features(rows, grid),
        PLANE,
        districts=partition(named, grid),
        by_district=False,
        method="planar",
        allow_district_overlap=True,
    )
    expected = expected_of(rows, nowhere, grid)
    outside = expected_of(rows, by_land(named), grid)[0]["outside"]
    check(found, ({**expected[0], "outside": outside}, *expected[1:]))


@QUICK
@given(ledgers, areas_of, grids, st.randoms(use_true_random=False))
def test_owner_gives_whole_parcels_to_their_registered_district(rows, named, grid, chance):
    districts = partition(named, grid)
    singles = [label[0] for label in districts.labels if len(label) == 1]
    registered = [chance.choice([*singles, None]) for _ in rows]
    owned = features(rows, grid, owner=districts.number(registered))
    found = account(owned, PLANE, districts=districts, assign="owner", method="planar", allow_district_overlap=True)

    def label(atom, over):
        return frozenset(registered[number] for number in over) - {None}

    check(found, expected_of(rows, label, grid))


@QUICK
@given(ledgers, areas_of, grids)
def test_largest_gives_whole_parcels_to_where_most_of_them_lies(rows, named, grid):
    place = by_land(named)
    homes = []
    for land, *_ in rows:
        here = [place(atom, ()) for atom in land]
        most = sorted({here.count(label) for label in set(here)})
        # Of halves as large as each other either is right; the ledger is only asked where there is one answer.
        if sum(here.count(label) == most[-1] for label in set(here)) > 1:
            return
        homes.append(max(set(here), key=here.count))
    found = account(
        features(rows, grid), PLANE, districts=partition(named, grid), assign="largest", method="planar",
        allow_district_overlap=True,
    )  # fmt: skip
    check(found, expected_of(rows, lambda _, over: frozenset().union(*(homes[n] for n in over)), grid))


@QUICK
@given(ledgers, areas_of, grids, st.sampled_from(["once", "each", "split", "priority"]))
def test_policies_give_shared_land_as_they_say(rows, named, grid, policy):
    found = account(
        features(rows, grid), PLANE, districts=partition(named, grid), method="planar", allow_district_overlap=True
    )
    total, expected, shared = expected_of(rows, by_land(named), grid)
    if policy == "priority":
        present = sorted({name for _, name, *_ in rows}, reverse=True)
        if len(present) < 2:
            return
        policy = f"priority:{','.join(present[:2])}"
    counted = Count.parse(policy).counted(found)
    keys = told(found)[0]
    assert dict(zip(keys, counted, strict=True)) == pytest.approx(
        counted_truth(expected, shared, policy), abs=NEAR * total["gross"] + 1e-6
    )


@settings(deadline=None, max_examples=20)
@given(ledgers, areas_of, grids, st.randoms(use_true_random=False))
def test_order_of_rows_and_districts_does_not_matter(rows, named, grid, chance):
    def draw_up(rows, named):
        return account(
            features(rows, grid), PLANE, districts=partition(named, grid), method="planar", allow_district_overlap=True
        )

    first = draw_up(rows, named)
    second = draw_up(chance.sample(rows, len(rows)), chance.sample(named, len(named)))
    slack = NEAR * first.total["gross"] + 1e-6
    assert second.total == pytest.approx(first.total, abs=slack)
    for one, other in zip(told(first), told(second), strict=True):
        assert one.keys() == other.keys()
        assert all(other[key] == pytest.approx(value, abs=slack) for key, value in one.items())


@pytest.mark.parametrize("turn", [0.0, 31.4])
@pytest.mark.parametrize("times", [2, 3])
def test_same_cadastre_in_several_layers_is_stacked_everywhere(turn, times):
    grid, cells = Grid(turn=turn), [halves([(i, j)]) for i in range(SIDE) for j in range(SIDE)]
    layers = ["takeback", "remediate", "village"][:times]
    rows = [(land, name, None, False, None) for name in layers for land in cells]
    found = account(features(rows, grid), PLANE, method="planar")
    net = SIDE**2 * grid.size**2
    assert found.total["stacked"] == pytest.approx((times - 1) * net, rel=NEAR)
    assert found.total["conflict"] == pytest.approx(0, abs=1e-6)
    assert found.total["net"] == pytest.approx(net, rel=NEAR)
    assert list(told(found)[1].values()) == pytest.approx([net], rel=NEAR)


@pytest.mark.parametrize("turn", [0.0, 31.4])
def test_fine_and_coarse_cadastres_with_common_edges_are_stacked_everywhere(turn):
    grid = Grid(turn=turn)
    fine = [halves([(i, j)]) for i in range(SIDE) for j in range(SIDE)]
    coarse = [halves((2 * i + a, 2 * j + b) for a in (0, 1) for b in (0, 1)) for i in range(3) for j in range(3)]
    rows = [(land, "takeback", None, True, None) for land in fine]
    rows += [(land, "village", None, True, None) for land in coarse]
    found = account(features(rows, grid), PLANE, method="planar")
    check(found, expected_of(rows, nowhere, grid))


def test_nested_parcels_share_the_inner_land():
    grid = Grid(turn=12.0)
    sides = [halves((i, j) for i in range(side) for j in range(side)) for side in (1, 2, 4, 6)]
    rows = [(land, name, None, True, 10) for land, name in zip(sides, "abcd", strict=True)]
    found = account(features(rows, grid), PLANE, method="planar")
    shared = {len(groups): area / grid.size**2 for (_, groups), area in told(found)[1].items()}
    assert shared == pytest.approx({4: 1, 3: 3, 2: 12}, rel=NEAR)


@pytest.mark.parametrize("method", METHODS)
def test_ledger_closes_by_every_method(method):
    chance, grid = np.random.default_rng(7), Grid(turn=17.0, size=400.0)
    rows = []
    for _ in range(12):
        i, j = chance.integers(4, size=2).tolist()
        land = halves((i + a, j + b) for a in range(3) for b in range(2))
        rows.append((land, str(chance.choice(["a", "b", "c"])), None, True, 5))
    named = [
        ("A", halves((i, j) for i in range(3) for j in range(6))),
        ("B", halves((i, j) for i in (3, 4) for j in range(5))),
    ]
    found = account(features(rows, grid, method=method), PLANE, districts=partition(named, grid), method=method)
    total, expected, shared = expected_of(rows, by_land(named), grid, method=method)
    assert found.residual <= CLOSES_M2
    # The survey and geodesic areas of cells add up only nearly.
    close = 1e-9 if method in ("planar", "ellipsoid") else 2e-6
    assert found.total["net"] == pytest.approx(total["net"], rel=close)
    told_rows, told_shared = told(found)
    assert {key: row["net"] for key, row in told_rows.items()} == pytest.approx(
        {key: row["net"] for key, row in expected.items()}, rel=2 * close
    )
    assert told_shared == pytest.approx(shared, rel=2 * close)


def test_sliver_outside_belongs_to_the_parcels_own_district():
    whole = shapely.box(461_000, 3_221_000, 461_100, 3_221_100.005)
    area = measure(np.array([whole]), PLANE, method="planar")
    one = Features(
        np.array([whole]),
        area,
        pd.DataFrame({"p": ["a"]}),
        np.zeros(1, np.intp),
        np.array([NOWHERE]),
        np.array([np.nan]),
    )
    district = np.array([shapely.box(460_000, 3_220_000, 462_000, 3_221_100)])
    districts = Districts.of(district, ["A"], "EPSG:4549", PLANE, layer="d")
    strict = account(one, PLANE, districts=districts, method="planar")
    assert strict.total["outside"] == pytest.approx(0.5, abs=1e-6)
    tolerant = account(one, PLANE, districts=districts, method="planar", sliver_m2=1.0)
    assert tolerant.total["outside"] == 0
    assert tolerant.rows["gross"].tolist() == pytest.approx([10_000.5], abs=1e-6)


@pytest.mark.parametrize("assign", ASSIGNMENTS)
def test_more_than_a_thousandth_in_two_districts_is_refused(assign):
    grid = Grid()
    land = halves((i, j) for i in range(6) for j in range(6))
    one = features([(land, "takeback", None, False, None)], grid)
    left, right = (
        halves((i, j) for i in range(4) for j in range(6)),
        halves((i, j) for i in range(3, 6) for j in range(6)),
    )
    districts = partition([("A", left), ("B", right)], grid)
    with pytest.raises(InputError) as caught:
        account(one, PLANE, districts=districts, assign=assign, method="planar")
    assert caught.value.key == "districts.overlap"
    assert caught.value.exit_code == 5
    assert caught.value.values["percent"] == pytest.approx(100 / 6)
    found = account(one, PLANE, districts=districts, method="planar", allow_district_overlap=True)
    assert {tuple(sorted(label)): row["net"] for (label, _), row in told(found)[0].items()} == pytest.approx(
        {("A",): 1800, ("A", "B"): 600, ("B",): 1200}
    )


def test_less_than_a_thousandth_in_two_districts_is_told_apart_but_not_refused():
    land = np.array([shapely.box(461_000, 3_221_000, 462_000, 3_221_100)])
    areas = np.array(
        [shapely.box(461_000, 3_220_000, 461_500.5, 3_222_000), shapely.box(461_500, 3_220_000, 463_000, 3_222_000)]
    )
    one = Features(
        land, shapely.area(land), pd.DataFrame(index=[0]), np.zeros(1, np.intp), np.array([NOWHERE]), np.array([np.nan])
    )
    districts = Districts.of(areas, ["A", "B"], "EPSG:4549", PLANE, layer="d")
    found = account(one, PLANE, districts=districts, method="planar")
    assert {tuple(sorted(label)): row["net"] for (label, _), row in told(found)[0].items()} == pytest.approx(
        {("A",): 50_000, ("A", "B"): 50, ("B",): 49_950}, abs=1e-6
    )


def test_nothing_gives_zeroes():
    none = Features(
        np.empty(0, dtype=object),
        np.empty(0),
        pd.DataFrame({"p": []}),
        np.empty(0, np.intp),
        np.empty(0, np.intp),
        np.empty(0),
    )
    found = account(none, PLANE)
    assert found.total == {
        "parcels": 0, "gross": 0, "counted_again": 0, "stacked": 0, "conflict": 0, "net": 0, "outside": None,
    }  # fmt: skip
    assert len(found.rows) == len(found.shared) == 0


def test_areas_that_do_not_fit_the_shapes_do_not_close():
    grid = Grid()
    land = halves([(0, 0), (1, 0)])
    honest = features([(land, "a", None, False, None), (land, "b", None, False, None)], grid)
    districts = partition([("A", halves([(0, 0)]))], grid)
    lying = Features(honest.shapes, honest.area / 2, honest.groups, honest.programme, honest.owner, honest.doc_m2)
    with pytest.raises(ClosureError):
        account(lying, PLANE, districts=districts, method="planar")


@QUICK
@given(ledgers, areas_of, grids, st.sampled_from([0.3, 0.8, 1.5, 4.0]))
def test_slivers_move_between_rows_but_not_out_of_the_ledger(rows, named, grid, cells):
    measured, districts = features(rows, grid), partition(named, grid)
    sliver = cells * float(measured.area.min())
    exact, smooth = (
        account(measured, PLANE, districts=districts, method="planar", allow_district_overlap=True, sliver_m2=limit)
        for limit in (0.0, sliver)
    )
    same = ("parcels", "gross", "net", "stacked", "conflict")
    assert [smooth.total[name] for name in same] == pytest.approx([exact.total[name] for name in same], rel=1e-9)
    assert smooth.total["outside"] <= exact.total["outside"] * (1 + 1e-9) + 1e-6
    assert smooth.rows["gross"].sum() == pytest.approx(exact.total["gross"], rel=1e-9)


def test_the_smallest_parcels_are_in_a_row():
    squares = [shapely.box(466_000 + n, 3_218_000, 466_000.01 + n, 3_218_000.02) for n in range(10)]
    frame = gpd.GeoDataFrame({"id": [f"p{n}" for n in range(10)]}, geometry=squares, crs="EPSG:4549")
    found = landkit.account({"small": frame}, by=["id"], method="planar").account
    assert found.rows["parcels"].tolist() == [1] * 10
    assert found.rows["gross"].sum() == pytest.approx(10 * 0.0002, rel=1e-5)


def test_land_lost_where_districts_cut_what_is_shared_does_not_close(monkeypatch):
    """The net area is formed without the districts, and so shows what is missing in all the sums with them."""
    grid = Grid()
    land = halves([(0, 0), (1, 0)])
    rows = features([(land, "takeback", None, False, None), (land, "village", None, False, None)], grid)
    districts = partition([("A", halves([(0, 0)]))], grid)

    def wasteful(shapes, area, others, plane, **options):
        pieces = split(shapes, area, others, plane, **options)
        return pieces if len(area) > 1 else Pieces(pieces.parcel, pieces.district, pieces.area / 2)

    assert account(rows, PLANE, districts=districts, method="planar").total["stacked"] > 0
    monkeypatch.setattr("landkit.ledger.split", wasteful)  # the two parcels are whole; of their one face half is lost
    with pytest.raises(ClosureError) as caught:
        account(rows, PLANE, districts=districts, method="planar")
    assert caught.value.values["identity"] == "gross − counted again = net"
