using System.Text;
using Gantry.Environments;
using Gantry.IO;
using Gantry.Processes;

namespace Gantry.Deployments.Git;

/// <summary>The latest commit of a branch in a temporary folder, without history.</summary>
internal sealed class GitWorkTree : IDisposable
{
    // Keeps a byte order mark, and fails on invalid bytes instead of replacing them: everything goes into the commit.
    private static readonly UTF8Encoding Exact = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly GitCommitDeployment _deployment;
    private readonly GitProgram _git;
    private readonly TemporaryFolder _folder = TemporaryFolder.Create("gantry-git-");

    private GitWorkTree(GitCommitDeployment deployment, GitProgram git)
    {
        _deployment = deployment;
        _git = git;
    }

    /// <summary>
    /// Clones the latest commit. Throws <c>GAN4079</c> to <c>GAN4082</c>: git is not installed, the repository cannot be reached or refuses
    /// access, or the branch does not exist.
    /// </summary>
    public static async Task<GitWorkTree> CloneAsync(GitCommitDeployment deployment, string? token, CancellationToken cancellationToken)
    {
        var tree = new GitWorkTree(deployment, new GitProgram(deployment, token));
        try
        {
            await tree.RunAsync(
                cancellationToken, "clone", "--quiet", "--depth", "1", "--single-branch", "--no-tags", "--branch", deployment.Branch, "--",
                deployment.Repository, ".");
            return tree;
        }
        catch
        {
            tree.Dispose();
            throw;
        }
    }

    /// <summary>Returns the reference that the file of the deployment has for an image; null when it has none.</summary>
    public async Task<string?> ReadImageAsync(string image, CancellationToken cancellationToken)
    {
        var (file, text) = await ReadFileAsync(cancellationToken);
        return _deployment is KustomizeCommitDeployment kustomize
            ? Kustomization.FindImage(file, text, kustomize.Entry ?? image)
            : HelmValues.FindImage(file, text, (HelmValuesCommitDeployment)_deployment);
    }

    /// <summary>Finds the file of the deployment, reads it and edits its text. Writes nothing.</summary>
    public async Task<(string File, string Before, EditedFile Edited)> EditAsync(DeploymentOrder order, CancellationToken cancellationToken)
    {
        var (file, text) = await ReadFileAsync(cancellationToken);
        return (file, text,
            _deployment is KustomizeCommitDeployment ? Kustomization.SetImage(file, text, order) : HelmValues.SetImage(file, text, order));
    }

    /// <summary>Writes a file and commits it.</summary>
    public async Task CommitAsync(string file, string text, string message, CancellationToken cancellationToken)
    {
        await File.WriteAllBytesAsync(_folder.Combine(file), Exact.GetBytes(text), cancellationToken);
        await RunAsync(cancellationToken, "commit", "--quiet", "--no-verify", "--message", message, "--", file);
    }

    /// <summary>Returns the current commit of the working tree.</summary>
    public async Task<string> HeadAsync(CancellationToken cancellationToken) =>
        (await RunAsync(cancellationToken, "rev-parse", "HEAD")).Output.Trim();

    /// <summary>
    /// Pushes the commit. Returns false when the branch has moved meanwhile; throws <c>GAN4088</c> when the push is rejected.
    /// </summary>
    public async Task<bool> PushAsync(CancellationToken cancellationToken)
    {
        var result = await _git.RunAsync(
            _folder.Path, _deployment.Description, cancellationToken, "push", "--porcelain", "origin",
            "HEAD:refs/heads/" + _deployment.Branch);
        if (result.ExitCode == 0)
            return true;
        if (GitErrorParser.FindRejection(result) is not { } rejection)
            throw GitErrorParser.ToException(result, _deployment);
        return rejection.WasOvertaken
            ? false
            : throw DeploymentErrors.PushRejected(_deployment.Repository, _deployment.Branch, rejection.Reason);
    }

    /// <summary>Resets the working tree to the current state of the branch, without the commit that was made.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await RunAsync(cancellationToken, "fetch", "--quiet", "--depth", "1", "--no-tags", "origin", "refs/heads/" + _deployment.Branch);
        await RunAsync(cancellationToken, "reset", "--quiet", "--hard", "FETCH_HEAD");
    }

    public void Dispose() => _folder.Dispose();

    private async Task<ProgramResult> RunAsync(CancellationToken cancellationToken, params IEnumerable<string> arguments)
    {
        var result = await _git.RunAsync(_folder.Path, _deployment.Description, cancellationToken, arguments);
        return result.ExitCode == 0 ? result : throw GitErrorParser.ToException(result, _deployment);
    }

    private async Task<(string File, string Text)> ReadFileAsync(CancellationToken cancellationToken)
    {
        var file = FindFile();
        return (file, Decode(file, await RegularFile.ReadAllBytesAsync(_folder.Combine(file), cancellationToken)));
    }

    private static string Decode(string file, byte[] bytes)
    {
        try
        {
            return Exact.GetString(bytes);
        }
        catch (DecoderFallbackException exception)
        {
            throw DeploymentErrors.UnreadableYaml(file, "it is not UTF-8", exception);
        }
    }

    private string FindFile()
    {
        var path = _folder.Combine(_deployment.Path);
        string[] candidates = _deployment is KustomizeCommitDeployment && Directory.Exists(path)
            ? [.. Kustomization.FileNames.Select(name => Path.Combine(path, name))]
            : [path];
        var found = Array.Find(candidates, File.Exists);
        return found is not null && !IsLink(found)
            ? Path.GetRelativePath(_folder.Path, found).Replace('\\', '/')
            : throw DeploymentErrors.FileMissing(
                _deployment.Repository,
                _deployment.Branch,
                _deployment.Path,
                _deployment is KustomizeCommitDeployment ? "kustomization" : "file");
    }

    // A link, of the file or of a folder above it, could lead out of the repository.
    private bool IsLink(string path)
    {
        for (FileSystemInfo? at = new FileInfo(path); at is not null
            && at.FullName.Length > _folder.Path.Length; at = Directory.GetParent(at.FullName))
        {
            if (at.LinkTarget is not null)
                return true;
        }

        return false;
    }
}
