// What makes a shell complete command lines of nodeport. All three ask `nodeport complete`, which
// answers one candidate a line, with what it means behind a tab; a line `:files` stands for files.

/** One way in which a command line may go on. */
export interface Candidate {
  readonly text: string
  readonly meaning: string | undefined
}

const files = ':files'

export function printCandidates(candidates: readonly Candidate[], withFiles: boolean): string {
  const lines = candidates.map(({ text, meaning }) =>
    meaning === undefined ? text : `${text}\t${meaning}`,
  )
  if (withFiles) lines.push(files)
  return lines.map((line) => `${line}\n`).join('')
}

// bash parts words at colons too; what stands before the last one is typed already.
export const bashCompletion = `# Completion of nodeport for bash.
_nodeport() {
  local line typed head
  local -a words
  typed=\${COMP_LINE:0:COMP_POINT}
  read -ra words <<<"$typed"
  [[ $typed == *[[:space:]] ]] && words+=("")
  head=\${words[\${#words[@]} - 1]}
  case $head in *:*) head=\${head%"\${head##*:}"} ;; *) head= ;; esac
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == ${files} ]]; then
      compopt -o default
    else
      line=\${line%%$'\\t'*}
      COMPREPLY+=("\${line#"$head"}")
    fi
  done < <(nodeport complete -- "\${words[@]:1}" 2>/dev/null)
}
complete -F _nodeport nodeport
`

export const zshCompletion = `#compdef nodeport
# Completion of nodeport for zsh.
_nodeport() {
  local line
  local -a found
  for line in "\${(@f)$(nodeport complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    case $line in
      '') ;;
      ${files}) _files ;;
      *$'\\t'*) found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}") ;;
      *) found+=("\${line//:/\\\\:}") ;;
    esac
  done
  (( $#found )) && _describe nodeport found
}
# In a folder of functions this file is the function itself.
if [[ $funcstack[1] == _nodeport ]]; then _nodeport; else compdef _nodeport nodeport; fi
`

export const fishCompletion = `# Completion of nodeport for fish.
function __nodeport_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  for line in (nodeport complete -- $words[2..-1] "$current" 2>/dev/null)
    if test "$line" = ${files}
      __fish_complete_path "$current"
    else
      echo $line
    end
  end
end
complete -c nodeport -f -a '(__nodeport_complete)'
`
