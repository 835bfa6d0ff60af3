#!/bin/sh
# Streams that are cut, delayed, compressed, broken off or no streams at all, from a server made for that: replay.sh RENGA
# RENGA_REPLAY names it (a Python program that prints "listening 127.0.0.1:PORT" and makes text as its address says). Exit status 77
# (skipped) where it is not set.
. "$(dirname "$0")/../home.sh"
renga=$(realpath "$1")
[ -n "${RENGA_REPLAY-}" ] || { echo "skipped: RENGA_REPLAY names no server"; exit 77; }
command -v python3 >/dev/null 2>&1 || { echo "skipped: python3 is not installed"; exit 77; }
command -v curl >/dev/null 2>&1 || { echo "skipped: curl is not installed"; exit 77; }
start python3 "$RENGA_REPLAY" --port 0 --quiet >"$home/port" 2>&1
wait_for grep listening "$home/port" || { cat "$home/port"; exit 1; }
base=http://$(sed -n 's/.*listening \(127[0-9.:]*\).*/\1/p' "$home/port" | head -n 1)
made=n=80,rate=0,lang=mix,seed=7
whole=$(curl -s "$base/admin/text/$made/0" | sed 's/^[[:space:]]*//; s/[[:space:]]*$//')
[ -n "$whole" ] || exit 1
mkdir -p "$(dirname "$config")"

# ask OPTIONS DIALECT: asks for the made text, served as the options say
ask() {
    printf '[server r]\nurl = %s/gen/%s%s/v1\nmodel = m\ndialect = %s\nfirst_timeout = 1\nidle_timeout = 1\n' \
        "$base" "$made" "$1" "$2" >"$config"
    timeout 30 "$renga" write x --server r --max-tokens 1000 >"$home/out" 2>"$home/err"
    ended $?
}

# However it comes, it is the same text.
for how in '' ,bpw=1 ,split=utf8 ,split=line ,split=crlf ,split=rand:3 ,te=close ,te=len ,http=1.0 ,chunk=7 ,chunkext=1,trailer=1 \
    ,gzip=1 ,deflate=1 ,info=103 ,dup=1 ,ct=none ,ct=text/html ,slowhdr=1 ,keepalive=20,ttft=100 ,think=20 ,done=0; do
    ask "$how" openai-chat
    is "openai-chat, $how" 0 "$whole"
done
for dialect in openai-completions openai-responses anthropic gemini ollama; do
    ask ,split=utf8 $dialect
    is "$dialect" 0 "$whole"
done

# Broken off anywhere: what came is the beginning, and a sentence says so.
at=1
while [ $at -lt 9000 ]; do
    for way in rst drop; do
        ask ",$way=$at" openai-chat
        [ "$code" != 0 ] && [ -n "$err" ] || fail "$way=$at"
        case $whole in "$out"*) ;; *) fail "$way=$at: that is not how it begins" ;; esac
    done
    at=$((at + 811))
done

# breaks OPTIONS WORDS: it fails and says so
breaks() {
    ask "$1" openai-chat
    [ "$code" != 0 ] && has "$err" "$2" || fail "$1: $2"
}
breaks ,stall=2000 'has sent nothing for 1 s'
breaks ,noresp=1 'sent nothing for 1 s'
breaks ,closenow=1 'closed the connection'
breaks ,rstnow=1 'closed the connection'
breaks ,garbage=1 'does not speak HTTP'
breaks ,longhdr=100000 'head of more than 64 kB'
breaks ,br=1 'compression'
breaks ,badchunk=1 'What came'
breaks ,redirect=307:1 'redirects'
breaks ,status=503 '503'
breaks ,err=10 'What came is kept'
finish
