#!/bin/sh
# The library on the command line: cli_history.sh RENGA FAKE_SERVER. Orders, filters, pages, the trash, and what is kept.
set -u
renga=$(realpath "$1")
fake_server=$2
home=$(mktemp -d)
trap 'kill "$server" 2>/dev/null; rm -rf "$home"' EXIT
unset OPENAI_API_KEY OPENAI_BASE_URL XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME
export HOME="$home" LC_ALL=C.UTF-8 LANGUAGE=en NO_COLOR=1 TERM=xterm
"$fake_server" >"$home/port" &
server=$!
tries=500
while [ ! -s "$home/port" ] && [ "$tries" -gt 0 ]; do tries=$((tries - 1)); sleep 0.02; done
url=http://127.0.0.1:$(cat "$home/port")
cd "$home" || exit 1
failures=0

run() {
    "$renga" "$@" </dev/null >"$home/stdout" 2>"$home/stderr"
    code=$?
    out=$(cat "$home/stdout")
    err=$(cat "$home/stderr")
}

# expect WHAT CONDITION
expect() {
    eval "$2" && return
    failures=$((failures + 1))
    printf 'FAILED %s: %s\n  code %s\n  out: %s\n  err: %s\n' "$1" "$2" "$code" "$out" "$err"
}

has() { case $1 in *"$2"*) return 0 ;; esac; return 1; }
numbers() { "$renga" history "$@" 2>/dev/null | cut -f1 | tr '\n' ' '; }

run history --kept
expect 'nothing is kept before anything is written' '[ $code = 0 ] && [ -z "$out" ]'

for prompt in 秋夜 'a longer line about rain and the rain' 山 'rain'; do
    run write "$prompt" --url "$url" -m echo
    expect "write $prompt" '[ $code = 0 ]'
done
expect 'the newest first' '[ "$(numbers)" = "4 3 2 1 " ]'
expect 'the longest first' '[ "$(numbers --sort length --limit 1)" = "2 " ]'
expect 'pages of another order' '[ "$(numbers --sort length --before 2)" != "" ] && ! has "$(numbers --sort length --before 2)" "2 "'
expect 'all of them once' '[ "$(numbers --sort length | tr " " "\n" | sort | tr "\n" " ")" = "1 2 3 4 " ]'
expect 'where the word stands most often' '[ "$(numbers rain --sort best)" = "2 4 " ] || [ "$(numbers rain --sort best)" = "4 2 " ]'
expect 'the order is a word of the query too' '[ "$(numbers "sort:length" --limit 1)" = "2 " ]'
run history --sort size
expect 'no such order' '[ $code = 2 ] && has "$err" "time, rating, model, length and best"'
run history '秋 model:'
expect 'a filter that does not parse says where' '[ $code = 2 ] && has "$err" "Column 3:"'
run history --trash
expect 'nothing in the trash' '[ $code = 0 ] && [ -z "$out" ]'
run history --kept
expect 'what is kept' '[ $code = 0 ] && has "$out" "takes that you kept" || has "$out" "Nothing is kept yet"'
run history --json --sort length --limit 1
expect 'JSON' 'has "$out" "\"generation\":2"'
[ "$failures" = 0 ]
