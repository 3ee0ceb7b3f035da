using Gantry.AzurePipelines.RunConfigurations;
using Gantry.AzurePipelines;
using Gantry.Nuke.Generation;

namespace Gantry.Nuke;

/// <summary>
/// Generates run configurations for editors, for each target that <c>--help</c> lists: one to run it, and one to debug the build. Entries
/// that were added to an editor's file by hand are kept.
/// </summary>
public sealed class RunConfigurationsAttribute : FileGeneratorAttribute
{
    /// <summary>The editors.</summary>
    public Editors Editors { get; set; } = Editors.All;

    /// <summary>The parameter profile that all of them use: <c>local</c> for <c>parameters.local.json</c>. Null for none.</summary>
    public string? Profile { get; set; }

    /// <inheritdoc/>
    public override Type HostType => typeof(Terminal);

    /// <inheritdoc/>
    public override string IdPostfix => "RunConfigurations";

    /// <inheritdoc/>
    public override AbsolutePath ConfigurationFile => Build.RootDirectory / ".run";

    /// <inheritdoc/>
    internal override GenerationResult CreateFiles(INukeBuild build, IReadOnlyCollection<ExecutableTarget> executableTargets) =>
        RunConfigurationGenerator.Generate(CreateSet(build, executableTargets));

    /// <summary>Creates the run configurations, with the changes of the build class.</summary>
    internal RunConfigurationSet CreateSet(INukeBuild build, IReadOnlyCollection<ExecutableTarget> executableTargets)
    {
        var set = RunConfigurationSets.Of(build, Editors, Profile, executableTargets);
        return build is IGenerateFiles generating ? generating.RunConfigurationSettings(set) : set;
    }
}
