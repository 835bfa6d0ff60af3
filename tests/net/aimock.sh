#!/bin/sh
# Streams three takes from a server that others wrote, lists its models, and uses renga against it: aimock.sh PROGRAM FOLDER RENGA
# The server is the npm package @copilotkit/aimock, kept in FOLDER. Exit status 77 (skipped) where it cannot be had.
set -eu
program=$1 folder=$2 renga=$(realpath "$3")
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

node "$mock" --port 0 --host 127.0.0.1 --fixtures "$folder/rain.json" --chunk-size 3 >"$folder/aimock.log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null || true' EXIT INT TERM
url=
tries=0
while [ -z "$url" ] && [ $tries -lt 100 ]; do
    kill -0 $server 2>/dev/null || break
    url=$(grep -o 'http://127\.0\.0\.1:[0-9]*' "$folder/aimock.log" | head -n 1 || true)
    tries=$((tries + 1))
    [ -n "$url" ] || sleep 0.1
done
if [ -z "$url" ]; then
    cat "$folder/aimock.log"
    echo "aimock did not start"
    exit 1
fi
"$program" "$url" openai-chat gpt-4o

# The same from the command line and from the desk, kept and found again.
home=$(mktemp -d)
trap 'kill $server 2>/dev/null || true; rm -rf "$home"' EXIT INT TERM
at_home() {
    env -i PATH="$PATH" HOME="$home" LC_ALL=C.UTF-8 ASAN_OPTIONS="${ASAN_OPTIONS-}" "$renga" "$@"
}
expected='细雨鱼儿出，微风燕子斜。 Rain walks softly over the roof, “tip, tap”. 🌧'
for way in openai-chat:gpt-4o openai-responses:gpt-4o anthropic:claude-sonnet-4-5 gemini:gemini-2.5-flash ollama:llama3.2; do
    answer=$(at_home write rain --url "$url" --dialect "${way%%:*}" --model "${way#*:}" </dev/null)
    [ "$answer" = "$expected" ] || { echo "renga write by $way printed: $answer"; exit 1; }
done
at_home history 燕子 | grep -q 细雨鱼儿出 || { echo "the library does not find it"; exit 1; }
printf '%s\n' 'size 100 30' 'type rain' 'key ^G' 'wait' 'command save' 'expect 细雨鱼儿出，微风燕子斜。' 'expect ● saved' >"$home/desk.script"
at_home --url "$url" --model gpt-4o --script "$home/desk.script"
