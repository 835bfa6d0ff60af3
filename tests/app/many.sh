#!/bin/sh
# What asks many things at once, on the command line: many.sh RENGA FAKE_SERVER. Sweeps, and batches that are cut off again and again.
set -u
renga=$(realpath "$1")
fake_server=$2
home=$(mktemp -d)
trap 'kill "$server" 2>/dev/null; rm -rf "$home"' EXIT
unset OPENAI_API_KEY OPENAI_BASE_URL XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME
packs=$(cd "$(dirname "$0")/../../muse/packs" && pwd)
export HOME="$home" LC_ALL=C.UTF-8 LANGUAGE=en NO_COLOR=1 TERM=xterm RENGA_MUSEDIR="$packs"
"$fake_server" >"$home/port" &
server=$!
tries=500
while [ ! -s "$home/port" ] && [ "$tries" -gt 0 ]; do tries=$((tries - 1)); sleep 0.02; done
url=http://127.0.0.1:$(cat "$home/port")
cd "$home" || exit 1
failures=0

# run ARGUMENTS…: leaves $out, $err and $code.
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
lines() { wc -l <"$1" | tr -d ' '; }
asked() { "$renga" history --json --limit 100000 "$@" | wc -l | tr -d ' '; }
fresh() { rm -rf "$home/.local"; }

# -- sweeps

run sweep rain --url "$url" --model echo --temperature 0.3:1.3:0.5
expect 'a heading and a take for each value' '[ "$out" = "── temperature 0.30 ──
rain

── temperature 0.80 ──
rain

── temperature 1.30 ──
rain" ] && [ "$code" = 0 ]'
run history --json
first=$(printf '%s\n' "$out" | sed -n '$s/.*"generation":\([0-9]*\).*/\1/p')
expect 'three generations' '[ "$(printf "%s\n" "$out" | grep -c generation)" = 3 ]'

run sweep rain --url "$url" --model echo --seed 3:1 --json -n 2
expect 'objects with their values, in order' '[ "$(printf "%s\n" "$out" | sed "s/.*\"seed\":\([0-9]*\).*/\1/" | tr "\n" " ")" = "3 3 2 2 1 1 " ]'
sweep=$(printf '%s\n' "$out" | sed -n '1s/.*"generation":\([0-9]*\).*/\1/p')
expect 'all know the first as their sweep' '[ "$(printf "%s\n" "$out" | grep -c "\"sweep\":$sweep,")" = 6 ]'

run sweep rain --url "$url" --model poem,echo,refuse --max-tokens 30
expect 'models' 'has "$out" "── model poem ──" && has "$out" "── model echo ──
rain"'
expect 'one that is refused' '[ "$code" = 3 ] && has "$err" "model refuse: "'

printf 'the rain' >context
"$renga" sweep -p 'go on' --url "$url" --model echo --top-p 0.5,1 <context >stdout 2>stderr
out=$(cat stdout) code=$? err=$(cat stderr)
expect 'standard input is context' 'has "$out" "── top_p 0.50 ──"'
run sweep rain --url "$url" --model echo
expect 'a sweep wants several values' '[ "$code" = 2 ] && has "$err" "several values"'
run sweep rain --url "$url" --model echo --temperature 0:1 --top-p 0:1
expect 'over one dial' '[ "$code" = 2 ] && has "$err" "one dial"'
run sweep rain --url "$url" --model echo --temperature 0.3:x:0.2
expect 'a fault says where' '[ "$code" = 2 ] && has "$err" "character 5"'
run sweep rain --url "$url" --model echo --seed 1:65
expect 'at most 64' '[ "$code" = 2 ] && has "$err" "64"'
run sweep rain --url "$url" --model poem --temperature 0,1 --once
expect 'nothing kept' '[ "$code" = 0 ] && has "$out" "── temperature 1.00 ──"'
run sweep 写一首五绝，秋夜 --server muse --seed 1:2
expect 'the muse sweeps too' '[ "$code" = 0 ] && has "$out" "── seed 2 ──"'

"$renga" sweep rain --url "$url" --model count-400-40 --temperature 0:1 --parallel 2 >now.out 2>now.err &
running=$!
tries=500
while [ ! -s now.out ] && [ "$tries" -gt 0 ]; do tries=$((tries - 1)); sleep 0.02; done
kill -TERM "$running"
wait "$running"
code=$? out=$(cat now.out) err=$(cat now.err)
expect 'a signal keeps what came' '[ "$code" = 143 ] && has "$err" "What came is kept" && has "$out" "temperature 0.00"'
run history --json 'state:stopped'
expect 'all of it is stopped' '[ "$(printf "%s\n" "$out" | grep -c generation)" = 5 ]'

"$renga" --library one.db sweep rain --url "$url" --model echo --seed 1:3 >/dev/null 2>&1
"$renga" --library one.db export --all --format jsonl -o one.jsonl >/dev/null 2>&1
"$renga" --library two.db import one.jsonl >/dev/null 2>&1
"$renga" --library two.db export --all --format jsonl -o two.jsonl >/dev/null 2>&1
code= out= err=
expect 'a sweep stays one in another library' '[ "$(grep -c "\"sweep\":" one.jsonl)" = 3 ] && cmp -s one.jsonl two.jsonl'

# -- batches

# prompts N FILE
prompts() {
    i=1
    while [ "$i" -le "$1" ]; do
        printf '{"prompt":"行 %s","id":"i%s","temperature":0.5}\n' "$i" "$i"
        i=$((i + 1))
    done >"$2"
}

# ids FILE: those of its results, sorted.
ids() { sed 's/.*"id":"\([^"]*\)".*/\1/' "$1" | sort; }
wanted() { i=1; while [ "$i" -le "$1" ]; do echo "i$i"; i=$((i + 1)); done | sort; }

fresh
prompts 40 p.jsonl
run batch p.jsonl --url "$url" --model echo --out r.jsonl --project 批 --quiet
expect 'all are done' '[ "$code" = 0 ] && [ -z "$err" ] && [ "$(ids r.jsonl)" = "$(wanted 40)" ]'
expect 'each answer is its own' '[ "$(grep -c "\"prompt\":\"行 7\",\"text\":\"行 7\"" r.jsonl)" = 1 ]'
expect 'they are in the library, in the project' '[ "$(asked "project:批")" = 40 ]'
run batch p.jsonl --url "$url" --model echo --out r.jsonl
expect 'nothing is asked twice' '[ "$code" = 0 ] && has "$err" "40 were done before" && [ "$(lines r.jsonl)" = 40 ] && [ "$(asked)" = 40 ]'
run batch p.jsonl --url "$url" --model echo --temperature 0.1
expect 'another question is another batch' '[ "$code" = 0 ] && [ "$(asked)" = 80 ]'

rm r.jsonl
run batch p.jsonl --url "$url" --model echo --out r.jsonl
expect 'a file that is gone is written anew' '[ "$code" = 0 ] && [ "$(ids r.jsonl)" = "$(wanted 40)" ] && [ "$(asked)" = 80 ]'
run batch p.jsonl --url "$url" --model echo --out other.jsonl
expect 'another file gets all' '[ "$code" = 0 ] && [ "$(ids other.jsonl)" = "$(wanted 40)" ]'
head -c -20 other.jsonl >cut && cp cut other.jsonl
run batch p.jsonl --url "$url" --model echo --out other.jsonl
expect 'a file that lost a part is left alone' '[ "$code" = 2 ] && has "$err" "shorter" && cmp -s cut other.jsonl'
run batch p.jsonl --url "$url" --model echo --out -
expect 'standard output gets what is new: nothing' '[ "$code" = 0 ] && [ -z "$out" ]'

fresh
printf 'mine\n' >r.jsonl
printf '{"prompt":"a"}\n\n{"prompt":"a"}\n{"prompt":"b","n":2,"stop":["x"],"title":"T","system":"s","context":"c"}\n' >q.jsonl
run batch q.jsonl --url "$url" --model poem --out r.jsonl
expect 'lines that say the same are asked each' '[ "$code" = 0 ] && [ "$(lines r.jsonl)" = 4 ] && [ "$(head -1 r.jsonl)" = mine ]'
expect 'several takes stand in one line' '[ "$(grep -c "\"more\":\[{\"text\"" r.jsonl)" = 1 ]'
run batch q.jsonl --url "$url" --model poem --out r.jsonl
expect 'and not again' '[ "$(lines r.jsonl)" = 4 ]'

printf '{"prompt":"a"}\nnot json\n{"prompt":"b","warmth":1}\n{"prompt":"c","temperature":9}\n{"id":1}\n' >bad.jsonl
before=$(asked)
run batch bad.jsonl --url "$url" --model echo
expect 'broken lines are told by number' '[ "$code" = 1 ] && has "$err" "bad.jsonl:2: " && has "$err" "bad.jsonl:3: “warmth”" && has "$err" "bad.jsonl:4: " && has "$err" "bad.jsonl:5: "'
expect 'and nothing is asked' '[ "$(asked)" = "$before" ]'
run batch bad.jsonl --url "$url" --model echo --skip-broken
expect 'unless they are passed over' '[ "$code" = 0 ] && [ "$(asked)" = $((before + 1)) ] && has "$err" "4 lines could not be read"'
run batch nowhere.jsonl --url "$url" --model echo
expect 'no file' '[ "$code" = 1 ] && has "$err" "nowhere.jsonl"'

fresh
printf '{"prompt":"a"}\n{"prompt":"b","model":"refuse"}\n{"prompt":"c","model":"busy"}\n' >mixed.jsonl
run batch mixed.jsonl --url "$url" --model echo --out mixed.out
expect 'what fails is told, the others are done' '[ "$code" = 1 ] && [ "$(lines mixed.out)" = 2 ] && has "$err" "mixed.jsonl:2: " && has "$err" "1 failed"'
run batch mixed.jsonl --url "$url" --model echo --out mixed.out --retry 1
expect 'what failed is asked again, and once more' '[ "$code" = 1 ] && [ "$(lines mixed.out)" = 2 ] && [ "$(asked)" = 5 ]'
prompts 100 p.jsonl
run batch p.jsonl --url http://127.0.0.1:1 --model echo --parallel 2
expect 'a server that is gone ends it early' '[ "$code" = 4 ] && [ "$(asked "server:127.0.0.1:1")" -lt 20 ] && has "$err" "gone"'

# Killed at many moments: each is answered once, and asked again only when it was on its way.
fresh
prompts 120 p.jsonl
rm -f k.out
kills=0
for pause in 0.02 0.05 0.09 0.14 0.2 0.27 0.11 0.07 0.31 0.17 0.23 0.13; do
    "$renga" batch p.jsonl --url "$url" --model count-3-60 --out k.out --parallel 4 --quiet 2>/dev/null &
    running=$!
    sleep "$pause"
    kill -KILL "$running" 2>/dev/null && kills=$((kills + 1))
    wait "$running" 2>/dev/null
done
run batch p.jsonl --url "$url" --model count-3-60 --out k.out --parallel 4 --quiet
expect 'killed and killed again, all are done' '[ "$code" = 0 ] && [ "$kills" -gt 5 ] && [ "$(ids k.out)" = "$(wanted 120)" ]'
expect 'asked again only what was on its way' '[ "$(asked)" -le $((120 + kills * 8)) ] && [ "$(asked state:done)" = 120 ]'
"$renga" batch p.jsonl --url "$url" --model count-3-60 --temperature 1 --out s.out --parallel 4 2>now.err &
running=$!
tries=500
while [ ! -s s.out ] && [ "$tries" -gt 0 ]; do tries=$((tries - 1)); sleep 0.02; done
kill -TERM "$running"
wait "$running"
code=$? err=$(cat now.err) out=
expect 'a signal ends it, and says how it goes on' '[ "$code" = 143 ] && has "$err" "The same command goes on"'
run batch p.jsonl --url "$url" --model count-3-60 --temperature 1 --out s.out --parallel 8 --quiet
expect 'and it goes on' '[ "$code" = 0 ] && [ "$(ids s.out)" = "$(wanted 120)" ]'

[ "$failures" -eq 0 ]
