"""What a kind of trial came to."""

import attrs


@attrs.frozen
class Outcome:
    """So many trials of one kind, and what was found; ``well`` is False where anything was that should not be.

    ``trials`` is None where they could not be done here; ``found`` says why.
    """

    what: str
    trials: int | None
    found: str
    well: bool = True

    def __str__(self) -> str:
        times = "not done" if self.trials is None else f"{self.trials:,}"
        return f"{self.what}: {times}: {self.found}" + ("" if self.well else "  NOT WELL")

    @property
    def row(self) -> str:
        """A line of a Markdown table."""
        times = "–" if self.trials is None else f"{self.trials:,}"
        return f"| {self.what} | {times} | {self.found if self.well else f'**{self.found}**'} |"
