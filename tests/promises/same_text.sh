#!/bin/sh
# Promise 2: what is there stays there, byte for byte: same_text.sh RENGA FAKE_SERVER FOLDER. Every text of the folder, and of the folder that RENGA_HOSTILE
# names, goes out as a prompt, comes back as a take, is kept, shown, exported and imported into another library; and as a file it becomes a page.
set -u
renga=$(realpath "$1") server=$2 folder=$3
room=$(mktemp -d)
"$server" >"$room/port" &
serving=$!
trap 'kill $serving; rm -rf "$room"' EXIT
while [ ! -s "$room/port" ]; do sleep 0.02; done
texts=0 ways=0 changed=0

# in_home NAME COMMAND…
in_home() {
    home=$room/$1
    shift
    env -i PATH="$PATH" HOME="$home" XDG_CONFIG_HOME="$home" XDG_DATA_HOME="$home" XDG_STATE_HOME="$home" TZ=UTC LC_ALL=C.UTF-8 \
        ASAN_OPTIONS="${ASAN_OPTIONS-}" "$@" 2>>"$room/said"
}

# same WAY FILE: what came that way is what was sent
same() {
    ways=$((ways + 1))
    cmp -s "$room/sent" "$2" && return
    changed=$((changed + 1))
    echo "changed: $text, $1"
    cmp "$room/sent" "$2" 2>&1
}

# Between brackets, so that no file is taken for another kind and a model's habit of white space at both ends changes nothing.
bracketed() {
    printf '「'
    cat "$1"
    printf '」'
}

# Whole UTF-8 without NUL, and no longer than the server's memory: what is not is cleaned on the way in, which is another promise.
fits() {
    [ "$(wc -c <"$1")" -lt 12000 ] && iconv -f utf-8 -t utf-8 <"$1" >/dev/null 2>&1 && tr -d '\0' <"$1" | cmp -s - "$1"
}

newest() {
    in_home "$1" "$renga" history --limit 1 -j | sed 's/^{"generation":\([0-9]*\).*/\1/'
}

try_as_take() {
    in_home one "$renga" write -s echo -p "$(cat "$room/sent")" >"$room/came"
    printf '%s' "$(cat "$room/came")" >"$room/took"
    same 'a prompt sent and a take that came' "$room/took"
    in_home one "$renga" show "$(newest one)" --take 1 >"$room/came"
    printf '%s' "$(cat "$room/came")" >"$room/took"
    same 'the take as it is kept' "$room/took"
}

try_as_page() {
    rm -rf "$room/two" "$room/three"
    cp "$room/sent" "$room/page.txt"
    in_home two "$renga" import "$room/page.txt" >/dev/null
    in_home two "$renga" export 1 -f txt -o - >"$room/came"
    printf '%s' "$(cat "$room/came")" >"$room/took"
    same 'a file that became a page' "$room/took"
    in_home two "$renga" export --all -f jsonl -o "$room/bundle.jsonl" >/dev/null
    in_home three "$renga" import "$room/bundle.jsonl" >/dev/null
    in_home three "$renga" export --all -f jsonl -o "$room/again.jsonl" >/dev/null
    cp "$room/sent" "$room/kept"
    cp "$room/bundle.jsonl" "$room/sent"
    same 'a bundle taken to another library' "$room/again.jsonl"
    mv "$room/kept" "$room/sent"
}

for each in "$folder" "${RENGA_HOSTILE-}"; do
    [ -n "$each" ] || continue
    for text in "$each"/*; do
        fits "$text" || continue
        texts=$((texts + 1))
        mkdir -p "$room/one/renga"
        printf '[server echo]\nurl = http://127.0.0.1:%s\nmodel = echo\n' "$(cat "$room/port")" >"$room/one/renga/config"
        bracketed "$text" >"$room/sent"
        try_as_take
        try_as_page
    done
done
printf 'promise 2: %d texts with controls, marks and invisible characters in %d ways through the library and out again; %d changed\n' \
    "$texts" "$ways" "$changed"
[ "$changed" -eq 0 ] && [ "$texts" -gt 0 ] || { tail -5 "$room/said"; exit 1; }
