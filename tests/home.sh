# shellcheck shell=sh disable=SC2034,SC2154 # what is set here is used in the tests, and the other way round
# A home of its own for the program under test, and what the tests of the command line share; each reads this file first.
#
# Nothing of the caller's settings, keys or language gets in. Standard input is empty, the servers and the home go when the test ends.
# $home is a room for files too; there the program has its $config and its $library. $packs are the muse's. A test sets $renga.
set -u
for name in $(env | sed -n 's/^\([A-Za-z_][A-Za-z_0-9]*\)=.*/\1/p'); do
    case $name in
    PATH | *SAN_OPTIONS | MALLOC_PERTURB_) ;; # the checks of memory go on
    RENGA_LOCALEDIR | RENGA_TRIES | RENGA_HOSTILE | RENGA_REPLAY) ;; # what the tests themselves are told
    *) unset "$name" ;;
    esac
done
home=$(mktemp -d) || exit 1
packs=$(cd "$(dirname "$0")/../../muse/packs" && pwd) || exit 1
config=$home/.config/renga/config library=$home/.local/share/renga/renga.db
export HOME="$home" LC_ALL=C.UTF-8 TZ=UTC TERM=xterm-256color RENGA_MUSEDIR="$packs"
exec </dev/null
started='' failures=0 code='' out='' err=''
# shellcheck disable=SC2086 # they are numbers
trap 'kill $started 2>/dev/null; rm -rf "$home"' EXIT
trap 'exit 1' INT TERM

# -- servers

# start COMMAND…: runs until the test ends.
start() {
    "$@" &
    started="$started $!"
}

# wait_for COMMAND…: until it succeeds, and at most some twenty seconds.
wait_for() {
    tries=1000
    until "$@" >/dev/null 2>&1; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || { echo "Waited too long for: $*"; return 1; }
        sleep 0.02
    done
}

# serve FAKE_SERVER: leaves $port and $url.
serve() {
    start "$1" >"$home/port"
    wait_for test -s "$home/port" || exit 1
    port=$(cat "$home/port")
    url=http://127.0.0.1:$port
}

# servers MODEL…: the config names our server once for each model, by the model's name.
servers() {
    mkdir -p "$HOME/.config/renga"
    for model; do
        printf '[server %s]\nurl = %s\nmodel = %s\n' "$model" "$url" "$model"
    done >"$HOME/.config/renga/config"
}

# -- the program

# run ARGUMENT…: leaves $out, $err and $code.
run() {
    "$renga" "$@" >"$home/out" 2>"$home/err"
    ended $?
}

# ended CODE: the same of a program that was started otherwise, and wrote into $home/out and $home/err.
ended() {
    code=$1
    out=$(cat "$home/out")
    err=$(cat "$home/err")
}

# -- what is expected

# fail NAME
fail() {
    failures=$((failures + 1))
    printf 'FAILED %s\n  code %s\n  out: %s\n  err: %s\n' "$1" "$code" "$out" "$err"
}

# has TEXT PART
has() {
    case $1 in
    *"$2"*) ;;
    *) return 1 ;;
    esac
}

# is NAME CODE OUT: exactly this on standard output.
is() {
    [ "$code" = "$2" ] && [ "$out" = "$3" ] || fail "$1"
}

# says NAME CODE PART…: the parts occur on either output.
says() {
    case_name=$1
    [ "$code" = "$2" ] || fail "$case_name: exit code $2"
    shift 2
    for part; do
        has "$out$err" "$part" || fail "$case_name: $part"
    done
}

# finish: the last line of a test.
finish() {
    exit $((failures > 0))
}
