#!/bin/sh
# Installs the client libraries of package-lock.json into TARGET/node_modules; does nothing when
# they are there already. Usage: install.sh TARGET
set -eu

if [ $# -ne 1 ]; then
    echo "usage: $0 TARGET" >&2
    exit 2
fi
source=$(cd "$(dirname "$0")" && pwd)
target=$1

mkdir -p "$target"
if [ -f "$target/installed" ] && cmp -s "$source/package-lock.json" "$target/installed"; then
    exit 0
fi
rm -f "$target/installed"
cp "$source/package.json" "$source/package-lock.json" "$source/.npmrc" "$target/"
cd "$target"
npm ci --ignore-scripts
cp package-lock.json installed
