# 核验存档包，只用 Windows 自带的 PowerShell 5.1 或更新版本。 Checks this pack with PowerShell alone.
# 用法 Usage: powershell -ExecutionPolicy Bypass -File data\99-说明\verify.ps1 [-Head HEAD]
# 退出状态 Exit status: 0 无问题 well, 1 有问题 something is wrong
param([string]$Head = '')
$ErrorActionPreference = 'Stop'
$root = (Resolve-Path -LiteralPath (Join-Path (Join-Path $PSScriptRoot '..') '..')).Path.TrimEnd('\', '/')
$script:bad = 0
function Fail([string]$text) { Write-Output ([string][char]0xD7 + ' ' + $text); $script:bad = 1 }
$listed = New-Object 'System.Collections.Generic.HashSet[string]' ([StringComparer]::Ordinal)
function Check([string]$list) {
  $path = Join-Path $root $list
  if (-not (Test-Path -LiteralPath $path)) { if ($list -ne 'signatures/manifest-sha256.txt') { Fail "${list}: 没有 missing" }; return }
  [void]$listed.Add($list)
  foreach ($line in [IO.File]::ReadAllLines($path, [Text.Encoding]::UTF8)) {
    if ($line -cnotmatch '^([0-9a-f]{64})  (.+)$') { Fail "${list}: $line"; continue }
    $digest = $Matches[1]; $name = $Matches[2]
    if ($name -match '(^|/)\.\.(/|$)|^[/\\]|:|\\') { Fail "${list}: $name 指向包外 leads out of the pack"; continue }
    [void]$listed.Add($name)
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
$chain = Join-Path $root 'data/90-链/chain.tsv'
if (Test-Path -LiteralPath $chain) {
  $last = ([IO.File]::ReadAllLines($chain, [Text.Encoding]::UTF8) | Select-Object -Last 1).Split("`t")[7]
  Write-Output "  链首 head: $last"
  if ($Head -and $Head -cne $last) { Fail "链首不符 another head" }
} elseif ($Head) { Fail '没有链 there is no chain' }
if ($script:bad -eq 0) { Write-Output '√ 完好 nothing was changed' }
exit $script:bad
