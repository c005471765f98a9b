"""How the Word templates of the papers are built; see ``tools/build_templates.py``."""
