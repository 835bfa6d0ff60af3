# Completion of renga for bash.

_renga_servers() {
    renga servers 2>/dev/null | cut -f1
}

# What may follow an option that takes a value; fails for one that takes none.
_renga_value() {
    case $1 in
    --server | -s) mapfile -t COMPREPLY < <(compgen -W "$(_renga_servers)" -- "$2") ;;
    --dialect) mapfile -t COMPREPLY < <(compgen -W 'openai-chat openai-completions openai-responses anthropic gemini ollama llamacpp koboldcpp' -- "$2") ;;
    --template) mapfile -t COMPREPLY < <(renga templates 2>/dev/null | cut -f1 | sed 's/ /\\ /g' | grep -F -- "$2") ;;
    --preset) mapfile -t COMPREPLY < <(compgen -W 'plain steady warm wild dice' -- "$2") ;;
    --language) mapfile -t COMPREPLY < <(compgen -W 'zh en auto' -- "$2") ;;
    --key-env) mapfile -t COMPREPLY < <(compgen -e -- "$2") ;;
    --script | --library | --out | -o) mapfile -t COMPREPLY < <(compgen -f -- "$2") ;;
    --set | --project | --url | -u | --model | -m | --prompt | -p | --system | --stop | --take | -t | --limit | -l | --before | -b | --parallel | --retry) ;;
    --temperature | --top-p | --top-k | --min-p | --max-tokens | --takes | -n | --seed | --presence-penalty | \
        --frequency-penalty | --repetition-penalty) mapfile -t COMPREPLY < <(compgen -W off -- "$2") ;;
    *) return 1 ;;
    esac
}

_renga() {
    local commands='write sweep rerun batch history show export import projects templates models servers pull ping doctor muse paths'
    local all='--language --library --help -h --version -V'
    local server='--server -s --url -u --dialect --model -m --key-env'
    local dials='--temperature --top-p --top-k --min-p --max-tokens --takes -n --seed --presence-penalty
        --frequency-penalty --repetition-penalty --preset --system --stop --no-stream --odds --json -j'
    local word=${COMP_WORDS[COMP_CWORD]} command='' options='' i

    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        case " $commands " in
        *" ${COMP_WORDS[i]} "*) command=${COMP_WORDS[i]} && break ;;
        esac
    done
    _renga_value "${COMP_WORDS[COMP_CWORD - 1]}" "$word" && return

    case $command in
    '') options="$commands $server --plain --script" ;;
    write) options="$server $dials --prompt -p --continue -c --once" ;;
    sweep) options="$server $dials --parallel --prompt -p --continue -c --once" ;;
    rerun) options="$server $dials" ;;
    batch)
        options="$server $dials --parallel --out -o --retry --skip-broken --project --quiet -q"
        mapfile -t COMPREPLY < <(compgen -f -X '!*.jsonl' -- "$word"; compgen -W "$options $all" -- "$word")
        return
        ;;
    history) options='--limit -l --before -b --sort --trash --kept --json -j' ;;
    show) options='--take -t --odds --json -j' ;;
    export)
        options='--format -f --out -o --all -a --vertical --no-prompts'
        [[ ${COMP_WORDS[COMP_CWORD - 1]} == --format || ${COMP_WORDS[COMP_CWORD - 1]} == -f ]] && options='md txt html jsonl'
        ;;
    import)
        mapfile -t COMPREPLY < <(compgen -f -- "$word"; compgen -W "--project --format -f --skip-broken $all" -- "$word")
        return
        ;;
    models | pull) options="$server --json -j" ;;
    ping) options="$server $(_renga_servers) --try --json -j" ;;
    muse) options='info forms learn forget recall --name --kept --project' ;;
    doctor) options='--salvage --json -j' ;;
    servers) options="forget $(_renga_servers) --json -j" ;;
    projects | templates | paths) options='--json -j' ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$options $all" -- "$word")
}

complete -o default -F _renga renga
