#!/bin/sh
# Writes theme files as C strings: embed.sh OUT.c FILE.theme…
set -eu
out=$1
shift
{
    printf '/* Generated from themes/. */\n#include "ui/theme.h"\n\nconst struct shipped_theme shipped_themes[] = {\n'
    for file; do
        printf '    {"%s",\n' "$(basename "$file" .theme)"
        sed 's/\\/\\\\/g; s/"/\\"/g; s/.*/     "&\\n"/' "$file"
        printf '    },\n'
    done
    printf '    {0},\n};\n'
} >"$out"
