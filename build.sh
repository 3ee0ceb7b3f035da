#!/usr/bin/env bash
# Runs the build: ./build.sh [target ...] [--parameter value ...]. `./build.sh --help` lists targets and parameters.
#
# Compiles the build program if the content of one of its inputs has changed. Otherwise starts it directly.
# This file works for any build/_build.csproj: each project lists the files that it is compiled from (docs/adr/0046-own-projects.md).
set -euo pipefail

# Works in this folder, called from any folder: global.json, parameters and relative paths are relative to it.
cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")"
# The path as MSBuild writes it. The shells of Windows write it in another way.
root=$(pwd -W 2>/dev/null || pwd)

project=build/_build.csproj
# The folder of the build system's files. MSBuild decides by the same file: docs/adr/0013-build-systems.md.
state=.nuke/temp
[[ ! -f .fallout/parameters.json ]] || state=.fallout/temp
stamp=$state/build.inputs
# Has a line for the program, and for each folder and each other file that it is compiled from.
sources=$state/build.sources
# Has the id of the process that compiles.
lock=$state/build.lock

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_ROLL_FORWARD="${DOTNET_ROLL_FORWARD:-Major}"

# Programs of a build run for a short time. To profile them and compile them again costs more time than it saves.
export DOTNET_TieredPGO="${DOTNET_TieredPGO:-0}"

say() { printf '%s\n' "$1"; }

fail() {
    say "$1" >&2
    exit 1
}

# Finds characters in the path that MSBuild, NuGet or the compiler misread, even if they are escaped.
check_folder() {
    local LC_ALL=C special='["|;*?:\]|%[0-9A-Fa-f][0-9A-Fa-f]|[@%]\(|[[:cntrl:]]' found
    if [[ $PWD =~ $special ]]; then
        found="has '${BASH_REMATCH[0]}' in its path"
    elif command -v iconv >/dev/null && ! printf %s "$PWD" | iconv -f UTF-8 -t UTF-8 >/dev/null 2>&1; then
        found="has a path that is not UTF-8"
    else
        return 0
    fi
    found="the folder '$PWD' $found"
    fail "GAN7063: ${found//[[:cntrl:]]/?}, and .NET cannot build there; clone to another folder."
}

check_folder
command -v dotnet >/dev/null \
    || fail "GAN7001: there is no 'dotnet' on the PATH; install the .NET SDK that global.json names (https://dot.net/download)."

# With --verbosity quiet, only the requested output and errors are printed.
quiet='' previous=''
for argument in "$@"; do
    [[ $previous != --[Vv]erbosity || $argument != [Qq]uiet ]] || quiet=1
    previous=$argument
done

# Progress goes to the error output, so that the output of a target can be piped.
tell() { [[ -n $quiet ]] || say "$1" >&2; }

# A line for every file in the list on standard input: the hash of its content, and its path.
hashes() {
    local hash=(sha256sum)
    command -v sha256sum >/dev/null || hash=(shasum -a 256)
    LC_ALL=C sort -z -u | xargs -0 "${hash[@]}"
}

# Returns the lines of one kind in the list of sources: program, folder or file.
listed() { sed -n "s/^$1 //p" "$sources"; }

# MSBuild and NuGet look for these files in the folders of the projects, which are on standard input, and in each folder above.
shared_files() (
    shopt -s nullglob
    while IFS= read -r folder; do
        case $folder in
            /* | [A-Za-z]:*) ;;
            *) folder=$root/$folder ;;
        esac
        while say "$folder" && [[ $folder == */* ]]; do folder=${folder%/*}; done
    done | LC_ALL=C sort -u | while IFS= read -r folder; do
        for file in "$folder"/{Directory.*.{props,targets,rsp},[Nn]u[Gg]et.[Cc]onfig,global.json}; do
            [[ ! -f $file ]] || printf '%s\0' "${file#"$root/"}"
        done
    done
)

# The content of everything that the build program is compiled from.
inputs() (
    ignored=()
    while IFS= read -r folder; do
        folders+=("$folder")
        # The build writes launch profiles itself, and no compiler reads them.
        ignored+=(-path "$folder/bin" -o -path "$folder/obj" -o -path "$folder/Properties/launchSettings.json" -o)
    done < <(listed folder)
    {
        listed folder | shared_files
        listed file | while IFS= read -r file; do [[ ! -f $file ]] || printf '%s\0' "$file"; done
        find "${folders[@]}" \( "${ignored[@]}" -false \) -prune -o \( -type f -o -type l -exec test -f {} \; \) -print0 2>/dev/null
    } | hashes
)

# The content of the compiled program. Another process may have compiled it since, from other sources.
program() {
    local file
    file=$(listed program)
    find "${file%/*}" -maxdepth 1 -name '*.dll' -print0 | hashes
}

# Everything else that decides how it is compiled, besides the content of files.
choices() {
    local name remembered=""
    for name in nuke fallout; do
        [[ ! -e $state/closed-feed.$name ]] || remembered+=" $name"
    done
    say "$state BuildSystem=${BuildSystem:-} ClosedFeed=${ClosedFeed:-} PackageFeed=${PackageFeed:-}$remembered"
}

# True when the program was compiled from the current content. Keeps this content in a variable.
is_current() {
    current=''
    [[ -f $stamp && -f $sources && -f $(listed program) ]] || return 1
    current="$(inputs)"
    [[ "$(< "$stamp")" == "$(choices; say "$current"; program)" ]]
}

# MSBuild compares times. A file with changed content gets a new time; otherwise a changed file with an old time would not be compiled.
touch_changed() {
    LC_ALL=C sort "$stamp" | LC_ALL=C comm -13 - <(LC_ALL=C sort <<< "$current") | cut -c67- | while IFS= read -r file; do
        [[ ! -f $file ]] || touch "$file"
    done
}

# MSBuild imports this file at the end of each project, which then lists what its compiler reads.
write_listing() {
    rm -rf "$state/sources"
    mkdir -p "$state/sources"
    cat > "$state/sources.targets" <<'XML'
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
XML
}

# The files that the MSBuild files on standard input import by name, and the files that those import. In a path with properties, only the
# part after the last property counts, relative to the folder of the file or to this folder.
imported_files() {
    local file import found
    while IFS= read -r file; do
        { grep -o '<Import [^>]*Project="[^"]*"' "$file" 2>/dev/null || true; } \
            | sed 's/.*Project="//; s/"$//; s/.*)//; s/^[\\/]*//' | tr '\\' / | while IFS= read -r import; do
                for found in "${file%/*}/$import" "$root/$import"; do
                    [[ -z $import || ! -f $found ]] || { say "$found"; imported_files <<< "$found"; }
                done
            done
    done
}

# Joins the lists of the projects. Lists the whole folder of each project, so that a new file is found, too.
list_sources() {
    local lists
    # As paths relative to this folder, with slashes.
    lists=$(cat "$state"/sources/* | tr '\\' /)
    {
        say "$lists"
        {
            sed -n 's/^project //p' <<< "$lists"
            sed -n 's/^project \(.*\)\/[^/]*$/\1/p' <<< "$lists" | shared_files | tr '\0' '\n' | sed "s|^[^/]*\$|./&|"
        } | imported_files | sed 's/^/file /'
    } | LC_ALL=C ROOT=$root/ awk '
        {
            kind = substr($0, 1, index($0, " ") - 1); path = substr($0, index($0, " ") + 1); root = ENVIRON["ROOT"]
            if (index(path, root) == 1) path = substr(path, length(root) + 1)
            sub(/^\.\//, "", path)
            if (kind == "project") { sub(/\/[^\/]*$/, "", path); folders[path]; print "folder " path }
            else if (kind == "file") files[path]
            else print kind " " path
        }
        END {
            for (file in files) {
                for (folder in folders) if (index(file, folder "/") == 1) break
                if (index(file, folder "/") != 1) print "file " file
            }
        }' | LC_ALL=C sort -u > "$sources"
}

# Shows a person what the compiler does. Passes its lines from standard input on.
show_progress() {
    local line lines=0 compiled=0 total='' step
    if [[ -n $quiet || ! -t 2 || ${TERM:-dumb} == dumb || ${BASH_VERSINFO[0]} -lt 4 ]]; then
        cat
        return
    fi
    while true; do
        if IFS= read -r -t 1 line; then
            say "$line"
            lines=$((lines + 1))
            [[ $line != *' -> '* ]] || compiled=$((compiled + 1))
        elif (( $? <= 128 )); then
            break
        fi
        step='restoring packages'
        if (( lines > 1 )); then
            [[ -n $total ]] || total=$(grep -c '"projectPath"' build/obj/_build.csproj.nuget.dgspec.json 2>/dev/null) || total=''
            step="compiled $compiled${total:+ of $total} projects"
        fi
        printf '\r  %-56s' "$step, $SECONDS s" >&2
    done
    printf '\r%-58s\r' '' >&2
}

# Analyzers take longer than the compiler. They judge the sources in the solution, in the tests and in .ci/run.
compile() {
    write_listing
    CustomAfterMicrosoftCommonTargets=$root/$state/sources.targets dotnet build "$project" --configuration Debug --nologo \
        --verbosity minimal -clp:NoSummary -p:RunAnalyzers="${RunAnalyzers:-false}" "$@" 2>&1 | show_progress
}

# Finds by a restore whether the feed has the build system, and remembers the answer: docs/adr/0002-closed-feeds.md.
compile_build() {
    local messages missing remembered sdk name
    if messages="$(compile "$@")"; then
        return
    fi
    missing=""
    [[ $messages != *NU1101*Nuke.Common* ]] || missing=NUKE
    [[ $messages != *NU1101*Fallout.Common* ]] || missing=Fallout
    remembered=$state/closed-feed.$(tr '[:upper:]' '[:lower:]' <<< "$missing")
    if [[ -z "${ClosedFeed:-}" && -n $missing && -d compat && ! -e $remembered ]]; then
        tell "This package feed does not carry $missing: compiling against compat/ instead (ClosedFeed=false overrides)."
        : > "$remembered"
        if messages="$(compile "$@")"; then
            return
        fi
    fi
    if ! sdk="$(dotnet --version 2>&1)"; then
        printf '%s\n' "$sdk" >&2
        fail "GAN7001: no .NET SDK is installed that global.json accepts; install the one that it names (https://dot.net/download)."
    fi
    if [[ -n $missing && ! -d compat ]]; then
        name=$(tr '[:upper:]' '[:lower:]' <<< "${missing:1}")
        fail "GAN7096: the package feed does not carry $missing, which Gantry.${missing:0:1}$name needs; \
reference the package Gantry.ClosedFeed instead in $project (docs/closed-feeds.md)."
    fi
    # Each message once, without the name of its project.
    printf '%s\n' "$messages" | grep -E '(error|warning) ' | sed 's/ \[[^]]*\]$//' | LC_ALL=C sort -u >&2 || printf '%s\n' "$messages" >&2
    if [[ $messages == *"error NU"* ]]; then
        fail "GAN7049: the packages of the build program cannot be restored; correct what the errors above name."
    fi
    fail "GAN7002: the build program does not compile; correct the errors above."
}

# Creates a file with the id of this process, in one step. Fails if the file exists.
make_file() { (set -o noclobber && echo $$ > "$1") 2>/dev/null; }

is_older_than_a_minute() { [[ -n $(find "$1" -maxdepth 0 -mmin +1 2>/dev/null) ]]; }

# True when the process that made the lock has ended without deleting it.
is_stale() {
    local process
    process=$(cat "$lock" 2>/dev/null) || return 1
    if [[ -n $process ]]; then ! kill -0 "$process" 2>/dev/null; else is_older_than_a_minute "$lock"; fi
}

# Only one process compiles at a time. Another one waits, and then starts the compiled program.
take_lock() {
    local waiting=''
    until make_file "$lock"; do
        if is_stale && make_file "$lock.stale"; then
            # No other process can delete it now: check again.
            ! is_stale || rm -f "$lock"
            rm -f "$lock.stale"
            continue
        fi
        [[ -n $waiting ]] || tell "Waiting for another process that compiles the build ..."
        waiting=1
        ! is_older_than_a_minute "$lock.stale" || rm -f "$lock.stale"
        sleep 0.2
    done
    trap 'rm -f "$lock"' EXIT
}

if ! is_current; then
    mkdir -p "$state"
    take_lock
    if ! is_current; then
        tell "Compiling the build ..."
        options=()
        if [[ -n $current && "$(< "$stamp")" == *"$(program)"* ]]; then
            touch_changed
        else
            # It is not known from which sources the program was compiled last.
            options=(--no-incremental)
        fi
        # If it does not compile, the next run tries again in any case.
        [[ ! -f $stamp ]] || say "not compiled" >> "$stamp"
        SECONDS=0
        compile_build ${options[@]+"${options[@]}"}
        list_sources
        { choices; inputs; program; } > "$stamp"
        tell "Compiled the build in $SECONDS s."
    fi
    rm -f "$lock"
    trap - EXIT
fi

exec dotnet "$(listed program)" "$@"
