"""Whatever stands in a ledger: a dossier, or an error of ours that says where."""

from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qsafety.dossier import Dossier
from qsafety.exchange import LedgerErrors
from qsafety.exchange.sheets import SHEETS

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
LIKELY = st.sampled_from(
    [
        "是",
        "P1",
        "M1",
        "全部",
        "无",
        "2024-01-31",
        "2024-02-30",
        "2024-W53",
        "2024-01",
        "、",
        "|",
        "质量安全员",
        "日",
        "=1+1",
    ]
    + [word for sheet in SHEETS for column in sheet.columns.values() for word in column.kind.choices]
)
VALUES = st.one_of(
    st.none(),
    LIKELY,
    TEXTS,
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(min_value=date(1900, 1, 1)),
    st.datetimes(min_value=datetime(1900, 1, 1)),
    st.times().map(lambda t: t.replace(tzinfo=None)),
    st.timedeltas(timedelta(0), timedelta(days=1000)),
)


def printable(value: Any) -> Any:
    """What openpyxl can write: no control characters, no formula that is none."""
    if isinstance(value, str):
        return "".join(c for c in value if c.isprintable())
    if isinstance(value, time):
        return value.replace(microsecond=0)
    return value


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.data())
def test_garbage_gives_a_dossier_or_problems_with_their_places(stall, data: st.DataObject) -> None:
    stall.sheets = {"单位": [["字段", "值"], ["单位编号", "s1"], ["单位名称", "示例"]]}
    for field in data.draw(st.lists(st.sampled_from([*SHEETS[0].columns][2:]), unique=True)):
        stall.sheets["单位"].append([field, printable(data.draw(VALUES))])
    for sheet in data.draw(st.lists(st.sampled_from(SHEETS[1:]), max_size=4, unique_by=lambda s: s.title)):
        columns = [*sheet.columns]
        rows = data.draw(st.lists(st.lists(VALUES, min_size=len(columns), max_size=len(columns)), max_size=3))
        stall.sheets[sheet.title] = [columns, *[[printable(v) for v in row] for row in rows]]
    try:
        ledger = stall.read()
    except LedgerErrors as error:
        assert all(p.sheet and p.hint.zh and p.hint.en and p.to("zh") and p.to("en") for p in error.problems)
    else:
        assert isinstance(ledger.dossier, Dossier)
