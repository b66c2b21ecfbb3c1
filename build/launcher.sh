# Shared by ./balsa and ./test (POSIX sh). The caller sets $root to the top of the repository and sources this file.
#
# One lock guards every build, because two builds at once would write the same files below artifacts/.

artifacts=$root/artifacts
with_tests=
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

# fail EXIT_CODE WHAT WHY NEXT
fail() {
    printf 'error: %s\n  why:  %s\n  next: %s\n' "$2" "$3" "$4" >&2
    exit "$1"
}

need_sdk() {
    command -v dotnet >/dev/null 2>&1 || fail 2 'the .NET SDK was not found.' \
        'Balsa builds itself from source, and there is no "dotnet" in the PATH.' \
        'install the .NET 10 SDK (https://dotnet.microsoft.com/download/dotnet/10.0), then run this again'
    # In the repository, so that global.json is obeyed. Without a fitting SDK dotnet prints an error and fails.
    found=$(cd "$root" && dotnet --version 2>/dev/null) || found=
    case $found in
        [1-9][0-9].*) ;;
        *)
            others=$(cd / && dotnet --list-sdks 2>/dev/null | awk '{ printf "%s%s", (NR > 1 ? ", " : ""), $1 }')
            fail 2 'no .NET 10 SDK was found.' \
                "Balsa is written for .NET 10; installed here: ${others:-no SDK at all}." \
                'install the .NET 10 SDK (https://dotnet.microsoft.com/download/dotnet/10.0), then run this again'
            ;;
    esac
}

# Everything that can change what is built. $with_tests is "$root/tests" in ./test and not set in ./balsa.
find_sources() {
    find "$root/src" "$root/bench" ${with_tests:+"$with_tests"} "$root/global.json" "$root/Directory.Build.props" "$root/Directory.Build.targets" \
        "$root/Directory.Packages.props" "$root/.editorconfig" \
        \( -name bin -o -name obj \) -prune -o -type f ! -name '*.md' "$@"
}

source_names() { find_sources -print | LC_ALL=C sort | cksum; }

# Changed since the stamp by content (-newer) or put in place with an old date, as mv and cp -p do (-cnewer).
newer_sources() { find_sources \( -newer "$1" -o -cnewer "$1" \) -print 2>/dev/null || echo unknown; }

# The compiler is only started for files with a new date. For a file with an old date it must be told: prints the option.
rebuild_option() {
    if [ -f "$1" ] && [ -n "$(find_sources ! -newer "$1" -cnewer "$1" -print 2>/dev/null)" ]; then echo --no-incremental; fi
}

# With flock, the lock goes away with the process. Without it, a directory holds the process id of the owner.
take_build_lock() {
    mkdir -p "$artifacts"
    if command -v flock >/dev/null 2>&1; then
        exec 9>"$artifacts/build.lock"
        flock -n 9 && return
        echo 'waiting for another build of this folder' >&2
        flock 9
        return
    fi
    waited=0
    until mkdir "$artifacts/build.lock.d" 2>/dev/null; do
        owner=$(cat "$artifacts/build.lock.d/owner" 2>/dev/null) || owner=
        if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then
            rm -rf "$artifacts/build.lock.d"
            continue
        fi
        # An owner that died before it wrote its name.
        if [ -z "$owner" ] && [ "$waited" -ge 5 ]; then
            rm -rf "$artifacts/build.lock.d"
            continue
        fi
        [ "$waited" -eq 0 ] && echo 'waiting for another build of this folder' >&2
        waited=$((waited + 1))
        sleep 1
    done
    echo $$ >"$artifacts/build.lock.d/owner"
    trap 'rm -rf "$artifacts/build.lock.d"' EXIT
    trap 'exit 130' INT TERM HUP
}

release_build_lock() {
    if [ -d "$artifacts/build.lock.d" ]; then
        rm -rf "$artifacts/build.lock.d"
        trap - EXIT INT TERM HUP
    else
        exec 9>&-
    fi
}

# quiet_build LOG ARGUMENTS...: builds in Release. The compiler server must not inherit the lock, so descriptor 9 is closed.
quiet_build() {
    log=$1
    shift
    (cd "$root" && dotnet build -c Release -nologo -v quiet -clp:NoSummary "$@" 9>&-) >"$log" 2>&1
}

# The errors of a build once each, with paths as seen from the top of the repository.
print_build_errors() {
    if grep -q 'error' "$1"; then
        grep 'error' "$1" | sed -e "s#$root/##g" -e 's/ \[[^]]*\]$//' | awk '!seen[$0]++'
    else
        cat "$1"
    fi
}
