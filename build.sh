#!/usr/bin/env bash
# build.sh run [flags] | test | build | bench: everything one needs to use, check and measure gnatsd.
# Installs what is missing of the Debian packages that the command needs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

run_packages=(g++ cmake ninja-build ccache pkg-config libpoco-dev libssl-dev libcrypto++-dev
    libcrypt-dev)
build_packages=("${run_packages[@]}" libldap-dev libcppunit-dev libbenchmark-dev libnats-dev)
bench_packages=("${build_packages[@]}" nats-server)
test_packages=("${bench_packages[@]}" clang clang-format clang-tidy libclang-rt-dev llvm git
    golang-go golang-github-nats-io-go-nats-dev rsyslog systemd apache2-utils openssl slapd
    sslscan)

usage() {
    cat <<'END'
usage: ./build.sh COMMAND
  run [flags]    build the release and start it with these flags (-h lists them)
  build          build the release with its tests and benchmarks: build/release
  test           build every variant and run all tests
  bench [flags]  measure the release against Debian's nats-server: gnatsd-bench compare
END
}

say() { printf '\n== %s\n' "$*"; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

is_installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q '^install ok installed$'; }

# need PACKAGE...: installs those that are missing, or says what to install and ends.
need() {
    local package missing=()
    if ! command -v dpkg-query >/dev/null; then
        echo "build.sh: no Debian packages here; going on with what is installed" >&2
        return
    fi
    for package in "$@"; do
        is_installed "$package" || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
        echo "build.sh: missing packages, and neither root nor sudo to install them:" >&2
        echo "  apt-get install ${missing[*]}" >&2
        exit 1
    fi
    say "installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    local install=(apt-get install -y -q --no-install-recommends "${missing[@]}")
    keep_daemons_off
    # The first try works where the package lists are fresh.
    as_root "${install[@]}" 2>/dev/null || { as_root apt-get update -q && as_root "${install[@]}"; } || {
        echo "build.sh: cannot install: ${missing[*]}" >&2
        exit 1
    }
    let_daemons_start
}

# Tests start servers of their own on free ports; what a package would start at once stays off.
policy=/usr/sbin/policy-rc.d
own_policy=

keep_daemons_off() {
    if [ ! -e "$policy" ]; then
        own_policy=yes
        trap let_daemons_start EXIT
        printf '#!/bin/sh\nexit 101\n' | as_root install -m 755 /dev/stdin "$policy"
    fi
}

let_daemons_start() {
    [ -z "$own_policy" ] || as_root rm -f "$policy"
    own_policy=
}

need_node() {
    command -v node >/dev/null || need nodejs
    command -v npm >/dev/null || need npm
}

# build PRESET [cmake flags]: configures and builds one variant.
build() {
    local preset=$1
    shift
    say "building $preset"
    cmake --preset "$preset" "$@" && cmake --build --preset "$preset" --parallel "$(nproc)"
}

command_run() {
    need "${run_packages[@]}"
    # Tests are left as they are in a tree that has them already.
    local tests=OFF
    if grep -qs '^GNATSD_TESTS:BOOL=ON' build/release/CMakeCache.txt; then
        tests=ON
    fi
    {
        cmake --preset release -D GNATSD_TESTS=$tests
        cmake --build --preset release --parallel "$(nproc)" --target gnatsd
    } >&2
    exec build/release/bin/gnatsd "$@"
}

command_build() {
    need "${build_packages[@]}"
    build release -D GNATSD_TESTS=ON
}

passed=0
failed=0
summaries=()

# finish [STAGE]: prints what all stages brought; STAGE is one that could not be built.
finish() {
    if [ $# -gt 0 ]; then
        failed=$((failed + 1))
        summaries+=("$1: the build failed")
    fi
    say "summary"
    printf '%s\n' "${summaries[@]}"
    echo "$passed passed, $failed failed"
    exit $((failed > 0))
}

# run_tests PRESET [ctest flags]: runs tests of one variant and adds them up.
run_tests() {
    local preset=$1 line
    shift
    say "testing $preset"
    local log=build/$preset/ctest.log
    "${wrapper[@]}" ctest --test-dir "build/$preset" --output-on-failure --no-tests=error \
        --parallel 2 "$@" 2>&1 | tee "$log" || true
    line=$(grep -E '^[0-9]+% tests passed, [0-9]+ tests failed out of [0-9]+$' "$log" | tail -n 1 || true)
    if [[ $line =~ ,\ ([0-9]+)\ tests\ failed\ out\ of\ ([0-9]+) ]]; then
        failed=$((failed + BASH_REMATCH[1]))
        passed=$((passed + BASH_REMATCH[2] - BASH_REMATCH[1]))
        summaries+=("$preset: $line")
    else
        failed=$((failed + 1))
        summaries+=("$preset: no tests were run")
    fi
}

# Thread sanitizer of clang 14 needs fewer random address bits than newer kernels give.
without_random_addresses() {
    local bits
    bits=$(cat /proc/sys/vm/mmap_rnd_bits 2>/dev/null || echo 0)
    if [ "$bits" -gt 28 ] && setarch "$(uname -m)" -R true 2>/dev/null; then
        wrapper=(setarch "$(uname -m)" -R)
    fi
}

wrapper=(env)

command_test() {
    need "${test_packages[@]}"
    need_node
    tests/interop/js/install.sh build/release/interop/js || finish "packages of tests/interop/js"

    build release -D GNATSD_TESTS=ON || finish release
    run_tests release

    export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1
    export UBSAN_OPTIONS=print_stacktrace=1
    build asan || finish asan
    run_tests asan --label-regex '^(unit|protocol|fuzz)$'

    export TSAN_OPTIONS=second_deadlock_stack=1
    build tsan || finish tsan
    without_random_addresses
    run_tests tsan --label-regex '^(unit|protocol)$'
    wrapper=(env)

    build builtin || finish builtin
    run_tests builtin --label-regex '^unit$'
    finish
}

command_bench() {
    need "${bench_packages[@]}"
    build release -D GNATSD_TESTS=ON
    exec build/release/bin/gnatsd-bench compare "$@"
}

command=${1:-}
[ $# -eq 0 ] || shift
case $command in
    run) command_run "$@" ;;
    test | build) "command_$command" ;;
    bench) command_bench "$@" ;;
    -h | --help | help) usage ;;
    *)
        usage >&2
        exit 2
        ;;
esac
