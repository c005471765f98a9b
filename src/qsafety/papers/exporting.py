"""The shipped templates as files, to be changed in Word or WPS."""

import itertools
import os
from pathlib import Path

from qsafety.papers.many import folder_of
from qsafety.papers.paper import write_whole
from qsafety.papers.specs import ALL, PROFILES


def export_templates(to: str | os.PathLike[str]) -> tuple[Path, ...]:
    """Write each template as ``{kind}.docx`` (``{kind}.gongwen.docx``) into a folder, byte for byte as it is used, and return where.

    The folder is made where it is missing. A folder that cannot be written is a :class:`~qsafety.errors.PaperError`.
    """
    folder = folder_of(Path(to))
    return tuple(
        write_whole(folder / spec.file_in(profile), spec.template_in(profile))
        for spec, profile in itertools.product(ALL.values(), PROFILES)
    )
