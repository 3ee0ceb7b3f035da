using System.Globalization;
using Gantry.AzurePipelines;
using Gantry.AzurePipelines.Model;
using Gantry.GitHubActions.Expressions;

namespace Gantry.GitHubActions.Generation;

/// <summary>The steps that jobs share.</summary>
internal static class JobSteps
{
    /// <summary>
    /// Checks out without leaving the token of the job in the clone, installs the SDK and restores the cache of packages.
    /// </summary>
    public static IEnumerable<WorkflowStep> Prepare(WorkflowDeclaration declaration, bool fullHistory)
    {
        var tools = declaration.Pipeline.Tools;
        var actions = declaration.Actions;
        yield return WorkflowStep.Uses(actions.Checkout, [.. CheckoutInputs(declaration.Pipeline.Sources, fullHistory)]);
        if (tools.InstallSdk)
            yield return WorkflowStep.Uses(actions.SetupDotNet, ("global-json-file", "global.json")) with
            {
                Name = "Install the .NET SDK of global.json",
            };
        if (tools.NuGetCacheKeys.Count > 0)
        {
            var files = Expression.Call("hashFiles", [.. tools.NuGetCacheKeys.Select(Expression.Text)]);
            var system = Expression.Of("runner", "os").Wrapped;
            yield return WorkflowStep.Uses(
                actions.Cache,
                ("path", "~/.nuget/packages"),
                ("key", $"nuget-{system}-{files.Wrapped}"),
                ("restore-keys", $"nuget-{system}-")) with
            {
                Name = "Cache NuGet packages",
            };
        }
    }

    // The token of the job never stays in the clone, where every later step could use it.
    private static IEnumerable<(string Name, string Value)> CheckoutInputs(Sources sources, bool fullHistory)
    {
        if ((sources.FetchDepth ?? (fullHistory ? 0 : 1)) is var depth and not 1)
            yield return ("fetch-depth", depth.ToString(CultureInfo.InvariantCulture));
        if (sources.Submodules != SubmoduleCheckout.None)
            yield return ("submodules", sources.Submodules == SubmoduleCheckout.Recursive ? "recursive" : "true");
        if (sources.LargeFiles)
            yield return ("lfs", "true");
        yield return ("persist-credentials", "false");
    }

    /// <summary>Calls the build.</summary>
    public static WorkflowStep Call(BuildCommands commands, string arguments)
    {
        var (script, shell) = commands.Shell == ScriptShell.Pwsh ? ("./build.ps1", "pwsh") : ("./build.sh", "bash");
        return WorkflowStep.Run($"{commands.Script ?? script} {arguments}", shell);
    }

    /// <summary>
    /// Returns a call that can ask GitHub about its run: a promotion trusts no variable of its process, and the record of a release has no
    /// run that GitHub did not confirm.
    /// </summary>
    public static WorkflowStep WithToken(WorkflowStep call, string? environment = null) => call with
    {
        Environment =
        [
            .. call.Environment,
            .. environment is null ? [] : new[] { KeyValuePair.Create(WorkflowGenerator.EnvironmentVariable, environment) },
            KeyValuePair.Create("GITHUB_TOKEN", Expression.Of("github", "token").Wrapped),
        ],
    };

    public static WorkflowStep Upload(WorkflowDeclaration declaration, string artifact, params IReadOnlyList<string> paths) =>
        WorkflowStep.Uses(
            declaration.Actions.UploadArtifact,
            ("name", artifact),
            ("path", string.Join('\n', paths)),
            ("if-no-files-found", "error"),
            // A job that runs again replaces what it uploaded before.
            ("overwrite", "true"));

    public static WorkflowStep Download(WorkflowDeclaration declaration, string artifact, string folder) =>
        WorkflowStep.Uses(declaration.Actions.DownloadArtifact, ("name", artifact), ("path", folder));

    /// <summary>The folder of a file.</summary>
    public static string FolderOf(string file) => RelativePath.Folder(file) is { Length: > 0 } folder ? folder : ".";
}
