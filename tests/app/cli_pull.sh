#!/bin/sh
# Models fetched onto an Ollama server, on the command line and by lines: cli_pull.sh RENGA FAKE_SERVER.
. "$(dirname "$0")/../home.sh"
renga=$(realpath "$1")
serve "$2"
mkdir -p "$(dirname "$config")"
printf '[server box]\nurl = %s\ndialect = ollama\nmodel = tiny:1b\n[server other]\nurl = %s\n' "$url" "$url" >"$config"

# 1: it comes, in a few whole lines; then it is among the models, and writes
run write -s box 秋夜
[ "$code" = 3 ] && has "$err" 'Fetch it there with “ollama pull tiny:1b”' || fail 'not there yet'
run pull tiny:1b -s box
[ "$code" = 0 ] && [ -z "$out" ] && has "$err" "Fetching tiny:1b onto 127.0.0.1:$port." && has "$err" 'tiny:1b is there, 4.5 GB.' || fail 'it comes'
[ "$(printf '%s\n' "$err" | wc -l)" -eq 2 ] || fail 'a few whole lines'
run models -s box
has "$out" 'tiny:1b' || fail 'among the models'
run write -s box 秋夜
is 'it writes' 0 '空山新雨后，天气晚来秋。'
run pull tiny:1b -u "$url" --dialect ollama
says 'without a config' 0 'tiny:1b is there'

# 2: for programs: a line where something changed, not too many of them, the last one whole
run pull tiny:1b -s box --json
[ "$code" = 0 ] && [ "$(printf '%s\n' "$out" | wc -l)" -le 5 ] || fail 'JSON: few lines'
[ "$(printf '%s\n' "$out" | tail -n 1)" = '{"model":"tiny:1b","status":"success","completed":4500012000,"total":4500012000}' ] || fail 'JSON: the last line'

# 3: it does not come
run pull nosuch -s box
says 'no such model' 3 'finds no model of this name' 'ollama.com/library'
run pull broken:1b -s box
says 'broken off' 3 'no space left on device' 'The same command goes on from there.'
run pull tiny:1b -s other
says 'no Ollama' 2 '“other” does not fetch models; only an Ollama server does' 'Name one: renga pull MODEL -s NAME'
run pull tiny:1b -s muse
says 'the muse' 2 '“muse” does not fetch models'
run pull 'two words' -s box
says 'no name' 2 'That is no name of a model'
run pull
says 'no model' 2 'renga pull wants MODEL'
run pull tiny:1b -u http://127.0.0.1:1 --dialect ollama
says 'nobody there' 4 'Nothing answers at 127.0.0.1:1'

# 4: words of the server's own reach no terminal as they are
run pull hostile:1b -s box --json
[ "$code" = 0 ] || fail 'hostile words'
[ "$(cat "$home/out" "$home/err" | LC_ALL=C tr -d '\n -~\200-\377' | wc -c)" -eq 0 ] || fail 'control characters'

# 5: an interrupt stops it and says how it goes on
"$renga" pull large:70b -s box --json >"$home/out" 2>"$home/err" &
fetching=$!
wait_for grep -q '"completed":1500000000' "$home/out"
kill -TERM "$fetching" # a shell's background process does not hear SIGINT
wait "$fetching"
ended $?
says 'interrupted' 130 'Stopped at 1.5 GB of 4.5 GB. The server keeps what came; the same command goes on from there.'

# 6: by lines, told at each quarter; the desk is left only when it is over
printf '/servers box\n\n/pull-model\ntiny:1b\n/where\n' >"$home/lines"
run --plain <"$home/lines"
says 'by lines' 0 'Fetch a model onto' 'Fetching tiny:1b' 'tiny:1b is there, and in use.'
[ "$(printf '%s\n' "$out" | grep -c ' % ')" -le 4 ] || fail 'by lines: it chatters'

# 7: who leaves the desk hears that it is not over
printf 'size 80 24\nkey F2\ntype box\nkey Enter\nwait\ncommand pull-model\nkey M-a Backspace\ntype large:70b\nkey Enter\nwait text fetching 33 %%\nkey ^Q\n' >"$home/desk"
run --script "$home/desk"
says 'left' 0 'large:70b stopped at 1.5 GB of 4.5 GB. Asked for again it goes on from there.'
finish
