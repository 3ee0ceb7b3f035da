#!/usr/bin/env bash
# Runs the build: ./build.sh [target ...] [--parameter value ...]. `./build.sh --help` lists targets and parameters.
#
# The build program is compiled when one of its inputs changed, and started directly when none did: what counts is their content.
set -euo pipefail

root="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"
project="$root/build/_build.csproj"
program="$root/build/bin/Debug/_build.dll"
state="$root/.nuke/temp"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_ROLL_FORWARD="${DOTNET_ROLL_FORWARD:-Major}"

if ! command -v dotnet >/dev/null; then
    echo "GAN7001: there is no 'dotnet' on the PATH; install the .NET SDK that global.json names (https://dot.net/download)." >&2
    exit 1
fi

# A line for everything that the build program is compiled from: the hash of its content, and its path. src/App is not among it: the
# Compile target looks after that.
inputs() {
    local hash=(sha256sum)
    command -v sha256sum >/dev/null || hash=(shasum -a 256)
    (
        shopt -s nullglob
        cd "$root"
        echo "ClosedFeed=${ClosedFeed:-} $(test ! -e "$state/closed-feed" || echo remembered)"
        find build compat src global.json Directory.*.props Directory.*.targets [Nn]u[Gg]et.[Cc]onfig \
            \( -name bin -o -name obj -o -path src/App \) -prune -o -type f -print0 \
            | LC_ALL=C sort -z | xargs -0 "${hash[@]}"
    )
}

# MSBuild goes by time: what has other content than before gets a new one, or a file with an old date would not be compiled.
touch_changed() {
    [[ -f "$state/build.inputs" ]] || return 0
    LC_ALL=C sort "$state/build.inputs" | LC_ALL=C comm -13 - <(LC_ALL=C sort <<< "$current") | cut -c67- | while IFS= read -r file; do
        [[ ! -f "$root/$file" ]] || touch "$root/$file"
    done
}

compile() {
    dotnet build "$project" --configuration Debug --nologo --verbosity quiet -clp:NoSummary "$@" 2>&1
}

# A feed without NUKE is found out by trying, and remembered: docs/adr/0002-closed-feeds.md.
compile_build() {
    local output
    if output="$(compile)"; then
        return
    fi
    if [[ -z "${ClosedFeed:-}" && ! -e "$state/closed-feed" && "$output" == *"NU1101"*"Nuke."* ]]; then
        echo "This package feed does not carry NUKE: compiling against compat/ instead (ClosedFeed=false overrides)."
        : > "$state/closed-feed"
        if output="$(compile)"; then
            return
        fi
    fi
    printf '%s\n' "$output" | grep -E '(error|warning) ' | LC_ALL=C sort -u >&2 || printf '%s\n' "$output" >&2
    echo "GAN7002: the build program does not compile; mend the errors above." >&2
    exit 1
}

mkdir -p "$state"
current="$(inputs)"
if [[ ! -f "$program" || ! -f "$state/build.inputs" || "$(<"$state/build.inputs")" != "$current" ]]; then
    echo "Compiling the build ..."
    touch_changed
    # Until it compiles, the next run tries again, whatever has changed.
    [[ ! -f "$state/build.inputs" ]] || echo "not compiled" >> "$state/build.inputs"
    compile_build
    inputs > "$state/build.inputs"
fi

exec dotnet "$program" "$@"
