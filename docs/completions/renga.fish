# Completion of renga for fish.

set -l commands write sweep rerun batch history show export import projects templates models servers pull ping doctor muse paths
set -l none "not __fish_seen_subcommand_from $commands"
set -l asks "__fish_seen_subcommand_from write sweep rerun batch"
set -l server "not __fish_seen_subcommand_from history show export import projects templates servers muse paths"

complete -c renga -f

complete -c renga -n $none -a write -d 'One generation to standard output'
complete -c renga -n $none -a sweep -d 'The same prompt for each value of a dial'
complete -c renga -n $none -a rerun -d 'The same request again'
complete -c renga -n $none -a batch -d 'Every line of a file of prompts'
complete -c renga -n $none -a history -d 'What was written, newest first'
complete -c renga -n $none -a show -d 'One generation with its takes'
complete -c renga -n $none -a export -d 'Pieces as Markdown, text, HTML or a bundle'
complete -c renga -n $none -a import -d 'Bundles, texts, files of other programs'
complete -c renga -n $none -a projects -d 'The projects, with their pieces counted'
complete -c renga -n $none -a templates -d 'Prompts to be filled'
complete -c renga -n $none -a models -d 'The models a server has'
complete -c renga -n $none -a servers -d 'The servers renga knows of'
complete -c renga -n $none -a pull -d 'Fetch a model onto an Ollama server'
complete -c renga -n $none -a ping -d 'Is the server well'
complete -c renga -n $none -a doctor -d 'Is everything well'
complete -c renga -n $none -a muse -d 'The poet inside'
complete -c renga -n $none -a paths -d 'Where everything lives'
complete -c renga -n $none -l plain -d 'The desk by lines, for screen readers'
complete -c renga -n $none -l script -r -F -d 'Run the desk from a file'

complete -c renga -l language -x -a 'zh en auto' -d 'The language renga speaks'
complete -c renga -l library -r -F -d 'The library to use'
complete -c renga -s h -l help -d 'Help'
complete -c renga -s V -l version -d 'The version'

complete -c renga -n $server -s s -l server -x -a '(renga servers 2>/dev/null | cut -f1)' -d 'The server that answers'
complete -c renga -n $server -s u -l url -x -d 'A server for this once'
complete -c renga -n $server -l dialect -x -a 'openai-chat openai-completions openai-responses anthropic gemini ollama llamacpp koboldcpp' -d 'What that server speaks'
complete -c renga -n $server -s m -l model -x -d 'The model'
complete -c renga -n $server -l key-env -x -a '(set -nx)' -d 'The variable that holds the key'
complete -c renga -n '__fish_seen_subcommand_from servers' -a 'forget (renga servers 2>/dev/null | cut -f1)' -d 'Server'
complete -c renga -n '__fish_seen_subcommand_from ping' -a '(renga servers 2>/dev/null | cut -f1)' -d 'Server'
complete -c renga -n '__fish_seen_subcommand_from ping' -l try -d 'Ask for a word or two as well'

complete -c renga -n '__fish_seen_subcommand_from muse' -a 'info forms learn forget recall' -d 'Part'
complete -c renga -n '__fish_seen_subcommand_from muse' -l name -x -d 'What the voice is called'
complete -c renga -n '__fish_seen_subcommand_from muse' -l kept -d 'Learn from takes with three stars and more'
complete -c renga -n '__fish_seen_subcommand_from muse' -l project -x -d 'Learn from the pages of a project'
complete -c renga -n '__fish_seen_subcommand_from learn' -F

complete -c renga -n $asks -l temperature -x -a off -d 'How freely words are chosen, 0 to 2'
complete -c renga -n $asks -l top-p -x -a off -d 'Only the likeliest words of this share, 0 to 1'
complete -c renga -n $asks -l top-k -x -a off -d 'Only this many likeliest words, 1 to 1000'
complete -c renga -n $asks -l min-p -x -a off -d 'Leave out words this much less likely, 0 to 1'
complete -c renga -n $asks -l max-tokens -x -a off -d 'The longest a take may grow'
complete -c renga -n $asks -s n -l takes -x -a off -d 'How many answers, 1 to 16'
complete -c renga -n $asks -l seed -x -a off -d 'The same seed gives the same take'
complete -c renga -n $asks -l presence-penalty -x -a off -d 'Above 0 moves on to new things, -2 to 2'
complete -c renga -n $asks -l frequency-penalty -x -a off -d 'Above 0 tires used words, -2 to 2'
complete -c renga -n $asks -l repetition-penalty -x -a off -d 'Above 1 repeats itself less, 0.5 to 2'
complete -c renga -n $asks -l preset -x -a 'plain steady warm wild dice' -d 'Dials by name'
complete -c renga -n $asks -l system -x -d 'The system text'
complete -c renga -n $asks -l stop -x -d 'End a take where this comes'
complete -c renga -n $asks -l no-stream -d 'Ask for the whole answer at once'

complete -c renga -n '__fish_seen_subcommand_from write sweep' -s p -l prompt -x -d 'The prompt'
complete -c renga -n '__fish_seen_subcommand_from write sweep' -s c -l continue -d 'Go on with standard input'
complete -c renga -n '__fish_seen_subcommand_from write' -l template -x -a '(renga templates 2>/dev/null | cut -f1)' -d 'Ask what a template says'
complete -c renga -n '__fish_seen_subcommand_from write' -l set -x -d 'A variable of the template'
complete -c renga -n '__fish_seen_subcommand_from write' -l project -x -d 'The project that the piece goes into'
complete -c renga -n '__fish_seen_subcommand_from write sweep' -l once -d 'Keep nothing in the library'

complete -c renga -n '__fish_seen_subcommand_from history' -s l -l limit -x -d 'At most this many rows'
complete -c renga -n '__fish_seen_subcommand_from history' -s b -l before -x -d 'Only what is older'
complete -c renga -n '__fish_seen_subcommand_from history' -l sort -x -a 'time rating model length best' -d 'The order'
complete -c renga -n '__fish_seen_subcommand_from history' -l trash -d 'What lies in the trash'
complete -c renga -n '__fish_seen_subcommand_from history' -l kept -d 'What the kept takes came from'
complete -c renga -n '__fish_seen_subcommand_from write sweep rerun batch show' -l odds -d 'How likely each word was'
complete -c renga -n '__fish_seen_subcommand_from show' -s t -l take -x -d 'Only the text of this take'
complete -c renga -n '__fish_seen_subcommand_from write sweep rerun batch history show projects templates models servers pull ping doctor paths' -s j -l json -d 'JSON objects, one a line'
complete -c renga -n '__fish_seen_subcommand_from doctor' -l salvage -d 'A new library of what a damaged one holds'

complete -c renga -n '__fish_seen_subcommand_from export' -s f -l format -x -a 'md txt html jsonl' -d 'The format'
complete -c renga -n '__fish_seen_subcommand_from export' -s o -l out -r -F -d 'Where it goes'
complete -c renga -n '__fish_seen_subcommand_from export' -s a -l all -d 'The whole library'
complete -c renga -n '__fish_seen_subcommand_from export' -l vertical -d 'Chinese from top to bottom'
complete -c renga -n '__fish_seen_subcommand_from export' -l no-prompts -d 'Leave out what you asked'
complete -c renga -n '__fish_seen_subcommand_from import' -F
complete -c renga -n '__fish_seen_subcommand_from import' -s f -l format -x -a 'jsonl md txt sillytavern kobold mikupad llm' -d 'What the files are'
complete -c renga -n '__fish_seen_subcommand_from import' -l project -x -d 'The project that pieces go into'
complete -c renga -n '__fish_seen_subcommand_from import' -l skip-broken -d 'Pass over broken lines'

complete -c renga -n '__fish_seen_subcommand_from sweep batch' -l parallel -x -d 'Requests at once'
complete -c renga -n '__fish_seen_subcommand_from batch' -F
complete -c renga -n '__fish_seen_subcommand_from batch' -s o -l out -r -F -d 'The file that results are added to'
complete -c renga -n '__fish_seen_subcommand_from batch' -l retry -x -d 'Ask again what failed'
complete -c renga -n '__fish_seen_subcommand_from batch' -l skip-broken -d 'Pass over lines that cannot be read'
complete -c renga -n '__fish_seen_subcommand_from batch' -l project -x -d 'The project that the pieces go into'
complete -c renga -n '__fish_seen_subcommand_from batch' -s q -l quiet -d 'Say nothing but what went wrong'
