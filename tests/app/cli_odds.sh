#!/bin/sh
# Odds on the command line: cli_odds.sh RENGA FAKE_SERVER.
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

frost='{"text":"霜","odds":0.2019,"others":[{"text":"雪","odds":0.2019},{"text":"露","odds":0.2019},{"text":"月","odds":0.1003}]}'

# 1: both shapes tell the same; three tokens are one character
for dialect in openai-chat openai-completions; do
    run write --url "$url" --dialect $dialect --model odds --odds --json 秋
    holds "$dialect" "$out" '"odds":[{"text":"\n","odds":0.9048,"others":[{"text":"\n\n","odds":0.07427}]},{"text":"秋夜"'
    holds "$dialect" "$out" "$frost"
    holds "$dialect" "$out" '{"text":"。","odds":0.9512,"others":[{"text":".","odds":0.03337}]}]}'
done

# not asked for, not told and not kept
run write --url "$url" --model odds --json 秋
lacks 'not asked for' "$out" '"odds"'
run show 3 --odds
holds 'not kept' "$err" 'Take 1 was kept without odds'

# they are kept, and shown
run show 1 --odds
holds show "$out" ' 20.2 %  霜            雪 20.2   露 20.2   月 10.0'
holds show "$out" '  1.5 %  a lamp        落叶 44.9   the 20.2   一灯 9.1   a 4.5'
holds show "$out" ' 30.1 %  ␣burns        ␣is 40.7   ␣goes 9.1'
run show 1 --odds --take 1
lacks 'one take' "$out" 'prompt'
holds 'one take' "$out" ' 22.3 %  ↵             风 33.3'
run show 1 --odds --json
holds 'show --json' "$out" "$frost"
run show 1 --json
lacks 'show without' "$out" '"odds"'
run rerun 3 --odds --json
holds rerun "$out" "$frost"

# a server that refuses to tell writes all the same, and one that tells nothing is said to
run write --url "$url" --model no-odds --odds 秋
holds refused "$out" '秋夜，雨落空阶'
[ "$code" -eq 0 ] || holds refused "$code" 0
run write --url "$url" --model poem --odds 秋
for id in 5 6; do
    run show $id --odds
    holds 'none given' "$out" 'Odds were asked for, and the server gave none.'
done

# the muse tells its own, of every character that it wrote; --once too
run write --odds --json --once --seed 7 写一首五绝，秋夜
holds muse "$out" '"odds":[{"text":"'
holds muse "$out" '"others":[{"text":"'
lacks muse "$out" '{"text":"，"},'

[ "$failures" -eq 0 ]
