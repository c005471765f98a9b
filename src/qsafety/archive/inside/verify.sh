#!/bin/sh
# 核验存档包，只用系统自带的工具。 Checks this pack with the system's own tools.
# 用法 Usage: sh data/99-说明/verify.sh [HEAD]      HEAD：事先另行取得的链首 the chain's head, had from elsewhere
# 退出状态 Exit status: 0 无问题 well, 1 有问题 something is wrong, 2 无法核验 cannot check
LC_ALL=C
export LC_ALL
cd "$(dirname "$0")/../.." || exit 2
bad=0
say() { printf '%s\n' "$*"; }
fail() { say "× $*"; bad=1; }

if command -v sha256sum >/dev/null 2>&1; then sum() { sha256sum "$@"; }
elif command -v shasum >/dev/null 2>&1; then sum() { shasum -a 256 "$@"; }
else say "没有 sha256sum 或 shasum / there is neither sha256sum nor shasum"; exit 2; fi

for name in bagit.txt bag-info.txt manifest-sha256.txt tagmanifest-sha256.txt; do
  [ -f "$name" ] || fail "$name: 没有 missing"
done
check() { # a list of digests
  [ -f "$1" ] || return 0
  if out=$(sum -c "$1" 2>&1); then say "√ $1"; else fail "$1"; say "$out" | grep -v ': OK$'; fi
}
check tagmanifest-sha256.txt
check manifest-sha256.txt
check signatures/manifest-sha256.txt

# 多出的文件和链接：清单只管所列，多出的要另找。 What is there and listed nowhere; links.
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
cut -c67- manifest-sha256.txt tagmanifest-sha256.txt >"$work/some" 2>/dev/null
[ -f signatures/manifest-sha256.txt ] && { cut -c67- signatures/manifest-sha256.txt; say signatures/manifest-sha256.txt; } >>"$work/some"
say tagmanifest-sha256.txt >>"$work/some"
sort "$work/some" >"$work/listed"
find . -type f | sed 's|^\./||' | sort >"$work/there"
comm -13 "$work/listed" "$work/there" >"$work/more"
[ -s "$work/more" ] && { fail "清单之外的文件 files listed nowhere:"; cat "$work/more"; }
find . ! -type f ! -type d >"$work/odd"
[ -s "$work/odd" ] && { fail "链接或特殊文件 links or special files:"; cat "$work/odd"; }

# 链：每行的链值由前一行推出；链上的每个摘要都在清单里（人员可以已脱敏或已删除）。
# The chain: every link follows from the one before; every digest in it is in the manifest, but those of people, who may be hidden.
chain=data/90-链/chain.tsv
head=
if [ -f "$chain" ]; then
  tab=$(printf '\t')
  number=0
  while IFS= read -r line; do
    number=$((number + 1))
    rest=${line#*"$tab"}
    want=$(printf '%s\t%s' "$head" "${rest%"$tab"*}" | sum | cut -c1-64)
    head=${rest##*"$tab"}
    [ "$want" = "$head" ] || fail "$chain: 第 $number 行的链值不符 the link of line $number is wrong"
  done <"$chain"
  grep -v "^[0-9]*$tab\(person\|erasure\)$tab" "$chain" | cut -f5 | sort -u >"$work/chained"
  cut -c1-64 manifest-sha256.txt | sort -u >"$work/kept"
  lost=$(comm -23 "$work/chained" "$work/kept" | wc -l)
  [ "$lost" -eq 0 ] || fail "$chain: $((lost)) 个版本不在包中 versions of it are not in the pack"
  say "  链首 head: $head"
elif grep -q '^QSafety-Chain-Head' bag-info.txt 2>/dev/null; then fail "$chain: 没有 missing"
fi
if [ -n "$1" ]; then
  if [ "$1" = "$head" ]; then say "√ 链首相符 the head is the one given"; else fail "链首不符 another head: $head"; fi
fi
for signature in signatures/*.p7s; do
  [ -f "$signature" ] || continue
  if command -v openssl >/dev/null 2>&1; then
    if openssl cms -verify -binary -inform DER -in "$signature" -content tagmanifest-sha256.txt -noverify -out /dev/null 2>/dev/null
    then say "√ $signature（签名者身份须另行核对 whose it is must be checked: -CAfile）"; else fail "$signature"; fi
  else say "· $signature：没有 openssl，未核验 no openssl, not checked"; fi
done
if [ $bad = 0 ]; then say "√ 与清单一致 as the lists say"; fi
exit $bad
