"""Items to start a risk control list from (Article 9): what the law asks of every kind of product, and packs for some kinds of shops.

They are our own drafting, their sources named, for no official list for sellers is public. What comes of them is a draft: no check counts
by it and no duty is met with it, until a person strikes, adds, and approves it as a version of their own.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import attrs

from qsafety.bilingual import Bilingual
from qsafety.dossier import RiskItem, RiskList
from qsafety.errors import PaperError, nearest
from qsafety.law.data import toml
from qsafety.law.vocabulary import Involvement, TextStatus

_LAW = "law"
_COLUMNS = (
    "code", "category", "stage", "risk_point", "description", "basis", "level", "measure", "method", "frequency", "evidence",
)  # fmt: skip
_STAGES = ("进货", "陈列", "仓储", "销售", "售后")
# as the regulation shares them out: the officer checks (Article 10), the director answers for it (Article 7)
_BEARERS = {"principal": Involvement.RELATED, "director": Involvement.LEAD, "officer": Involvement.PRIMARY}


@attrs.frozen(kw_only=True)
class Starter:
    """A pack of items: what kind of shop it is for, what it was drafted from, and the items themselves."""

    name: str
    title: Bilingual
    sources: tuple[str, ...]
    items: tuple[RiskItem, ...]


@cache
def starters() -> Mapping[str, Starter]:
    """The packs by name. ``law`` stands at the head of every list.

    >>> list(starters())
    ['law', 'retail', 'ebikes', 'gas_appliances', 'helmets', 'wires_cables', 'toys', 'paints', 'fire_products']
    >>> starters()["ebikes"].items[4].risk_point
    '蓄电池一致性'
    """
    packs = toml(Path(__file__).with_suffix(".toml"))
    return MappingProxyType({name: _starter(name, pack) for name, pack in packs.items()})


def _starter(name: str, pack: Mapping[str, Any]) -> Starter:
    return Starter(
        name=name,
        title=Bilingual(pack["zh"], pack["en"]),
        sources=tuple(pack["sources"]),
        items=tuple(RiskItem(**dict(zip(_COLUMNS, row, strict=True)), **_BEARERS) for row in pack["rows"]),
    )


def starter_list(*names: str, version: str = "起步稿") -> RiskList:
    """A draft of a risk control list: what the law asks for, and the items of the packs named, by stage; its note names the sources.

    It is a draft without approver and day of effect, so it is never in force. An unknown name is a
    :class:`~qsafety.errors.PaperError` with the nearest.

    >>> draft = starter_list("ebikes")
    >>> draft.status.zh, len(draft.items), draft.effective_on
    ('草案', 21, None)
    """
    packs = starters()
    for name in names:
        if name not in packs:
            near = nearest(name, packs)
            raise PaperError(
                Bilingual(f"没有名为“{name}”的起步条目", f"there is no starter pack {name!r}"),
                advice=Bilingual(f"是否为“{near}”？", f"Did you mean {near!r}?")
                if near
                else Bilingual(f"可用：{'、'.join(packs)}。", f"Known: {', '.join(packs)}."),
            )
    chosen = [packs[name] for name in dict.fromkeys((_LAW, *names))]
    items = [item for pack in chosen for item in pack.items]
    sources = "；".join(dict.fromkeys(source for pack in chosen for source in pack.sources))
    return RiskList(
        version=version,
        status=TextStatus.DRAFT,
        items=sorted(items, key=lambda item: _STAGES.index(item.stage)),
        note=f"起步条目，供增删后由主要负责人批准；未经批准不作为清单使用。来源：{sources}。标准是否现行有效，由批准人核对。",
    )
