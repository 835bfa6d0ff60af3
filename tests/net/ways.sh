#!/bin/sh
# The ways to a server: a SOCKS proxy, an http proxy, from the config and from the environment, and a socket: ways.sh RENGA FAKE_SERVER RELAY.
. "$(dirname "$0")/../home.sh"
renga=$(realpath "$1") relay=$3
serve "$2"
mkdir -p "$(dirname "$config")"
verse='a lamp,'

# relayed WAY: leaves $way_port, and in $home/WAY.log what the relay was asked for
relayed() {
    start "$relay" "$1" "$port" >"$home/way" 2>"$home/$1.log"
    wait_for test -s "$home/way" || exit 1
    way_port=$(cat "$home/way")
    : >"$home/way"
}

# server LINE…: the config has one, "far", with these settings
server() {
    { printf '[server far]\nmodel = poem\n'; printf '%s\n' "$@"; } >"$config"
}

relayed socks
server 'url = http://gpu-box.local:8080' "proxy = socks5h://127.0.0.1:$way_port"
run write 秋夜
says 'by SOCKS' 0 "$verse"
has "$(cat "$home/socks.log")" 'name gpu-box.local:8080' || fail 'the proxy looks the name up'
run ping
says 'a ping by SOCKS' 0 'by the proxy that the config names' 'The proxy takes the connection'
server 'url = http://192.168.77.7:8080' "proxy = socks5://127.0.0.1:$way_port"
run write 秋夜
says 'an address by SOCKS' 0 "$verse"
has "$(cat "$home/socks.log")" 'address 192.168.77.7:8080' || fail 'the address goes to the proxy'

server 'url = http://gpu-box.local:8080'
ALL_PROXY=socks5h://127.0.0.1:$way_port run write 秋夜
says 'by the proxy of the environment' 0 "$verse"
: >"$home/socks.log"
ALL_PROXY=socks5h://127.0.0.1:1 run write 秋夜 --url "$url" --model poem
says 'to this machine without any proxy' 0 "$verse"
ALL_PROXY=socks5h://127.0.0.1:1 no_proxy=gpu-box.local run write 秋夜
says 'past the proxy' 4 gpu-box.local
[ ! -s "$home/socks.log" ] || fail 'nothing went by the proxy'

relayed proxy
http_proxy=http://127.0.0.1:1 run write 秋夜
says 'no proxy where the environment says' 4 'Check http_proxy'
http_proxy=http://127.0.0.1:$way_port run write 秋夜
says 'by an http proxy' 0 "$verse"
has "$(cat "$home/proxy.log")" 'POST http://gpu-box.local:8080/v1/chat/completions HTTP/1.1' || fail 'the proxy is told whom it is for'
server 'url = http://gpu-box.local:8080' 'proxy = http://127.0.0.1:1'
run write 秋夜
says 'a proxy that is not there' 4 'Check proxy in the config'

start "$relay" unix "$port" "$home/model.sock"
wait_for test -S "$home/model.sock" || exit 1
server 'url = http://localhost' "unix_socket = $home/model.sock"
run write 秋夜
says 'by a socket' 0 "$verse"
run ping
says 'a ping by a socket' 0 "$home/model.sock"
server 'url = http://poem.example' "unix_socket = $home/model.sock" 'proxy = http://127.0.0.1:1'
run write 秋夜
says 'a socket leaves this machine by no way' 0 "$verse"
server 'url = http://localhost' "unix_socket = $home/nothing.sock"
run write 秋夜
says 'no such socket' 4 'check unix_socket'
finish
