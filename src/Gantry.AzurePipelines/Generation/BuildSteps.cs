using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Generation;

/// <summary>The steps that jobs have in common: sources, tools, artifacts, calls of the build.</summary>
internal static class BuildSteps
{
    public const string Sources = "$(Build.SourcesDirectory)";

    /// <summary>The artifact that holds the record of the release.</summary>
    public const string ReleaseArtifact = "release";

    /// <summary>The artifact that holds the images.</summary>
    public const string ImagesArtifact = "images";

    /// <summary>The variable that tells NuGet where packages are.</summary>
    public const string PackagesVariable = "NUGET_PACKAGES";

    private const string AccessToken = "SYSTEM_ACCESSTOKEN";
    private const string Packages = "$(Pipeline.Workspace)/.nuget/packages";

    /// <summary>Where NuGet keeps packages, when they are cached.</summary>
    public static Variable? PackagesFolder(PipelineDeclaration declaration) =>
        declaration.Tools.NuGetCacheKeys.Count == 0 ? null : new Variable(PackagesVariable, Packages) { Origin = "Tools.NuGetCacheKeys" };

    /// <summary>The sources, without what a run before left on a machine that is kept, and the tools to build them.</summary>
    /// <param name="declaration">The declaration.</param>
    /// <param name="fullHistory">Whether versions are counted from history.</param>
    public static IEnumerable<Step> Prepare(PipelineDeclaration declaration, bool fullHistory)
    {
        yield return new CheckoutStep { Clean = true, FetchDepth = fullHistory ? 0 : 1, FetchTags = fullHistory ? true : null };

        if (declaration.Tools.InstallSdk)
        {
            yield return new TaskStep("UseDotNet@2")
            {
                DisplayName = "Install the .NET SDK of global.json",
                Inputs = [Input("packageType", "sdk"), Input("useGlobalJson", true)],
            };
        }

        if (declaration.Tools.NuGetCacheKeys is { Count: > 0 } keys)
        {
            yield return new TaskStep("Cache@2")
            {
                DisplayName = "Cache NuGet packages",
                Inputs =
                [
                    Input("key", $"nuget | \"$(Agent.OS)\" | {string.Join(',', keys)}"),
                    Input("restoreKeys", "nuget | \"$(Agent.OS)\""),
                    Input("path", $"$({PackagesVariable})"),
                ],
                Origin = "Tools.NuGetCacheKeys",
            };
        }

        if (declaration.Tools.AuthenticateNuGet)
            yield return new TaskStep("NuGetAuthenticate@1") { DisplayName = "Authenticate to private feeds" };
    }

    /// <summary>Publishes the record of the release.</summary>
    public static Step PublishRelease(PipelineDeclaration declaration) =>
        new PublishStep($"{Sources}/{declaration.Commands.ReleaseFile}", ReleaseArtifact) { DisplayName = "Publish the release record" };

    /// <summary>Publishes the images.</summary>
    public static Step PublishImages(PipelineDeclaration declaration) =>
        new PublishStep($"{Sources}/{declaration.Commands.ImagesFolder}", ImagesArtifact) { DisplayName = "Publish the images" };

    /// <summary>Puts the record of the release where the build expects it, and the images when they travel as an artifact.</summary>
    public static IEnumerable<Step> Fetch(PipelineDeclaration declaration, IPromotionRoute route)
    {
        yield return Download("Download the release record", ReleaseArtifact, RelativePath.Folder(declaration.Commands.ReleaseFile), route.Build);
        if (route.CarriesImages)
            yield return Download("Download the images", ImagesArtifact, declaration.Commands.ImagesFolder, route.Build);
    }

    /// <summary>A call of the build.</summary>
    /// <param name="declaration">The declaration.</param>
    /// <param name="arguments">What the build is given, on the command line.</param>
    /// <param name="connection">The service connection to run under; null: none.</param>
    /// <param name="secrets">The secret variables that the build gets beside those of the declaration.</param>
    public static Step Call(PipelineDeclaration declaration, string arguments, string? connection, IReadOnlyList<string> secrets)
    {
        var commands = declaration.Commands;
        var line = $"{commands.Script ?? (commands.Shell == ScriptShell.Bash ? "./build.sh" : "./build.ps1")} {arguments}";
        List<KeyValuePair<string, string>> environment = [.. declaration.Secrets.Concat(secrets).DistinctBy(EnvironmentName, StringComparer.OrdinalIgnoreCase).Select(secret => KeyValuePair.Create(EnvironmentName(secret), $"$({secret})"))];
        if (connection is null)
            return new ScriptStep(commands.Shell, line) { Environment = environment };

        // Azure.Identity finds the federated credential of the service connection only inside this task, and exchanges it with this token.
        environment.RemoveAll(variable => variable.Key.Equals(AccessToken, StringComparison.OrdinalIgnoreCase));
        environment.Insert(0, new(AccessToken, "$(System.AccessToken)"));
        return new TaskStep("AzureCLI@2")
        {
            Inputs =
            [
                Input("azureSubscription", connection),
                Input("scriptType", commands.Shell == ScriptShell.Bash ? "bash" : "pscore"),
                Input("scriptLocation", "inlineScript"),
                Input("inlineScript", line),
                Input("workingDirectory", Sources),
            ],
            Environment = environment,
        };
    }

    // As the agent itself names variables in the environment of programs: $(System.AccessToken) is SYSTEM_ACCESSTOKEN.
    private static string EnvironmentName(string variable) =>
        variable.Contains('.', StringComparison.Ordinal) ? variable.Replace('.', '_').ToUpperInvariant() : variable;

    public static KeyValuePair<string, YamlValue> Input(string name, string value) => new(name, YamlValue.Of(value));

    public static KeyValuePair<string, YamlValue> Input(string name, bool value) => new(name, YamlValue.Of(value));

    private static TaskStep Download(string displayName, string artifact, string folder, string? build)
    {
        var target = Input("targetPath", folder.Length == 0 ? Sources : $"{Sources}/{folder}");
        return new TaskStep("DownloadPipelineArtifact@2")
        {
            DisplayName = displayName,
            Inputs = build is null
                ? [Input("buildType", "current"), Input("artifactName", artifact), target]
                :
                [
                    Input("buildType", "specific"),
                    Input("project", $"$(resources.pipeline.{build}.projectID)"),
                    Input("definition", $"$(resources.pipeline.{build}.pipelineID)"),
                    Input("buildVersionToDownload", "specific"),
                    Input("pipelineId", $"$(resources.pipeline.{build}.runID)"),
                    Input("artifactName", artifact),
                    target,
                ],
        };
    }
}
