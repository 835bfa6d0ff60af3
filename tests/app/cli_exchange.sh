#!/bin/sh
# renga export and renga import: cli_exchange.sh RENGA DATA. Each case says what it expects of output and exit code.
. "$(dirname "$0")/../home.sh"
renga=$(realpath "$1") data=$(realpath "$2")
cd "$home" || exit 1

# expect NAME CODE OUT ERR: shell patterns.
expect() {
    # shellcheck disable=SC2254 # they are meant as patterns
    case $code/$out in
    $2/$3) ;;
    *) fail "$1" ;;
    esac
    # shellcheck disable=SC2254
    case $err in
    $4) ;;
    *) fail "$1 (stderr)" ;;
    esac
}

run export --all
expect "an empty library" 1 '' '*no library yet*'
[ -e "$library" ] && fail "looking makes no library"

printf '秋夜\n月落乌啼' >'秋 夜.txt'
run import '秋 夜.txt' "$data/kobold.json" "$data/tavern.jsonl"
expect "three files" 0 '' '*plain text · 1 piece (number 1)*KoboldAI*SillyTavern*3 generations*'
run export '秋 夜'
expect "a title" 0 '---
renga: page
title: "秋 夜"*
---
秋夜
月落乌啼' ''
run export 1 --format txt
printf '秋夜\n月落乌啼' | cmp -s - out || fail "text byte for byte"
run export 1 -o page.html --vertical
expect "the ending tells the format" 0 '' ''
grep -q '<main class="vertical">' page.html || fail "vertical"
run export 3 --no-prompts --format txt
expect "no prompts" 0 '*月落乌啼夜*' ''
! has "$out" 五绝 || fail "a prompt was left"

run import '秋 夜.txt'
expect "twice" 0 '' '*nothing new: all of it*'
run import "$data/front.md" --project Night
expect "into a project" 0 '' '*1 piece*'
run export Night -o night.jsonl
expect "a project's bundle" 0 '' ''
run export --all -o all.jsonl
run --library other.db import night.jsonl all.jsonl
expect "into another library" 0 '' '*night.jsonl: a bundle of renga · 1 piece*all.jsonl*3 pieces*'
run --library other.db export --all
cmp -s out all.jsonl || fail "the same bytes again"
run --library other.db import all.jsonl
expect "twice changes nothing" 0 '' '*nothing new*'

run export --all --format md
expect "many need a folder" 2 '' '*name it with -o*'
run export --all --format md -o pages/
expect "a folder" 0 '' '4 pieces in pages/.'
[ "$(ls pages | wc -l)" -eq 4 ] || fail "four files"
[ -f 'pages/秋 夜.md' ] || fail "names stay Chinese"
for page in pages/*.md; do
    run --library third.db import "$page"
done
run --library third.db export '秋 夜' --format txt
cmp -s out '秋 夜.txt' || fail "our Markdown comes back"

run export nowhere
expect "no such piece" 2 '' '*no piece and no project “nowhere”*'
run export
expect "nothing named" 2 '' '*wants a piece*'
run export --all 1
expect "both" 2 '' '*not both*'
run export 1 --format pdf
expect "no such format" 2 '' '*md, txt, html and jsonl*'
run export 999
expect "no such number" 1 '' '*no piece 999*'
run export 1 -o /nowhere/at/all.md
expect "no such folder" 1 '' '*cannot be written*'
cp '秋 夜.txt' copy.txt
printf 'other' >>copy.txt
mkdir -p 'b'
cp copy.txt 'b/秋 夜.txt'
run import 'b/秋 夜.txt'
run export '秋 夜'
expect "two of one title" 2 '' '*is the title of 2 pieces*'

sed '3s/"created_at":[0-9]*/"created_at":"soon"/' all.jsonl >broken.jsonl
run --library fourth.db import broken.jsonl
expect "a broken line" 1 '' '*broken.jsonl: Line 3 is broken: its “created_at” is no whole number. Nothing was taken in.'
run --library fourth.db export --all
[ "$(wc -l <out)" -eq 1 ] || fail "nothing was taken in"
run --library fourth.db import --skip-broken broken.jsonl
expect "the rest" 0 '' '*Line 3 was passed over*'
printf '{"renga":"bundle","version":2}\n' >newer.jsonl
run import --skip-broken newer.jsonl
expect "a newer bundle" 1 '' '*newer renga*'
printf '\307\357' >gb.txt
run import gb.txt nothere.md "$data/koboldcpp.json"
expect "one that cannot does not keep out the others" 1 '' '*GB18030*nothere.md cannot be read*KoboldAI*1 piece*'
"$renga" export --all | "$renga" --library fifth.db import /dev/stdin >out 2>err
ended $?
expect "a pipe is no file" 1 '' '*/dev/stdin is not a file*'
grep -q never-read "$library" && fail "a key of another program came along"

finish
