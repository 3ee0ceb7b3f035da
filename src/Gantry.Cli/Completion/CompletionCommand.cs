using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;

namespace Gantry.Cli.Completion;

/// <summary><c>gantry completion</c>: writes the script of a shell, or installs it.</summary>
internal static class CompletionCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command(
            "completion", "Completes command lines in a shell: writes the script of bash, zsh, fish or PowerShell, or installs it.");
        foreach (var shell in Enum.GetValues<Shell>())
            command.Subcommands.Add(CreateScript(context, shell));
        command.Subcommands.Add(CreateInstall(context));
        return command;
    }

    private static Command CreateScript(CommandContext context, Shell shell)
    {
        var command = new Command(NameOf(shell), $"Writes the script for {NameOf(shell)}.");
        command.SetAction(_ =>
        {
            context.Out.WriteStored(Encoding.ASCII.GetBytes(CompletionScripts.Of(shell)));
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command CreateInstall(CommandContext context)
    {
        var shell = new Argument<Shell?>("shell")
        {
            Description = "bash, zsh, fish or powershell [default: the shell of the user].",
            HelpName = "shell",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var dryRun = new Option<bool>("--dry-run")
        {
            Description = "Show what would be written, and write nothing. Exit code 3 says that something would be.",
        };
        var format = CopyArguments.CreateFormat();
        var command = new Command("install", "Writes the script where the shell of the user loads it, and shows what it writes.")
        {
            shell, dryRun, format,
        };
        command.SetAction(parsed =>
        {
            var chosen = parsed.GetValue(shell) ?? FindShell(Environment.GetEnvironmentVariable);
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            var target = CompletionTarget.Of(chosen, home, Environment.GetEnvironmentVariable, File.Exists);
            var planned = new CompletionInstaller(target, CompletionScripts.Of(chosen)).Plan();
            var isDry = parsed.GetValue(dryRun);
            foreach (var file in isDry ? [] : planned)
                CompletionInstaller.Write(file);
            if (parsed.GetValue(format) == OutputFormat.Json)
                context.Out.WriteJson(Describe(chosen, planned, isDry));
            else if (!parsed.GetValue(context.Quiet))
                Report(context, chosen, planned, target, isDry);
            return isDry && planned.Count > 0 ? ExitCodes.WouldChange : ExitCodes.Success;
        });
        return command;
    }

    private static string NameOf(Shell shell) => shell.ToString().ToLowerInvariant();

    /// <summary>Finds the shell of the user.</summary>
    internal static Shell FindShell(Func<string, string?> variable)
    {
        var name = Path.GetFileNameWithoutExtension(variable("SHELL") ?? "");
        return name switch
        {
            "bash" => Shell.Bash,
            "zsh" => Shell.Zsh,
            "fish" => Shell.Fish,
            "pwsh" or "powershell" => Shell.Powershell,

            // Windows has no such variable outside of shells that come from elsewhere.
            "" when OperatingSystem.IsWindows() => Shell.Powershell,
            "" => throw CompletionErrors.UnknownShell(null),
            _ => throw CompletionErrors.UnknownShell(name),
        };
    }

    private static void Report(
        CommandContext context, Shell shell, IReadOnlyList<PlannedFile> planned, CompletionTarget target, bool isDry)
    {
        foreach (var file in planned)
        {
            context.Out.WriteLine($"{(isDry ? "would write" : "wrote")} {file.Path}");
            foreach (var line in file.Path == target.Profile ? file.Added.TrimEnd('\n').Split('\n') : [])
                context.Out.WriteLine($"    {line}");
        }

        context.Out.WriteLine(planned.Count == 0
            ? $"The completion for {NameOf(shell)} is in place: {target.Script}"
            : $"A new {NameOf(shell)} completes gantry; this one does after {(target.Line is null ? "it is started again" : target.Line)}");
    }

    private static JsonObject Describe(Shell shell, IReadOnlyList<PlannedFile> planned, bool isDry) => new()
    {
        ["schema"] = 1,
        ["shell"] = NameOf(shell),
        ["dryRun"] = isDry,
        ["files"] = new JsonArray([.. planned.Select(file => (JsonNode)file.Path)]),
    };
}
