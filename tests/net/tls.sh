#!/bin/sh
# A server behind TLS whose certificate a throw-away CA signed: tls.sh RENGA FAKE_SERVER. By openssl alone, and where nghttpx is installed
# also by HTTP/2, streaming. Exit status 77 (skipped) where openssl is not.
set -eu
renga=$(realpath "$1") fake=$(realpath "$2")
command -v openssl >/dev/null 2>&1 || { echo "skipped: openssl is not installed"; exit 77; }
home=$(mktemp -d)
servers=
trap 'for one in $servers; do kill $one 2>/dev/null || true; done; rm -rf "$home"' EXIT INT TERM
cd "$home"

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
    "$fake" >port.tmp &
    finder=$!
    while [ ! -s port.tmp ]; do sleep 0.02; done
    cat port.tmp
    kill $finder
    wait $finder 2>/dev/null || true
    rm port.tmp
}

# serve NAME: answers GET /v1/models behind TLS; sets $port
mkdir v1
printf 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{"data":[{"id":"behind-tls"}]}' >v1/models
serve() {
    port=$(free_port)
    openssl s_server -HTTP -accept "127.0.0.1:$port" -cert "$1.pem" -key "$1.key" >"$1.log" 2>&1 &
    servers="$servers $!"
    tries=0
    until openssl s_client -connect "127.0.0.1:$port" </dev/null >/dev/null 2>&1 || [ $tries -gt 50 ]; do
        tries=$((tries + 1))
        sleep 0.1
    done
}
at_home() {
    env -i PATH="$PATH" HOME="$home" XDG_CONFIG_HOME="$home/config" LC_ALL=C.UTF-8 ASAN_OPTIONS="${ASAN_OPTIONS-}" "$renga" "$@" </dev/null 2>&1
}
# config PORT CA
config() {
    mkdir -p config/renga
    printf '[server tls]\nurl = https://127.0.0.1:%s\nmodel = count-200\n' "$1" >config/renga/config
    [ -z "$2" ] || printf 'ca_file = %s\n' "$home/$2" >>config/renga/config
}
# expect WORDS COMMAND…
expect() {
    words=$1
    shift
    said=$(at_home "$@" || true)
    case $said in *"$words"*) ;; *) echo "renga $* said: $said"; exit 1 ;; esac
}
reached=0
serve here
config "$port" ca.pem
expect behind-tls models --server tls
grep -q 'GET\|FILE' here.log || { cat here.log; echo "the log does not tell who came"; exit 1; }
: >here.log
config "$port" stranger.pem
expect 'cannot be trusted' models --server tls
config "$port" ''
expect 'cannot be trusted' models --server tls
config "$port" nowhere.pem
expect 'ca_file' models --server tls
reached=$((reached + $(grep -c 'GET\|FILE' here.log || true)))
for one in there expired alone; do
    serve $one
    config "$port" ca.pem
    expect 'cannot be trusted' models --server tls
    expect 'cannot be trusted' write x --server tls
    reached=$((reached + $(grep -c 'GET\|POST\|FILE' "$one.log" || true)))
done
printf 'promise 17: certificates of a stranger, of nobody, for another name, expired and signed by themselves refused, its own CA taken; %d trusted\n' "$reached"
[ "$reached" = 0 ]

command -v nghttpx >/dev/null 2>&1 || { echo "without HTTP/2: nghttpx is not installed"; exit 0; }
"$fake" >behind &
servers="$servers $!"
while [ ! -s behind ]; do sleep 0.02; done
port=$(free_port)
nghttpx -f"127.0.0.1,$port" -b"127.0.0.1,$(cat behind)" --accesslog-file=access.log \
    --accesslog-format='$alpn $request' here.key here.pem >nghttpx.log 2>&1 &
servers="$servers $!"
config "$port" ca.pem
tries=0
until at_home models --server tls >/dev/null || [ $tries -gt 50 ]; do
    tries=$((tries + 1))
    sleep 0.1
done
expect 'w199 w200' write x --server tls
grep -q '^h2 POST /v1/chat/completions' access.log || { cat access.log; echo "it did not speak HTTP/2"; exit 1; }
