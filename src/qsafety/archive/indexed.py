def _index(
    fields: Mapping[str, str],
    lists: Lists,
    read: Reading,
    given: Material,
    chain: Chain | None,
    hidden: Redaction,
    found: Found,
) -> None:
    """The index and the cover page, made anew from the records and compared."""
    if fields.get("QSafety-Version") != version():
        made, here = fields.get("QSafety-Version"), version()
        found.notes.append(
            Bilingual(
                f"由 qsafety {made} 制作，目录未用 {here} 重新推算",
                f"made by qsafety {made}; the index was not made anew by {here}",
            )
        )
        return
    try:
        since, until, on = (
            date.fromisoformat(fields[name]) for name in ("QSafety-Since", "QSafety-Until", "Bagging-Date")
        )
        edition = law.edition(fields["QSafety-Edition"])
    except (KeyError, ValueError, LookupError):
        found.wrong(
            Property.INTEGRITY, layout.BAG_INFO, "期间、日期或版本无法识别", "its window, day or edition is not known"
        )
        return
    unit = given.dossier.seller
    asked = Asked(
        since=since, until=until, on=on, edition=edition, redaction=hidden, papers=layout.INDEX_DOCX in lists.payload
    )
    told = (fields.get("QSafety-Seller"), fields.get("External-Identifier"), fields.get("Source-Organization"))
    if told != (" ".join(unit.id.split()), unit.uscc or " ".join(unit.id.split()), " ".join(unit.name.split())):
        found.wrong(Property.INTEGRITY, layout.BAG_INFO, "单位与记录不符", "the seller is not that of the records")
    known = as_known_on(on_paper(given.dossier, hidden), on)
    places = {key: record.path.removesuffix(".json") for key, record in read.records.items()}
    printed = {key for key, place in places.items() if f"{place}.docx" in lists.payload}
    head = (chain.head, len(chain.lines)) if chain and chain.head else None
    try:
        pages = dict(index_pages(given, asked, known, places, printed, head))
    except QSafetyError as error:
        found.problems.append(PackProblem(Property.USABILITY, layout.INDEX, error.message, ASK))
        return
    for path, content in pages.items():
        if path not in lists.payload:
            found.wrong(Property.INTEGRITY, path, "没有这个文件", "it is missing")
        elif read.pages.get(path) != content:
            found.problems += _differences(path, read.pages.get(path, b""), content)


def _differences(path: str, told: bytes, made: bytes) -> Iterable[PackProblem]:
    """Which slots the index lacks or says otherwise; the whole file where it cannot be said more closely."""
    hint = Bilingual("目录应由记录推出；请取得原件", "the index follows from the records; ask for the original")
    if path == layout.INDEX_JSON:
        there, right = _entries(told), _entries(made)
        rows = [
            (
                entry,
                Bilingual("目录缺少这一项", "the index lacks this entry")
                if entry not in there
                else Bilingual("目录所载与记录不符", "the index says otherwise than the records"),
            )
            for entry, row in right.items()
            if there.get(entry) != row
        ]
        rows += [
            (entry, Bilingual("目录多出这一项", "the index has an entry too many"))
            for entry in there
            if entry not in right
        ]
        for entry, what in rows:
            about = " ".join(part for part in entry if part)
            yield PackProblem(Property.INTEGRITY, path, Bilingual(f"{about}：{what.zh}", f"{about}: {what.en}"), hint)
        if rows:
            return
    yield PackProblem(Property.INTEGRITY, path, Bilingual("与记录推出的不同", "it is not what the records give"), hint)


def _entries(content: bytes) -> dict[tuple[str, ...], Any]:
    try:
        rows = msgspec.json.decode(content)["entries"]
        return {tuple(str(row[name] or "") for name in ("slot", "outlet", "period", "record")): row for row in rows}
    except (msgspec.MsgspecError, KeyError, TypeError, UnicodeDecodeError):
        return {}


