"""``python -m qsafety.testing certify URL [--lang zh|en]``."""

import sys

import click

from qsafety.bilingual import Lang
from qsafety.errors import MissingExtraError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """The conformance kit of qsafety's backends. 存储后端的一致性检验。"""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")  # a failure may quote any character, the console may know few


@main.command()
@click.argument("url")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="en", show_default=True)
def certify(url: str, lang: str) -> None:
    """Prove what the backend at URL claims. 证明 URL 处的存储后端所作的承诺。

    {n} in the URL, else a suffix -n to its path, gives each test a fresh store. Exit status: 0 all claims are proven,
    1 not, 2 it cannot be opened.
    """
    language: Lang = "zh" if lang == "zh" else "en"
    try:
        from qsafety.testing import BackendContract  # loading it first gives the kit's asserts their explanations
        from qsafety.testing.certify import certify as run
    except MissingExtraError as error:
        click.echo(error.to(language), err=True)
        sys.exit(2)
    assert BackendContract is not None
    sys.exit(run(url, language))


if __name__ == "__main__":
    main()
