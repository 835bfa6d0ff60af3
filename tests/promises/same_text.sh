#!/bin/sh
# Promise 2: what is there stays there, byte for byte: same_text.sh RENGA FAKE_SERVER FOLDER. Every text of the folder, and of the folder that RENGA_HOSTILE
# names, goes out as a prompt, comes back as a take, is kept, shown, exported and imported into another library; and as a file it becomes a page.
. "$(dirname "$0")/../home.sh"
renga=$(realpath "$1") folder=$3
HOME=$home/one
serve "$2"
servers echo
texts=0 ways=0 changed=0

# in_home NAME ARGUMENT…
in_home() {
    HOME=$home/$1
    shift
    "$renga" "$@" 2>>"$home/said"
}

# same WAY FILE: what came that way is what was sent
same() {
    ways=$((ways + 1))
    cmp -s "$home/sent" "$2" && return
    changed=$((changed + 1))
    echo "changed: $text, $1"
    cmp "$home/sent" "$2" 2>&1
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
    in_home "$1" history --limit 1 -j | sed 's/^{"generation":\([0-9]*\).*/\1/'
}

try_as_take() {
    in_home one write -s echo -p "$(cat "$home/sent")" >"$home/came"
    printf '%s' "$(cat "$home/came")" >"$home/took"
    same 'a prompt sent and a take that came' "$home/took"
    in_home one show "$(newest one)" --take 1 >"$home/came"
    printf '%s' "$(cat "$home/came")" >"$home/took"
    same 'the take as it is kept' "$home/took"
}

try_as_page() {
    rm -rf "$home/two" "$home/three"
    cp "$home/sent" "$home/page.txt"
    in_home two import "$home/page.txt" >/dev/null
    in_home two export 1 -f txt -o - >"$home/came"
    printf '%s' "$(cat "$home/came")" >"$home/took"
    same 'a file that became a page' "$home/took"
    in_home two export --all -f jsonl -o "$home/bundle.jsonl" >/dev/null
    in_home three import "$home/bundle.jsonl" >/dev/null
    in_home three export --all -f jsonl -o "$home/again.jsonl" >/dev/null
    cp "$home/sent" "$home/kept"
    cp "$home/bundle.jsonl" "$home/sent"
    same 'a bundle taken to another library' "$home/again.jsonl"
    mv "$home/kept" "$home/sent"
}

for each in "$folder" "${RENGA_HOSTILE-}"; do
    [ -n "$each" ] || continue
    for text in "$each"/*; do
        fits "$text" || continue
        texts=$((texts + 1))
        bracketed "$text" >"$home/sent"
        try_as_take
        try_as_page
    done
done
printf 'promise 2: %d texts with controls, marks and invisible characters in %d ways through the library and out again; %d changed\n' \
    "$texts" "$ways" "$changed"
[ "$changed" -eq 0 ] && [ "$texts" -gt 0 ] || { tail -5 "$home/said"; exit 1; }
