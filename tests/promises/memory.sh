#!/bin/sh
# Promise 8: memory ends at any allocation of what reads foreign text: memory.sh RENGA FAKE_SERVER NO_MEMORY DATA. The program says so and ends,
# or does without; it never dies of a fault, and its library is sound afterwards. RENGA_TRIES=N: so many allocations of each case.
set -u
renga=$(realpath "$1") server=$2 shim=$(realpath "$3") data=$4
room=$(mktemp -d)
"$server" >"$room/port" &
serving=$!
trap 'kill $serving; rm -rf "$room"' EXIT
while [ ! -s "$room/port" ]; do sleep 0.02; done
port=$(cat "$room/port")
mkdir -p "$room/config/renga" "$room/config/renga/themes"
printf 'theme = own\n[server poem]\nurl = http://127.0.0.1:%s\nmodel = poem\n[server odds]\nurl = http://127.0.0.1:%s\nmodel = odds\n' "$port" "$port" \
    >"$room/config/renga/config"
printf '# a theme\naccent = bold blue\nno such role = x\n' >"$room/config/renga/themes/own"
printf 'key ^P\nscreen palette\nkey Esc\ntype 秋夜\nkey ^G\nwait\nkey ^R\nwait\n' >"$room/desk.script"

# run VARIABLE…, then the program's arguments
run() {
    timeout 20 env -i PATH="$PATH" HOME="$room" XDG_CONFIG_HOME="$room/config" XDG_DATA_HOME="$room/data" XDG_STATE_HOME="$room/state" TZ=UTC LC_ALL=C.UTF-8 \
        "$@" </dev/null >"$room/out" 2>"$room/err"
}

tried=0 ended=0 bad=0
# try NAME ARGUMENT…
try() {
    name=$1
    shift
    rm -rf "$room/data"
    run LD_PRELOAD="$shim" COUNT_TO="$room/count" "$renga" "$@"
    count=$(cat "$room/count") each=$((${RENGA_TRIES:-40} / 12 + 1)) at=1 # close together at first, where a program begins to read
    while [ "$at" -le "$count" ]; do
        once=$([ $((tried % 2)) -eq 0 ] && echo FAIL_ONCE=1 || echo FAIL_ALL=1)
        run LD_PRELOAD="$shim" FAIL_AT="$at" "$once" "$renga" "$@"
        code=$?
        tried=$((tried + 1)) failed=$at at=$((at + at / each + 1))
        [ "$code" -lt 124 ] && continue
        ended=$((ended + 1))
        if [ "$code" -ne 134 ] || ! grep -q 'no memory left\|not have happened' "$room/err"; then
            bad=$((bad + 1))
            echo "$name, allocation $failed ($once): status $code: $(head -c 200 "$room/err")"
        fi
    done
    if ! run "$renga" "$@" || ! run "$renga" history; then
        bad=$((bad + 1))
        echo "$name: afterwards it fails: $(cat "$room/err")"
    fi
}

try "an answer" write --server poem rain
try "odds" write --server odds --odds rain
try "a story" import "$data/kobold.json"
try "a chat" import "$data/tavern.jsonl"
try "a notebook" import "$data/mikupad.json"
try "the desk" --script "$room/desk.script"
printf 'promise 8: memory ended at %d allocations of answers, imports and the desk, %d times so that the program ended; %d lost\n' \
    "$tried" "$ended" "$bad"
[ "$bad" -eq 0 ]
