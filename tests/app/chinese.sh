#!/bin/sh
# The program in Chinese: chinese.sh RENGA ROOT compiles the catalogue and looks at help, errors and the desk through it.
. "$(dirname "$0")/../home.sh"
renga=$(realpath "$1") root=$2
command -v msgfmt >/dev/null || { echo 'msgfmt is not installed'; exit 77; }
mkdir -p "$home/zh_CN/LC_MESSAGES"
msgfmt --output-file="$home/zh_CN/LC_MESSAGES/renga.mo" "$root/po/zh_CN.po" || exit 1
export LANGUAGE=zh_CN RENGA_LOCALEDIR="$home"

# tells WORDS ARGUMENT…: the words are said, and not the head of the catalogue, which is what gettext has for "".
tells() {
    words=$1
    shift
    run "$@"
    has "$out$err" "$words" && ! has "$out$err" Content-Type || fail "renga $*: $words"
}

tells '书案' --help
for command in write rerun history show models servers ping paths; do
    tells '这份帮助。' "$command" --help
done
tells '没有“shw”这个命令。' shw
tells 'show 要给出编号。' show

cat >"$home/script" <<'END'
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
tells '到处可用' --script "$home/script"
finish
