"""``python -m qsafety`` is ``qsafety``."""

from qsafety.cli import main

if __name__ == "__main__":
    main()
