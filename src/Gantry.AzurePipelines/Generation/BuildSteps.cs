using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Generation;

/// <summary>The steps that jobs share: sources, tools, artifacts, calls of the build.</summary>
internal static class BuildSteps
{
    public const string Sources = "$(Build.SourcesDirectory)";

    /// <summary>The environment variable for the location of NuGet packages.</summary>
    public const string PackagesVariable = "NUGET_PACKAGES";

    /// <summary>Keeps a deployment job from downloading every artifact of the run, which it does by itself.</summary>
    public static Step NoArtifacts { get; } = new DownloadStep("none");

    /// <summary>
    /// The token of the run, with which the build asks the service about its run: the service holds the gates of that run only.
    /// </summary>
    public static KeyValuePair<string, string> AccessToken { get; } = new("SYSTEM_ACCESSTOKEN", "$(System.AccessToken)");

    private const string Packages = "$(Pipeline.Workspace)/.nuget/packages";

    /// <summary>The folder of NuGet packages, when they are cached.</summary>
    public static IEnumerable<Variable> PackagesFolder(AgentTools tools) =>
        tools.NuGetCacheKeys.Count == 0 ? [] : [new(PackagesVariable, Packages) { Origin = "Tools.NuGetCacheKeys" }];

    /// <summary>Creates the steps that check out the sources into a clean folder and install the tools to build them.</summary>
    /// <param name="tools">The tools.</param>
    /// <param name="fullHistory">True when versions are counted from history.</param>
    public static IEnumerable<Step> Prepare(AgentTools tools, bool fullHistory)
    {
        yield return new CheckoutStep
        {
            Clean = true,
            FetchDepth = fullHistory ? 0 : 1,
            FetchTags = fullHistory ? true : null,
            IsRepeatable = true,
        };

        if (tools.InstallSdk)
        {
            yield return new TaskStep("UseDotNet@2")
            {
                DisplayName = "Install the .NET SDK of global.json",
                Inputs = [Input("packageType", "sdk"), Input("useGlobalJson", true)],
                IsRepeatable = true,
            };
        }

        if (tools.NuGetCacheKeys is { Count: > 0 } keys)
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

        for (var i = 0; i < tools.Caches.Count; i++)
        {
            var (path, files) = tools.Caches[i];
            yield return new TaskStep("Cache@2")
            {
                DisplayName = $"Cache {path}",
                Inputs = [Input("key", $"\"{Constant(path)}\" | \"$(Agent.OS)\" | {string.Join(',', files)}"), Input("path", path)],
                Origin = $"Tools.Caches[{i}]",
            };
        }

        if (tools.AuthenticateNuGet)
            yield return new TaskStep("NuGetAuthenticate@1") { DisplayName = "Authenticate to private feeds", IsRepeatable = true };
    }

    // Folders of agents differ; the key of a cache does not.
    private static string Constant(string path) =>
        path.Replace("$(", "", StringComparison.Ordinal).Replace(")", "", StringComparison.Ordinal);

    /// <summary>Creates the step that publishes the record of the release.</summary>
    public static Step PublishRelease(PipelineDeclaration declaration) =>
        Publish("Keep the release record", declaration.Commands.ReleaseFile, RunArtifacts.OfThisAttempt(RunArtifacts.Release));

    /// <summary>Publishes a file or folder of the repository as an artifact.</summary>
    public static Step Publish(string displayName, string path, string artifact) =>
        new PublishStep($"{Sources}/{path}", artifact) { DisplayName = displayName };

    /// <summary>
    /// Creates the steps that download the record of the release to where the build expects it, and the images when they are transferred as
    /// an artifact.
    /// </summary>
    public static IEnumerable<Step> Fetch(PipelineDeclaration declaration, PromotionRoute route)
    {
        yield return Download(
            "Download the release record",
            RunArtifacts.OfAttemptIn(PromotionStages.ReleaseAttempt, RunArtifacts.Release),
            RelativePath.Folder(declaration.Commands.ReleaseFile),
            build: null);
        if (route.CarriesImages)
        {
            yield return Download(
                "Download the images",
                RunArtifacts.OfAttemptIn(
                    route.Build is null ? PromotionStages.ReleaseAttempt : PromotionStages.BuildAttempt, RunArtifacts.Images),
                declaration.Commands.ImagesFolder,
                route.Build);
        }
    }

    /// <summary>Creates a call of the build.</summary>
    /// <param name="commands">The commands that call the build.</param>
    /// <param name="arguments">The arguments on the command line.</param>
    /// <param name="connection">The service connection to use; null for none.</param>
    /// <param name="secrets">The secret variables that the build gets.</param>
    public static Step Call(BuildCommands commands, string arguments, string? connection, IReadOnlyList<string> secrets)
    {
        var line = $"{commands.Script ?? (commands.Shell == ScriptShell.Bash ? "./build.sh" : "./build.ps1")} {arguments}";
        if (connection is null)
            return new ScriptStep(commands.Shell, line) { Secrets = secrets, IsOfBuild = true };

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

            // Azure.Identity finds the federated credential of the service connection only inside this task, and
            // exchanges it with this token.
            Environment = [AccessToken],
            Secrets = secrets,
            IsOfBuild = true,
        };
    }

    /// <summary>Returns the environment of a call that asks the service about its run.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> WithToken(Step call) =>
        [.. call.Environment.Prepend(AccessToken).Distinct()];

    public static KeyValuePair<string, YamlValue> Input(string name, string value) => new(name, YamlValue.Of(value));

    public static KeyValuePair<string, YamlValue> Input(string name, bool value) => new(name, YamlValue.Of(value));

    /// <summary>Downloads an artifact into a folder of the repository.</summary>
    /// <param name="displayName">The name that people see.</param>
    /// <param name="artifact">The artifact.</param>
    /// <param name="folder">The folder; empty: the root.</param>
    /// <param name="build">The alias of the pipeline whose run published it; null: this run did.</param>
    public static Step Download(string displayName, string artifact, string folder, string? build) =>
        Download(displayName, Input("artifactName", artifact), folder, build);

    /// <summary>Downloads files of several artifacts of another run, each into a folder of the name of its artifact.</summary>
    /// <param name="displayName">The name that people see.</param>
    /// <param name="pattern">The pattern of the files, which begins with the name of the artifact.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="build">The alias of the pipeline whose run published them.</param>
    public static Step DownloadFiles(string displayName, string pattern, string folder, string build) =>
        Download(displayName, Input("itemPattern", pattern), folder, build);

    private static TaskStep Download(string displayName, KeyValuePair<string, YamlValue> what, string folder, string? build)
    {
        var target = Input("targetPath", folder.Length == 0 ? Sources : $"{Sources}/{folder}");
        return new TaskStep("DownloadPipelineArtifact@2")
        {
            DisplayName = displayName,
            Inputs = build is null
                ? [Input("buildType", "current"), what, target]
                :
                [
                    Input("buildType", "specific"),
                    Input("project", $"$(resources.pipeline.{build}.projectID)"),
                    Input("definition", $"$(resources.pipeline.{build}.pipelineID)"),
                    Input("buildVersionToDownload", "specific"),
                    Input("pipelineId", $"$(resources.pipeline.{build}.runID)"),
                    what,
                    target,
                ],
            IsRepeatable = true,
        };
    }
}
