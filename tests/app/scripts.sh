#!/bin/sh
# Golden screens: scripts.sh RENGA FAKE_SERVER [--update] [NAME…] runs scripts/NAME.script and compares what it prints with
# NAME.screen; --update writes those files anew. NAME-1, NAME-2 … share one home in turn. A script that says "# no server" finds none
# in its config; any other finds one for each way of answering, first of all "poem"; with "# more servers" some others too; with "# unlisted server" one that lists no models; with "# exposed server" one on the open network,
# with "# ollama server" one that fetches models. One that says "# any words" is compared by its shape:
# every Han character counts as the same.
set -u
renga=$(realpath "$1") server=$2
shift 2
update=no
[ "${1-}" != --update ] || { update=yes; shift; }
here=$(cd "$(dirname "$0")/scripts" && pwd)
packs=$(cd "$(dirname "$0")/../../muse/packs" && pwd)
room=$(mktemp -d)
"$server" >"$room/port" &
serving=$!
trap 'kill $serving; rm -rf "$room"' EXIT
while [ ! -s "$room/port" ]; do sleep 0.02; done
port=$(cat "$room/port")

# write_config FILE
write_config() {
    mkdir -p "$(dirname "$1")"
    for model in poem echo hostile think empty busy refuse html cut stall; do
        printf '[server %s]\nurl = http://127.0.0.1:%s\nmodel = %s\n' "$model" "$port" "$model"
    done >"$1"
    printf '[server nameless]\nurl = http://127.0.0.1:%s\n' "$port" >>"$1"
    printf '[server brief]\nurl = http://127.0.0.1:%s\nmodel = echo\nsystem = be brief\n' "$port" >>"$1"
    printf '[server down]\nurl = http://127.0.0.1:1\nmodel = poem\n' >>"$1"
}

# more_servers FILE: one that rewrites, one whose model holds little, and two for bare completions, of which the last reads only ahead
more_servers() {
    printf '[server rewriter]\nurl = http://127.0.0.1:%s\nmodel = rewrite\n' "$port" >>"$1"
    printf '[server small]\nurl = http://127.0.0.1:%s\nmodel = poem\ncontext = 380\n' "$port" >>"$1"
    printf '[server base]\nurl = http://127.0.0.1:%s\nmodel = poem\ndialect = openai-completions\n' "$port" >>"$1"
    printf '[server ahead]\nurl = http://127.0.0.1:%s\nmodel = poem\ndialect = llamacpp\ncontext = 4096\n' "$port" >>"$1"
}

# unlisted_server FILE: one that lists no models, so that any may be asked
unlisted_server() {
    printf '[server unlisted]\nurl = http://127.0.0.1:%s/unlisted\nmodel = poem\n' "$port" >>"$1"
}

# exposed_server FILE: one on the open network, as its name says; the way there is closed
exposed_server() {
    printf '[server stranger]\nurl = http://poem.invalid\nmodel = poem\nproxy = http://127.0.0.1:1\n' >>"$1"
}

# ollama_server FILE: one that fetches models; this one it has not yet
ollama_server() {
    printf '[server ollama]\nurl = http://127.0.0.1:%s\nmodel = tiny:1b\ndialect = ollama\n' "$port" >>"$1"
}

# write_servers FILE MODEL…
write_servers() {
    file=$1
    shift
    mkdir -p "$(dirname "$file")"
    for model; do
        printf '[server %s]\nurl = http://127.0.0.1:%s\nmodel = %s\n' "$model" "$port" "$model"
    done >"$file"
}

# run SCRIPT HOME: nothing of the caller's settings, keys or language goes in.
run() {
    env -i PATH="$PATH" HOME="$2" XDG_CONFIG_HOME="$2/config" XDG_DATA_HOME="$2/data" XDG_STATE_HOME="$2/state" TZ=UTC \
        RENGA_MUSEDIR="$packs" LC_ALL=C.UTF-8 TERM=xterm-256color ASAN_OPTIONS="${ASAN_OPTIONS-}" \
        "$renga" --script "$1" </dev/null 2>&1 || echo "exit $?"
}

# The port differs from run to run; it is as wide as what stands for it.
settle() {
    sed -E "s/127\.0\.0\.1:$port/127.0.0.1:PORT_/g; s| +\$||"
}

# What the muse writes is another poem whenever it has learnt more: any_words SCRIPT
any_words() {
    if grep -q '^# any words' "$1"; then
        LC_ALL=C sed "s/$(printf '[\344-\351][\200-\277][\200-\277]')/字/g"
    else
        cat
    fi
}

failures=0
for script in "$here"/*.script; do
    name=$(basename "$script" .script)
    case " $* " in "  " | *" $name "*) ;; *) continue ;; esac
    home=$room/$(expr "$name" : '\(.*\)-[0-9]$' \| "$name")
    [ -d "$home" ] || grep -q '^# no server' "$script" || write_config "$home/config/renga/config"
    servers=$(sed -n 's/^# server //p' "$script")
    # shellcheck disable=SC2086
    [ -z "$servers" ] || write_servers "$home/config/renga/config" $servers
    mkdir -p "$home"
    ! grep -q '^# exposed server' "$script" || exposed_server "$home/config/renga/config"
    ! grep -q '^# unlisted server' "$script" || unlisted_server "$home/config/renga/config"
    ! grep -q '^# ollama server' "$script" || ollama_server "$home/config/renga/config"
    ! grep -q '^# more servers' "$script" || more_servers "$home/config/renga/config"
    (cd "$here" && run "$name.script" "$home") | settle | any_words "$script" >"$room/$name.screen"
    if grep -q '^exit [0-9]*$' "$room/$name.screen"; then # never right, and never kept
        tail -n 2 "$room/$name.screen"
        failures=$((failures + 1))
    elif [ "$update" = yes ]; then
        cp "$room/$name.screen" "$here/$name.screen"
    elif ! diff -u "$here/$name.screen" "$room/$name.screen"; then
        failures=$((failures + 1))
    fi
done
[ "$failures" -eq 0 ]
