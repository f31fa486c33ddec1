#!/bin/bash
# Runs nats.go's own tests (from Debian's package) against a server executable.
#   run.sh EXECUTABLE BUILD_DIR            the tests of must-pass.txt
#   run.sh EXECUTABLE BUILD_DIR --all      every test there is; writes BUILD_DIR/all-tests.tsv
#   run.sh EXECUTABLE BUILD_DIR PACKAGE/TEST...
# Each test is a process of its own, one after the other because of their fixed ports.
# Status 0 if no test has failed.
set -u -o pipefail
here=$(cd "$(dirname "$0")" && pwd)
source_tree=/usr/share/gocode/src/github.com/nats-io/nats.go
seconds_per_test=60
attempts_on_repeat=3
seconds_in_all=500 # a server that is wholly broken must not keep the caller for hours

fail() { echo "natsgo: $*" >&2; exit 1; }

[ $# -ge 2 ] || fail "usage: run.sh EXECUTABLE BUILD_DIR [--all | PACKAGE/TEST...]"
GNATSD_EXECUTABLE=$(realpath -e "$1") || fail "no executable $1"
[ -x "$GNATSD_EXECUTABLE" ] || fail "$1 is not executable"
mkdir -p "$2" || fail "no directory $2"
build=$(realpath "$2")
shift 2
command -v go >/dev/null || fail "needs go (Debian package golang-go)"
[ -d "$source_tree" ] ||
    fail "needs $source_tree (Debian package golang-github-nats-io-go-nats-dev)"

export GNATSD_EXECUTABLE
export GO111MODULE=off GOFLAGS='' GOPROXY=off GOTOOLCHAIN=local
export GOPATH=$build/gopath:/usr/share/gocode
export GOCACHE=${GOCACHE:-$build/gocache}
tree=$build/gopath/src/github.com/nats-io
runs=$build/runs

# nats.go without what needs JetStream (js, kv, object, norace) or a newer protobuf than Debian's.
prepare_sources() {
    rm -rf "${build:?}/gopath" "${build:?}/bin" "$runs"
    mkdir -p "$tree/nats-server/v2" "$build/bin" "$runs"
    cp -r "$source_tree" "$tree/nats.go"
    cp -r "$here/overlay/server" "$here/overlay/test" "$tree/nats-server/v2/"
    cd "$tree/nats.go" || return 1
    rm -f {js,kv,enc,example}_test.go micro/example*_test.go
    rm -f test/{js,kv,object,norace,protobuf,bench}_test.go
    # One test of this file needs no JetStream.
    local wanted=TestNoRaceParseStateReconnectFunctionality
    {
        printf 'package nats\n\nimport (\n\t"testing"\n\t"time"\n)\n\n'
        awk -v start="^func ${wanted}[(]" '$0 ~ start {on = 1} on {print} on && /^}/ {exit}' \
            "$source_tree/norace_test.go"
    } >norace_test.go
    (cd "$here/fixtures" && go build -o "$build/bin/fixtures" main.go) || return 1
    "$build/bin/fixtures" test/configs
}

declare -A folder=([nats]=. [test]=test [micro]=micro)

build_tests() {
    local name
    for name in nats test micro; do
        (cd "$tree/nats.go/${folder[$name]}" &&
            go test -vet=off -c -o "$build/bin/$name.test" .) || return 1
    done
}

every_test() {
    local name
    for name in nats test micro; do
        (cd "$tree/nats.go/${folder[$name]}" && "$build/bin/$name.test" -test.list '^Test') |
            sed -n "s|^Test|$name/&|p"
    done
}

listed() { sed 's/#.*//; s/[[:space:]]*$//; /^$/d' "$here/must-pass.txt"; }

# Prints why the test has not passed; nothing if it has.
run_test() {
    local name=${1%%/*} test=${1#*/} dir=$runs/$1 status
    [ -n "${folder[$name]:-}" ] || { echo "no package $name"; return; }
    rm -rf "$dir" && mkdir -p "$dir"
    (cd "$tree/nats.go/${folder[$name]}" &&
        NATSGO_WORK_DIR=$dir exec timeout --foreground -k 5 $((seconds_per_test + 10)) \
            "$build/bin/$name.test" -test.v -test.timeout "${seconds_per_test}s" \
            -test.run "^$test\$") >"$dir/output" 2>&1
    status=$?
    if grep -qF -- "--- SKIP: $test (" "$dir/output"; then
        echo "was skipped"
    elif [ $status -ne 0 ]; then
        echo "status $status"
    elif ! grep -qF -- "--- PASS: $test (" "$dir/output"; then
        echo "did not run"
    fi
}

features_of() { sort -u "$runs/$1/features" 2>/dev/null | paste -sd, | sed 's/^$/-/'; }

prepare_sources || fail "cannot prepare $tree"
build_tests || fail "the tests do not build"

# The name of a cluster is a flag that a server may not have yet; INFO shows it.
if timeout 10 "$GNATSD_EXECUTABLE" --help 2>&1 | grep -q -- --cluster_name; then
    export NATSGO_CLUSTER_NAME=${NATSGO_CLUSTER_NAME:-1}
fi

table=
if [ "${1:-}" = --all ]; then
    table=$build/all-tests.tsv
    printf 'test\tresult\tseconds\tfeatures\n' >"$table"
    # Those that must pass, with what the list says of them, then all others.
    mapfile -t tests < <(listed; every_test | grep -vxFf <(listed | cut -d' ' -f1))
elif [ $# -gt 0 ]; then
    tests=("$@")
else
    mapfile -t tests < <(listed)
fi
[ ${#tests[@]} -gt 0 ] || fail "no tests to run"

passed=0
failures=()
for line in "${tests[@]}"; do
    read -r test attribute <<<"$line"
    begin=${EPOCHREALTIME/./}
    if [ $SECONDS -gt $seconds_in_all ]; then
        failures+=("$test: not run, out of time")
        continue
    fi
    reason=$(run_test "$test")
    for ((attempt = 2; attempt <= attempts_on_repeat; attempt++)); do
        if [ -z "$reason" ] || [ "$attribute" != repeat ]; then break; fi
        echo "repeated $test: $reason"
        reason=$(run_test "$test")
    done
    took=$(((${EPOCHREALTIME/./} - begin) / 1000))
    if [ -z "$reason" ]; then
        passed=$((passed + 1))
    else
        failures+=("$test: $reason")
        echo "FAILED $test: $reason"
        tail -n 40 "$runs/$test/output" 2>/dev/null | sed 's/^/    /'
    fi
    [ -z "$table" ] || printf '%s\t%s\t%d.%03d\t%s\n' "$test" "${reason:-passed}" \
        $((took / 1000)) $((took % 1000)) "$(features_of "$test")" >>"$table"
done

for line in "${failures[@]}"; do echo "FAILED $line"; done
echo "$passed passed, ${#failures[@]} failed"
[ ${#failures[@]} -eq 0 ]
