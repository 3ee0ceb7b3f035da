using Microsoft.Extensions.FileSystemGlobbing;

namespace Gantry.PipelineAgent.Tasks;

/// <summary>Artifacts, the only way to pass files from one job to another.</summary>
internal static class Artifacts
{
    /// <summary>Publishes a file, or the content of a folder; the path is relative to the sources.</summary>
    public static void Publish(StepContext step, string relative, string artifact)
    {
        var path = Path.Combine(step.Sources, relative);
        var target = Path.Combine(step.Run.Result.ArtifactFolder, artifact);
        if (Directory.Exists(target))
            throw new PipelineException($"Artifact {artifact} already exists for build {step.Run.Result.Id}.");
        if (File.Exists(path))
        {
            Directory.CreateDirectory(target);
            File.Copy(path, Path.Combine(target, Path.GetFileName(path)));
        }
        else if (Directory.Exists(path))
        {
            Copy(path, target);
        }
        else
        {
            throw new PipelineException($"Path does not exist: {path}");
        }
    }

    /// <summary>Runs the step <c>download</c>: into the workspace, each artifact into a folder of its name.</summary>
    public static void Download(StepContext step)
    {
        if (step.Argument == "none")
            return;

        var isCurrent = step.Argument == "current";
        var run = isCurrent ? null
            : step.Run.Request.Pipelines.TryGetValue(step.Argument, out var other) ? other
            : throw new PipelineException($"there is no pipeline resource '{step.Argument}'");
        var source = run?.ArtifactFolder ?? step.Run.Result.ArtifactFolder;
        var target = isCurrent ? step.Workspace : Path.Combine(step.Workspace, step.Argument);
        foreach (var name in step.Property("artifact") is { } only
            ? [only]
            : Directory.GetDirectories(source).Select(folder => Path.GetFileName(folder)!))
            Download(source, name, Path.Combine(target, name));
    }

    /// <summary>Runs the task <c>DownloadPipelineArtifact@2</c>: one artifact into a folder.</summary>
    public static void DownloadTask(StepContext step)
    {
        var isCurrent = (step.Input("buildType", "source") ?? "current") == "current";
        var source = step.Run.ArtifactFolderOf(isCurrent ? null : step.Required("pipelineId", "runId", "buildId"));
        var target = step.Input("targetPath", "path") ?? step.Workspace;
        if (step.Input("artifactName", "artifact") is { Length: > 0 } artifact)
            Download(source, artifact, target);
        else
            DownloadFiles(step, source, step.Required("itemPattern", "patterns"), target);
    }

    // Without the name of an artifact, the pattern begins with it, and each artifact has a folder of its own.
    private static void DownloadFiles(StepContext step, string source, string pattern, string target)
    {
        foreach (var match in new Matcher().AddInclude(pattern).GetResultsInFullPath(source))
        {
            var file = Path.Combine(target, Path.GetRelativePath(source, match));
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.Copy(match, file, overwrite: true);
            step.Write($"downloaded {Path.GetRelativePath(source, match)}");
        }
    }

    private static void Download(string source, string artifact, string target)
    {
        var folder = Path.Combine(source, artifact);
        if (!Directory.Exists(folder))
            throw new PipelineException($"Artifact {artifact} was not found.");
        Copy(folder, target);
    }

    private static void Copy(string source, string target)
    {
        Directory.CreateDirectory(target);
        foreach (var folder in Directory.GetDirectories(source, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(Path.Combine(target, Path.GetRelativePath(source, folder)));
        foreach (var file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
            File.Copy(file, Path.Combine(target, Path.GetRelativePath(source, file)), overwrite: true);
    }
}
