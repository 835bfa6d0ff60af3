#!/bin/sh
# Writes template files as C strings: embed.sh OUT.c FILE.txt…
set -eu
out=$1
shift
{
    printf '/* Generated from templates/. */\n#include "app/templates.h"\n\nconst struct shipped_template shipped_templates[] = {\n'
    for file; do
        printf '    {"%s",\n' "$(basename "$file" .txt)"
        sed 's/\\/\\\\/g; s/"/\\"/g; s/.*/     "&\\n"/' "$file"
        printf '    },\n'
    done
    printf '    {0},\n};\n'
} >"$out"
