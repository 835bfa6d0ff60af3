#!/bin/sh
# Ping and doctor against servers that are well and servers that are not: cli_doctor.sh RENGA FAKE_SERVER.
. "$(dirname "$0")/../home.sh"
renga=$1
umask 077
serve "$2"
mkdir -p "$(dirname "$config")"

# tells NAME CODE LINE…: what lines hold, blanks squeezed.
tells() {
    case_name=$1
    [ "$code" = "$2" ] || fail "$case_name: exit code $2"
    shift 2
    tr -s ' ' <"$home/out" >"$home/squeezed"
    for line; do
        grep -qF -e "$line" "$home/squeezed" || fail "$case_name: $line"
    done
}

# -- ping
{
    printf 'server = desk\n[server desk]\nurl = %s\nmodel = poem\n' "$url"
    printf '[server any]\nurl = %s\n' "$url"
    printf '[server refused]\nurl = http://127.0.0.1:1\n'
    printf '[server nobody]\nurl = https://no-such-host.invalid/v1\n'
    printf '[server secure]\nurl = https://127.0.0.1:%s\nconnect_timeout = 1\n' "$port"
    printf '[server odd]\nurl = %s\nmodel = nope\n' "$url"
    printf '[server listless]\nurl = %s/listless\nmodel = poem\n[server lost]\nurl = %s/listless\n' "$url" "$url"
    printf '[server locked]\nurl = %s\nmodel = key\n' "$url/unlisted"
    printf '[server stranger]\nurl = http://stranger.example\n'
} >"$config"

run ping
tells 'all is well' 0 '✓ name 127.0.0.1 is an address' "✓ connect Port $port answers." '✓ TLS Plain http, which does not leave this machine.' \
    '✓ path It speaks like openai-chat.' '✓ key Its list came without a key.' '✓ model “poem” is in its list of 2.'
grep -q token "$home/out" && fail 'a token nobody asked for'
run ping --try
tells 'the first token' 0 '✓ key It asks for no key here.' '✓ token poem writes.'
[ ! -e "$library" ] || fail 'a ping keeps nothing in the library'
run ping any --try
tells 'no model named' 0 '✓ model None is named, so the first of its list is asked: poem.' '✓ token poem writes.'
run ping refused --try
tells 'a refused connection' 4 '✓ name' '✗ connect Nothing answers at 127.0.0.1:1. Start the server there' '· TLS not reached' '· path not reached' \
    '· key not reached' '· model not reached' '· token not reached'
run ping nobody
tells 'a bad name' 4 '✗ name The name of no-such-host.invalid is not known.' '· connect not reached' '· model not reached'
run ping secure
tells 'no TLS' 4 '✓ connect' '✗ TLS 127.0.0.1:' 'takes the connection but says nothing on it. If it speaks http' '· path not reached'
run ping odd
tells 'an unknown model' 3 '✓ key' '✗ model “nope” is not in the server'\''s list of 2 models; renga models -s odd shows them.'
run ping odd --try
tells 'an unknown model that answers' 0 '! model “nope” stands in no list, but it answers.' '✓ token nope writes.'
run ping listless
tells 'no list' 3 '✗ path 127.0.0.1:' 'has nothing at this address (404)' '· key not reached'
run ping listless --try
tells 'no list, but an answer' 0 '! path It speaks like openai-chat, but has no list of models.' '✓ key It asks for no key here.' '✓ token poem writes.'
run ping locked --try
tells 'a key is wanted only for writing' 3 '✗ key 127.0.0.1:' 'wants a key (401)' '· token not reached'
run ping lost --try
tells 'no list and no model' 3 '✗ path' '· token not reached'
run ping stranger
[ "$code" = 2 ] && grep -q 'insecure = yes' "$home/err" || fail 'plain http to a stranger'
run ping --json
tells 'a ping as JSON' 0 '{"check":"model","server":"desk","verdict":"well"'
run ping muse --json
tells 'the muse as JSON' 0 '{"check":"zh","server":"muse","verdict":"well"'
run ping refused --json
tells 'a failed ping as JSON' 4 '"verdict":"wrong"' '{"check":"TLS","server":"refused","verdict":"passed","text":"not reached"}'

# -- what a page may take along
printf 'server = desk\n[server desk]\nurl = %s\nmodel = echo\ncontext = 600\n' "$url" >"$config"
yes 'a line of the page that is long' | head -400 >"$home/page"
{ echo 'the very first line'; cat "$home/page"; } >"$home/long"
"$renga" write --once -p 'go on' <"$home/long" >"$home/out" 2>"$home/err" || fail 'a long page'
grep -q 'go on' "$home/out" || fail 'what is asked goes along'
grep -q 'the very first line' "$home/out" && fail 'the beginning of a page that is too long stays behind'

# -- doctor
printf 'server = desk\n[server desk]\nurl = %s\nmodel = poem\n' "$url" >"$config"
run doctor
tells 'a fresh machine' 0 '✓ library There is no library yet' '✓ space' '✓ permissions' '✓ config' '✓ clock It is ' '✓ locale The locale C.UTF-8 is UTF-8.' \
    '✓ network libcurl/' '✓ muse The pack “zh” is whole' '✓ servers desk answers. “poem” is in its list of 2.'
[ ! -e "$library" ] || fail 'the doctor makes no library'
run write hi
before=$(cksum <"$library")
run doctor
tells 'a library' 0 'is whole: every page, index and reference of it was read' '1 generation,'
[ "$before" = "$(cksum <"$library")" ] || fail 'the doctor changes nothing'
grep -q '✗' "$home/out" && fail 'nothing is wrong'
run doctor --json
tells 'as JSON' 0 '{"check":"library","verdict":"well"'
chmod 644 "$library"
run doctor
tells 'a library others can read' 1 '✗ permissions Others on this machine can reach' 'chmod 600'
chmod 600 "$library"
printf 'colour = pink\n' >>"$config"
run doctor
tells 'an unknown key in the config' 1 '✗ config' 'config:5'
printf 'server = far\n[server far]\nurl = http://127.0.0.1:1\n[server stranger]\nurl = http://stranger.example\n' >"$config"
run doctor
tells 'a server that is off' 1 '! servers far has a fault. Step by step:' '✗ connect Nothing answers' '! servers stranger is reached by plain http'
rm "$config"
RENGA_MUSEDIR=$home/nothing run doctor
tells 'no packs' 1 '✗ muse'
run doctor
tells 'no config' 0 '✓ config There is no config' '✓ servers None is set up'
cp "$library" "$home/damaged.db"
dd if=/dev/urandom of="$home/damaged.db" bs=8192 seek=3 count=12 conv=notrunc 2>/dev/null
damaged=$(cksum <"$home/damaged.db")
run doctor --library "$home/damaged.db"
tells 'a damaged library' 1 '✗ library' 'is damaged'
[ "$damaged" = "$(cksum <"$home/damaged.db")" ] || fail 'the damaged library is left as it is'
printf 'no library at all, but a text of some length' >"$home/text.db"
run doctor --library "$home/text.db"
tells 'no library' 1 '✗ library' 'is not a library'

finish
