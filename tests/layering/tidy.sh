#!/bin/sh
# tidy.sh CLANG_TIDY ROOT BUILD: lints every source of the product with the compile commands of the
# build tree BUILD. Any warning is a failure. A file whose preprocessed text, with all its comments,
# was clean before under the same rules is not linted again.
set -eu

# The analyzer looks at each function by itself: with the default mode it takes three times as long as
# all other checks together.
shallow='--extra-arg=-Xclang --extra-arg=-analyzer-config
    --extra-arg=-Xclang --extra-arg=mode=shallow'

# One file: tidy.sh --one CLANG_TIDY BUILD LIST NUMBER
if [ "$1" = --one ]; then
    clang_tidy=$2 build=$3 list=$4 number=$5
    file=$(sed -n "${number}p" "$list" | cut -f1)
    command=$(sed -n "${number}p" "$list" | cut -f2-)
    text=$build/tidy/$number.text
    sh -c "$(printf '%s' "$command" | sed 's/ -o [^ ]* -c / -E -CC /')" >"$text" 2>/dev/null || {
        echo "$file: does not compile"
        exit 1
    }
    key=$(cat "$text" "$build/tidy/rules" | sha256sum | cut -d' ' -f1)
    rm -f "$text"
    [ ! -e "$build/tidy/$key.clean" ] || exit 0
    # shellcheck disable=SC2086
    if "$clang_tidy" --quiet --warnings-as-errors='*' $shallow -p "$build" "$file" 2>"$text.err"
    then
        touch "$build/tidy/$key.clean"
        rm -f "$text.err"
        exit 0
    fi
    grep -v 'warnings generated' "$text.err" || true
    rm -f "$text.err"
    exit 1
fi

clang_tidy=$1 root=$2 build=$3
mkdir -p "$build/tidy"
{ cat "$root/.clang-tidy"; "$clang_tidy" --version; echo $shallow; } >"$build/tidy/rules"
list=$build/tidy/list
: >"$list"
# A line for each file: its path, a tab, its command with JSON's escapes undone.
sed -n -e 's/^ *"command": "\(.*\)",$/\1/p' -e 's/^ *"file": "\(.*\)",*$/\1/p' \
    "$build/compile_commands.json" |
    sed 's/\\\(["\\]\)/\1/g' |
    awk -v root="$root/" 'NR % 2 { command = $0; next }
        index($0, root) == 1 && !seen[$0]++ {
            rest = substr($0, length(root) + 1)
            if (rest ~ /^(kernel|transports|plugins|auth|monitor)\//) print $0 "\t" command
        }' >"$list"
count=$(wc -l <"$list")
[ "$count" -gt 0 ] || { echo "no compile commands in $build"; exit 1; }
echo "$count files"
status=0
seq "$count" | xargs -P 2 -n 1 sh "$0" --one "$clang_tidy" "$build" "$list" || status=1
exit $status
