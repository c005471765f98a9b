"""Write ``tests/scenarios/words.md``: what the report says in the situations of the tables, word for word.

Run it when a message is changed on purpose, and read the difference before keeping it.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
HEAD = """# 报告的原话

对各表中的情形，报告逐字说了什么：每出现一句没有说过的话，取第一个说它的情形；中文与英文之间以“|”分开，〔〕里是所依据的记录。
本页由 `python tools/build_words.py` 写成，供读者逐句审读；测试逐字核对。

"""

if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    from tests.rules.words import PAGE, chosen

    PAGE.write_text(HEAD + "\n".join(said.block for said in chosen()), "utf-8")
