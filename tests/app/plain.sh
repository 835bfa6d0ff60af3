#!/bin/sh
# The desk by lines, through a pipe, with the muse and with a server of our own: plain.sh RENGA FAKE_SERVER SOURCE.
. "$(dirname "$0")/../home.sh"
renga=$(realpath "$1") source=$3
serve "$2"
servers poem echo hostile busy cut think count-100000-50
export EDITOR=true
bytes=0 sessions=0 faulty=0

# by_lines LINES OPTIONS…: a session.
by_lines() {
    printf "$1" >"$home/lines"
    shift
    run --plain "$@" <"$home/lines"
    sessions=$((sessions + 1))
    bytes=$((bytes + $(wc -c <"$home/out")))
    bad=$(LC_ALL=C tr -d '\n\t -~\200-\377' <"$home/out" | wc -c)
    faulty=$((faulty + bad))
    [ "$code" -eq 0 ] && [ "$bad" -eq 0 ] || fail "code $code, $bad control bytes"
}

by_lines '/ask 写一首五绝，题目《秋夜》\n独坐听雨\n\n/again\n/takes\n/take 1\n/read\n/where\n' --server muse
says 'ask, write, again' 0 'Asking muse…' 'take 1 of 1 · 4 lines' '独坐听雨' 'asked: 写一首五绝，题目《秋夜》' 'take 2 of 2'
by_lines 'The moon\nis a stone\n\n//slash\n/read 2 2\n/undo\n/temperature 0.9\n/temperature off\n/te 1\n/nothing\n/help moon\n/read\n' --server echo
says 'own lines' 0 'is a stone' 'temperature 0.90' '/nothing' 'Nothing is called “moon”'
by_lines '/new-piece\n/ask one | two\n/library one\n1\n/library-tag 1 wind\n/stop\n/tree\n1\n/tree-name river\n/stop\n/title A name\n/where\n' --server echo
says 'library, tree and a form' 0 'one | two' 'The library. ' 'The tree. ' 'river' 'A name'
by_lines '/new-piece\n/takes 2\n/ask 秋夜\n/compare\n2\n/stop\n/notes\n1\n/notes-write\nall is mist\n/stop\n/stop\n/rate 4\n/servers\n\n/theme ink\n' --server poem
says 'compare, notes, rate' 0 'Side by side. ' 'the same: ' 'all is mist' 'rated 4 of 5' 'Closed.' 'ink'
by_lines '/new-piece\n/ask x\n/read\n/library own\n/tree\n' --server hostile
says 'hostile text' 0 'take 1 of'
by_lines '/new-piece\n/servers\n/ask x\n' --server poem
says 'asked from a list' 0 'number?' 'take 1 of' 'and no one'
by_lines '/new-piece\n/ask x\n' --server busy
says 'a busy server' 0 'Asking again in' 'take 2 of 2'
by_lines '/new-piece\n/ask x\n' --server cut
says 'a connection that ends' 0 'take 1 of 2' 'What came is kept' '/again asks again'
by_lines '/doctor\n/where\n/doctor\n/stop\n/doctor-down\n' --server poem
says 'the doctor' 0 'The doctor. It looks at everything' 'library: ' 'is whole' 'servers: poem answers. “poem” is in its list of 2.' 'servers, take note: think has a fault' \
    'model, wrong: “think” is not in' 'things are wrong' 'The doctor. ' 'That is done where the doctor tells'
[ "$(printf '%s\n' "$out" | grep -c '^library: ')" -eq 3 ] || fail 'the doctor: asked twice and shown again, the library is told of three times'
by_lines '/servers change\n/form-test\n/form-test\n/stop\n' --server poem
says 'a test in two steps' 0 'It answers, in' '/form-test again tries whether it writes' 'poem writes · '

# An interrupt stops what is written, and not the program.
mkfifo "$home/pipe"
"$renga" --plain --server count-100000-50 <"$home/pipe" >"$home/out" 2>"$home/err" &
desk=$!
exec 3>"$home/pipe"
printf '/new-piece\n/ask go\n' >&3
wait_for grep -q 'Asking count' "$home/out"
sleep 0.3
kill -INT "$desk"
printf 'my own line\n/read\n' >&3
exec 3>&-
wait "$desk"
ended $?
says 'interrupted' 0 'Stopped; what came is kept.' 'stopped' 'my own line'

# Every command of the tables, each from the page, and each says something.
names=$(sed -n 's/^    \({"\|MOTION("\)\([a-z0-9-]*\)".*/\2/p' "$source"/app/commands/*.c | sort -u)
count=0
for name in $names; do
    [ "$name" = quit ] && continue
    count=$((count + 1))
done
[ "$count" -gt 250 ] || fail "the tables hold $count commands only"
by_lines "/help\n$(for name in $names; do printf '/help %s\\n' "$name"; done)" --server muse
silent=0
for name in $names; do
    grep -q "^/$name " "$home/out" || { silent=$((silent + 1)); printf 'FAILED no help: %s\n' "$name"; }
done
for name in $names; do
    [ "$name" = quit ] && continue
    lines="$(printf '/page\\n/nosuch-%s\\n/%s\\n/nosuch-end\\n/menu-close\\n' "$name" "$name")"
    printf '%s' "$lines"
done >"$home/every"
by_lines "$(cat "$home/every")" --server muse
for name in $names; do
    [ "$name" = quit ] && continue
    said=$(sed -n "/“\/nosuch-$name”/,/“\/nosuch-end”/p" "$home/out" | grep -vc nosuch)
    [ "$said" -gt 0 ] || { silent=$((silent + 1)); printf 'FAILED silent: %s\n' "$name"; }
done
printf 'promise 15: %d commands of the tables in plain mode, %d sessions, %d bytes; %d lost\n' "$count" "$sessions" "$bytes" "$((silent + faulty))"
[ "$silent" -eq 0 ] && [ "$faulty" -eq 0 ] || fail 'silent commands or control bytes'
finish
