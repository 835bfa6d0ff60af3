#!/bin/sh
# ./run and tests/run on a house of one room: quiet, quick the second time, whole errors, the totals last. start.sh ROOT
set -u
root=$1
house=$(mktemp -d)
trap 'rm -rf "$house"' EXIT
failures=0

fail() {
    failures=$((failures + 1))
    printf 'FAILED %s\n  code %s\n  out: %s\n  err: %s\n' "$1" "$code" "$out" "$err"
}

# run COMMAND…: leaves $out, $err and $code.
run() {
    "$@" >"$house/out" 2>"$house/err" </dev/null
    code=$?
    out=$(cat "$house/out")
    err=$(cat "$house/err")
}

# is NAME CODE OUT ERR: exactly this.
is() {
    [ "$code" = "$2" ] && [ "$out" = "$3" ] && [ "$err" = "$4" ] || fail "$1"
}

mkdir "$house/app" "$house/tests" "$house/.ci"
cp "$root/setup.sh" "$root/run" "$house"
cp "$root/tests/run" "$house/tests"
cp "$root/.ci/run" "$house/.ci"
cat >"$house/meson.build" <<'END'
project('house', 'c')
subdir('app')
if get_option('tests')
  test('good', renga)
  test('bad', renga, args: 'fail')
  test('skipped', find_program('sh'), args: ['-c', 'exit 77'])
endif
END
echo "option('tests', type: 'boolean', value: true)" >"$house/meson_options.txt"
echo "renga = executable('renga', 'main.c')" >"$house/app/meson.build"
cat >"$house/app/main.c" <<'END'
#include <stdio.h>
int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        printf("(%s)", argv[i]);
    return argc == 2;
}
END

run "$house/run" a 'b c'
is 'the first start builds' 0 '(a)(b c)' 'Building renga …'
run "$house/run" a 'b c'
is 'the second start only starts' 0 '(a)(b c)' ''
ln -s "$house/run" "$house/app/link"
run env CDPATH="$house" sh -c 'cd / && exec "$1" a' - "$house/app/link"
is 'a start by a link from elsewhere' 1 '(a)' ''
run env CDPATH="$(dirname "$house")" sh -c 'cd "$1/.." && exec "${1##*/}/run" a' - "$house"
is 'a start where CDPATH is set' 1 '(a)' ''
run "$house/run" fail
is "the program's own exit code" 1 '(fail)' ''
echo 'broken' >>"$house/app/main.c"
run "$house/run"
case $code$err in
1*main.c*error*'renga could not be built.') ;;
*) fail 'errors are shown whole' ;;
esac
sed '$d' "$house/app/main.c" >"$house/mended" && mv "$house/mended" "$house/app/main.c"
run "$house/run" a b
is 'mended' 0 '(a)(b)' 'Building renga …'

run "$house/tests/run" good
is 'one test' 0 '1 passed, 0 failed, 0 skipped' 'Building renga …'
run "$house/.ci/run"
[ "$code" = 1 ] && [ "$(tail -n 1 "$house/out")" = '1 passed, 1 failed, 1 skipped' ] || fail 'all tests'
case $out in
*'(fail)'*) ;;
*) fail "a failing test's output is shown" ;;
esac
run "$house/tests/run" nobody
[ "$code" = 1 ] && [ "$(tail -n 1 "$house/out")" = '0 passed, 1 failed, 0 skipped' ] || fail 'a test that is not there'

mv "$house" "$house.moved" && house=$house.moved
run "$house/run" a b
is 'a moved house is set up anew' 0 '(a)(b)' 'Building renga …'
[ "$failures" -eq 0 ]
