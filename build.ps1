# Runs the build: ./build.ps1 [target ...] [--parameter value ...]. `./build.ps1 --help` lists targets and parameters.
#
# The build program is compiled when one of its inputs changed, and started directly when none did: what counts is their content.
# Does the same as build.sh; works in Windows PowerShell 5.1 and PowerShell 7. It is plain ASCII, which both read alike.

# A program that fails is looked at here; Windows PowerShell takes a line of its error output for an error of ours.
$ErrorActionPreference = 'Continue'
$PSNativeCommandUseErrorActionPreference = $false

$root = $PSScriptRoot
$project = [IO.Path]::Combine($root, 'build', '_build.csproj')
$output = [IO.Path]::Combine($root, 'build', 'bin', 'Debug')
$program = [IO.Path]::Combine($output, '_build.dll')
# Where the build system has its files. MSBuild goes by the same file: docs/adr/0013-build-systems.md.
$folder = '.nuke'
if ([IO.File]::Exists([IO.Path]::Combine($root, '.fallout', 'parameters.json'))) { $folder = '.fallout' }
$state = [IO.Path]::Combine($root, $folder, 'temp')
$stamp = [IO.Path]::Combine($state, 'build.inputs')

$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_NOLOGO = '1'
if (-not $env:DOTNET_ROLL_FORWARD) { $env:DOTNET_ROLL_FORWARD = 'Major' }

# Programs of a build are short: to profile them while they run, to compile them better, costs more than it gives.
if (-not $env:DOTNET_TieredPGO) { $env:DOTNET_TieredPGO = '0' }

function Stop-Build([string] $message) {
    [Console]::Error.WriteLine($message)
    exit 1
}

# What MSBuild, NuGet or the compiler take for something else in a path, however it is escaped.
function Assert-Folder {
    $special = '["|;*?]|%[0-9A-Fa-f]{2}|[@%]\(|[\x00-\x1F\x7F]'
    if ([IO.Path]::DirectorySeparatorChar -eq '/') { $special += '|[:\\]' }
    $found = ''
    if ($root -match $special) { $found = "has '$($Matches[0])' in its path" }
    elseif ($root -match '\uFFFD') { $found = 'has a path that is not UTF-8' }
    if ($found) {
        $message = "GAN7063: the folder '$root' $found, and .NET cannot build there; clone to another folder."
        Stop-Build ($message -replace '[\x00-\x1F\x7F]', '?')
    }
}

# A line for every file: the hash of its content, and its path, as sha256sum writes it for build.sh.
function Get-Hashes([Collections.Generic.List[string]] $files) {
    $files.Sort([StringComparer]::Ordinal)
    $text = New-Object Text.StringBuilder
    $sha = [Security.Cryptography.SHA256]::Create()
    try {
        foreach ($file in $files) {
            $hash = [BitConverter]::ToString($sha.ComputeHash([IO.File]::ReadAllBytes($file))).Replace('-', '').ToLowerInvariant()
            [void] $text.Append($hash).Append('  ').Append($file.Substring($root.Length + 1)).Append("`n")
        }
    }
    finally {
        $sha.Dispose()
    }
    $text.ToString()
}

# Everything that the build program is compiled from. src/App is not among it: the Compile target looks after that.
function Get-Inputs {
    $files = New-Object 'Collections.Generic.List[string]'
    foreach ($pattern in 'global.json', 'Directory.*.props', 'Directory.*.targets', 'nuget.config') {
        $files.AddRange([string[]] [IO.Directory]::GetFiles($root, $pattern))
    }
    $ignored = New-Object 'Collections.Generic.HashSet[string]'
    [void] $ignored.Add([IO.Path]::Combine($root, 'src', 'App'))
    $folders = New-Object 'Collections.Generic.Stack[string]'
    foreach ($name in 'build', 'compat', 'src') {
        $folder = [IO.Path]::Combine($root, $name)
        if (-not [IO.Directory]::Exists($folder)) { continue }
        $folders.Push($folder)
        foreach ($place in @($folder) + [IO.Directory]::GetDirectories($folder)) {
            [void] $ignored.Add([IO.Path]::Combine($place, 'bin'))
            [void] $ignored.Add([IO.Path]::Combine($place, 'obj'))
        }
    }
    while ($folders.Count -gt 0) {
        $folder = $folders.Pop()
        foreach ($file in [IO.Directory]::GetFiles($folder)) {
            # A link to nowhere, as editors leave them, is listed and does not exist.
            if ([IO.File]::Exists($file)) { $files.Add($file) }
        }
        foreach ($child in [IO.Directory]::GetDirectories($folder)) {
            if (-not $ignored.Contains($child)) { $folders.Push($child) }
        }
    }
    Get-Hashes $files
}

# What was compiled from it: somebody else may have compiled it since, from something else.
function Get-Program {
    if (-not [IO.Directory]::Exists($output)) { return '' }
    $files = New-Object 'Collections.Generic.List[string]'
    $files.AddRange([string[]] [IO.Directory]::GetFiles($output, '*.dll'))
    Get-Hashes $files
}

function Get-Remembered([string] $name) { [IO.Path]::Combine($state, 'closed-feed.' + $name.ToLowerInvariant()) }

# What else decides how it is compiled, besides the content of files.
function Get-Choices {
    $remembered = ''
    foreach ($name in 'nuke', 'fallout') {
        if ([IO.File]::Exists((Get-Remembered $name))) { $remembered += " $name" }
    }
    "$folder/temp BuildSystem=$env:BuildSystem ClosedFeed=$env:ClosedFeed$remembered`n"
}

function Invoke-Compiler([string[]] $options) {
    # Analyzers take longer than the compiler. They judge the sources in the solution, in the tests and in .ci/run.
    $analyzers = if ($env:RunAnalyzers) { $env:RunAnalyzers } else { 'false' }
    $lines = & dotnet build $project --configuration Debug --nologo --verbosity quiet -clp:NoSummary `
        "-p:RunAnalyzers=$analyzers" @options 2>&1
    $script:messages = @($lines | ForEach-Object { "$_" })
    $LASTEXITCODE -eq 0
}

# A feed without the build system is found out by trying, and remembered: docs/adr/0002-closed-feeds.md.
function Build-Program([string[]] $options) {
    if (Invoke-Compiler $options) { return }
    $missing = ''
    if ($messages -match 'NU1101.*Nuke\.Common') { $missing = 'NUKE' }
    if ($messages -match 'NU1101.*Fallout\.Common') { $missing = 'Fallout' }
    if (-not $env:ClosedFeed -and $missing -and -not [IO.File]::Exists((Get-Remembered $missing))) {
        [Console]::WriteLine("This package feed does not carry ${missing}: compiling against compat/ instead (ClosedFeed=false overrides).")
        [IO.File]::WriteAllText((Get-Remembered $missing), '')
        if (Invoke-Compiler $options) { return }
    }
    $sdk = & dotnet --version 2>&1
    if ($LASTEXITCODE -ne 0) {
        foreach ($line in $sdk) { [Console]::Error.WriteLine("$line") }
        Stop-Build 'GAN7001: no .NET SDK is installed that global.json accepts; install the one that it names (https://dot.net/download).'
    }
    # Each message once, without the project that it came up in.
    $faults = @($messages -match '(error|warning) ' -replace ' \[[^]]*\]$' | Sort-Object -Unique)
    if ($faults.Count -eq 0) { $faults = $messages }
    foreach ($line in $faults) { [Console]::Error.WriteLine($line) }
    if ($messages -match 'error NU') {
        Stop-Build 'GAN7049: the packages of the build program cannot be restored; correct what the errors above name.'
    }
    Stop-Build 'GAN7002: the build program does not compile; correct the errors above.'
}

# MSBuild goes by time: what has other content than before gets a new one, or a file with an old date would not be compiled.
function Update-Changed([string] $known, [string] $inputs) {
    $lines = New-Object 'Collections.Generic.HashSet[string]'
    foreach ($line in $known.Split("`n")) { [void] $lines.Add($line) }
    foreach ($line in $inputs.Split("`n")) {
        if (-not $line -or $lines.Contains($line)) { continue }
        $file = [IO.Path]::Combine($root, $line.Substring($line.IndexOf('  ') + 2))
        if ([IO.File]::Exists($file)) { [IO.File]::SetLastWriteTimeUtc($file, [DateTime]::UtcNow) }
    }
}

# Windows PowerShell, and PowerShell before 7.3, pass quotes and empty arguments on as they are, and the program sees others.
function Get-NativeArguments([object[]] $given) {
    foreach ($argument in $given) {
        # A number stays what it is: PowerShell passes 1.10 as it was typed, and as text it would be 1.1.
        if ($PSNativeCommandArgumentPassing -in 'Standard', 'Windows' -or $argument -isnot [string]) { $argument; continue }
        $escaped = $argument -replace '(\\*)"', '$1$1\"'
        if ($PSVersionTable.PSVersion.Major -lt 6 -and $argument -match '\s') { $escaped = $escaped -replace '(\\+)$', '$1$1' }
        if ($escaped -eq '') { '""' } else { $escaped }
    }
}

# Wherever it is called from: global.json, parameters and relative paths are those of this folder.
Push-Location -LiteralPath $root
try {
    Assert-Folder
    if (-not (Get-Command dotnet -CommandType Application -ErrorAction SilentlyContinue)) {
        Stop-Build "GAN7001: there is no 'dotnet' on the PATH; install the .NET SDK that global.json names (https://dot.net/download)."
    }

    [void] [IO.Directory]::CreateDirectory($state)
    $inputs = Get-Inputs
    $known = ''
    if ([IO.File]::Exists($stamp) -and [IO.File]::Exists($program)) { $known = [IO.File]::ReadAllText($stamp) }
    if ($known -cne (Get-Choices) + $inputs + (Get-Program)) {
        [Console]::WriteLine('Compiling the build ...')
        $options = @()
        if ($known -and $known.Contains((Get-Program))) {
            Update-Changed $known $inputs
        }
        else {
            # Nobody knows from what the program was compiled last.
            $options = @('--no-incremental')
        }
        # Until it compiles, the next run tries again, whatever has changed.
        if ([IO.File]::Exists($stamp)) { [IO.File]::AppendAllText($stamp, "not compiled`n") }
        Build-Program $options
        [IO.File]::WriteAllText($stamp, (Get-Choices) + $inputs + (Get-Program))
    }

    $arguments = @(Get-NativeArguments $args)
    & dotnet $program @arguments
    exit $LASTEXITCODE
}
finally {
    Pop-Location
}
