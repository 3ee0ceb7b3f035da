using Gantry.Docker.Engine;
using Gantry.Oci;

namespace Gantry.Docker.Building;

/// <summary>One build for one platform, with the values that both builders of the engine need.</summary>
internal sealed record DockerBuild
{
    /// <summary>The engine.</summary>
    public required DockerEngine Engine { get; init; }

    /// <summary>The Dockerfile's path in the build context.</summary>
    public required string Dockerfile { get; init; }

    /// <summary>The path of the Dockerfile for messages.</summary>
    public required string DisplayName { get; init; }

    /// <summary>The platform.</summary>
    public required Platform Platform { get; init; }

    /// <summary>Values for ARG instructions.</summary>
    public required IReadOnlyDictionary<string, string> Arguments { get; init; }

    /// <summary>Labels to add to those of the Dockerfile.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Credentials for the registries of base images.</summary>
    public required DockerCredentials Credentials { get; init; }

    /// <summary>The options of the build.</summary>
    public required DockerBuildOptions Options { get; init; }

    /// <summary>True to run every step again.</summary>
    public required bool NoCache { get; init; }

    /// <summary>Returns the same build with the timestamp that BuildKit uses for everything that it writes itself.</summary>
    /// <seealso href="https://reproducible-builds.org/docs/source-date-epoch/">SOURCE_DATE_EPOCH</seealso>
    public DockerBuild WithSourceDate(DateTimeOffset time) => Arguments.ContainsKey("SOURCE_DATE_EPOCH")
        ? this
        : this with
        {
            Arguments = new Dictionary<string, string>(Arguments, StringComparer.Ordinal)
            {
                ["SOURCE_DATE_EPOCH"] = $"{time.ToUnixTimeSeconds()}",
            },
        };

    /// <summary>Creates the error for a build that failed.</summary>
    public GantryException Failed(string reason, BuildOutput output) =>
        output.Step is { } step
            ? DockerErrors.StepFailed(DisplayName, step, reason, output.Tail)
            : DockerErrors.DockerfileRefused(DisplayName, reason);
}
