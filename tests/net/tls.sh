#!/bin/sh
# A server behind TLS whose certificate a throw-away CA signed: tls.sh RENGA FAKE_SERVER. By openssl alone, and where nghttpx is installed
# also by HTTP/2, streaming. Exit status 77 (skipped) where openssl is not.
. "$(dirname "$0")/../home.sh"
renga=$(realpath "$1") fake=$(realpath "$2")
command -v openssl >/dev/null 2>&1 || { echo "skipped: openssl is not installed"; exit 77; }
cd "$home" || exit 1
mkdir -p v1 "$(dirname "$config")"

# A CA, a stranger's CA, and certificates for this machine and for another name.
{
    for ca in ca stranger; do
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$ca" -keyout $ca.key -out $ca.pem
    done
    for name in here:IP:127.0.0.1 there:DNS:poem.example; do
        file=${name%%:*}
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$file" -keyout "$file.key" -out "$file.csr"
        printf 'subjectAltName = %s\n' "${name#*:}" >"$file.ext"
        openssl x509 -req -in "$file.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile "$file.ext" -out "$file.pem"
    done
    openssl x509 -req -in here.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days -1 -extfile here.ext -out expired.pem
    openssl x509 -req -in here.csr -signkey here.key -days 2 -extfile here.ext -out alone.pem
    cp here.key expired.key
    cp here.key alone.key
} >openssl.log 2>&1 || { cat openssl.log; exit 1; }

# free_port: one that nobody listens on, as far as can be told
free_port() {
    "$fake" >free &
    finder=$!
    wait_for test -s free || exit 1
    cat free
    kill $finder
    wait $finder 2>/dev/null
    rm free
}

# secure NAME: answers GET /v1/models behind TLS; sets $port
printf 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{"data":[{"id":"behind-tls"}]}' >v1/models
secure() {
    port=$(free_port)
    start openssl s_server -HTTP -accept "127.0.0.1:$port" -cert "$1.pem" -key "$1.key" >"$1.log" 2>&1
    wait_for openssl s_client -connect "127.0.0.1:$port"
}

# trust CA: the config has the server, and that CA as its own
trust() {
    printf '[server tls]\nurl = https://127.0.0.1:%s\nmodel = count-200\n' "$port" >"$config"
    [ -z "$1" ] || printf 'ca_file = %s\n' "$home/$1" >>"$config"
}

# expect WORDS ARGUMENT…
expect() {
    words=$1
    shift
    run "$@"
    has "$out$err" "$words" || fail "renga $*: $words"
}

reached=0
secure here
trust ca.pem
expect behind-tls models --server tls
grep -q 'GET\|FILE' here.log || { cat here.log; fail 'the log tells who came'; }
: >here.log
trust stranger.pem
expect 'cannot be trusted' models --server tls
trust ''
expect 'cannot be trusted' models --server tls
trust nowhere.pem
expect 'ca_file' models --server tls
reached=$((reached + $(grep -c 'GET\|FILE' here.log)))
for one in there expired alone; do
    secure "$one"
    trust ca.pem
    expect 'cannot be trusted' models --server tls
    expect 'cannot be trusted' write x --server tls
    reached=$((reached + $(grep -c 'GET\|POST\|FILE' "$one.log")))
done
printf 'promise 17: certificates of a stranger, of nobody, for another name, expired and signed by themselves refused, its own CA taken; %d trusted\n' "$reached"
[ "$reached" = 0 ] || fail "$reached trusted"

command -v nghttpx >/dev/null 2>&1 || { echo "without HTTP/2: nghttpx is not installed"; finish; }
serve "$fake"
behind=$port port=$(free_port)
start nghttpx -f"127.0.0.1,$port" -b"127.0.0.1,$behind" --accesslog-file=access.log \
    --accesslog-format='$alpn $request' here.key here.pem >nghttpx.log 2>&1
trust ca.pem
wait_for "$renga" models --server tls
expect 'w199 w200' write x --server tls
grep -q '^h2 POST /v1/chat/completions' access.log || { cat access.log; fail 'it speaks HTTP/2'; }
finish
