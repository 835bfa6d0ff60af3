#!/bin/sh
# The rules of the house, checked: house.sh ROOT prints every breach as "law: where" and fails if there is one.
set -u
cd "$1" || exit 2
LC_ALL=C
export LC_ALL

sources=$(find app core muse ui net storage -name '*.[ch]' 2>/dev/null | sort)
everything=$(find .ci app core muse ui net storage themes templates po tests docs ./*.md ./*.build ./*.txt ./*.sh ./run -type f 2>/dev/null |
    grep -Ev '^tests/(house|data)/|\.(png|gmo|mo|muse|bin)$' | sort)

# breach LAW: every line of standard input is a place where it is broken.
breach() {
    sed "s|^|$1: |"
}

# Each folder sees core and itself; core sees itself alone; app sees all.
check_includes() {
    for pair in 'core:app|muse|ui|net|storage' 'muse:app|ui|net|storage' 'ui:app|muse|net|storage' 'net:app|muse|ui|storage' \
        'storage:app|muse|ui|net'; do
        grep -nE "^ *# *include +\"(\.\./)*(${pair#*:})/" /dev/null $(find "${pair%%:*}" -name '*.[ch]' 2>/dev/null)
    done | breach includes
}

# The libraries that only one place may know: HEADER PLACES
only_in() {
    grep -nE "^ *# *include +[<\"]$1" /dev/null $sources | grep -vE "^($2):" | breach "only in $2"
}

check_sole_users() {
    only_in '(ncursesw/)?(n?curses|term)\.h' 'ui/term_curses.c'
    only_in 'sqlite3' 'storage/[a-z_]*\.[ch]'
    only_in 'curl/' 'net/[a-z_]*\.[ch]'
    only_in '(cjson/)?cJSON' 'nowhere'
    only_in 'utf8proc' 'core/[a-z_]*\.[ch]'
}

check_sizes() {
    wc -l $sources | awk '$2 != "total" && $1 > 600 { print $2 " has " $1 " lines" }' | breach 'files of at most 600 lines'
    awk '
        FNR == 1 { start = 0 }
        /^\{/ { start = FNR }
        /^\}/ && start { if (FNR - start > 100) print FILENAME ":" start " is a function of " FNR - start " lines"; start = 0 }
    ' $sources | breach 'functions of at most 100 lines'
    awk '{ gsub(/[\200-\277]/, "") } length($0) > 160 { print FILENAME ":" FNR }' $sources | breach 'lines that can be read'
}

check_banned() {
    grep -nE '(^|[^a-zA-Z_.>"])(v?sprintf|strcpy|strcat|strncpy|strncat|strtok|gets|atoi|atol|atof|alloca|tmpnam|mktemp|system) *\(' \
        /dev/null $sources | grep -vE '^[^:]*:[0-9]*: *(/?\*|//)' | breach 'banned functions'
}

# Words that mean unfinished, and paths of one machine. Spelt apart, so that this file does not hold them.
check_words() {
    grep -nE "TO""DO|FIX""ME|(^|[^A-Za-z])X""XX([^A-Za-z]|$)|not imple""mented" /dev/null $everything | breach 'finished things'
    grep -nE "/wo""rk/|/ho""me/[a-z]|/ro""ot/|/Us""ers/|bash_jo""bs" /dev/null $everything | breach 'no machine paths'
}

check_openings() {
    for header in $(echo "$sources" | grep '\.h$'); do
        head -n 1 "$header" | grep -q '^/\*' || echo "$header"
    done | breach 'headers open with what they are'
    for file in $(echo "$sources" | grep '\.c$'); do
        own=${file%.c}.h
        first=$(grep -m 1 '^#include' "$file")
        [ ! -f "$own" ] || [ "$first" = "#include \"$own\"" ] || echo "$file"
    done | breach 'own header first'
    [ ! -f app/main.c ] || head -n 1 app/main.c | grep -q '^/\*' || echo app/main.c | breach 'main.c opens with the map'
    for folder in app core muse ui net storage; do
        [ ! -f app/main.c ] || sed '/\*\//q' app/main.c | grep -q "$folder/" || echo "app/main.c names no $folder/"
    done | breach 'main.c opens with the map'
}

check_translations() {
    grep -lE '(^|[^a-zA-Z_])(_|N_|n?gettext)\(' /dev/null $(echo "$sources" | grep '\.c$') | while read -r file; do
        grep -qxF "$file" po/POTFILES || echo "$file is not in po/POTFILES"
    done | breach translations
    while read -r file; do
        [ -z "$file" ] || [ -f "$file" ] || echo "po/POTFILES names $file"
    done <po/POTFILES | breach translations
}

breaches=$(
    check_includes
    check_sole_users
    check_sizes
    check_banned
    check_words
    check_openings
    check_translations
)
[ -z "$breaches" ] && exit 0
printf '%s\n' "$breaches"
exit 1
