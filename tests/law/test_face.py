"""The public face of the law, and what it costs to import."""

import subprocess
import sys

from qsafety import law


def test_the_face_has_what_it_names():
    assert all(hasattr(law, name) for name in law.__all__)
    assert sorted(law.__all__) == law.__all__


def test_functions_are_not_hidden_by_the_modules_of_their_name():
    assert all(callable(getattr(law, name)) for name in ("glossary", "obligations", "editions", "gaps", "readings"))


def test_importing_the_law_reads_no_data():
    line = "import sys, qsafety.law; print('tomllib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", line], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
