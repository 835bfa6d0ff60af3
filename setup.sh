# What renga is built with, shared by ./run and tests/run: finds what is missing, installs it, builds. Sourced, never run.
#
# One need a line: how to see that it is there, then the packages that bring it (words joined by '+').
#
#   check            apt                   dnf                 pacman        brew
needs_desk='
  cmd:cc             gcc+libc6-dev         gcc                 gcc           -
  cmd:pkg-config     pkg-config            pkgconf-pkg-config  pkgconf       pkgconf
  cmd:meson          meson                 meson               meson         meson
  cmd:ninja          ninja-build           ninja-build         ninja         ninja
  cmd:msgfmt         gettext               gettext             gettext       gettext
  lib:libutf8proc    libutf8proc-dev       utf8proc-devel      libutf8proc   utf8proc
  lib:ncursesw       libncurses-dev        ncurses-devel       ncurses       ncurses
  lib:sqlite3        libsqlite3-dev        sqlite-devel        sqlite        sqlite
  lib:libcurl        libcurl4-openssl-dev  libcurl-devel       curl          curl
'
needs_tests="$needs_desk"'
  lib:cmocka         libcmocka-dev         libcmocka-devel     cmocka        cmocka
  lib:libcjson       libcjson-dev          cjson-devel         cjson         cjson
  lib:vterm          libvterm-dev          libvterm-devel      libvterm      libvterm
'

say() {
    printf '%s\n' "$*" >&2
}

# A step whose output nobody needs to see unless it fails: quietly LOG COMMAND…
quietly() {
    quiet_log=$1
    shift
    "$@" </dev/null >"$quiet_log" 2>&1
}

show_and_fail() {
    cat "$1" >&2
    say "$2"
    exit 1
}

there() {
    case $1 in
    cmd:*) command -v "${1#cmd:}" >/dev/null 2>&1 ;;
    lib:*) pkg-config --exists "${1#lib:}" 2>/dev/null ;;
    esac
}

package_manager() {
    for manager in apt-get dnf pacman brew; do
        if command -v "$manager" >/dev/null 2>&1; then
            echo "$manager"
            return
        fi
    done
}

# The packages that bring what is missing: missing_packages NEEDS MANAGER
missing_packages() {
    echo "$1" | while read -r check apt dnf pacman brew; do
        [ -n "$check" ] || continue
        there "$check" && continue
        case $2 in
        apt-get) echo "$apt" ;;
        dnf) echo "$dnf" ;;
        pacman) echo "$pacman" ;;
        brew) echo "$brew" ;;
        *) echo "${check#*:}" ;;
        esac
    done | tr '+\n' '  '
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

install_packages() {
    case $1 in
    apt-get)
        shift
        apt_install "$@" || { as_root apt-get update && apt_install "$@"; }
        ;;
    dnf) shift && as_root dnf install -y "$@" ;;
    pacman) shift && as_root pacman -S --noconfirm --needed "$@" ;;
    brew) shift && brew install "$@" ;;
    esac
}

# Some of Homebrew's libraries hide from pkg-config until they are named.
show_brew_libraries() {
    [ "$(package_manager)" = brew ] || return 0
    brew_opt=$(brew --prefix)/opt
    PKG_CONFIG_PATH=$brew_opt/ncurses/lib/pkgconfig:$brew_opt/sqlite/lib/pkgconfig:$brew_opt/curl/lib/pkgconfig
    export PKG_CONFIG_PATH
}

# True when something was missing and is there now: bring_packages NEEDS
bring_packages() {
    show_brew_libraries
    manager=$(package_manager)
    packages=$(missing_packages "$1" "$manager")
    packages=${packages% }
    [ -n "$packages" ] || return 1
    if [ -z "$manager" ]; then
        say "renga is built with these, which are missing here: $packages"
        say 'Please install them with the package manager of your system and start again.'
        exit 1
    fi
    if [ "$manager" != brew ] && [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null 2>&1; then
        say "Some packages are missing and only root can install them: $packages"
        exit 1
    fi
    say "Installing $packages …"
    install_log=$(mktemp)
    # shellcheck disable=SC2086 # the names are words
    quietly "$install_log" install_packages "$manager" $packages ||
        show_and_fail "$install_log" "The packages could not be installed: $packages"
    rm -f "$install_log"
}

# $build is usable when its set-up ended well, in this very place ($build/home says where).
configured() {
    [ -f "$build/build.ninja" ] && read -r home <"$build/home" 2>/dev/null && [ "$home" = "$here" ]
}

configure() {
    rm -rf "$build"
    mkdir -p "${build%/*}"
    quietly "$build.log" meson setup "$build" "$here" "$@" || show_and_fail "$build.log" 'renga could not be set up.'
    echo "$here" >"$build/home"
}

# Makes $here/build/NAME what the sources say, saying one line if there is something to do:
# build NAME NEEDS [MESON-OPTION…]
build() {
    build=$here/build/$1
    needs=$2
    shift 2
    if ! configured; then
        bring_packages "$needs" || true
        say 'Building renga …'
        configure "$@"
    else
        case $(ninja -C "$build" -n </dev/null 2>&1) in
        *'no work to do'*) return 0 ;;
        esac
        say 'Building renga …'
    fi
    quietly "$build.log" ninja -C "$build" && return 0
    # A package that the newest sources need may be what is missing.
    if bring_packages "$needs"; then
        configure "$@"
        quietly "$build.log" ninja -C "$build" && return 0
    fi
    show_and_fail "$build.log" 'renga could not be built.'
}
