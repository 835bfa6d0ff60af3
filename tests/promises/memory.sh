#!/bin/sh
# Promise 8: memory ends at any allocation of what reads foreign text: memory.sh RENGA FAKE_SERVER NO_MEMORY DATA. The program says so and ends,
# or does without; it never dies of a fault, and its library is sound afterwards. RENGA_TRIES=N: so many allocations of each case.
. "$(dirname "$0")/../home.sh"
renga=$(realpath "$1") shim=$(realpath "$3") data=$4
serve "$2"
servers poem odds
mkdir "$home/.config/renga/themes"
sed -i '1i theme = own' "$config"
printf '# a theme\naccent = bold blue\nno such role = x\n' >"$home/.config/renga/themes/own"
printf 'key ^P\nscreen palette\nkey Esc\ntype 秋夜\nkey ^G\nwait\nkey ^R\nwait\n' >"$home/desk.script"

# with VARIABLE…: runs the program, with its arguments behind
with() {
    timeout 20 env "$@" >"$home/out" 2>"$home/err"
    ended $?
}

tried=0 died=0
# try NAME ARGUMENT…
try() {
    name=$1
    shift
    rm -rf "$home/.local/share"
    with LD_PRELOAD="$shim" COUNT_TO="$home/count" "$renga" "$@"
    count=$(cat "$home/count") each=$((${RENGA_TRIES:-40} / 12 + 1)) at=1 # close together at first, where a program begins to read
    while [ "$at" -le "$count" ]; do
        once=$([ $((tried % 2)) -eq 0 ] && echo FAIL_ONCE=1 || echo FAIL_ALL=1)
        with LD_PRELOAD="$shim" FAIL_AT="$at" "$once" "$renga" "$@"
        tried=$((tried + 1)) failed=$at at=$((at + at / each + 1))
        [ "$code" -lt 124 ] && continue
        died=$((died + 1))
        [ "$code" -eq 134 ] && grep -q 'no memory left\|not have happened' "$home/err" || fail "$name, allocation $failed ($once)"
    done
    with "$renga" "$@"
    [ "$code" -eq 0 ] && with "$renga" history
    [ "$code" -eq 0 ] || fail "$name: afterwards"
}

try "an answer" write --server poem rain
try "odds" write --server odds --odds rain
try "a story" import "$data/kobold.json"
try "a chat" import "$data/tavern.jsonl"
try "a notebook" import "$data/mikupad.json"
try "the desk" --script "$home/desk.script"
printf 'promise 8: memory ended at %d allocations of answers, imports and the desk, %d times so that the program ended; %d lost\n' \
    "$tried" "$died" "$failures"
finish
