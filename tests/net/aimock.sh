#!/bin/sh
# Streams three takes from a server that others wrote, lists its models, and uses renga against it: aimock.sh PROGRAM FOLDER RENGA
# The server is the npm package @copilotkit/aimock, kept in FOLDER. Exit status 77 (skipped) where it cannot be had.
set -u
program=$1 folder=$2
version=1.43.0

skip() {
    echo "skipped: $1"
    exit 77
}
command -v node >/dev/null 2>&1 || skip "node is not installed"
command -v npm >/dev/null 2>&1 || skip "npm is not installed"

mkdir -p "$folder"
mock=$folder/node_modules/@copilotkit/aimock/dist/cli.js
if [ ! -e "$mock" ]; then
    npm install --no-audit --no-fund --no-save --silent --prefix "$folder" "@copilotkit/aimock@$version" \
        >"$folder/npm.log" 2>&1 || skip "the npm package @copilotkit/aimock cannot be installed"
fi

cat >"$folder/rain.json" <<'FIXTURE'
{"fixtures": [
 {"match": {"userMessage": "rain"}, "response": {"content": "细雨鱼儿出，微风燕子斜。 Rain walks softly over the roof, “tip, tap”. 🌧"}},
 {"match": {"userMessage": "moon"}, "response": {"content": "床前明月光", "reasoning": "They want 月.\nFour lines?"}},
 {"match": {"userMessage": "queue", "sequenceIndex": 0}, "response": {"error": {"message": "请稍候", "type": "rate_limit_error"}, "status": 429, "retryAfter": 1}},
 {"match": {"userMessage": "queue"}, "response": {"content": "轮到你了"}},
 {"match": {"userMessage": "cut"}, "response": {"content": "春江潮水连海平，海上明月共潮生。滟滟随波千万里，何处春江无月明。"},
  "latency": 10, "truncateAfterChunks": 9},
 {"match": {"userMessage": "broken"}, "response": {"content": "x"}, "chaos": {"malformedRate": 1}},
 {"match": {"userMessage": "hung"}, "response": {"content": "x"}, "chaos": {"disconnectRate": 1}},
 {"match": {"userMessage": "paid"}, "response": {"error": {"message": "余额不足", "type": "x"}, "status": 402}}
]}
FIXTURE

# From here on nothing of the caller's settings, which npm may need, gets in.
. "$(dirname "$0")/../home.sh"
renga=$(realpath "$3")
start node "$mock" --port 0 --host 127.0.0.1 --fixtures "$folder/rain.json" --chunk-size 3 >"$folder/aimock.log" 2>&1
wait_for grep 'http://127\.0\.0\.1:[0-9]' "$folder/aimock.log" || { cat "$folder/aimock.log"; echo "aimock did not start"; exit 1; }
url=$(grep -o 'http://127\.0\.0\.1:[0-9]*' "$folder/aimock.log" | head -n 1)
"$program" "$url" openai-chat gpt-4o || fail 'three takes'

# The same from the command line and from the desk, kept and found again.
expected='细雨鱼儿出，微风燕子斜。 Rain walks softly over the roof, “tip, tap”. 🌧'
for way in openai-chat:gpt-4o openai-responses:gpt-4o anthropic:claude-sonnet-4-5 gemini:gemini-2.5-flash ollama:llama3.2; do
    run write rain --url "$url" --dialect "${way%%:*}" --model "${way#*:}"
    is "renga write by $way" 0 "$expected"
done
for way in openai-chat openai-responses anthropic gemini ollama; do
    run write moon --json --url "$url" --dialect $way --model m
    says "thoughts by $way" 0 '"text":"床前明月光","reasoning":"They want 月.\nFour lines?"'
    run write cut --json --url "$url" --dialect $way --model m
    says "cut off by $way" 4 '"state":"failed","text":"春江潮' 'broke off in the middle'
    run write hung --url "$url" --dialect $way --model m
    says "no answer by $way" 4 'closed the connection without an answer'
    run write broken --url "$url" --dialect $way --model m
    says "no JSON by $way" 1 'no answer in this dialect'
    run write paid --url "$url" --dialect $way --model m
    says "a bill by $way" 3 'wants to be paid first (402)' 余额不足
done
run write queue --url "$url" --model m
is 'asked again when the server is less busy' 0 轮到你了
run history 燕子
has "$out" 细雨鱼儿出 || fail 'the library finds it'
printf '%s\n' 'size 100 30' 'type rain' 'key ^G' 'wait' 'command save' 'expect 细雨鱼儿出，微风燕子斜。' 'expect ● saved' >"$home/desk.script"
run --url "$url" --model gpt-4o --script "$home/desk.script"
says 'on the desk' 0
printf '%s\n' 'size 160 30' 'type cut' 'key ^G' 'wait' 'expect 春江潮' 'expect What came is kept' 'expect ^G on the page goes on' >"$home/desk.script"
run --url "$url" --model gpt-4o --script "$home/desk.script"
says 'a desk that is cut off' 0
finish
