namespace Gantry.AzurePipelines.RunConfigurations;

/// <summary>The tasks of Visual Studio Code, which run the build script, one for each target.</summary>
internal sealed record CodeTasks(string Version, IReadOnlyList<CodeTask> Tasks, IReadOnlyList<CodeInput>? Inputs)
{
    /// <summary>The task that compiles the build itself, before it is debugged.</summary>
    public const string CompileBuild = Prefix + "compile the build itself";

    /// <summary>The prefix of generated tasks and launch configurations, as other task providers use one: <c>npm: test</c>.</summary>
    public const string Prefix = "build: ";

    private static readonly SharedJson Shared = new(new SharedList("tasks", "label", Prefix), CodeInput.Shared);

    public static string NameOf(RunTarget target) => Prefix + target.Name;

    public static GeneratedFile Create(RunConfigurationSet set)
    {
        CodeTask[] tasks =
        [
            .. set.Targets.Select(
                target => new CodeTask(NameOf(target), "process", "${workspaceFolder}/build.sh", CodeInput.WithArguments(target))
                {
                    Detail = target.Description,
                    Windows = new CodeCommand("${workspaceFolder}\\build.cmd"),
                    ProblemMatcher = ["$msCompile"],
                }),
            new(CompileBuild, "process", "dotnet", ["build", $"${{workspaceFolder}}/{set.BuildProject}"])
            {
                ProblemMatcher = ["$msCompile"],
            },
        ];
        return EditorFile.Write(".vscode/tasks.json", new CodeTasks("2.0.0", tasks, CodeInput.Of(set)), json => json.CodeTasks, Shared);
    }
}

/// <summary>A task.</summary>
internal sealed record CodeTask(string Label, string Type, string Command, IReadOnlyList<string> Args)
{
    public string? Detail { get; init; }

    public CodeCommand? Windows { get; init; }

    public required IReadOnlyList<string> ProblemMatcher { get; init; }
}

/// <summary>The command for one operating system.</summary>
internal sealed record CodeCommand(string Command);

/// <summary>An input for which Visual Studio Code prompts.</summary>
internal sealed record CodeInput(string Id, string Type, string Description, string? Default, IReadOnlyList<string>? Options)
{
    private const string Prefix = "build.";

    public static SharedEntries Shared { get; } = new SharedList("inputs", "id", Prefix);

    /// <summary>Returns the inputs of all targets, or null when there are none.</summary>
    public static IReadOnlyList<CodeInput>? Of(RunConfigurationSet set)
    {
        CodeInput[] inputs = [.. set.Targets.SelectMany(target => target.Inputs.Select(input => new CodeInput(
            IdOf(target, input),
            input.Values.Count == 0 ? "promptString" : "pickString",
            input.Description,
            input.Default,
            input.Values.Count == 0 ? null : input.Values)))];
        return inputs.Length == 0 ? null : inputs;
    }

    /// <summary>Returns the arguments of the build for a target, including inputs from a person.</summary>
    public static IReadOnlyList<string> WithArguments(RunTarget target) =>
        [
            .. RunConfigurationGenerator.ArgumentsOf(target),
            .. target.Inputs.SelectMany(input => new[] { "--" + Format.Dashed(input.Parameter), $"${{input:{IdOf(target, input)}}}" }),
        ];

    private static string IdOf(RunTarget target, RunInput input) => $"{Prefix}{target.Name}.{input.Parameter}";
}
