#!/bin/sh
# What asks many things at once, on the command line: many.sh RENGA FAKE_SERVER. Sweeps, and batches that are cut off again and again.
. "$(dirname "$0")/../home.sh"
renga=$(realpath "$1")
serve "$2"
cd "$home" || exit 1

lines() { wc -l <"$1" | tr -d ' '; }
asked() { "$renga" history --json --limit 100000 "$@" | wc -l | tr -d ' '; }
fresh() { rm -rf "$home/.local"; }

# -- sweeps

run sweep rain --url "$url" --model echo --temperature 0.3:1.3:0.5
is 'a heading and a take for each value' 0 '── temperature 0.30 ──
rain

── temperature 0.80 ──
rain

── temperature 1.30 ──
rain'
run history --json
[ "$(printf "%s\n" "$out" | grep -c generation)" = 3 ] || fail 'three generations'

run sweep rain --url "$url" --model echo --seed 3:1 --json -n 2
[ "$(printf "%s\n" "$out" | sed 's/.*"seed":\([0-9]*\).*/\1/' | tr "\n" " ")" = "3 3 2 2 1 1 " ] ||
    fail 'objects with their values, in order'
sweep=$(printf '%s\n' "$out" | sed -n '1s/.*"generation":\([0-9]*\).*/\1/p')
[ "$(printf "%s\n" "$out" | grep -c "\"sweep\":$sweep,")" = 6 ] || fail 'all know the first as their sweep'

run sweep rain --url "$url" --model poem,echo,refuse --max-tokens 30
has "$out" "── model poem ──" && has "$out" "── model echo ──
rain" || fail 'models'
[ "$code" = 3 ] && has "$err" "model refuse: " || fail 'one that is refused'

printf 'the rain' >context
run sweep -p 'go on' --url "$url" --model echo --top-p 0.5,1 <context
has "$out" "── top_p 0.50 ──" || fail 'standard input is context'
run sweep rain --url "$url" --model echo
[ "$code" = 2 ] && has "$err" "several values" || fail 'a sweep wants several values'
run sweep rain --url "$url" --model echo --temperature 0:1 --top-p 0:1
[ "$code" = 2 ] && has "$err" "one dial" || fail 'over one dial'
run sweep rain --url "$url" --model echo --temperature 0.3:x:0.2
[ "$code" = 2 ] && has "$err" "character 5" || fail 'a fault says where'
run sweep rain --url "$url" --model echo --seed 1:65
[ "$code" = 2 ] && has "$err" "64" || fail 'at most 64'
run sweep rain --url "$url" --model poem --temperature 0,1 --once
[ "$code" = 0 ] && has "$out" "── temperature 1.00 ──" || fail 'nothing kept'
run sweep 写一首五绝，秋夜 --server muse --seed 1:2
[ "$code" = 0 ] && has "$out" "── seed 2 ──" || fail 'the muse sweeps too'

rm out
"$renga" sweep rain --url "$url" --model count-400-40 --temperature 0:1 --parallel 2 >out 2>err &
running=$!
wait_for test -s out
kill -TERM "$running"
wait "$running"
ended $?
[ "$code" = 143 ] && has "$err" "What came is kept" && has "$out" "temperature 0.00" || fail 'a signal keeps what came'
run history --json 'state:stopped'
[ "$(printf "%s\n" "$out" | grep -c generation)" = 5 ] || fail 'all of it is stopped'

"$renga" --library one.db sweep rain --url "$url" --model echo --seed 1:3 >/dev/null 2>&1
"$renga" --library one.db export --all --format jsonl -o one.jsonl >/dev/null 2>&1
"$renga" --library two.db import one.jsonl >/dev/null 2>&1
"$renga" --library two.db export --all --format jsonl -o two.jsonl >/dev/null 2>&1
code='' out='' err=''
[ "$(grep -c '"sweep":' one.jsonl)" = 3 ] && cmp -s one.jsonl two.jsonl || fail 'a sweep stays one in another library'

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
[ "$code" = 0 ] && [ -z "$err" ] && [ "$(ids r.jsonl)" = "$(wanted 40)" ] || fail 'all are done'
[ "$(grep -c '"prompt":"行 7","text":"行 7"' r.jsonl)" = 1 ] || fail 'each answer is its own'
[ "$(asked "project:批")" = 40 ] || fail 'they are in the library, in the project'
run batch p.jsonl --url "$url" --model echo --out r.jsonl
[ "$code" = 0 ] && has "$err" "40 were done before" && [ "$(lines r.jsonl)" = 40 ] && [ "$(asked)" = 40 ] || fail 'nothing is asked twice'
run batch p.jsonl --url "$url" --model echo --temperature 0.1
[ "$code" = 0 ] && [ "$(asked)" = 80 ] || fail 'another question is another batch'

rm r.jsonl
run batch p.jsonl --url "$url" --model echo --out r.jsonl
[ "$code" = 0 ] && [ "$(ids r.jsonl)" = "$(wanted 40)" ] && [ "$(asked)" = 80 ] || fail 'a file that is gone is written anew'
run batch p.jsonl --url "$url" --model echo --out other.jsonl
[ "$code" = 0 ] && [ "$(ids other.jsonl)" = "$(wanted 40)" ] || fail 'another file gets all'
head -c -20 other.jsonl >cut && cp cut other.jsonl
run batch p.jsonl --url "$url" --model echo --out other.jsonl
[ "$code" = 2 ] && has "$err" "shorter" && cmp -s cut other.jsonl || fail 'a file that lost a part is left alone'
run batch p.jsonl --url "$url" --model echo --out -
[ "$code" = 0 ] && [ -z "$out" ] || fail 'standard output gets what is new: nothing'

fresh
printf 'mine\n' >r.jsonl
printf '{"prompt":"a"}\n\n{"prompt":"a"}\n{"prompt":"b","n":2,"stop":["x"],"title":"T","system":"s","context":"c"}\n' >q.jsonl
run batch q.jsonl --url "$url" --model poem --out r.jsonl
[ "$code" = 0 ] && [ "$(lines r.jsonl)" = 4 ] && [ "$(head -1 r.jsonl)" = mine ] || fail 'lines that say the same are asked each'
[ "$(grep -c '"more":\[{"text"' r.jsonl)" = 1 ] || fail 'several takes stand in one line'
run batch q.jsonl --url "$url" --model poem --out r.jsonl
[ "$(lines r.jsonl)" = 4 ] || fail 'and not again'

printf '{"prompt":"a"}\nnot json\n{"prompt":"b","warmth":1}\n{"prompt":"c","temperature":9}\n{"id":1}\n' >bad.jsonl
before=$(asked)
run batch bad.jsonl --url "$url" --model echo
[ "$code" = 1 ] && has "$err" "bad.jsonl:2: " && has "$err" "bad.jsonl:3: “warmth”" && has "$err" "bad.jsonl:4: " && has "$err" "bad.jsonl:5: " ||
    fail 'broken lines are told by number'
[ "$(asked)" = "$before" ] || fail 'and nothing is asked'
run batch bad.jsonl --url "$url" --model echo --skip-broken
[ "$code" = 0 ] && [ "$(asked)" = $((before + 1)) ] && has "$err" "4 lines could not be read" || fail 'unless they are passed over'
run batch nowhere.jsonl --url "$url" --model echo
[ "$code" = 1 ] && has "$err" "nowhere.jsonl" || fail 'no file'

fresh
printf '{"prompt":"a"}\n{"prompt":"b","model":"refuse"}\n{"prompt":"c","model":"busy"}\n' >mixed.jsonl
run batch mixed.jsonl --url "$url" --model echo --out mixed.out
[ "$code" = 1 ] && [ "$(lines mixed.out)" = 2 ] && has "$err" "mixed.jsonl:2: " && has "$err" "1 failed" ||
    fail 'what fails is told, the others are done'
run batch mixed.jsonl --url "$url" --model echo --out mixed.out --retry 1
[ "$code" = 1 ] && [ "$(lines mixed.out)" = 2 ] && [ "$(asked)" = 5 ] || fail 'what failed is asked again, and once more'
prompts 100 p.jsonl
run batch p.jsonl --url http://127.0.0.1:1 --model echo --parallel 2
[ "$code" = 4 ] && [ "$(asked "server:127.0.0.1:1")" -lt 20 ] && has "$err" "gone" || fail 'a server that is gone ends it early'

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
[ "$code" = 0 ] && [ "$kills" -gt 5 ] && [ "$(ids k.out)" = "$(wanted 120)" ] || fail 'killed and killed again, all are done'
[ "$(asked)" -le $((120 + kills * 8)) ] && [ "$(asked state:done)" = 120 ] || fail 'asked again only what was on its way'
"$renga" batch p.jsonl --url "$url" --model count-3-60 --temperature 1 --out s.out --parallel 4 >out 2>err &
running=$!
wait_for test -s s.out
kill -TERM "$running"
wait "$running"
ended $?
[ "$code" = 143 ] && has "$err" "The same command goes on" || fail 'a signal ends it, and says how it goes on'
run batch p.jsonl --url "$url" --model count-3-60 --temperature 1 --out s.out --parallel 8 --quiet
[ "$code" = 0 ] && [ "$(ids s.out)" = "$(wanted 120)" ] || fail 'and it goes on'

finish
