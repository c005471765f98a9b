# 核验存档包，只用 Windows 自带的 PowerShell 5.1 或更新版本。 Checks this pack with PowerShell alone.
# 用法 Usage: powershell -ExecutionPolicy Bypass -File data\99-说明\verify.ps1 [-Head HEAD]
# 退出状态 Exit status: 0 无问题 well, 1 有问题 something is wrong
param([string]$Head = '')
$ErrorActionPreference = 'Stop'
$root = (Resolve-Path -LiteralPath (Join-Path (Join-Path $PSScriptRoot '..') '..')).Path.TrimEnd('\', '/')
$script:bad = 0
function Fail([string]$text) { Write-Output ([string][char]0xD7 + ' ' + $text); $script:bad = 1 }
$listed = New-Object 'System.Collections.Generic.HashSet[string]' ([StringComparer]::Ordinal)
$digests = New-Object 'System.Collections.Generic.HashSet[string]' ([StringComparer]::Ordinal)
function Check([string]$list) {
  $path = Join-Path $root $list
  if (-not (Test-Path -LiteralPath $path)) { if ($list -ne 'signatures/manifest-sha256.txt') { Fail "${list}: 没有 missing" }; return }
  [void]$listed.Add($list)
  foreach ($line in [IO.File]::ReadAllLines($path, [Text.Encoding]::UTF8)) {
    if ($line -cnotmatch '^([0-9a-f]{64})  (.+)$') { Fail "${list}: $line"; continue }
    $digest = $Matches[1]; $name = $Matches[2]
    if ($name -match '(^|/)\.\.(/|$)|^[/\\]|:|\\') { Fail "${list}: $name 指向包外 leads out of the pack"; continue }
    [void]$listed.Add($name); [void]$digests.Add($digest)
    $file = Join-Path $root $name
    if (-not (Test-Path -LiteralPath $file -PathType Leaf)) { Fail "${name}: 没有 missing"; continue }
    if ((Get-FileHash -Algorithm SHA256 -LiteralPath $file).Hash.ToLowerInvariant() -cne $digest) { Fail "${name}: 已改动 changed" }
  }
}
Check 'tagmanifest-sha256.txt'
Check 'manifest-sha256.txt'
Check 'signatures/manifest-sha256.txt'
foreach ($item in Get-ChildItem -LiteralPath $root -Recurse -Force) {
  if ($item.Attributes -band [IO.FileAttributes]::ReparsePoint) { Fail "$($item.FullName): 链接 a link"; continue }
  if ($item.PSIsContainer) { continue }
  $name = $item.FullName.Substring($root.Length + 1).Replace('\', '/')
  if (-not $listed.Contains($name)) { Fail "${name}: 清单之外 listed nowhere" }
}
# 链：每行的链值由前一行推出；链上的每个摘要都在清单里（人员可以已脱敏或已删除）。
# The chain: every link follows from the one before; every digest in it is in the manifest, but those of people, who may be hidden.
$chain = Join-Path $root 'data/90-链/chain.tsv'
$last = ''
if (Test-Path -LiteralPath $chain) {
  $sha = [Security.Cryptography.SHA256]::Create()
  $number = 0
  foreach ($line in [IO.File]::ReadAllLines($chain, [Text.Encoding]::UTF8)) {
    $number++
    $cells = $line.Split("`t")
    if ($cells.Length -ne 8) { Fail "90-链/chain.tsv: $line"; continue }
    $text = $last + "`t" + [string]::Join("`t", $cells[1..6])
    $link = [BitConverter]::ToString($sha.ComputeHash([Text.Encoding]::UTF8.GetBytes($text))).Replace('-', '').ToLowerInvariant()
    $last = $cells[7]
    if ($link -cne $last) { Fail "90-链/chain.tsv: 第 $number 行的链值不符 the link of line $number is wrong" }
    $hidden = ($cells[1] -ceq 'person') -or ($cells[1] -ceq 'erasure')
    if (-not $hidden -and -not $digests.Contains($cells[4])) { Fail "90-链/chain.tsv: $($cells[1]) $($cells[2]) 不在包中 is not in the pack" }
  }
  Write-Output "  链首 head: $last"
} elseif (Select-String -LiteralPath (Join-Path $root 'bag-info.txt') -SimpleMatch 'QSafety-Chain-Head' -Quiet -ErrorAction SilentlyContinue) {
  Fail '90-链/chain.tsv: 没有 missing'
}
if ($Head -and $Head -cne $last) { Fail '链首不符 another head' }
if ($script:bad -eq 0) { Write-Output '√ 与清单一致 as the lists say' }
exit $script:bad
