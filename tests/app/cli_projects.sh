#!/bin/sh
# Projects and templates on the command line, against a server of our own: cli_projects.sh RENGA FAKE_SERVER.
. "$(dirname "$0")/../home.sh"
renga=$(realpath "$1")
serve "$2"
servers echo poem
mkdir "$home/.config/renga/templates"

# -- templates

run templates
says 'templates' 0 '五绝	zh	verse	题目, 写什么, 韵	' 'ghazal	en	verse	couplets, subject, refrain, signature	'
[ "$(printf '%s\n' "$out" | wc -l)" -eq 23 ] || fail 'templates: 23 rows'
run templates --json
says 'templates --json' 0 '{"name":"五绝","language":"zh","group":"verse",' '"variables":{"kind":"Shakespearean\nPetrarchan","subject":"the sea at night"}'

run write --server echo --template haiku --set 'subject=a = b'
says 'a variable' 0 'Write a haiku about a = b.'
run write --server echo --template 五绝 --set 韵=仄声
says 'what is not set begins as the template says' 0 '写一首五绝，题目《秋夜》，写独坐听雨，用仄声韵。'
run write --server echo --template haiku --set subject=one --set subject=two
says 'the last one counts' 0 'about two.'
run write --server echo --template 五绝 --set 题=x
says 'no such variable' 2 '“五绝” has no variable “题”; it has: 题目, 写什么, 韵.'
run write --server echo --template haiku --set subject
says 'no =' 2 '“subject” has no ='
run write --server echo --template sonnett
says 'no such template' 2 'There is no template “sonnett”; renga templates lists them.'
run write --server echo --template haiku 'a prompt'
says 'two prompts' 2 'A template is the prompt'
run write --server echo --set a=b 'a prompt'
says 'no template' 2 '--set fills a template'

printf 'help = slowly\ndials = temperature=0.33\n\nAgain, slower: {selection}\nfor {whom}' >"$home/.config/renga/templates/again.txt"
printf 'name = bad\nnmae = x\n\ntext' >"$home/.config/renga/templates/bad.txt"
run templates
says 'a broken file' 2 'templates/bad.txt:2: “nmae” is no key of a template' 'again	-	-	whom, -	slowly'
rm "$home/.config/renga/templates/bad.txt"
run write --server echo --template again --set whom=me
says 'a text is wanted' 2 'The template “again” works on a text'
echo '夜雨寄北' >"$home/input"
run write --server echo --template again <"$home/input"
says 'a variable is wanted' 2 'The template wants “whom”: --set whom=…'
run write --server echo --template again --set whom=me --json <"$home/input"
says 'a text on standard input' 0 'Again, slower: 夜雨寄北\nfor me' '"temperature":0.33'
! has "$out" '"context"' || fail 'it does not go along twice'
run write --server echo --template haiku --json <"$home/input"
says 'standard input goes along' 0 '"context":"夜雨寄北'

# -- projects

rm -rf "$home/.local"
run projects
says 'none' 0
[ -z "$out" ] && [ ! -e "$library" ] || fail 'looking makes no library'
run write --server echo --project '秋日书简' 'one'
says 'into a new project' 0 one
run write --server echo --project ' 秋日书简 ' 'two'
run write --server echo --project 'Letters' 'three'
run write --server echo 'four'
run projects
[ "$(printf '%s\n' "$out" | cut -f2-4)" = "$(printf '\t1\t1\nLetters\t1\t1\n秋日书简\t2\t2')" ] || fail 'projects'
run projects --json
says 'projects --json' 0 '{"project":1,"name":"秋日书简","cover":"","pieces":2,"generations":2,"changed_ms":'
run write --server echo --project ' ' x
says 'no name' 2 'A project needs a name.'

# Defaults, as the desk takes them.
printf 'command project-new\ntype Winter\nkey Enter Enter\ncommand system\ntype be brief\nkey Enter\nkey F3 Right Right\ncommand project-take-defaults\nexpect begin with\n' >"$home/script"
run --server poem --script "$home/script"
says 'defaults are taken' 0
run write --project Winter --json 'five'
says 'defaults' 0 '"server":"poem"' '秋夜，雨落空阶' '"temperature":0.8' '"system":"be brief"'
run write --project Winter --server echo --temperature 0.1 --system '' --json 'six'
says 'options count more' 0 '"server":"echo"' '"text":"six"' '"temperature":0.1'
run write --project Letters --json 'seven'
says 'another project has none' 0 '"server":"echo"' '"temperature":0.7'

finish
