"""Who gets shared land."""

import numpy as np
import pandas as pd
import pytest

from landkit.errors import UsageError
from landkit.ledger import Account
from landkit.policy import POLICIES, Count


def account(groups=None):
    """Return a ledger of three groups in two districts: a 100, b 80, c 60 in the first; a and b share in both."""
    rows = pd.DataFrame(
        {
            "district": [0, 0, 0, 1, 1],
            "group": [0, 1, 2, 0, 1],
            "net": [100.0, 80.0, 60.0, 10.0, 30.0],
            "exclusive": [60.0, 38.0, 48.0, 0.0, 20.0],
        }
    )
    shared = pd.DataFrame(
        {"district": [0, 0, 0, 1], "groups": [(0, 1), (0, 1, 2), (1, 2), (0, 1)], "area": [34.0, 6.0, 2.0, 10.0]}
    )
    groups = pd.DataFrame({"programme": ["a", "b", "c"], "stage": ["x", "y", "y"]}) if groups is None else groups
    return Account({}, rows, shared, (("A",), ("B",)), groups, 0.0)


@pytest.mark.parametrize(
    ("policy", "counted"),
    [
        ("once", [60, 38, 48, 0, 20]),
        ("each", [100, 80, 60, 10, 30]),
        ("split", [60 + 17 + 2, 38 + 17 + 2 + 1, 48 + 2 + 1, 5, 25]),
        ("priority:a,b", [60 + 34 + 6, 38 + 2, 48, 10, 20]),
        ("priority:b,a", [60, 38 + 34 + 6 + 2, 48, 0, 30]),
        ("priority:c,a", [60 + 34, 38, 48 + 6 + 2, 10, 20]),
        ("priority: c , b , a", [60, 38 + 34, 48 + 6 + 2, 0, 30]),
        # One name may stand for several groups. Land of both b and c stays shared; what a shares with one of them goes.
        ("priority:y,x", [60, 38 + 34, 48, 0, 30]),
        ("priority:x,y", [60 + 34 + 6, 38, 48, 10, 20]),
    ],
)
def test_counted(policy, counted):
    assert Count.parse(policy).counted(account()).tolist() == pytest.approx(counted)


def test_split_and_a_full_order_give_all_land_to_someone():
    land = 60 + 38 + 48 + 20 + 34 + 6 + 2 + 10
    for policy in ("split", "priority:c,b,a", "priority:a,b,c"):
        assert Count.parse(policy).counted(account()).sum() == pytest.approx(land)


@pytest.mark.parametrize("text", ["once", "each", "split", "priority:a,b", "priority:重建,收回"])
def test_what_is_read_is_written_again(text):
    assert str(Count.parse(text)) == text
    assert Count.parse(text).policy in POLICIES


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "count.unknown"), ("all", "count.unknown"), ("Once", "count.unknown"), ("once:a,b", "count.unknown"),
        ("priority", "count.unknown"), ("priority:", "count.order"), ("priority:a", "count.order"),
        ("priority:a,a", "count.order"), ("priority:a,,b", "count.order"), ("priority:a, a", "count.order"),
    ],
)  # fmt: skip
def test_what_is_no_policy_is_refused(text, key):
    with pytest.raises(UsageError) as caught:
        Count.parse(text)
    assert caught.value.key == key
    assert caught.value.exit_code == 2


def test_name_that_is_no_group_is_refused():
    with pytest.raises(UsageError) as caught:
        Count.parse("priority:a,nobody").counted(account())
    assert caught.value.key == "count.name"
    assert caught.value.values["name"] == "nobody"


def test_no_rows_get_nothing():
    empty = account()
    none = Account({}, empty.rows[:0], empty.shared[:0], (), empty.groups[:0], 0.0)
    for policy in ("once", "each", "split"):
        counted = Count.parse(policy).counted(none)
        assert isinstance(counted, np.ndarray)
        assert len(counted) == 0
