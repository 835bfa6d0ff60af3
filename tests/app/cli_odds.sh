#!/bin/sh
# Odds on the command line: cli_odds.sh RENGA FAKE_SERVER.
. "$(dirname "$0")/../home.sh"
renga=$(realpath "$1")
serve "$2"
frost='{"text":"霜","odds":0.2019,"others":[{"text":"雪","odds":0.2019},{"text":"露","odds":0.2019},{"text":"月","odds":0.1003}]}'

# 1: both shapes tell the same; three tokens are one character
for dialect in openai-chat openai-completions; do
    run write --url "$url" --dialect $dialect --model odds --odds --json 秋
    has "$out" '"odds":[{"text":"\n","odds":0.9048,"others":[{"text":"\n\n","odds":0.07427}]},{"text":"秋夜"' || fail "$dialect: the beginning"
    has "$out" "$frost" || fail "$dialect: three tokens"
    has "$out" '{"text":"。","odds":0.9512,"others":[{"text":".","odds":0.03337}]}]}' || fail "$dialect: the end"
done

# not asked for, not told and not kept
run write --url "$url" --model odds --json 秋
! has "$out" '"odds"' || fail 'not asked for'
run show 3 --odds
has "$err" 'Take 1 was kept without odds' || fail 'not kept'

# they are kept, and shown
run show 1 --odds
has "$out" ' 20.2 %  霜            雪 20.2   露 20.2   月 10.0' || fail 'show: a character'
has "$out" '  1.5 %  a lamp        落叶 44.9   the 20.2   一灯 9.1   a 4.5' || fail 'show: words'
has "$out" ' 30.1 %  ␣burns        ␣is 40.7   ␣goes 9.1' || fail 'show: a blank'
run show 1 --odds --take 1
! has "$out" 'prompt' || fail 'one take, and nothing else'
has "$out" ' 22.3 %  ↵             风 33.3' || fail 'one take'
run show 1 --odds --json
has "$out" "$frost" || fail 'show --json'
run show 1 --json
! has "$out" '"odds"' || fail 'show without'
run rerun 3 --odds --json
has "$out" "$frost" || fail 'rerun'

# a server that refuses to tell writes all the same, and one that tells nothing is said to
run write --url "$url" --model no-odds --odds 秋
has "$out" '秋夜，雨落空阶' || fail 'refused'
[ "$code" -eq 0 ] || fail 'refused: it fails'
run write --url "$url" --model poem --odds 秋
for id in 5 6; do
    run show $id --odds
    has "$out" 'Odds were asked for, and the server gave none.' || fail 'none given'
done

# the muse tells its own, of every character that it wrote; --once too
run write --odds --json --once --seed 7 写一首五绝，秋夜
has "$out" '"odds":[{"text":"' || fail 'the muse: what it wrote'
has "$out" '"others":[{"text":"' || fail 'the muse: what it might have written'
! has "$out" '{"text":"，"},' || fail 'the muse: a mark without odds'

finish
