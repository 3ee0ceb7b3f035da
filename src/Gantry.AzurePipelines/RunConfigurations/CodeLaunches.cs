namespace Gantry.AzurePipelines.RunConfigurations;

/// <summary>The launch configurations of Visual Studio Code, which debug the build, one for each target.</summary>
internal sealed record CodeLaunches(string Version, IReadOnlyList<CodeLaunch> Configurations, IReadOnlyList<CodeInput>? Inputs)
{
    private static readonly SharedJson Shared = new(new SharedList("configurations", "name", CodeTasks.Prefix), CodeInput.Shared);

    public static GeneratedFile Create(RunConfigurationSet set)
    {
        CodeLaunch[] launches =
        [
            .. set.Targets.Select(target => new CodeLaunch(
                CodeTasks.NameOf(target),
                "coreclr",
                "launch",
                CodeTasks.CompileBuild,
                $"${{workspaceFolder}}/{set.BuildProgram}",
                CodeInput.WithArguments(target),
                "${workspaceFolder}",
                "integratedTerminal")),
        ];
        return EditorFile.Write(
            ".vscode/launch.json", new CodeLaunches("0.2.0", launches, CodeInput.Of(set)), json => json.CodeLaunches, Shared);
    }
}

/// <summary>A launch configuration.</summary>
internal sealed record CodeLaunch(
    string Name, string Type, string Request, string PreLaunchTask, string Program, IReadOnlyList<string> Args, string Cwd, string Console);
