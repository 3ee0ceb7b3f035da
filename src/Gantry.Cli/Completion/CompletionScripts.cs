namespace Gantry.Cli.Completion;

/// <summary>The scripts that connect a shell with <c>gantry __complete</c>. They are plain ASCII: some shells read the code page.</summary>
internal static class CompletionScripts
{
    // bash breaks words at colons and equal signs, which locations and tags have: the words are taken from the line itself, and what bash
    // has as the beginning of the last word is cut off again.
    private const string Bash = """
        # bash completion for gantry
        _gantry_complete() {
            local line="${COMP_LINE:0:$COMP_POINT}" cur="${COMP_WORDS[COMP_CWORD]}" word prefix value
            local -a words=()
            read -r -a words <<< "$line"
            case "$line" in *[[:space:]]) words+=("") ;; esac
            word="${words[${#words[@]}-1]}"
            case "$COMP_WORDBREAKS" in
                *:*) prefix="${word%"${word##*[:=]}"}" ;;
                *) prefix="" ;;
            esac
            COMPREPLY=()
            while IFS=$'\t' read -r value _; do
                [ -n "$value" ] || continue
                COMPREPLY+=("${value#"$prefix"}")
            done < <("${words[0]}" __complete -- "${words[@]:1}" 2>/dev/null)
            case "${#COMPREPLY[@]}:${COMPREPLY[0]}" in
                1:*/ | 1:*: | 1:*=) compopt -o nospace 2>/dev/null ;;
            esac
        }
        complete -F _gantry_complete gantry

        """;

    private const string Zsh = """
        #compdef gantry
        # zsh completion for gantry
        _gantry() {
            local -a found plain
            local line value description
            while IFS=$'\t' read -r value description; do
                [[ -n "$value" ]] || continue
                if [[ "$value" == */ || "$value" == *: || "$value" == *= ]]; then
                    plain+=("$value")
                else
                    found+=("${value//:/\\:}${description:+:$description}")
                fi
            done < <("${words[1]}" __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)
            (( ${#plain} )) && compadd -S '' -- "${plain[@]}"
            (( ${#found} )) && _describe -t values 'gantry' found
        }
        if ! (( $+functions[compdef] )); then
            autoload -Uz compinit && compinit
        fi
        if [[ "${funcstack[1]}" == _gantry ]]; then
            _gantry "$@"
        else
            compdef _gantry gantry
        fi

        """;

    private const string Fish = """
        # fish completion for gantry
        function __gantry_complete
            set -l words (commandline -opc) (commandline -ct)
            $words[1] __complete -- $words[2..-1] 2>/dev/null
        end
        complete -c gantry -f -a '(__gantry_complete)'

        """;

    private const string PowerShell = """
        # PowerShell completion for gantry
        Register-ArgumentCompleter -Native -CommandName gantry, gantry.exe -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
                Where-Object { $_.Extent.StartOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
            if ([string]::IsNullOrEmpty($wordToComplete)) { $words += '__empty__' }
            $program = $commandAst.CommandElements[0].ToString()
            & $program __complete '--' @words 2>$null | ForEach-Object {
                $value, $description = $_ -split "`t", 2
                if ([string]::IsNullOrEmpty($description)) { $description = $value }
                [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $description)
            }
        }

        """;

    /// <summary>
    /// The word for an empty last one: Windows PowerShell leaves empty arguments of programs out.
    /// </summary>
    public const string EmptyWord = "__empty__";

    /// <summary>Returns the script for a shell.</summary>
    public static string Of(Shell shell) => shell switch
    {
        Shell.Bash => Bash,
        Shell.Zsh => Zsh,
        Shell.Fish => Fish,
        _ => PowerShell,
    };
}
