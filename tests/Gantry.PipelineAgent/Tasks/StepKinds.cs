using Gantry.Testing.Jobs;

namespace Gantry.PipelineAgent.Tasks;

/// <summary>Runs each kind of step. An unknown kind fails: a skipped step would prove nothing.</summary>
internal static class StepKinds
{
    /// <summary>Runs a step. Returns true when it succeeded.</summary>
    public static async Task<bool> RunAsync(StepContext step, CancellationToken cancellationToken)
    {
        switch (step.Step.Kind)
        {
            case "bash":
            case "script":
                return await step.RunScriptAsync("bash", step.Argument, ".sh", step.Property("workingDirectory"), [], cancellationToken);
            case "pwsh":
                return await step.RunScriptAsync("pwsh", step.Argument, ".ps1", step.Property("workingDirectory"), [], cancellationToken);
            case "checkout":
                await CheckoutAsync(step, cancellationToken);
                return true;
            case "download":
                Artifacts.Download(step);
                return true;
            case "publish":
                Artifacts.Publish(
                    step, step.Argument, step.Property("artifact") ?? throw new PipelineException("the artifact has no name"));
                return true;
            case "task":
                return await TaskKinds.RunAsync(step, cancellationToken);
            default:
                throw new PipelineException($"the step '{step.Step.Kind}' is not known here");
        }
    }

    // Through the file protocol: only then git honours the depth.
    private static async Task CheckoutAsync(StepContext step, CancellationToken cancellationToken)
    {
        if (step.Argument == "none")
            return;
        if (step.Argument != "self")
            throw new PipelineException($"the repository '{step.Argument}' is not known here");

        var depth = step.Property("fetchDepth") ?? "1";
        string[] shallow = depth == "0" ? [] : ["--depth", depth];
        string[] tags = depth == "0" || step.Property("fetchTags") == "true" ? ["--tags"] : ["--no-tags"];
        await JobProcess.GitAsync(step.Sources, cancellationToken, "init", "--quiet");
        await JobProcess.GitAsync(
            step.Sources, cancellationToken, "remote", "add", "origin", new Uri(Path.GetFullPath(step.Run.Options.Repository)).AbsoluteUri);
        await JobProcess.GitAsync(
            step.Sources,
            cancellationToken,
            ["fetch", "--quiet", .. shallow, .. tags, "origin", .. Refs(step.Run, isShallow: depth != "0")]);
        await JobProcess.GitAsync(step.Sources, cancellationToken, "checkout", "--quiet", "--detach", step.Run.Commit);
        step.Run.Options.ReusedFiles.Restore(step.Workspace, step.Sources);
    }

    // A checkout with history has all branches, and the merge of a pull request under a name of its own: versions are counted from them.
    private static string[] Refs(RunContext run, bool isShallow)
    {
        if (isShallow)
            return [run.Commit];
        var branch = run.Request.Branch;
        return branch.StartsWith("refs/pull/", StringComparison.Ordinal)
            ? ["+refs/heads/*:refs/remotes/origin/*", $"+{run.Commit}:refs/remotes/{branch["refs/".Length..]}"]
            : ["+refs/heads/*:refs/remotes/origin/*", run.Commit];
    }
}
