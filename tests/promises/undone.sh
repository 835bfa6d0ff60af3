#!/bin/sh
# Promise 16: everything that can take text away, and its way back: undone.sh RENGA FAKE_SERVER. Each case is a script of the desk in a home of its own:
# it loses something, expects that it is gone, takes it back, and expects it to be there.
. "$(dirname "$0")/../home.sh"
renga=$(realpath "$1")
serve "$2"
cases=0

fresh_home() {
    cases=$((cases + 1))
    rm -rf "$home/.config" "$home/.local"
    servers poem stall rewrite
}

# again NAME: the script of standard input in the home that is there
again() {
    { printf 'clock 1760000000000\nsize 100 30\n'; cat; } >"$home/script"
    run --script "$home/script" </dev/null
    [ "$code" -eq 0 ] || fail "$1"
}

# lose NAME: the same in a fresh home
lose() {
    fresh_home
    again "$1"
}

lose 'words deleted in the prompt' <<'END'
type 秋夜江上
key M-a Delete
refuse 夜江
key ^Z
expect 秋夜江上
END

lose 'a page cut away' <<'END'
key Tab
type 月落乌啼霜满天
key M-a ^X
refuse 月落乌啼
key ^Z
expect 月落乌啼霜满天
END

lose 'a page typed over' <<'END'
key Tab
type 月落乌啼霜满天
key M-a
type 江枫
refuse 月落乌啼
key ^Z
expect 月落乌啼霜满天
END

lose 'every word replaced' <<'END'
key Tab
type 秋风 秋雨 秋夜
key ^Home M-h
type 秋
key Tab
type 冬
key Enter
expect 冬雨
key ^Z
expect 秋风 秋雨 秋夜
END

lose 'the same asked again' <<'END'
type 秋夜
key ^G
wait
key F5
wait
expect take 2/2
key M-1
expect take 1/2
key M-2
expect take 2/2
END

lose 'a take in the trash' <<'END'
type 秋夜
key ^G
wait
key F5
wait
command take-trash
refuse take 2/2
command take-untrash
expect take 2/2
END

lose 'words of the model changed' <<'END'
type 秋夜
key ^G
wait
key Tab M-a Delete
refuse no one
key ^Z
expect no one
END

lose 'an earlier form, when undo is gone' <<'END'
key Tab
type 月落乌啼霜满天
command save
key ^Home ^Delete Delete Delete Delete Delete
command save
refuse 月落乌啼霜满天
END
again 'an earlier form, when undo is gone' <<'END'
refuse 月落乌啼霜满天
key Tab
command earlier
key Down Enter
expect 月落乌啼霜满天
END

lose 'lines written anew' <<'END'
key F2
type rewrite
key Enter Tab
type 秋风起
key S-Tab
type colder
key Tab M-a ^G
wait
key Enter
expect 冬风起
key ^Z
expect 秋风起
END

lose 'a new piece in the place of the old' <<'END'
key Tab
type 孤舟何处客
command save
key ^N
refuse 孤舟何处客
key ^R
expect 孤舟何处客
END

lose 'a piece in the trash' <<'END'
key Tab
type 孤舟何处客
command save
key ^R Delete
key ^Z Enter
expect 孤舟何处客
END

lose 'a piece in the trash, days later' <<'END'
key Tab
type 孤舟何处客
command save
command project-trash
command project-undo
END
again 'a piece in the trash, days later' <<'END'
key ^R
expect 孤舟何处客
END

lose 'a branch of the tree' <<'END'
type 秋夜
key ^G
wait
key F5
wait
key ^T Delete
key ^Z Esc
expect 2/2
END

lose 'an entry of the lore' <<'END'
key M-l n
type 阿兰
key Enter
type 阿兰怕水。
key Esc Delete
refuse 阿兰怕水
key ^Z
expect 阿兰
END

lose 'a stream stopped, and the same asked again' <<'END'
key F2
type stall
key Enter
type 秋夜
key ^G
wait text some more more
key Esc F5
wait text take 2/2
key M-Left Esc
expect some more more
END

lose 'lines of a splice laid over the page' <<'END'
type 一
key ^G
wait
key F5
wait
key M-v Space Tab ^Home
type 月落乌啼霜满天
key Esc
command splice-lay
expect 月落乌啼霜满天
key ^Z
refuse 月落乌啼霜满天
expect no one
END

lose 'a stretch gone on from in the middle' <<'END'
key Tab
paste 秋夜\n雨落空阶\n谁在窗外
key Up End ^G
wait
expect no one
key ^Z
refuse no one
expect 谁在窗外
END

lose 'a take gone over by a new text in the prompt' <<'END'
type 秋夜江上
command save
key M-i
type sonnet
key Enter Enter
refuse 秋夜江上
key ^Z
expect 秋夜江上
END

lose 'a project with its pieces' <<'END'
key Tab
type 孤舟何处客
command save
command project-trash
refuse 孤舟何处客
command project-undo
key ^R
expect 孤舟何处客
END

lose 'an entry of the lore, days later' <<'END'
key M-l n
type 阿兰
key Enter
type 阿兰怕水。
key Esc Delete
refuse 阿兰怕水
END
again 'an entry of the lore, days later' <<'END'
key M-l
command notes-undo
expect 阿兰
END

lose 'a trash emptied without an answer' <<'END'
key Tab
type 孤舟何处客
command save
command project-trash
command library-empty-trash
expect no, keep everything
key Enter
command project-undo
key ^R
expect 孤舟何处客
END

printf '#!/bin/sh\n: >"$1"\n' >"$home/emptying"
chmod +x "$home/emptying"
export VISUAL="$home/emptying"
lose 'a text that the editor emptied' <<'END'
key Tab
type 月落乌啼霜满天
key ^O
refuse 月落乌啼
key ^Z
expect 月落乌啼霜满天
END
VISUAL=false
lose 'an editor that fails' <<'END'
key Tab
type 月落乌啼霜满天
key ^O
expect 月落乌啼霜满天
END
unset VISUAL

# What cannot be read is an error, and stays as it is.
fresh_home
again 'a library that cannot be read' <<'END'
key Tab
type 月落乌啼霜满天
command save
END
printf 'this is no library, but what if it were a poem' >"$library"
rm -f "$library-wal" "$library-shm"
cp "$library" "$home/before"
printf 'key Tab\ntype x\ncommand save\n' >"$home/script"
run --script "$home/script"
run history
[ "$code" -ne 0 ] && cmp -s "$library" "$home/before" || fail 'a library that cannot be read: taken for an empty one, or changed'

# An older bundle does not undo newer work.
fresh_home
again 'an older copy imported' <<'END'
key Tab
type 第一稿
command save
END
run export --all -f jsonl -o "$home/old.jsonl"
again 'an older copy imported' <<'END'
key ^End
type ，第二稿
command save
END
run import "$home/old.jsonl"
again 'an older copy imported' <<'END'
expect 第一稿，第二稿
END

printf 'promise 16: %d ways to lose a text, each taken back; %d lost\n' "$cases" "$failures"
finish
