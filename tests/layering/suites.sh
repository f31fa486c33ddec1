#!/bin/sh
# suites.sh SOURCE_ROOT BUILD_TREE: every suite of tests is part of a program that CTest runs, whole
# or by the name of the suite. A list that somebody forgot leaves out tests without a sound.
# tests/layering has examples of what is wrong, and no suites.
set -eu
source=$1
build=$2
commands=$(mktemp)
trap 'rm -f "$commands"' EXIT
ctest --test-dir "$build" -N -V | sed -n 's/^[0-9]*: Test command: //p' | tr -d '"' >"$commands"
[ -s "$commands" ] || { echo "CTest knows no tests in $build"; exit 1; }

missing=0
for file in $(find "$source"/tests -name '*.cpp' -not -path "$source/tests/layering/*" |
    xargs grep -l '^CPPUNIT_TEST_SUITE_REGISTRATION'); do
    object="CMakeFiles/[^/ ]*\.dir/[^ ]*$(basename "$file")\.o"
    programs=$(grep -o " -o [^ ]*$object" "$build/compile_commands.json" |
        sed 's@.*CMakeFiles/@@; s@\.dir/.*@@' | sort -u)
    for suite in $(sed -n 's/^CPPUNIT_TEST_SUITE_REGISTRATION(\(.*\));.*/\1/p' "$file"); do
        found=
        for program in $programs; do
            grep -qE "/$program( |$)([^ ]*::$suite)?\$" "$commands" && found=yes
        done
        if [ -z "$found" ]; then
            echo "$file: no test runs $suite; see gnatsd_test_suites in tests/support/CMakeLists.txt"
            missing=1
        fi
    done
done
exit $missing
