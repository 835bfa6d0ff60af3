#!/bin/sh
# The program in Chinese: chinese.sh RENGA ROOT compiles the catalogue and looks at help, errors and the desk through it.
set -u
renga=$1 root=$2
command -v msgfmt >/dev/null || { echo 'msgfmt is not installed'; exit 77; }
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
mkdir -p "$room/zh_CN/LC_MESSAGES"
msgfmt --output-file="$room/zh_CN/LC_MESSAGES/renga.mo" "$root/po/zh_CN.po" || exit 1
failures=0

# chinese ARGUMENT…: nothing of the caller's settings, keys or language goes in.
chinese() {
    env -i PATH="$PATH" HOME="$room" XDG_CONFIG_HOME="$room/config" XDG_DATA_HOME="$room/data" XDG_STATE_HOME="$room/state" \
        LC_ALL=C.UTF-8 LANGUAGE=zh_CN TERM=xterm-256color RENGA_LOCALEDIR="$room" ASAN_OPTIONS="${ASAN_OPTIONS-}" \
        "$renga" "$@" </dev/null 2>&1
}

# says WORDS ARGUMENT…: fails unless the words are said, or where the head of the catalogue shows (what gettext has for "").
says() {
    words=$1
    shift
    said=$(chinese "$@")
    case $said in
    *Content-Type*) echo "renga $* shows the head of the catalogue" ;;
    *"$words"*) return ;;
    *) printf 'renga %s does not say %s:\n%s\n' "$*" "$words" "$said" ;;
    esac
    failures=$((failures + 1))
}

says '书案' --help
for command in write rerun history show models servers ping paths; do
    says '这份帮助。' "$command" --help
done
says '没有“shw”这个命令。' shw
says 'show 要给出编号。' show

cat >"$room/script" <<'END'
size 120 40
expect 空白的一页。
expect 最长词元
expect 发问
screen desk
key F1
screen help
key Esc ^P
screen palette
key Esc M-p
expect 温润
key Esc ^R
expect 文库
END
says '到处可用' --script "$room/script"
[ "$failures" -eq 0 ]
