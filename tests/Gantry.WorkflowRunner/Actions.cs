using Gantry.Testing.Jobs;

namespace Gantry.WorkflowRunner;

/// <summary>The imitated actions. Each knows its inputs, and fails for any other.</summary>
internal static class Actions
{
    private static readonly Dictionary<string, (string[] Inputs, Func<StepRunner, Dictionary<string, string>, CancellationToken, Task> Run)>
        Known = new()
        {
            ["actions/checkout@v4"] = (["fetch-depth", "persist-credentials"], CheckOutAsync),
            ["actions/setup-dotnet@v4"] = (["global-json-file"], SetUp),
            ["actions/cache@v4"] = (["path", "key", "restore-keys"], (_, _, _) => Task.CompletedTask),
            ["actions/upload-artifact@v4"] = (["name", "path", "if-no-files-found", "overwrite"], Upload),
            ["actions/download-artifact@v4"] = (["name", "path"], Download),
            ["azure/login@v2"] = (["client-id", "tenant-id", "subscription-id", "allow-no-subscriptions"], SignInToAzure),
            ["docker/login-action@v3"] = (["registry", "username", "password"], SignIn),
        };

    public static async Task<bool> RunAsync(
        StepRunner step, string action, Dictionary<string, string> inputs, CancellationToken cancellationToken)
    {
        if (!Known.TryGetValue(action, out var known))
            throw new WorkflowException($"the action '{action}' is not known here");
        if (inputs.Keys.FirstOrDefault(input => !known.Inputs.Contains(input)) is { } unknown)
            throw new WorkflowException($"the action '{action}' has no input '{unknown}'");
        await known.Run(step, inputs, cancellationToken);
        return true;
    }

    private static async Task CheckOutAsync(StepRunner step, Dictionary<string, string> inputs, CancellationToken cancellationToken)
    {
        var (run, workspace) = (step.Job.Run, step.Job.Workspace);
        var given = inputs.GetValueOrDefault("fetch-depth", "1");
        string[] depth = given == "0" ? [] : ["--depth", given];
        await JobProcess.GitAsync(
            workspace, cancellationToken, ["clone", "--quiet", .. depth, "file://" + Path.GetFullPath(run.Options.Repository), "."]);

        // A branch is checked out by its name, anything else as a commit. The merge of a pull request is on no branch.
        if (run.IsMerge)
            await JobProcess.GitAsync(
                workspace, cancellationToken,
                "fetch", "--quiet", "origin", $"+{run.Request.Reference}:refs/remotes/{run.Request.Reference["refs/".Length..]}");
        string[] target = run.Request.Reference.StartsWith("refs/heads/", StringComparison.Ordinal)
            ? ["-B", run.Request.Reference["refs/heads/".Length..], run.Commit]
            : ["--detach", run.Commit];
        await JobProcess.GitAsync(workspace, cancellationToken, ["checkout", "--quiet", .. target]);
        if (inputs.GetValueOrDefault("persist-credentials") != "false")
            throw new WorkflowException("the token of the job stays in the clone");
        run.Options.ReusedFiles.Restore(workspace, sources: workspace);
    }

    private static Task SetUp(StepRunner step, Dictionary<string, string> inputs, CancellationToken cancellationToken) =>
        File.Exists(Path.Combine(step.Job.Workspace, inputs["global-json-file"]))
            ? Task.CompletedTask
            : throw new IOException($"{inputs["global-json-file"]} does not exist");

    // Several paths keep their place below the folder that they have in common.
    private static Task Upload(StepRunner step, Dictionary<string, string> inputs, CancellationToken cancellationToken)
    {
        var target = Path.Combine(step.Job.Run.Result.ArtifactFolder, inputs["name"]);
        if (Directory.Exists(target))
        {
            if (inputs.GetValueOrDefault("overwrite") != "true")
                throw new IOException($"an artifact with the name {inputs["name"]} already exists");
            Directory.Delete(target, recursive: true);
        }

        string[] paths = inputs["path"].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var files = paths.SelectMany(path => FilesOf(step.Job.Workspace, path)).ToList();
        if (files.Count == 0 && inputs.GetValueOrDefault("if-no-files-found") == "error")
            throw new IOException($"no files were found with the path {inputs["path"]}");
        if (files.Count == 0)
            return Task.CompletedTask;
        var root = paths is [var only] && Directory.Exists(Path.Combine(step.Job.Workspace, only))
            ? Path.Combine(step.Job.Workspace, only)
            : CommonFolder(files);
        foreach (var file in files.Where(file => !Path.GetRelativePath(root, file).Split('/').Any(part => part.StartsWith('.'))))
            Copy(file, Path.Combine(target, Path.GetRelativePath(root, file)));
        step.Job.Run.Options.ReusedFiles.Save(step.Job.Workspace, sources: step.Job.Workspace);
        return Task.CompletedTask;
    }

    private static Task Download(StepRunner step, Dictionary<string, string> inputs, CancellationToken cancellationToken)
    {
        var source = Path.Combine(step.Job.Run.Result.ArtifactFolder, inputs["name"]);
        if (!Directory.Exists(source))
            throw new IOException($"there is no artifact with the name {inputs["name"]}");
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
            Copy(file, Path.Combine(step.Job.Workspace, inputs["path"], Path.GetRelativePath(source, file)));
        return Task.CompletedTask;
    }

    private static Task SignInToAzure(StepRunner step, Dictionary<string, string> inputs, CancellationToken cancellationToken)
    {
        if (step.Job.Result.Permissions.GetValueOrDefault("id-token") != "write")
            throw new WorkflowException("a job without id-token: write signs in to Azure");
        return inputs["client-id"].Length == 0 || inputs["tenant-id"].Length == 0
            ? throw new IOException("Login failed: client-id and tenant-id are not set")
            : Task.CompletedTask;
    }

    private static Task SignIn(StepRunner step, Dictionary<string, string> inputs, CancellationToken cancellationToken) =>
        inputs["username"].Length == 0 || inputs["password"].Length == 0
            ? throw new IOException("Username and password required")
            : Task.CompletedTask;

    private static IEnumerable<string> FilesOf(string workspace, string path)
    {
        var full = Path.Combine(workspace, path);
        if (Directory.Exists(full))
            return Directory.EnumerateFiles(full, "*", SearchOption.AllDirectories);
        return File.Exists(full) ? [full] : HashFiles.Find(workspace, [path]);
    }

    private static string CommonFolder(List<string> files)
    {
        var folder = Path.GetDirectoryName(files[0])!;
        while (!files.All(file => file.StartsWith(folder + "/", StringComparison.Ordinal)))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(from, to, overwrite: true);

        // Artifacts keep no permissions.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(to, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
