#!/bin/sh
# What servers tell of their models, from the config to the request: cli_told.sh RENGA FAKE_TELLER. Every take is the body of its request.
set -u
renga=$1
home=$(mktemp -d)
trap 'kill "$server" 2>/dev/null; rm -rf "$home"' EXIT
unset OPENAI_BASE_URL OPENAI_API_KEY XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME
packs=$(cd "$(dirname "$0")/../../muse/packs" && pwd)
export HOME="$home" LC_ALL=C.UTF-8 LANGUAGE=en NO_COLOR=1 TERM=xterm RENGA_MUSEDIR="$packs"
"$2" >"$home/port" &
server=$!
tries=500
until [ -s "$home/port" ]; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || exit 1
    sleep 0.02
done
url=http://127.0.0.1:$(cat "$home/port")
failures=0

# server NAME PATH DIALECT LINE…
server() {
    printf '[server %s]\nurl = %s%s\ndialect = %s\n' "$1" "$url" "$2" "$3"
    shift 3
    printf '%s\n' "$@"
}

mkdir -p "$home/.config/renga"
printf 'root ::= line line\nline ::= [^\\n]+ "\\n"\n' >"$home/verse.gbnf"
{
    server told "" llamacpp 'instruct = auto'
    server plain /plain llamacpp 'instruct = auto'
    server mute /mute llamacpp 'instruct = auto'
    server deaf /deaf llamacpp 'instruct = auto' 'model = moss.gguf'
    server asis "" llamacpp
    server gemma "" llamacpp 'instruct = gemma' "grammar = ~/verse.gbnf"
    server ollama "" ollama 'model = qwen3:8b'
    server small "" ollama 'model = qwen3:8b' 'context = 5000'
    server unknown "" ollama 'model = unknown:1b'
} >"$home/.config/renga/config"

# run ARGUMENTS…: leaves $out, $err and $code.
run() {
    "$renga" "$@" </dev/null >"$home/out" 2>"$home/err"
    code=$?
    out=$(cat "$home/out")
    err=$(cat "$home/err")
}

# holds WHAT TEXT PART: the text holds the part.
holds() {
    case $2 in
    *"$3"*) ;;
    *)
        failures=$((failures + 1))
        printf 'FAILED %s: no “%s” in\n%s\n(code %s, err: %s)\n' "$1" "$3" "$2" "$code" "$err"
        ;;
    esac
}

lacks() {
    case $2 in
    *"$3"*)
        failures=$((failures + 1))
        printf 'FAILED %s: “%s” in\n%s\n' "$1" "$3" "$2"
        ;;
    esac
}

chatml='"prompt":"<|im_start|>user\n春<|im_end|>\n<|im_start|>assistant\n"'

# 1: the form that the server tells; as it is where it tells none, or one that nobody knows; and whatever it tells where the config says it
run write -s told 春
holds 'told' "$out" "$chatml"
for name in plain mute deaf asis; do
    run write -s $name 春
    holds $name "$out" '"prompt":"春"'
    lacks $name "$out" '"grammar"'
done
run write -s gemma 春
holds 'by the config' "$out" '"prompt":"<start_of_turn>user\n春<end_of_turn>\n<start_of_turn>model\n"'
holds 'grammar' "$out" '"grammar":"root ::= line line\nline ::= [^\\n]+ \"\\n\"\n"'

# 2: again in the same form, also elsewhere; and a page that is gone on with stays as it is
run write -s told 春
run history --json
id=$(printf '%s\n' "$out" | sed -n '1s/.*"generation":\([0-9]*\).*/\1/p')
run rerun "$id"
holds 'again' "$out" "$chatml"
run rerun "$id" -s plain
holds 'again elsewhere' "$out" '"prompt":"春"'
printf '春眠不觉晓' | "$renga" write -s told --continue >"$home/out" 2>&1
holds 'gone on with' "$(cat "$home/out")" '"prompt":"春眠不觉晓"'

# 3: many prompts at once, and one over several values
printf '{"prompt":"春"}\n' >"$home/prompts"
run batch "$home/prompts" -s told -o "$home/results"
holds 'batch' "$(cat "$home/results" 2>/dev/null)" 'im_start|>user'
run sweep -s told --temperature 0.1,0.2 春
holds 'sweep' "$out" "$chatml"

# 4: what is in use can be read
run ping told
holds 'ping' "$out" 'It holds 4096 tokens. Prompts go out in the form chatml, as the server tells.'
run ping plain
holds 'ping of no form' "$out" 'Its own template is in no form that is known here, so prompts go out as they are.'
run ping mute
holds 'ping without /props' "$out" 'It has told no template, so prompts go out as they are'
run ping ollama
holds 'ping of Ollama' "$out" 'is in its list of 2. It holds 40960 tokens.'
run models -s ollama
holds 'a list all the same' "$out" 'unknown:1b'

# 5: Ollama gets the room that the text needs, and not all that the model could hold
run write -s ollama 春
holds 'short' "$out" '"num_ctx":4096'
run write -s ollama --max-tokens 6000 春
holds 'a long answer' "$out" '"num_ctx":8192'
run write -s small --max-tokens 6000 春
holds 'the writer knows' "$out" '"num_ctx":5000'
head -c 400000 /dev/zero | tr '\0' 'a' | fold -w 70 >"$home/long"
"$renga" write -s ollama 春 <"$home/long" >"$home/out" 2>&1
holds 'longer than the model' "$(cat "$home/out")" '"num_ctx":40960'
[ "$(wc -c <"$home/out")" -lt 200000 ] || { failures=$((failures + 1)); echo 'FAILED: all of a page that is too long went along'; }

# 6: a model that is not there
run write -s unknown 春
holds 'not there' "$err" 'Fetch it there with “ollama pull unknown:1b”'

# 7: the desk asks before it sends, once; and where the server does not answer that, it sends all the same
for name in told mute deaf; do
    cat >"$home/desk" <<EOF
size 80 24
key F2
type $name
key Enter
type 春
key ^G
wait
wait text n_predict
screen sent
key ^Q
EOF
    XDG_DATA_HOME="$home/$name" "$renga" --script "$home/desk" >"$home/out" 2>&1 || { failures=$((failures + 1)); echo "FAILED: the desk with $name"; cat "$home/out"; }
    out=$(cat "$home/out")
    [ $name = told ] && holds "desk, $name" "$out" '<|im_start|>user'
    [ $name = told ] || lacks "desk, $name" "$out" '<|im_start|>user'
    lacks "desk, $name" "$out" 'Asking the server'
done

# 8: one that is not there says so, and the prompt stays
printf '[server down]\nurl = http://127.0.0.1:1\ndialect = llamacpp\ninstruct = auto\nmodel = moss.gguf\n' >"$home/.config/renga/config"
cat >"$home/desk" <<EOF
size 80 24
type 春
key ^G
wait text Nothing answers
expect 春
key ^G
wait text Nothing answers
key ^Q
EOF
XDG_DATA_HOME="$home/down" "$renga" --script "$home/desk" >"$home/out" 2>&1 || { failures=$((failures + 1)); echo 'FAILED: the desk, down'; cat "$home/out"; }

[ "$failures" -eq 0 ]
