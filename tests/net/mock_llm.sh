#!/bin/sh
# Asks a server that others wrote, from the command line and from the desk: mock_llm.sh FOLDER RENGA
# The server is the npm package @dwmkerr/mock-llm, kept in FOLDER; it says what was asked back (a quote or backslash in it is too much for it). Exit status 77 (skipped) where it cannot be had.
set -eu
folder=$1 renga=$(realpath "$2")
version=0.1.29

skip() {
    echo "skipped: $1"
    exit 77
}
command -v node >/dev/null 2>&1 || skip "node is not installed"
command -v npm >/dev/null 2>&1 || skip "npm is not installed"
mkdir -p "$folder"
mock=$folder/node_modules/@dwmkerr/mock-llm/dist/main.js
if [ ! -e "$mock" ]; then
    npm install --no-audit --no-fund --no-save --silent --prefix "$folder" "@dwmkerr/mock-llm@$version" >"$folder/npm.log" 2>&1 ||
        skip "the npm package @dwmkerr/mock-llm cannot be installed"
fi
port=$(node -e 's=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')
home=$(mktemp -d)
(cd "$home" && HOST=127.0.0.1 PORT=$port exec node "$(realpath "$mock")") >"$folder/mock-llm.log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null || true; rm -rf "$home"' EXIT INT TERM
url=http://127.0.0.1:$port
at_home() {
    env -i PATH="$PATH" HOME="$home" LC_ALL=C.UTF-8 ASAN_OPTIONS="${ASAN_OPTIONS-}" "$renga" "$@"
}
tries=0
until at_home models --url "$url" >"$home/models" 2>/dev/null; do
    tries=$((tries + 1))
    if [ $tries -gt 100 ] || ! kill -0 $server 2>/dev/null; then
        cat "$folder/mock-llm.log"
        echo "mock-llm did not start, or lists no models"
        exit 1
    fi
    sleep 0.1
done
model=$(head -n 1 "$home/models")
for how in '' --no-stream; do
    answer=$(at_home write '举头望明月, “tip, tap” 🌧' --url "$url" --model "$model" $how </dev/null)
    [ "$answer" = '举头望明月, “tip, tap” 🌧' ] || { echo "renga write $how printed: $answer"; exit 1; }
done
at_home history 望明月 | grep -q 举头 || { echo "the library does not find it"; exit 1; }
printf '%s\n' 'size 100 30' 'type 低头思故乡' 'key ^G' 'wait' 'command save' 'expect › 低头思故乡' 'expect ● saved' >"$home/desk.script"
at_home --url "$url" --model "$model" --script "$home/desk.script"
