#!/bin/sh
# What servers tell of their models, from the config to the request: cli_told.sh RENGA FAKE_TELLER. Every take is the body of its request.
. "$(dirname "$0")/../home.sh"
renga=$(realpath "$1")
serve "$2"

# server NAME PATH DIALECT LINE…
server() {
    printf '[server %s]\nurl = %s%s\ndialect = %s\n' "$1" "$url" "$2" "$3"
    shift 3
    printf '%s\n' "$@"
}

mkdir -p "$(dirname "$config")"
printf 'root ::= line line\nline ::= [^\\n]+ "\\n"\n' >"$home/verse.gbnf"
{
    server told "" llamacpp 'instruct = auto'
    server shaped /v1 openai-completions 'instruct = auto'
    server plain /plain llamacpp 'instruct = auto'
    server mute /mute llamacpp 'instruct = auto'
    server deaf /deaf llamacpp 'instruct = auto' 'model = moss.gguf'
    server asis "" llamacpp
    server gemma "" llamacpp 'instruct = gemma' "grammar = ~/verse.gbnf"
    server ollama "" ollama 'model = qwen3:8b'
    server small "" ollama 'model = qwen3:8b' 'context = 5000'
    server unknown "" ollama 'model = unknown:1b'
} >"$config"

chatml='"prompt":"<|im_start|>user\n春<|im_end|>\n<|im_start|>assistant\n"'

# 1: the form that the server tells; as it is where it tells none, or one that nobody knows; and whatever it tells where the config says it
run write -s told 春
has "$out" "$chatml" || fail 'told'
run write -s shaped 春
has "$out" "$chatml" || fail "told behind OpenAI's shape"
for name in plain mute deaf asis; do
    run write -s $name 春
    has "$out" '"prompt":"春"' || fail "$name"
    ! has "$out" '"grammar"' || fail "$name: no grammar"
done
run write -s gemma 春
has "$out" '"prompt":"<start_of_turn>user\n春<end_of_turn>\n<start_of_turn>model\n"' || fail 'by the config'
has "$out" '"grammar":"root ::= line line\nline ::= [^\\n]+ \"\\n\"\n"' || fail 'grammar'

# 2: again in the same form, also elsewhere; and a page that is gone on with stays as it is
run write -s told 春
run history --json
id=$(printf '%s\n' "$out" | sed -n '1s/.*"generation":\([0-9]*\).*/\1/p')
run rerun "$id"
has "$out" "$chatml" || fail 'again'
run rerun "$id" -s plain
has "$out" '"prompt":"春"' || fail 'again elsewhere'
printf '春眠不觉晓' >"$home/page"
run write -s told --continue <"$home/page"
has "$out" '"prompt":"春眠不觉晓"' || fail 'gone on with'

# 3: many prompts at once, and one over several values
printf '{"prompt":"春"}\n' >"$home/prompts"
run batch "$home/prompts" -s told -o "$home/results"
has "$(cat "$home/results")" 'im_start|>user' || fail 'batch'
run sweep -s told --temperature 0.1,0.2 春
has "$out" "$chatml" || fail 'sweep'

# 4: what is in use can be read
run ping told
has "$out" 'It holds 4096 tokens. Prompts go out in the form chatml, as the server tells.' || fail 'ping'
run ping plain
has "$out" 'Its own template is in no form that is known here, so prompts go out as they are.' || fail 'ping of no form'
run ping mute
has "$out" 'It has told no template, so prompts go out as they are' || fail 'ping without /props'
run ping ollama
has "$out" 'is in its list of 2. It holds 40960 tokens.' || fail 'ping of Ollama'
run models -s ollama
has "$out" 'unknown:1b' || fail 'a list all the same'

# 5: Ollama gets the room that the text needs, and not all that the model could hold
run write -s ollama 春
has "$out" '"num_ctx":4096' || fail 'short'
run write -s ollama --max-tokens 6000 春
has "$out" '"num_ctx":8192' || fail 'a long answer'
run write -s small --max-tokens 6000 春
has "$out" '"num_ctx":5000' || fail 'the writer knows'
head -c 400000 /dev/zero | tr '\0' 'a' | fold -w 70 >"$home/long"
run write -s ollama 春 <"$home/long"
has "$out" '"num_ctx":40960' || fail 'longer than the model'
[ "$(wc -c <"$home/out")" -lt 200000 ] || fail 'not all of a page that is too long goes along'

# 6: a model that is not there
run write -s unknown 春
has "$err" 'Fetch it there with “ollama pull unknown:1b”' || fail 'not there'

# 7: the desk asks before it sends, once; and where the server does not answer that, it sends all the same
for name in told shaped mute deaf; do
    cat >"$home/desk" <<EOF
size 80 24
key F2
type $name
key Enter
type 春
key ^G
wait
wait text "prompt":
screen sent
key ^Q
EOF
    rm -rf "$home/.local"
    run --script "$home/desk"
    says "desk, $name" 0
    if [ $name = told ] || [ $name = shaped ]; then
        has "$out" '<|im_start|>user' || fail "desk, $name: the form"
    else
        ! has "$out" '<|im_start|>user' || fail "desk, $name: the form"
    fi
    ! has "$out" 'has nothing at this address' || fail "desk, $name: it complains"
    ! has "$out" 'Asking the server' || fail "desk, $name: it still asks"
done

# 8: one that is not there says so, and the prompt stays
printf '[server down]\nurl = http://127.0.0.1:1\ndialect = llamacpp\ninstruct = auto\nmodel = moss.gguf\n' >"$config"
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
rm -rf "$home/.local"
run --script "$home/desk"
says 'the desk, down' 0

finish
