using Gantry.Oci;

namespace Gantry.Docker;

/// <summary>One build of one platform, as both of the engine's builders need to know it.</summary>
internal sealed record DockerBuild
{
    /// <summary>The engine.</summary>
    public required DockerEngine Engine { get; init; }

    /// <summary>The Dockerfile's path in the build context.</summary>
    public required string Dockerfile { get; init; }

    /// <summary>The Dockerfile's path as messages name it.</summary>
    public required string DisplayName { get; init; }

    /// <summary>The platform.</summary>
    public required Platform Platform { get; init; }

    /// <summary>Values for ARG instructions.</summary>
    public required IReadOnlyDictionary<string, string> Arguments { get; init; }

    /// <summary>Labels that go beside those of the Dockerfile.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Credentials for the registries of base images.</summary>
    public required DockerCredentials Credentials { get; init; }

    /// <summary>The rest.</summary>
    public required DockerBuildOptions Options { get; init; }

    /// <summary>The same build, with the time that BuildKit takes for everything that it writes itself.</summary>
    /// <seealso href="https://reproducible-builds.org/docs/source-date-epoch/">SOURCE_DATE_EPOCH</seealso>
    public DockerBuild WithSourceDate(DateTimeOffset time) => Arguments.ContainsKey("SOURCE_DATE_EPOCH")
        ? this
        : this with { Arguments = new Dictionary<string, string>(Arguments, StringComparer.Ordinal) { ["SOURCE_DATE_EPOCH"] = $"{time.ToUnixTimeSeconds()}" } };

    /// <summary>The error of a build that the engine gave up.</summary>
    public GantryException Failed(string reason, BuildOutput output) =>
        output.Step is { } step
            ? DockerErrors.StepFailed(DisplayName, step, reason, output.Tail)
            : DockerErrors.DockerfileRefused(DisplayName, reason);
}
