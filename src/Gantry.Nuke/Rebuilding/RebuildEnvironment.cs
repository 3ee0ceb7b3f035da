using System.Globalization;
using Gantry.Nuke.Building;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Parameters;

namespace Gantry.Nuke.Rebuilding;

/// <summary>
/// The environment of a build that is run again: that of this process without what belongs to this run alone, so that the other build
/// neither takes its parameters for its own nor writes commands to its agent, and gets no key.
/// </summary>
internal static class RebuildEnvironment
{
    // By these a build finds the service that it runs in.
    private static readonly string[] OfServices =
    [
        "TF_BUILD", "BUILD_BUILDID", "GITHUB_ACTIONS", "GITHUB_RUN_ID", "GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT", "GITHUB_ENV", "GITLAB_CI",
        "TEAMCITY_VERSION", "JENKINS_URL", "BUILD_TAG", "CI",
    ];

    private static readonly string[] OfThisRun =
    [
        nameof(IPushBase.Release), nameof(IPushBase.ReleaseDigest), nameof(IHazReleaseVersion.ReleaseVersion), nameof(IPushBase.MoveTag),
        nameof(IHazRegistries.ImageStore), nameof(IBuildImage.ImageBuilder), nameof(IBuildImage.BaseImageDigests),
        nameof(IHazDryRun.DryRun), nameof(IRebuildReleases.RebuildKey), nameof(IRebuildReleases.AllowOtherSdk),
    ];

    private static readonly string[] Prefixes = [.. BuildSystem.VariablePrefixes.Select(prefix => prefix + "_"), "MSBUILD"];

    /// <summary>Creates the environment.</summary>
    /// <param name="present">The variables of this process.</param>
    /// <param name="build">The build to run again.</param>
    /// <param name="commitTime">The time of its commit.</param>
    public static IReadOnlyDictionary<string, string> Create(
        IReadOnlyDictionary<string, string> present, RecordedBuild build, DateTimeOffset? commitTime)
    {
        var variables = present
            .Where(variable => !IsOfThisRun(variable.Key))
            .ToDictionary(variable => variable.Key, variable => variable.Value, StringComparer.Ordinal);

        // Nodes of MSBuild that stay would keep the output open.
        variables["MSBUILDDISABLENODEREUSE"] = "1";
        variables["NO_COLOR"] = "1";
        if (build.BaseImages.Count > 0)
            variables[nameof(IBuildImage.BaseImageDigests)] = BaseImageDigests.Format(build.BaseImages);
        if (build.Created is { } created && created != commitTime)
            variables["SOURCE_DATE_EPOCH"] = created.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return variables;
    }

    private static bool IsOfThisRun(string name) =>
        OfServices.Contains(name, StringComparer.OrdinalIgnoreCase)
        || OfThisRun.Any(parameter => CommandLine.Normal(parameter) == CommandLine.Normal(name))
        || Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
        || name.Equals("SOURCE_DATE_EPOCH", StringComparison.OrdinalIgnoreCase)
        || CommandLine.Normal(name).Contains(CommandLine.Normal("SigningKey"), StringComparison.Ordinal)
        || CommandLine.Normal(name).Contains(CommandLine.Normal(nameof(IRebuildReleases.RebuildKey)), StringComparison.Ordinal);
}
