#!/bin/sh
# Asks a server that others wrote, from the command line and from the desk: mock_llm.sh FOLDER RENGA
# The server is the npm package @dwmkerr/mock-llm, kept in FOLDER; it says what was asked back (a quote or backslash in it is too much for it). Exit status 77 (skipped) where it cannot be had.
set -u
folder=$1
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
# From here on nothing of the caller's settings, which npm may need, gets in.
. "$(dirname "$0")/../home.sh"
renga=$(realpath "$2") folder=$(realpath "$folder") mock=$(realpath "$mock")
url=http://127.0.0.1:$port
cd "$home" || exit 1
cat >mock-llm.yaml <<'RULES'
rules:
  - path: "/v1/chat/completions"
    match: "@"
    response:
      status: 200
      content: |
        {"id": "1", "object": "chat.completion", "model": "{{jmes request body.model}}", "choices": [{"index": 0,
         "message": {"role": "assistant", "content": "{{jmes request body.messages[-1].content}}"}, "finish_reason": "stop"}]}
  - path: "/v1/chat/completions"
    match: "contains(body.messages[-1].content, 'choosy') && body.temperature != null"
    response:
      status: 400
      content: '{"error": {"message": "Unsupported parameter: temperature", "type": "invalid_request_error", "param": "temperature"}}'
  - path: "/v1/chat/completions"
    match: "contains(body.messages[-1].content, 'locked')"
    response:
      status: 401
      content: '{"error": {"message": "Incorrect API key provided.", "type": "invalid_request_error", "code": "invalid_api_key"}}'
  - path: "/v1/models"
    response:
      status: 200
      content: '{"object": "list", "data": [{"id": "回声-1", "object": "model"}]}'
RULES
start env HOST=127.0.0.1 PORT="$port" node "$mock" >"$folder/mock-llm.log" 2>&1
wait_for "$renga" models --url "$url" || { cat "$folder/mock-llm.log"; echo "mock-llm did not start, or lists no models"; exit 1; }
run models --url "$url"
model=$(head -n 1 out)
for how in '' --no-stream; do
    run write '举头望明月, “tip, tap” 🌧' --url "$url" --model "$model" $how
    is "renga write $how" 0 '举头望明月, “tip, tap” 🌧'
done
# Asked for a stream, it answers well (200) and refuses within it.
for how in '' --no-stream; do
    run write 'choosy 望月' --temperature 0.5 --url "$url" --model "$model" $how
    is "renga write $how, temperature refused" 0 'choosy 望月'
    run write 'locked' --url "$url" --model "$model" $how
    says "renga write $how, no key" 3 'Incorrect API key provided.'
done
run history 望明月
has "$out" 举头 || fail 'the library finds it'
printf '%s\n' 'size 100 30' 'type 低头思故乡' 'key ^G' 'wait' 'command save' 'expect › 低头思故乡' 'expect ● saved' >desk.script
run --url "$url" --model "$model" --script desk.script
says 'on the desk' 0
finish
