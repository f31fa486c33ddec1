#!/bin/sh
# unit.sh UNIT GNATSD: the systemd unit has no errors, with GNATSD as the program that it starts,
# and is locked up as far as its score says.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
sed "s|/usr/bin/gnatsd|$2|" "$1" > "$folder/gnatsd.service"
found=$(systemd-analyze verify "$folder/gnatsd.service" 2>&1) || { echo "$found"; exit 1; }
if [ -n "$found" ]; then
    echo "$found"
    exit 1
fi
# In tenths: 1.5 of 10, where 0 is locked up best.
systemd-analyze security --offline=true --no-pager --threshold=15 "$folder/gnatsd.service"
