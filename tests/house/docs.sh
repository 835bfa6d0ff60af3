#!/bin/sh
# The documents name all that there is: docs.sh ROOT TABLES prints what the manual page or a completion lacks. TABLES prints the
# program's own tables; what has no table is read from the sources.
set -u
tables=$(realpath "$2")
cd "$1" || exit 2
LC_ALL=C.UTF-8
export LC_ALL
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
page=docs/renga.1
shells='docs/completions/renga.bash docs/completions/_renga docs/completions/renga.fish'

"$tables" >"$room/tables" || exit 2
# The page as it reads: what roff spells otherwise, plain.
sed 's/\\-/-/g; s/\\(ha/^/g; s/ Ns / /g' "$page" >"$room/page"

# lacks FILE WORD: the word does not stand in the file by itself.
lacks() {
    ! grep -qE -e "(^|[^A-Za-z0-9_-])$2([^A-Za-z0-9_-]|\$)" "$1"
}

# The second columns of the rows of a kind: of KIND
of() {
    sed -n "s/^$1	//p" "$room/tables"
}

check_words_of_the_page() {
    for kind in word dialect form preset map theme; do
        [ -n "$(of $kind)" ] || echo "tables: nothing of the kind $kind"
        for word in $(of $kind); do
            lacks "$room/page" "$word" && echo "$page: the $kind $word"
        done
    done
    for flag in $(of option) $(of dial | tr _ -); do
        grep -qE "Fl -$flag( |\$)" "$page" || echo "$page: --$flag"
    done
    for role in $(of role); do
        grep -qx "\.It Ic $role" "$page" || echo "$page: the role $role"
    done
    for letter in $(of letter); do
        grep -qE "^\.It Fl $letter ," "$page" || echo "$page: -$letter"
    done
}

# Ranges, presets and keys stand in the page as whole lines.
check_lines_of_the_page() {
    [ -n "$(of line)" ] || echo 'tables: no lines'
    of line | while IFS= read -r line; do
        grep -qxF -e "$line" "$page" || echo "$page: the line \"$line\""
    done
}

# What each dialect takes stands in the manual as rows of a table.
check_rows_of_the_manual() {
    [ -n "$(of row)" ] || echo 'tables: no rows'
    of row | while IFS= read -r row; do
        grep -qxF -e "$row" docs/manual.md || echo "docs/manual.md: the row \"$row\""
    done
}

check_completions() {
    for file in $shells; do
        for word in $(of word) $(of preset) $(of dialect); do
            lacks "$file" "$word" && echo "$file: $word"
        done
        for flag in $(of option) $(of dial | tr _ -); do
            grep -qE -e "(--|-l )$flag([^a-z-]|\$)" "$file" || echo "$file: --$flag"
        done
        for letter in $(of letter); do
            grep -qE -e "(^|[ {(])(-|-s )$letter([^a-z-]|\$)" "$file" || echo "$file: -$letter"
        done
    done
}

# What the sources say outside of tables: found WHAT LEAST WORDS…
found() {
    what=$1 least=$2
    shift 2
    [ $# -ge "$least" ] || echo "sources: only $# of $what are found; did their form change?"
    for word; do
        lacks "$room/page" "$word" && echo "$page: the $what $word"
    done
}

check_sources() {
    found setting 19 $(sed -n 's/.*span_is(en->key, "\([a-z_]*\)").*/\1/p' app/config/config.c | sort -u | grep -vx key) \
        $(grep -o '{"[a-z_]*_\(command\|env\|file\|timeout\)"' app/config/save.c | tr -d '{"')
    found section 3 $(grep -oE '(section_named|span_is)\(en->section, "[a-z]+"' app/config/config.c | sed 's/.*"\([a-z]*\)"/\1/')
    for filter in $(sed -n '/^} filter_table/,/^};/p' storage/query.c | grep -oE '\{"[a-z]+"' | tr -d '{"'); do
        grep -qE "(Ic|,) $filter( :|>=)" "$page" || echo "$page: the filter $filter"
    done
    found state 6 $(sed -n '/state_names\[TAKE_STATE_COUNT\] = /p' core/story.c | grep -oE '"[a-z]+"' | tr -d '"')
    found 'exit status' 6 $(grep -oE 'EXIT_[A-Z]+ = [0-9]+' app/cli/cli.h | sed 's/.*= //')
    found step 11 $(sed -n '/^} steps/,/^};/p' app/script.c | grep -oE '\{"[a-z]+"' | tr -d '{"')
    found attribute 5 $(sed -n '/^static bool parse_attribute/,/^}/p' ui/theme.c | grep -oE '\{"[a-z]+"' | tr -d '{"')
    found colour 8 $(sed -n '/names\[16\]/,/};/p' ui/colour.c | grep -oE '"[a-z]+"' | tr -d '"')
    found 'key name' 15 $(sed -n '/KEYCODE_[A-Z_]*, "/s/.*"\([A-Za-z]*\)".*/\1/p' ui/key.c |
        grep -vxE 'PageUp|PageDown|Insert|Return|Escape')
    found variable 28 $(grep -ohE '(getenv|is_set|xdg_folder)\("[A-Z_]+"|\{"[A-Z]+_API_KEY"|"(LANG|LC_)[A-Z]*"' \
        app/*.c app/*/*.c core/*.c ui/*.c net/*.c | sed 's/.*"\([A-Z_]*\)"/\1/' | sort -u | grep -vxE 'LINES|COLUMNS')
}

# The page is sound where something can tell.
check_form() {
    if command -v mandoc >/dev/null; then
        mandoc -T lint -W warning "$page"
    elif command -v groff >/dev/null; then
        groff -Tutf8 -k -mdoc -ww -z "$page" 2>&1
    fi
}

check_shells() {
    for pair in bash:renga.bash zsh:_renga fish:renga.fish; do
        shell=${pair%%:*}
        if command -v "$shell" >/dev/null; then
            "$shell" -n "docs/completions/${pair#*:}" 2>&1
        fi
    done
}

missing=$(
    check_words_of_the_page
    check_lines_of_the_page
    check_rows_of_the_manual
    check_completions
    check_sources
    check_form
    check_shells
)
[ -z "$missing" ] && exit 0
printf '%s\n' "$missing"
exit 1
