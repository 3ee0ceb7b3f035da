#!/usr/bin/env bash
# Runs the build: ./build.sh [target ...] [--parameter value ...]. `./build.sh --help` lists targets and parameters.
#
# The build program is compiled when one of its inputs changed, and started directly when none did: what counts is their content.
set -euo pipefail

# Wherever it is called from: global.json, parameters and relative paths are those of this folder.
cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")"

project=build/_build.csproj
output=build/bin/Debug
# Where the build system has its files. MSBuild goes by the same file: docs/adr/0013-build-systems.md.
state=.nuke/temp
[[ ! -f .fallout/parameters.json ]] || state=.fallout/temp
stamp=$state/build.inputs

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_ROLL_FORWARD="${DOTNET_ROLL_FORWARD:-Major}"

# Programs of a build are short: to profile them while they run, to compile them better, costs more than it gives.
export DOTNET_TieredPGO="${DOTNET_TieredPGO:-0}"

fail() {
    echo "$1" >&2
    exit 1
}

# What MSBuild, NuGet or the compiler take for something else in a path, however it is escaped.
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

# A line for every file in the list on standard input: the hash of its content, and its path.
hashes() {
    local hash=(sha256sum)
    command -v sha256sum >/dev/null || hash=(shasum -a 256)
    LC_ALL=C sort -z | xargs -0 "${hash[@]}"
}

# Everything that the build program is compiled from. src/App is not among it: the Compile target looks after that.
inputs() (
    shopt -s nullglob
    ignored=(-path src/App)
    for folder in build compat/* src/*; do
        ignored+=(-o -path "$folder/bin" -o -path "$folder/obj")
    done
    find build [c]ompat [s]rc global.json Directory.*.props Directory.*.targets [Nn]u[Gg]et.[Cc]onfig \
        \( "${ignored[@]}" \) -prune -o \( -type f -o -type l -exec test -f {} \; \) -print0 | hashes
)

# What was compiled from it: somebody else may have compiled it since, from something else.
program() {
    find "$output" -maxdepth 1 -name '*.dll' -print0 | hashes
}

# What else decides how it is compiled, besides the content of files.
choices() {
    local name remembered=""
    for name in nuke fallout; do
        [[ ! -e $state/closed-feed.$name ]] || remembered+=" $name"
    done
    echo "$state BuildSystem=${BuildSystem:-} ClosedFeed=${ClosedFeed:-}$remembered"
}

# MSBuild goes by time: what has other content than before gets a new one, or a file with an old date would not be compiled.
touch_changed() {
    LC_ALL=C sort "$stamp" | LC_ALL=C comm -13 - <(LC_ALL=C sort <<< "$current") | cut -c67- | while IFS= read -r file; do
        [[ ! -f $file ]] || touch "$file"
    done
}

# Analyzers take longer than the compiler. They judge the sources in the solution, in the tests and in .ci/run.
compile() {
    dotnet build "$project" --configuration Debug --nologo --verbosity quiet -clp:NoSummary \
        -p:RunAnalyzers="${RunAnalyzers:-false}" "$@" 2>&1
}

# A feed without the build system is found out by trying, and remembered: docs/adr/0002-closed-feeds.md.
compile_build() {
    local messages missing remembered sdk
    if messages="$(compile "$@")"; then
        return
    fi
    missing=""
    [[ $messages != *NU1101*Nuke.Common* ]] || missing=NUKE
    [[ $messages != *NU1101*Fallout.Common* ]] || missing=Fallout
    remembered=$state/closed-feed.$(tr '[:upper:]' '[:lower:]' <<< "$missing")
    if [[ -z "${ClosedFeed:-}" && -n $missing && ! -e $remembered ]]; then
        echo "This package feed does not carry $missing: compiling against compat/ instead (ClosedFeed=false overrides)."
        : > "$remembered"
        if messages="$(compile "$@")"; then
            return
        fi
    fi
    if ! sdk="$(dotnet --version 2>&1)"; then
        printf '%s\n' "$sdk" >&2
        fail "GAN7001: no .NET SDK is installed that global.json accepts; install the one that it names (https://dot.net/download)."
    fi
    # Each message once, without the project that it came up in.
    printf '%s\n' "$messages" | grep -E '(error|warning) ' | sed 's/ \[[^]]*\]$//' | LC_ALL=C sort -u >&2 || printf '%s\n' "$messages" >&2
    if [[ $messages == *"error NU"* ]]; then
        fail "GAN7049: the packages of the build program cannot be restored; correct what the errors above name."
    fi
    fail "GAN7002: the build program does not compile; correct the errors above."
}

mkdir -p "$state"
current="$(inputs)"
if [[ ! -f $stamp || ! -f $output/_build.dll || "$(< "$stamp")" != "$(choices; printf '%s\n' "$current"; program)" ]]; then
    echo "Compiling the build ..."
    options=()
    if [[ -f $stamp && -f $output/_build.dll && "$(< "$stamp")" == *"$(program)"* ]]; then
        touch_changed
    else
        # Nobody knows from what the program was compiled last.
        options=(--no-incremental)
    fi
    # Until it compiles, the next run tries again, whatever has changed.
    [[ ! -f $stamp ]] || echo "not compiled" >> "$stamp"
    compile_build ${options[@]+"${options[@]}"}
    { choices; printf '%s\n' "$current"; program; } > "$stamp"
fi

exec dotnet "$output/_build.dll" "$@"
