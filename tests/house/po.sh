#!/bin/sh
# The translations are whole: po.sh ROOT names every string of the sources that a catalogue lacks or spoils.
set -u
cd "$1" || exit 2
LC_ALL=C.UTF-8
export LC_ALL

for tool in xgettext msgcmp msgfmt; do
    command -v "$tool" >/dev/null || { echo "$tool is not installed"; exit 77; }
done
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
breaches=0

# The strings as they stand now, from the same files and marks that the build takes them from.
xgettext --files-from=po/POTFILES --from-code=UTF-8 --keyword=_ --keyword=N_ --keyword=ngettext:1,2 \
    --output="$room/renga.pot" || exit 1

for language in $(cat po/LINGUAS); do
    catalogue=po/$language.po
    msgfmt --check --output-file=/dev/null "$catalogue" || breaches=$((breaches + 1))
    msgcmp "$catalogue" "$room/renga.pot" || breaches=$((breaches + 1))
done
[ "$breaches" -eq 0 ]
