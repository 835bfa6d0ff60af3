#!/bin/sh
# The library on the command line: cli_history.sh RENGA FAKE_SERVER. Orders, filters, pages, the trash, and what is kept.
. "$(dirname "$0")/../home.sh"
renga=$(realpath "$1")
serve "$2"

numbers() { "$renga" history "$@" 2>/dev/null | cut -f1 | tr '\n' ' '; }

run history --kept
[ "$code" = 0 ] && [ -z "$out" ] || fail 'nothing is kept before anything is written'

for prompt in 秋夜 'a longer line about rain and the rain' 山 'rain'; do
    run write "$prompt" --url "$url" -m echo
    [ "$code" = 0 ] || fail "write $prompt"
done
[ "$(numbers)" = "4 3 2 1 " ] || fail 'the newest first'
[ "$(numbers --sort length --limit 1)" = "2 " ] || fail 'the longest first'
[ "$(numbers --sort length --before 2)" != "" ] && ! has "$(numbers --sort length --before 2)" "2 " || fail 'pages of another order'
[ "$(numbers --sort length | tr " " "\n" | sort | tr "\n" " ")" = "1 2 3 4 " ] || fail 'all of them once'
[ "$(numbers rain --sort best)" = "2 4 " ] || [ "$(numbers rain --sort best)" = "4 2 " ] || fail 'where the word stands most often'
[ "$(numbers "sort:length" --limit 1)" = "2 " ] || fail 'the order is a word of the query too'
run history --sort size
[ "$code" = 2 ] && has "$err" "time, rating, model, length and best" || fail 'no such order'
run history '秋 model:'
[ "$code" = 2 ] && has "$err" "Column 3:" || fail 'a filter that does not parse says where'
run history --trash
[ "$code" = 0 ] && [ -z "$out" ] || fail 'nothing in the trash'
run history --kept
[ "$code" = 0 ] && has "$out" "takes that you kept" || has "$out" "Nothing is kept yet" || fail 'what is kept'
run history --json --sort length --limit 1
has "$out" '"generation":2' || fail 'JSON'
finish
