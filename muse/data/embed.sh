#!/bin/sh
# Writes a file's bytes as a C string: embed.sh OUT.c NAME FILE
set -eu
{
    printf '/* Generated from %s. */\n#include <stdalign.h>\n\n' "$(basename "$3")"
    printf 'extern const unsigned char %s[];\nalignas(8) const unsigned char %s[] =\n' "$2" "$2"
    od -An -v -to1 "$3" | sed 's/[[:space:]]*$//; s/[[:space:]][[:space:]]*/\\/g; s/.*/"&"/'
    printf ';\n'
} >"$1"
