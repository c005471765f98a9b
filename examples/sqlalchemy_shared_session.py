"""与 ERP 同一个事务：一起提交，一起回滚。 One transaction with the ERP: committed together, rolled back together.

python examples/sqlalchemy_shared_session.py [en]
"""

import sys
import tempfile
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

import qsafety as qs

LANG = "en" if "en" in sys.argv else "zh"
SAY = {
    "zh": ("提交之后", "回滚之后", "张退货单", "条隐患"),
    "en": ("after the commit", "after the rollback", "return(s)", "hazard(s)"),
}[LANG]


class Base(DeclarativeBase):
    pass


class Return(Base):
    __tablename__ = "returns"
    id: Mapped[int] = mapped_column(primary_key=True)
    item: Mapped[str]


def take_back(session: Session, number: int) -> None:
    """A battery comes back: the ERP's return, and the hazard it shows."""
    session.add(Return(id=number, item="电池"))
    hazard = qs.Hazard(id=f"return-{number}", source="daily", found_on=date(2024, 1, 31), description="电池鼓包")
    qs.open_store(session=session).put("hz01", hazard, by="P3")


def told(engine: sa.Engine) -> str:
    """How much is there, of both."""
    with Session(engine) as session:
        returns = session.scalar(sa.select(sa.func.count()).select_from(Return))
        hazards = len(list(qs.open_store(session=session).scan("hz01", qs.Hazard)))
    return f"{returns} {SAY[2]}, {hazards} {SAY[3]}"


with tempfile.TemporaryDirectory() as folder:
    url = f"sqlite:///{folder}/erp.db"
    qs.open_store(url).close()  # makes our tables; `qsafety store upgrade URL` does the same
    engine = sa.create_engine(url, hide_parameters=True)
    Base.metadata.create_all(engine)

    with Session(engine) as session:
        take_back(session, 1)
        session.commit()
    print(f"{SAY[0]}: {told(engine)}")

    with Session(engine) as session:
        take_back(session, 2)
        session.rollback()
    print(f"{SAY[1]}: {told(engine)}")

    engine.dispose()
    with qs.open_store(url) as store:
        assert store.check().ok
        assert [kept.fact.id for kept in store.scan("hz01", qs.Hazard)] == ["return-1"]
