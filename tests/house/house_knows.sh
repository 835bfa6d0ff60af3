#!/bin/sh
# Every rule of the house finds its breach: broken/ holds at least one of each, expected beside it.
set -u
here=$(cd "$(dirname "$0")" && pwd)
found=$("$here/house.sh" "$here/broken") && {
    echo 'The broken house passed.'
    exit 1
}
[ "$found" = "$(cat "$here/broken.expected")" ] && exit 0
printf '%s\n' "$found" | diff "$here/broken.expected" -
exit 1
