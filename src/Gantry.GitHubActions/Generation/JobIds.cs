using Gantry.Environments;

namespace Gantry.GitHubActions.Generation;

/// <summary>The ids of generated jobs, steps, artifacts and inputs.</summary>
internal static class JobIds
{
    public const string Build = "build";
    public const string Publish = "publish";
    public const string FindRelease = "find-release";

    /// <summary>The step that publishes or finds the release; its outputs are the version and the digests.</summary>
    public const string ReleaseStep = "release";

    /// <summary>The artifact with the built images and their record.</summary>
    public const string BuiltImages = "built-images";

    /// <summary>The artifact with the record of the release.</summary>
    public const string Release = "release";

    /// <summary>The artifact with the published images, when they travel as an artifact.</summary>
    public const string Images = "images";

    /// <summary>The artifact with the report of drift.</summary>
    public const string Drift = "drift";

    /// <summary>The artifact with the page about all environments.</summary>
    public const string Page = "report";

    public const string TestResults = "test-results";

    /// <summary>The input that says how far a run is promoted.</summary>
    public const string PromoteToInput = "promote-to";

    public const string ReleaseInput = "release";
    public const string DigestInput = "digest";
    public const string EnvironmentInput = "environment";

    /// <summary>The input with the reason for putting an older release over a newer one.</summary>
    public const string GoBackInput = "go-back";
    public const string OverrideSoakInput = "override-soak";

    /// <summary>The input that says what to do in an environment.</summary>
    public const string ActionInput = "action";

    /// <summary>The input with the reason for a return, a hold or its end.</summary>
    public const string ReasonInput = "reason";

    public static string Rollback(PromotionEnvironment environment, string? region) =>
        $"rollback-{environment.Name}" + (region is null ? "" : "-" + region);

    public static string Placement(PromotionEnvironment environment, string? region = null) =>
        $"place-{environment.Name}" + (region is null ? "" : "-" + region);

    public static string Promotion(PromotionEnvironment environment, string? region = null) =>
        $"promote-{environment.Name}" + (region is null ? "" : "-" + region);
}
