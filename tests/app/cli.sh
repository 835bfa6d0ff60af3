#!/bin/sh
# The command line against a server of our own: cli.sh RENGA FAKE_SERVER. Each case says what it expects of output and exit code.
. "$(dirname "$0")/../home.sh"
renga=$(realpath "$1")
serve "$2"

poem='秋夜，雨落空阶
  a lamp, 

and no one'

# -- usage
run nonsense
says 'an unknown command' 2 nonsense '--help'
run --nonsense
says 'an unknown option of the desk' 2 'renga knows no option --nonsense.' '--help'
run write --nonsense
says 'an unknown option' 2 --nonsense 'renga write --help'
run history --temperature 1
says 'an option of another command' 2 --temperature
run write --temperature=7 x --url "$url"
says 'a dial out of range' 2 temperature '2.00'
run write two words
says 'too many words' 2 quotes
run write --stop
says 'a missing value' 2 --stop
run write x --server here --url "$url"
says 'two servers' 2 --url
run write x --server nowhere
says 'no such server' 2 nowhere 'known are muse'
run write x --dialect muse --url "$url"
says 'no server speaks as the muse does' 2 dialect
run write x --dialect openai-chat
says 'the muse speaks as it does' 2 'built in'
run write --url "$url"
says 'no prompt' 2 'wants a prompt'
run write --help
says 'help of a command' 0 --temperature --no-stream
run --help
says 'help' 0 'renga write' 'renga ping'
run --version
says 'version' 0 'renga 0.'
[ ! -e "$library" ] || fail 'looking must not make a library'
run history
is 'an empty history' 0 ''

# -- write
run write 'a poem' --url "$url" -m poem
is 'white space at the ends goes, a newline ends' 0 "$poem"
[ -z "$err" ] || fail 'a quiet success'
tail -c 1 "$home/out" | od -c | grep -q '\\n' || fail 'the last byte is a newline'
run write 'a poem' --url "$url" -m poem --no-stream
is 'not streamed' 0 "$poem"
run write 'a poem' --url "$url" -m poem --dialect openai-completions
is 'as a completion' 0 "$poem"
run write 'a poem' --url "$url"
is 'the first model of the list' 0 "$poem"
run write -n3 '她说："好 \n"' --url "$url" -m echo
is 'three takes' 0 '她说："好 \n"

她说："好 \n"

她说："好 \n"'
run write hi --json -n 2 --seed 7 --url "$url" -m poem
says 'JSON' 0 '"take":1' '"take":2' '"seed":7' '"text":"\n 　秋夜'
[ "$(wc -l <"$home/out")" -eq 2 ] || fail 'one JSON object a line'
run write hi --json --url "$url" -m tally
says 'what was used comes after the take, and goes along' 0 '"prompt_tokens":5,"completion_tokens":10'
run sweep hi --json --temperature 0.5,1 --url "$url" -m tally
[ "$(grep -c '"prompt_tokens":5,"completion_tokens":10' "$home/out")" -eq 2 ] || fail 'what each value of a sweep used'
run write hi --url "$url" -m hostile
[ "$(head -c 1 "$home/out" | od -An -tx1)" = ' 1b' ] || fail 'a pipe gets the bytes as they came'

echo 'first line' >"$home/input"
run write -p 'and on' --url "$url" -m echo --dialect openai-completions <"$home/input"
is 'standard input is context' 0 'first line

and on'
run write --url "$url" -m echo <"$home/input"
is 'without a prompt the input is the prompt' 0 'first line'
run write --continue --url "$url" -m echo --dialect openai-completions <"$home/input"
is 'the input is gone on with' 0 'first line'
run write --continue x --url "$url" <"$home/input"
says 'no prompt with --continue' 2 --continue
printf 'a\377b' >"$home/input"
run write x --url "$url" <"$home/input"
says 'input that is no text' 2 UTF-8

# -- failures
run write hi --url "$url" -m refuse
says 'refused' 3 '400'
run write hi --url "$url" -m html
says 'a page instead of an answer' 3 '502'
run write hi --url "$url" -m key
says 'no key' 3 '401'
CANARY=canary
export CANARY
run write hi --url "$url" -m key --key-env CANARY
is 'a key from the environment' 0 "$poem"
run write hi --url "$url" -m cut
says 'a cut connection' 4 'some more more' 'renga show'
run write hi --url "$url" -m down
says 'no answer' 4 renga:
run write hi --url http://127.0.0.1:1
says 'nobody there' 4 '127.0.0.1:1'
run write hi --url "$url" -m busy
says 'a busy server is asked again' 0 '秋夜' 'asked again'
run write hi --url "$url" -m empty
says 'an empty answer' 0 'empty'
run write hi --url "$url" -m poem --library /dev/null/renga.db
says 'no library: the text is shown all the same' 0 '秋夜' 'not kept'
"$renga" write hi --url "$url" -m poem >/dev/full 2>"$home/err"
code=$? out='' err=$(cat "$home/err")
says 'a full disk' 1 'space'
run write hi --url "$url" -m poem --library "$home/small.db"
(
    ulimit -f 620
    "$renga" write hi --url "$url" -m count-20000 --library "$home/small.db" 2>"$home/err" | wc -w >"$home/out"
)
ended 0
says 'no room for the library: the text is shown all the same' 0 20000 'not kept whole'

# -- stopping
"$renga" write 'stop me' --url "$url" -m stall >"$home/out" 2>"$home/err" &
writer=$!
wait_for grep -q more "$home/out"
kill -TERM $writer
wait $writer
ended $?
says 'a signal keeps what came' 143 'some more more' 'renga show'
run show "$(expr "$err" : '.*renga show \([0-9]*\)')" --take 1
is 'the partial text is in the library' 0 'some more more'
"$renga" write 'a reader that goes' --url "$url" -m count-300-100 2>/dev/null | head -c 3 >/dev/null
run history 'reader' --json
says 'a reader that goes away' 0 '"state":"stopped"' 'w1 w2'

# -- the library
run history 秋夜 --limit 2
says 'a search' 0 'poem' '秋夜'
[ "$(wc -l <"$home/out")" -eq 2 ] || fail 'at most two rows'
last=$(cut -f 1 "$home/out" | tail -n 1)
run history 秋夜 --limit 1 --before "$last"
[ "$(cut -f 1 "$home/out")" -lt "$last" ] || fail 'older rows'
run history 'temperature>banana'
says 'a filter that does not parse' 2 temperature
run write 'once' --once --url "$url" -m poem
is 'kept nowhere' 0 "$poem"
run history once
is 'kept nowhere' 0 ''
run write 'again please' -n2 --temperature 0.3 --stop END --url "$url" -m echo
run history 'again please' --json
id=$(expr "$out" : '{"generation":\([0-9]*\)')
run rerun "$id" -n1
is 'the same again' 0 'again please'
run history 'again please' --limit 1
again=$(cut -f 1 "$home/out")
run show "$again"
says 'what a re-run shows' 0 'temperature=0.30' 'takes=1' 'END' "$id" 'again please'
run show "$id" --json
says 'show as JSON' 0 '"take":2' '"stop":["END"]'
run show 999999
[ "$code" != 0 ] || fail 'a generation that is not there'
run show banana
says 'no number' 2 banana
grep -q canary "$library" && fail 'no key in the library'

# -- servers
mkdir -p "$(dirname "$config")"
printf 'server = desk\n[server far]\nurl = http://127.0.0.1:1\n[server desk]\nurl = %s\nmodel = poem\n' "$url" >"$config"
run write hi
is 'the server of the config' 0 "$poem"
run write hi --server far
says 'another server of the config' 4 '127.0.0.1:1'
run write hi --server nowhere
says 'an unknown server' 2 nowhere far desk
run models
says 'models' 0 poem echo
run models --json
says 'models as JSON' 0 '{"model":"poem"}'
run servers
says 'servers' 0 desk far "$url"
run write hi --model choosy
says 'a refused dial' 0 '秋夜' 'does not take “temperature”'
run write hi --model choosy
says 'a refused dial of an earlier session' 0 '秋夜'
echo "$err" | grep -q 'does not take' && fail 'what was refused is sent again'
run servers forget desk
says 'refusals forgotten' 0 'sent again from now on'
run servers forget desk
says 'nothing left to forget' 0 'refused nothing so far'
run write hi --model choosy
says 'a refused dial, sent again' 0 '秋夜' 'does not take “temperature”'
run servers forget nobody
says 'no server to forget' 2 nobody
run servers desk
says 'servers with a word too many' 2 forget
run ping
says 'a ping' 0 ✓
run ping far
says 'a failing ping' 4 ✗
run paths
says 'paths' 0 "$config" "$library"
printf '[server desk]\nurl = %s\nmodel = poem\nprice = 1 2\nprice poem = 10 20 $\n' "$url" >"$config"
run write hi
run history --json --limit 1
id=$(echo "$out" | sed -n 's/.*"generation":\([0-9]*\).*/\1/p')
run show "$id"
says 'what was used' 0 'tokens: 5 in · 10 out · 0.00025 $'
run show "$id" --json
says 'what was used, as JSON' 0 '"prompt_tokens":5,"completion_tokens":10,"cost":0.00025000,"cost_unit":"$"'
printf 'type hello\nkey ^G\nexpect Plain http to poem.example\nkey Esc\nexpect Nothing was sent\n' >"$home/ask.script"
run --url http://poem.example --model poem --script "$home/ask.script"
is 'the desk asks before it sends by plain http' 0 ''
printf '[server open]\nurl = http://poem.example\nmodel = poem\n' >"$config"
run write hi
says 'plain http to a stranger' 2 'insecure = yes' poem.example '[server open]'
run write hi --url http://poem.example
says 'plain http to a stranger by its address' 2 'insecure = yes' poem.example
printf '[server open]\nurl = http://poem.example:1\nmodel = poem\ninsecure = yes\nproxy = %s\nconnect_timeout = 2\n' "$url" >"$config"
run write hi
[ "$code" != 2 ] || fail 'plain http that the writer wants'
printf '[server desk]\nurl = %s\nprice = cheap\n' "$url" >"$config"
run servers
says 'a price that is none' 0 'config:3:' '0.15 0.60'
printf 'colour = red\n[server desk]\nurl = %s\nmodel = poem\n' "$url" >"$config"
run write hi
says 'a fault in the config is told and passed over' 0 'config:1:' '秋夜'
run --language zh nonsense
says 'an unknown command, in Chinese or not' 2 nonsense

# -- the muse: in a home without any server, and in one that has servers when it is named
rm -r "$home/.config"
# has_lines NAME COUNT LENGTH: so many lines of so many Han characters each, and a mark behind each.
has_lines() {
    [ "$(grep -c . "$home/out")" -eq "$2" ] && [ "$(grep -cE "^.{$3}[，。？！；]\$" "$home/out")" -eq "$2" ] || fail "$1: $2 lines of $3"
}
run write '写一首七绝，秋夜，用平声韵' --seed 5
[ "$code" = 0 ] && [ -z "$err" ] || fail 'the muse answers where there is no server'
has_lines 'a 七绝' 4 7
poem=$out
run write '写一首七绝，秋夜，用平声韵' --seed 5 --once
is 'the same seed, the same poem' 0 "$poem"
run write '写一首七绝，秋夜，用平声韵' --seed 4 -n 3
has_lines 'three takes' 12 7
has "$out" "$poem" || fail 'take 2 has the next seed'
run history 平声韵 --json
says 'what the library knows of it' 0 '"server":"muse"' '"takes":3'
[ "$(wc -l <"$home/out")" -eq 2 ] || fail '--once keeps nothing'
id=$(expr "$(tail -n 1 "$home/out")" : '{"generation":\([0-9]*\)')
run rerun "$id"
is 'a re-run with its seed' 0 "$poem"
run rerun "$id" --seed 6
[ "$code" = 0 ] && [ "$out" != "$poem" ] || fail 'a re-run with another seed'
run write '写一首五绝，山居'
has_lines 'a 五绝' 4 5
run history 山居 --limit 1
run show "$(cut -f 1 "$home/out")"
says 'the seed that was drawn is told' 0 'muse · zh' 'seed=' 'form=wujue' 'muse  muse:  muse'
run write 'a haiku about the first snow' --seed 3
[ "$code" = 0 ] && [ "$(wc -l <"$home/out")" -eq 3 ] || fail 'a haiku'
run write '写一首七绝，秋夜，用平声韵' --seed 5 --stop '，'
[ "$code" = 0 ] && [ "$out" = "${poem%%，*}" ] || fail 'a stop string'
run write 'explain how photosynthesis works' --seed 3
says 'what it cannot do it says, and writes verse' 0 F2
[ -n "$out" ] || fail 'verse instead'
run write '五绝，藏头“春夏秋冬又一年”'
[ "$code" != 0 ] && [ -z "$out" ] && [ -n "$err" ] || fail 'an impossible wish is explained'
run write --continue --seed 3 <<'END'
窗前明月光，
疑是地上霜。
END
[ "$code" = 0 ] && [ -n "$out" ] || fail 'lines are gone on with'
run write hi -m nobody
says 'no such voice' 2 nobody
run models
is 'its models' 0 muse
run servers
says 'among the servers' 0 'muse	muse:'
run ping
says 'a ping' 0 '✓ zh' '✓ en'
run muse info
says 'what it is made of' 0 "$packs" million
run muse forms
says 'its forms' 0 qijue 七绝 sonnet
run muse nonsense
says 'an unknown part' 2 nonsense info

mkdir "$home/packs"
head -c 100000 "$packs/zh.muse" >"$home/packs/zh.muse"
echo nonsense >"$home/packs/en.muse"
RENGA_MUSEDIR=$home/packs
run write '写一首七绝，秋夜'
says 'a pack that is cut off' 1 zh.muse
[ -z "$out" ] || fail 'and nothing is written'
run write 'a sonnet about the sea'
says 'a file that is no pack' 1 en.muse
run ping muse
says 'a ping of broken packs' 1 '✗ zh' '✗ en'
run muse info
says 'info of broken packs' 1 zh.muse
run write hi --url "$url" -m poem
says 'other servers do without' 0 秋夜
RENGA_MUSEDIR=$home/nowhere
run write '写一首七绝，秋夜'
says 'no pack' 1 nowhere
RENGA_MUSEDIR=$packs

# -- voices
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
    printf '白日依山尽，黄河入海流。\n欲穷千里目，更上一层楼。\n\n床前明月光，疑是地上霜。\n举头望明月，低头思故乡。\n\n'
done >"$home/own.txt"
: >"$home/empty.txt"
printf 'Мороз и солнце; день чудесный! Ещё ты дремлешь, друг прелестный\n' >"$home/foreign.txt"
tail -c 4000 "$packs/zh.muse" >"$home/binary.txt"
run muse learn
says 'learning from nothing' 2 '--kept'
run muse learn "$home/nowhere.txt"
says 'learning from a file that is not there' 1 nowhere.txt
run muse learn "$home/empty.txt"
says 'learning from an empty file' 1 'empty'
run muse learn "$home/foreign.txt"
says 'learning from another language' 1 'neither'
run muse learn "$home/binary.txt"
says 'learning from what is no text' 1 'UTF-8'
run muse learn --kept
says 'learning from takes that nobody rated' 1 'empty'
run muse learn "$home/own.txt" --name ../x
says 'a name that is no name' 2 'name'
run muse learn "$home/own.txt" --name muse
says 'a name that is taken' 2 'another'
run muse learn "$home/own.txt" --name 'my own'
says 'a voice is learnt' 0 'held out' 'is kept'
run models --server muse
says 'it is among the models' 0 'my own'
run write '五绝，登楼' --server muse --model 'my own' --seed 1 --once
[ "$code" = 0 ] && [ -n "$out" ] || fail 'it writes'
as_learnt=$out
run muse forget 'my own'
says 'it is forgotten' 0 'forgotten'
run write '五绝，登楼' --server muse --model 'my own' --once
says 'then there is no such voice' 2 'my own'
run muse forget 'my own'
says 'nor can it be forgotten twice' 2 'my own'
run muse recall 'my own'
says 'it comes back' 0 'is back'
run write '五绝，登楼' --server muse --model 'my own' --seed 1 --once
is 'and writes as it did' 0 "$as_learnt"
run muse recall 'nobody'
says 'no such voice to come back' 2 nobody
before=$(cksum <"$home/.local/share/renga/voices/my own.voice")
cp "$home/own.txt" "$home/more.txt"
sed 's/秋/春/g' "$home/own.txt" >>"$home/more.txt"
run muse learn "$home/more.txt" --name 'my own'
says 'a voice is learnt anew' 0 'is kept'
[ "$before" != "$(cksum <"$home/.local/share/renga/voices/my own.voice")" ] || fail 'it is another'
run muse recall 'my own'
says 'the former comes back' 0 'is back'
[ "$before" = "$(cksum <"$home/.local/share/renga/voices/my own.voice")" ] || fail 'as it was'

# -- a terminal
if script -qec true /dev/null >/dev/null 2>&1; then
    NO_COLOR=1 script -qec "\"$renga\" write hi --url $url -m hostile; \"$renga\" history; \"$renga\" write x --url $url -m refuse" /dev/null \
        >"$home/out" 2>&1
    code=0 out=$(tr -d '\r' <"$home/out") err=''
    says 'markers on a terminal' 0 '␛]0;owned␇' '‹RLO›'
    ! has "$out" "$(printf '\033')" || fail 'no escape reaches a terminal'
fi

finish
