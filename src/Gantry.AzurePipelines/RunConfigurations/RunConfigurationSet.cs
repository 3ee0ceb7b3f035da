namespace Gantry.AzurePipelines.RunConfigurations;

/// <summary>The targets of a build that can be started from an editor, and where the build is.</summary>
public sealed record RunConfigurationSet
{
    /// <summary>The targets.</summary>
    public required IReadOnlyList<RunTarget> Targets { get; init; }

    /// <summary>The project of the build, relative to the root of the repository, with '/' between folders.</summary>
    public string BuildProject { get; init; } = "build/_build.csproj";

    /// <summary>The program that the project makes, relative to the root of the repository.</summary>
    public string BuildProgram { get; init; } = "build/bin/Debug/_build.dll";

    /// <summary>The framework of the project.</summary>
    public string Framework { get; init; } = "net10.0";

    /// <summary>The editors to write configurations for.</summary>
    public Editors Editors { get; init; } = Editors.All;

    /// <summary>The set with one target changed, or <c>GAN8064</c> when it has no such target.</summary>
    public RunConfigurationSet WithTarget(string name, Func<RunTarget, RunTarget> change) =>
        Targets.Any(target => target.Name == name)
            ? this with { Targets = [.. Targets.Select(target => target.Name == name ? change(target) : target)] }
            : throw RunConfigurationErrors.UnknownTarget(name, Targets.Select(target => target.Name));
}

/// <summary>Editors with run configurations in files.</summary>
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
    /// <summary>What people read about it; null: nothing.</summary>
    public string? Description { get; init; }

    /// <summary>What the build is given behind the name of the target.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The parameter file that is used, <c>parameters.NAME.json</c>; null: only the common one.</summary>
    public string? Profile { get; init; }

    /// <summary>What the target needs from a person. Visual Studio Code asks for it; elsewhere the build says what is missing.</summary>
    public IReadOnlyList<RunInput> Inputs { get; init; } = [];
}

/// <summary>Something that a target needs from a person.</summary>
/// <param name="Parameter">The name of the parameter: <c>Release</c>.</param>
/// <param name="Description">What people read.</param>
public sealed record RunInput(string Parameter, string Description)
{
    /// <summary>What stands there already; null: nothing.</summary>
    public string? Default { get; init; }

    /// <summary>The only values; empty: any.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];
}
