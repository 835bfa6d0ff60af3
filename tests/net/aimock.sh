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
{"fixtures": [{"match": {"userMessage": "rain"}, "response": {"content": "细雨鱼儿出，微风燕子斜。 Rain walks softly over the roof, “tip, tap”. 🌧"}}]}
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
run history 燕子
has "$out" 细雨鱼儿出 || fail 'the library finds it'
printf '%s\n' 'size 100 30' 'type rain' 'key ^G' 'wait' 'command save' 'expect 细雨鱼儿出，微风燕子斜。' 'expect ● saved' >"$home/desk.script"
run --url "$url" --model gpt-4o --script "$home/desk.script"
says 'on the desk' 0
finish
