"""What packages built on qsafety need for their own tests; part of the wheel, installed with ``qsafety[testing]``."""
