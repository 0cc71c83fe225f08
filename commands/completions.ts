import { CommandFailure, defineCommand } from "./command.ts";

/** `nomos completions`. */
export const completions = defineCommand({
  path: ["completions"],
  summary: "Print a script that completes nomos in your shell",
  description:
    "Prints a script for bash, zsh, fish or powershell. It asks nomos itself what may come next, so that it stays right " +
    "when nomos is updated.",
  args: [{ name: "shell", summary: "bash, zsh, fish or powershell", required: true }],
  options: {},
  examples: [
    {
      line: 'eval "$(nomos completions bash)"',
      why: "in ~/.bashrc; the same with zsh in ~/.zshrc",
    },
    {
      line: "nomos completions fish > ~/.config/fish/completions/nomos.fish",
      why: "once, for fish",
    },
    {
      line: "nomos completions powershell | Out-String | Invoke-Expression",
      why: "in the PowerShell profile",
    },
  ],
  exitCodes: [
    { code: 0, when: "printed" },
    { code: 2, when: "the shell is not one of these" },
  ],
  run({ terminal }, _options, [shell = ""]) {
    const script = SCRIPTS.get(shell);
    if (script === undefined) {
      const wish = [...SCRIPTS.keys()].join(", ");
      throw new CommandFailure(2, `Cannot complete in "${shell}": expected one of ${wish}`);
    }
    terminal.out(script);
    return Promise.resolve(0);
  },
});

/** Each asks `nomos complete -- <words>`; where nothing comes back, the shell completes paths. */
const SCRIPTS: ReadonlyMap<string, string> = new Map([
  [
    "bash",
    `_nomos() {
  local IFS=$'\\n'
  COMPREPLY=($(nomos complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1))
}
complete -o default -F _nomos nomos
`,
  ],
  [
    "zsh",
    `#compdef nomos
_nomos() {
  local -a candidates
  local line
  for line in "\${(@f)$(nomos complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -n $line ]] && candidates+=("\${line%%$'\\t'*}:\${line#*$'\\t'}")
  done
  if (( $#candidates )); then _describe nomos candidates; else _files; fi
}
compdef _nomos nomos
`,
  ],
  [
    "fish",
    `function __nomos_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l found (nomos complete -- $words[2..-1] "$current" 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\\n' $found
    else
        __fish_complete_path "$current"
    end
end
complete -c nomos -f -a '(__nomos_complete)'
`,
  ],
  [
    "powershell",
    `Register-ArgumentCompleter -Native -CommandName nomos -ScriptBlock {
    param($current, $ast, $cursor)
    $words = @($ast.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
    if ($current -eq '') { $words += '' }
    & nomos complete '--' @words 2>$null | ForEach-Object {
        $word, $meaning = $_ -split "\`t", 2
        if (-not $meaning) { $meaning = $word }
        [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $meaning)
    }
}
`,
  ],
]);
