namespace Gantry.AzurePipelines.RunConfigurations;

/// <summary>The targets of a build that can be started from an editor, and the location of the build.</summary>
public sealed record RunConfigurationSet
{
    /// <summary>The targets.</summary>
    public required IReadOnlyList<RunTarget> Targets { get; init; }

    /// <summary>The project of the build, relative to the root of the repository, with '/' between folders.</summary>
    public string BuildProject { get; init; } = "build/_build.csproj";

    /// <summary>The output of the project, relative to the root of the repository.</summary>
    public string BuildProgram { get; init; } = "build/bin/Debug/_build.dll";

    /// <summary>The target framework of the project.</summary>
    public string Framework { get; init; } = "net10.0";

    /// <summary>The editors for which configurations are written.</summary>
    public Editors Editors { get; init; } = Editors.All;

    /// <summary>Returns the set with one target changed, or throws <c>GAN8064</c> when it has no such target.</summary>
    public RunConfigurationSet WithTarget(string name, Func<RunTarget, RunTarget> change) =>
        Targets.Any(target => target.Name == name)
            ? this with { Targets = [.. Targets.Select(target => target.Name == name ? change(target) : target)] }
            : throw RunConfigurationErrors.UnknownTarget(name, Targets.Select(target => target.Name));
}

/// <summary>Editors that store run configurations in files.</summary>
[Flags]
public enum Editors
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Rider and IntelliJ: <c>.run/*.run.xml</c>.</summary>
    Rider = 1,

    /// <summary>Visual Studio: <c>Properties/launchSettings.json</c> beside the project.</summary>
    VisualStudio = 2,

    /// <summary>Visual Studio Code: <c>.vscode/tasks.json</c> and <c>launch.json</c>.</summary>
    VisualStudioCode = 4,

    /// <summary>All.</summary>
    All = Rider | VisualStudio | VisualStudioCode,
}

/// <summary>A target that can be started from an editor.</summary>
/// <param name="Name">The name of the target, which is also that of the configuration.</param>
public sealed record RunTarget(string Name)
{
    /// <summary>The description for people; null for none.</summary>
    public string? Description { get; init; }

    /// <summary>Arguments of the build after the name of the target.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The parameter profile to use, for <c>parameters.NAME.json</c>; null for the common file only.</summary>
    public string? Profile { get; init; }

    /// <summary>
    /// The inputs that the target needs from a person. Visual Studio Code prompts for them; with other editors, the build reports missing
    /// ones.
    /// </summary>
    public IReadOnlyList<RunInput> Inputs { get; init; } = [];
}

/// <summary>An input that a target needs from a person.</summary>
/// <param name="Parameter">The name of the parameter: <c>Release</c>.</param>
/// <param name="Description">The description for people.</param>
public sealed record RunInput(string Parameter, string Description)
{
    /// <summary>The default value; null for none.</summary>
    public string? Default { get; init; }

    /// <summary>The allowed values; empty for any.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];
}
