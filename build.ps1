# Runs the build: ./build.ps1 [target ...] [--parameter value ...]. `./build.ps1 --help` lists targets and parameters.
#
# Compiles the build program if the content of one of its inputs has changed. Otherwise starts it directly.
# This file works for any build/_build.csproj: each project lists the files that it is compiled from (docs/adr/0046-own-projects.md).
# Does the same as build.sh. Works in Windows PowerShell 5.1 and PowerShell 7. It is plain ASCII, which both read in the same way.

# This script checks itself whether a program failed. Otherwise Windows PowerShell stops at a line of the program's error output.
$ErrorActionPreference = 'Continue'
$PSNativeCommandUseErrorActionPreference = $false

$root = $PSScriptRoot
$project = [IO.Path]::Combine($root, 'build', '_build.csproj')
# The folder of the build system's files. MSBuild decides by the same file: docs/adr/0013-build-systems.md.
$folder = '.nuke'
if ([IO.File]::Exists([IO.Path]::Combine($root, '.fallout', 'parameters.json'))) { $folder = '.fallout' }
$state = [IO.Path]::Combine($root, $folder, 'temp')
$stamp = [IO.Path]::Combine($state, 'build.inputs')
# Has a line for the program, and for each folder and each other file that it is compiled from.
$sources = [IO.Path]::Combine($state, 'build.sources')
# Has the id of the process that compiles.
$lock = [IO.Path]::Combine($state, 'build.lock')

$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_NOLOGO = '1'
if (-not $env:DOTNET_ROLL_FORWARD) { $env:DOTNET_ROLL_FORWARD = 'Major' }

# Programs of a build run for a short time. To profile them and compile them again costs more time than it saves.
if (-not $env:DOTNET_TieredPGO) { $env:DOTNET_TieredPGO = '0' }

function Stop-Build([string] $message) {
    [Console]::Error.WriteLine($message)
    exit 1
}

# With --verbosity quiet, only the requested output and errors are printed.
$quiet = $false
for ($i = 1; $i -lt $args.Count; $i++) {
    if ("$($args[$i - 1])" -eq '--verbosity' -and "$($args[$i])" -eq 'quiet') { $quiet = $true }
}

# Progress goes to the error output, so that the output of a target can be piped.
function Write-Step([string] $message) {
    if (-not $quiet) { [Console]::Error.WriteLine($message) }
}

# Finds characters in the path that MSBuild, NuGet or the compiler misread, even if they are escaped.
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

# Writes a path below this folder relative to it, and other paths unchanged, with slashes, as build.sh does.
function Get-ShortPath([string] $path) {
    $slashed = $path.Replace('\', '/')
    $prefix = $root.Replace('\', '/').TrimEnd('/') + '/'
    if ($slashed.StartsWith($prefix, [StringComparison]::Ordinal)) { $slashed.Substring($prefix.Length) } else { $slashed }
}

# A line for every file: the hash of its content, and its path, as sha256sum writes it for build.sh.
function Get-Hashes([Collections.Generic.IEnumerable[string]] $files) {
    $names = New-Object 'Collections.Generic.SortedDictionary[string,string]' ([StringComparer]::Ordinal)
    foreach ($file in $files) { $names[(Get-ShortPath $file)] = $file }
    $text = New-Object Text.StringBuilder
    $sha = [Security.Cryptography.SHA256]::Create()
    try {
        foreach ($name in $names.Keys) {
            $hash = [BitConverter]::ToString($sha.ComputeHash([IO.File]::ReadAllBytes($names[$name]))).Replace('-', '').ToLowerInvariant()
            [void] $text.Append($hash).Append('  ').Append($name).Append("`n")
        }
    }
    finally {
        $sha.Dispose()
    }
    $text.ToString()
}

# Returns the lines of one kind in the list of sources, as full paths: program, folder or file.
function Get-Listed([string] $kind) {
    foreach ($line in [IO.File]::ReadAllLines($sources)) {
        if ($line.StartsWith("$kind ", [StringComparison]::Ordinal)) { [IO.Path]::Combine($root, $line.Substring($kind.Length + 1)) }
    }
}

# MSBuild and NuGet look for these files in the folders of the projects, and in each folder above.
function Get-SharedFiles([string[]] $folders) {
    $seen = New-Object 'Collections.Generic.HashSet[string]'
    foreach ($start in $folders) {
        for ($place = $start; $place -and $seen.Add($place); $place = [IO.Path]::GetDirectoryName($place)) {
            foreach ($pattern in 'Directory.*.props', 'Directory.*.targets', 'Directory.*.rsp', 'global.json', 'nuget.config') {
                try { [IO.Directory]::GetFiles($place, $pattern) } catch { }
            }
        }
    }
}

# The content of everything that the build program is compiled from.
function Get-Inputs {
    $files = New-Object 'Collections.Generic.List[string]'
    $projects = @(Get-Listed folder)
    foreach ($file in @(Get-SharedFiles $projects) + @(Get-Listed file)) {
        if ($file -and [IO.File]::Exists($file)) { $files.Add($file) }
    }
    $ignored = New-Object 'Collections.Generic.HashSet[string]'
    $folders = New-Object 'Collections.Generic.Stack[string]'
    foreach ($place in $projects) {
        if (-not [IO.Directory]::Exists($place)) { continue }
        $folders.Push($place)
        [void] $ignored.Add([IO.Path]::Combine($place, 'bin'))
        [void] $ignored.Add([IO.Path]::Combine($place, 'obj'))
    }
    while ($folders.Count -gt 0) {
        $place = $folders.Pop()
        foreach ($file in [IO.Directory]::GetFiles($place)) {
            # A link to nowhere, as editors leave them, is listed and does not exist. The build writes launch profiles itself.
            if ([IO.File]::Exists($file) -and -not $file.EndsWith('launchSettings.json')) { $files.Add($file) }
        }
        foreach ($child in [IO.Directory]::GetDirectories($place)) {
            if (-not $ignored.Contains($child)) { $folders.Push($child) }
        }
    }
    Get-Hashes $files
}

# The content of the compiled program. Another process may have compiled it since, from other sources.
function Get-Program {
    $output = [IO.Path]::GetDirectoryName((Get-Listed program))
    if (-not [IO.Directory]::Exists($output)) { return '' }
    Get-Hashes ([string[]] [IO.Directory]::GetFiles($output, '*.dll'))
}

function Get-Remembered([string] $name) { [IO.Path]::Combine($state, 'closed-feed.' + $name.ToLowerInvariant()) }

# Everything else that decides how it is compiled, besides the content of files.
function Get-Choices {
    $remembered = ''
    foreach ($name in 'nuke', 'fallout') {
        if ([IO.File]::Exists((Get-Remembered $name))) { $remembered += " $name" }
    }
    "$folder/temp BuildSystem=$env:BuildSystem ClosedFeed=$env:ClosedFeed PackageFeed=$env:PackageFeed$remembered`n"
}

# True when the program was compiled from the current content. Keeps this content in a variable.
function Test-Current {
    $script:known = ''
    $script:inputs = ''
    if (-not [IO.File]::Exists($stamp) -or -not [IO.File]::Exists($sources)) { return $false }
    if (-not [IO.File]::Exists((Get-Listed program))) { return $false }
    $script:known = [IO.File]::ReadAllText($stamp)
    $script:inputs = Get-Inputs
    $known -ceq (Get-Choices) + $inputs + (Get-Program)
}

# MSBuild imports this file at the end of each project, which then lists what its compiler reads.
function Write-Listing {
    $lists = [IO.Path]::Combine($state, 'sources')
    if ([IO.Directory]::Exists($lists)) { [IO.Directory]::Delete($lists, $true) }
    [void] [IO.Directory]::CreateDirectory($lists)
    [IO.File]::WriteAllText("$lists.targets", @'
<Project>
  <Target Name="ListSourcesOfBuild" AfterTargets="CoreCompile">
    <ItemGroup>
      <_SourceOfBuild Include="@(Compile->'%(FullPath)');@(EmbeddedResource->'%(FullPath)');@(AdditionalFiles->'%(FullPath)')" />
      <_LineOfSources Include="program $(TargetPath)" Condition="'$(MSBuildProjectName)' == '_build'" />
      <_LineOfSources Include="project $(MSBuildProjectFullPath)" />
      <_LineOfSources Include="@(_SourceOfBuild->'file %(Identity)')" />
    </ItemGroup>
    <WriteLinesToFile File="$(MSBuildThisFileDirectory)sources/$([MSBuild]::StableStringHash($(MSBuildProjectFullPath)$(TargetFramework)))"
                      Lines="@(_LineOfSources)" Overwrite="true" />
  </Target>
</Project>
'@)
}

# The files that an MSBuild file imports by name, and the files that those import. In a path with properties, only the part after the
# last property counts, relative to the folder of the file or to this folder.
function Get-ImportedFiles([string] $file) {
    foreach ($match in [regex]::Matches([IO.File]::ReadAllText($file), '<Import [^>]*Project="([^"]*)"')) {
        $import = ($match.Groups[1].Value -replace '^.*\)' -replace '^[\\/]+').Replace('\', '/')
        if (-not $import) { continue }
        foreach ($place in [IO.Path]::GetDirectoryName($file), $root) {
            $found = [IO.Path]::Combine($place, $import)
            if ([IO.File]::Exists($found)) { $found; Get-ImportedFiles $found }
        }
    }
}

# Joins the lists of the projects. Lists the whole folder of each project, so that a new file is found, too.
function Write-Sources {
    $folders = New-Object 'Collections.Generic.HashSet[string]'
    $files = New-Object 'Collections.Generic.HashSet[string]'
    $result = New-Object 'Collections.Generic.SortedSet[string]' ([StringComparer]::Ordinal)
    $importing = @()
    foreach ($list in [IO.Directory]::GetFiles([IO.Path]::Combine($state, 'sources'))) {
        foreach ($line in [IO.File]::ReadAllLines($list)) {
            $kind, $path = $line -split ' ', 2
            switch ($kind) {
                'program' { [void] $result.Add("program $(Get-ShortPath $path)") }
                'project' { [void] $folders.Add([IO.Path]::GetDirectoryName($path)); $importing += $path }
                'file' { [void] $files.Add($path) }
            }
        }
    }
    foreach ($file in $importing + @(Get-SharedFiles @($folders))) {
        if (-not $file -or [IO.Path]::GetExtension($file) -notin '.csproj', '.props', '.targets') { continue }
        foreach ($found in @(Get-ImportedFiles $file)) { if ($found) { [void] $files.Add($found) } }
    }
    $prefixes = @($folders | ForEach-Object { (Get-ShortPath $_) + '/' })
    foreach ($folder in $folders) { [void] $result.Add("folder $(Get-ShortPath $folder)") }
    foreach ($file in $files) {
        $short = Get-ShortPath $file
        $inside = $false
        foreach ($prefix in $prefixes) { if ($short.StartsWith($prefix, [StringComparison]::Ordinal)) { $inside = $true; break } }
        if (-not $inside) { [void] $result.Add("file $short") }
    }
    [IO.File]::WriteAllText($sources, (($result -join "`n") + "`n"))
}

# Shows a person what the compiler does. Passes its lines on.
function Show-Progress {
    begin {
        $count = 0
        $compiled = 0
        $shown = -not $quiet -and -not [Console]::IsErrorRedirected -and $env:TERM -ne 'dumb'
    }
    process {
        "$_"
        $count++
        if ("$_".Contains(' -> ')) { $compiled++ }
        $step = if ($count -gt 1) { "compiled $compiled projects" } else { 'restoring packages' }
        if ($shown) { [Console]::Error.Write("`r  {0,-56}", "$step, $([int] $watch.Elapsed.TotalSeconds) s") }
    }
    end {
        if ($shown) { [Console]::Error.Write("`r{0,-58}`r", '') }
    }
}

function Invoke-Compiler([string[]] $options) {
    Write-Listing
    $env:CustomAfterMicrosoftCommonTargets = [IO.Path]::Combine($state, 'sources.targets')
    # Analyzers take longer than the compiler. They judge the sources in the solution, in the tests and in .ci/run.
    $analyzers = if ($env:RunAnalyzers) { $env:RunAnalyzers } else { 'false' }
    $lines = & dotnet build $project --configuration Debug --nologo --verbosity minimal -clp:NoSummary `
        "-p:RunAnalyzers=$analyzers" @options 2>&1 | Show-Progress
    $code = $LASTEXITCODE
    Remove-Item Env:CustomAfterMicrosoftCommonTargets
    $script:messages = @($lines)
    $code -eq 0
}

# Finds by a restore whether the feed has the build system, and remembers the answer: docs/adr/0002-closed-feeds.md.
function Build-Program([string[]] $options) {
    if (Invoke-Compiler $options) { return }
    $missing = ''
    if ($messages -match 'NU1101.*Nuke\.Common') { $missing = 'NUKE' }
    if ($messages -match 'NU1101.*Fallout\.Common') { $missing = 'Fallout' }
    $hasCompat = [IO.Directory]::Exists([IO.Path]::Combine($root, 'compat'))
    if (-not $env:ClosedFeed -and $missing -and $hasCompat -and -not [IO.File]::Exists((Get-Remembered $missing))) {
        Write-Step ("This package feed does not carry ${missing}: compiling against compat/ instead (ClosedFeed=false overrides).")
        [IO.File]::WriteAllText((Get-Remembered $missing), '')
        if (Invoke-Compiler $options) { return }
    }
    $sdk = & dotnet --version 2>&1
    if ($LASTEXITCODE -ne 0) {
        foreach ($line in $sdk) { [Console]::Error.WriteLine("$line") }
        Stop-Build 'GAN7001: no .NET SDK is installed that global.json accepts; install the one that it names (https://dot.net/download).'
    }
    if ($missing -and -not $hasCompat) {
        $package = 'Gantry.' + $missing.Substring(0, 1) + $missing.Substring(1).ToLowerInvariant()
        Stop-Build ("GAN7096: the package feed does not carry $missing, which $package needs; " +
            'reference the package Gantry.ClosedFeed instead in build/_build.csproj (docs/closed-feeds.md).')
    }
    # Each message once, without the name of its project.
    $faults = @($messages -match '(error|warning) ' -replace ' \[[^]]*\]$' | Sort-Object -Unique)
    if ($faults.Count -eq 0) { $faults = $messages }
    foreach ($line in $faults) { [Console]::Error.WriteLine($line) }
    if ($messages -match 'error NU') {
        Stop-Build 'GAN7049: the packages of the build program cannot be restored; correct what the errors above name.'
    }
    Stop-Build 'GAN7002: the build program does not compile; correct the errors above.'
}

# MSBuild compares times. A file with changed content gets a new time; otherwise a changed file with an old time would not be compiled.
function Update-Changed([string] $known, [string] $inputs) {
    $lines = New-Object 'Collections.Generic.HashSet[string]'
    foreach ($line in $known.Split("`n")) { [void] $lines.Add($line) }
    foreach ($line in $inputs.Split("`n")) {
        if (-not $line -or $lines.Contains($line)) { continue }
        $file = [IO.Path]::Combine($root, $line.Substring($line.IndexOf('  ') + 2))
        if ([IO.File]::Exists($file)) { [IO.File]::SetLastWriteTimeUtc($file, [DateTime]::UtcNow) }
    }
}

# Creates a file with the id of this process, in one step. Fails if the file exists.
function New-LockFile([string] $path) {
    try { $file = New-Object IO.FileStream $path, 'CreateNew', 'Write', 'Read' } catch { return $false }
    $text = [Text.Encoding]::ASCII.GetBytes("$PID`n")
    $file.Write($text, 0, $text.Length)
    $file.Dispose()
    $true
}

function Test-OlderThanAMinute([string] $path) {
    [IO.File]::Exists($path) -and [IO.File]::GetLastWriteTimeUtc($path) -lt [DateTime]::UtcNow.AddMinutes(-1)
}

# True when the process that made the lock has ended without deleting it.
function Test-StaleLock {
    try { $process = [IO.File]::ReadAllText($lock).Trim() } catch { return $false }
    if ($process) { -not (Get-Process -Id $process -ErrorAction SilentlyContinue) } else { Test-OlderThanAMinute $lock }
}

# Only one process compiles at a time. Another one waits, and then starts the compiled program.
function Lock-Build {
    $waiting = $false
    while (-not (New-LockFile $lock)) {
        if ((Test-StaleLock) -and (New-LockFile "$lock.stale")) {
            # No other process can delete it now: check again.
            if (Test-StaleLock) { [IO.File]::Delete($lock) }
            [IO.File]::Delete("$lock.stale")
            continue
        }
        if (-not $waiting) { Write-Step 'Waiting for another process that compiles the build ...' }
        $waiting = $true
        if (Test-OlderThanAMinute "$lock.stale") { [IO.File]::Delete("$lock.stale") }
        Start-Sleep -Milliseconds 200
    }
}

# Windows PowerShell, and PowerShell before 7.3, do not escape quotes and empty arguments. The program would get other arguments.
function Get-NativeArguments([object[]] $given) {
    foreach ($argument in $given) {
        # Leaves numbers alone: PowerShell passes 1.10 as it was typed, but converted to text it would be 1.1.
        if ($PSNativeCommandArgumentPassing -in 'Standard', 'Windows' -or $argument -isnot [string]) { $argument; continue }
        $escaped = $argument -replace '(\\*)"', '$1$1\"'
        if ($PSVersionTable.PSVersion.Major -lt 6 -and $argument -match '\s') { $escaped = $escaped -replace '(\\+)$', '$1$1' }
        if ($escaped -eq '') { '""' } else { $escaped }
    }
}

# Works in this folder, called from any folder: global.json, parameters and relative paths are relative to it.
Push-Location -LiteralPath $root
try {
    Assert-Folder
    if (-not (Get-Command dotnet -CommandType Application -ErrorAction SilentlyContinue)) {
        Stop-Build "GAN7001: there is no 'dotnet' on the PATH; install the .NET SDK that global.json names (https://dot.net/download)."
    }

    if (-not (Test-Current)) {
        [void] [IO.Directory]::CreateDirectory($state)
        Lock-Build
        try {
            if (-not (Test-Current)) {
                Write-Step 'Compiling the build ...'
                $options = @()
                if ($known -and $known.Contains((Get-Program))) {
                    Update-Changed $known $inputs
                }
                else {
                    # It is not known from which sources the program was compiled last.
                    $options = @('--no-incremental')
                }
                # If it does not compile, the next run tries again in any case.
                if ([IO.File]::Exists($stamp)) { [IO.File]::AppendAllText($stamp, "not compiled`n") }
                $watch = [Diagnostics.Stopwatch]::StartNew()
                Build-Program $options
                Write-Sources
                [IO.File]::WriteAllText($stamp, (Get-Choices) + (Get-Inputs) + (Get-Program))
                Write-Step "Compiled the build in $([int] $watch.Elapsed.TotalSeconds) s."
            }
        }
        finally {
            [IO.File]::Delete($lock)
        }
    }

    $arguments = @(Get-NativeArguments $args)
    & dotnet (Get-Listed program) @arguments
    exit $LASTEXITCODE
}
finally {
    Pop-Location
}
