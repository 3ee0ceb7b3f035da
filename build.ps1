# Runs the build: ./build.ps1 [target ...] [--parameter value ...]. `./build.ps1 --help` lists targets and parameters.
#
# The build program is compiled when one of its inputs changed, and started directly when none did: what counts is their content.
# Does the same as build.sh; works in Windows PowerShell 5.1 and PowerShell 7.

$ErrorActionPreference = 'Stop'

$root = $PSScriptRoot
$project = [IO.Path]::Combine($root, 'build', '_build.csproj')
$program = [IO.Path]::Combine($root, 'build', 'bin', 'Debug', '_build.dll')
$state = [IO.Path]::Combine($root, '.nuke', 'temp')
$stamp = [IO.Path]::Combine($state, 'build.inputs')
$closedFeed = [IO.Path]::Combine($state, 'closed-feed')

$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_NOLOGO = '1'
if (-not $env:DOTNET_ROLL_FORWARD) { $env:DOTNET_ROLL_FORWARD = 'Major' }

function Stop-Build([string] $message) {
    [Console]::Error.WriteLine($message)
    exit 1
}

if (-not (Get-Command dotnet -CommandType Application -ErrorAction SilentlyContinue)) {
    Stop-Build "GAN7001: there is no 'dotnet' on the PATH; install the .NET SDK that global.json names (https://dot.net/download)."
}

# A line for everything that the build program is compiled from: the hash of its content, and its path. src/App is not among it: the
# Compile target looks after that.
function Get-Inputs {
    $files = New-Object 'System.Collections.Generic.List[string]'
    foreach ($pattern in 'global.json', 'Directory.*.props', 'Directory.*.targets', 'nuget.config') {
        $files.AddRange([string[]] [IO.Directory]::GetFiles($root, $pattern))
    }
    $folders = New-Object 'System.Collections.Generic.Stack[string]'
    foreach ($name in 'build', 'compat', 'src') { $folders.Push([IO.Path]::Combine($root, $name)) }
    $app = [IO.Path]::Combine($root, 'src', 'App')
    while ($folders.Count -gt 0) {
        $folder = $folders.Pop()
        $files.AddRange([string[]] [IO.Directory]::GetFiles($folder))
        foreach ($child in [IO.Directory]::GetDirectories($folder)) {
            if ([IO.Path]::GetFileName($child) -notin 'bin', 'obj' -and $child -ne $app) { $folders.Push($child) }
        }
    }
    $files.Sort([StringComparer]::Ordinal)

    $sha = [Security.Cryptography.SHA256]::Create()
    try {
        $text = New-Object Text.StringBuilder
        [void] $text.Append("ClosedFeed=$env:ClosedFeed $(Test-Path $closedFeed)`n")
        foreach ($file in $files) {
            $hash = [BitConverter]::ToString($sha.ComputeHash([IO.File]::ReadAllBytes($file)))
            [void] $text.Append($hash).Append(' ').Append($file.Substring($root.Length)).Append("`n")
        }
        $text.ToString()
    }
    finally {
        $sha.Dispose()
    }
}

function Invoke-Compiler {
    $script:output = & dotnet build $project --configuration Debug --nologo --verbosity quiet -clp:NoSummary 2>&1 | Out-String
    $LASTEXITCODE -eq 0
}

# A feed without NUKE is found out by trying, and remembered: docs/adr/0002-closed-feeds.md.
function Build-Program {
    if (Invoke-Compiler) { return }
    if (-not $env:ClosedFeed -and -not (Test-Path $closedFeed) -and $output -match 'NU1101.*Nuke\.') {
        Write-Output 'This package feed does not carry NUKE: compiling against compat/ instead (ClosedFeed=false overrides).'
        [void] (New-Item -ItemType File -Path $closedFeed)
        if (Invoke-Compiler) { return }
    }
    [Console]::Error.WriteLine($output)
    Stop-Build 'GAN7002: the build program does not compile; mend the errors above.'
}

# MSBuild goes by time: what has other content than before gets a new one, or a file with an old date would not be compiled.
function Update-Changed([string] $inputs) {
    if (-not (Test-Path $stamp)) { return }
    $known = New-Object 'System.Collections.Generic.HashSet[string]'
    foreach ($line in [IO.File]::ReadAllLines($stamp)) { [void] $known.Add($line) }
    foreach ($line in $inputs.Split("`n")) {
        $space = $line.IndexOf(' ')
        if ($space -lt 0 -or $known.Contains($line)) { continue }
        $file = $root + $line.Substring($space + 1)
        if ([IO.File]::Exists($file)) { [IO.File]::SetLastWriteTimeUtc($file, [DateTime]::UtcNow) }
    }
}

[void] [IO.Directory]::CreateDirectory($state)
$inputs = Get-Inputs
if (-not (Test-Path $program) -or -not (Test-Path $stamp) -or ([IO.File]::ReadAllText($stamp) -cne $inputs)) {
    Write-Output 'Compiling the build ...'
    Update-Changed $inputs
    # Until it compiles, the next run tries again, whatever has changed.
    if (Test-Path $stamp) { [IO.File]::AppendAllText($stamp, 'not compiled') }
    Build-Program
    [IO.File]::WriteAllText($stamp, (Get-Inputs))
}

& dotnet $program @args
exit $LASTEXITCODE
