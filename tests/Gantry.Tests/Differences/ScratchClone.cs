using Gantry.Testing;

namespace Gantry.Tests.Differences;

/// <summary>A real git repository in a temporary folder.</summary>
internal sealed class ScratchClone : IDisposable
{
    private readonly TempFolder _folder = new();
    private int _minutes;

    private ScratchClone()
    {
    }

    public string Path => _folder.Path;

    public static async Task<ScratchClone> CreateAsync(string? remote = null)
    {
        var clone = new ScratchClone();
        await clone.GitAsync("init", "--quiet", "--initial-branch", "main");
        if (remote is not null)
            await clone.GitAsync("remote", "add", "origin", remote);
        return clone;
    }

    /// <summary>Commits, a minute after the commit before; returns the hash.</summary>
    public async Task<string> CommitAsync(string message, string author = "Anna")
    {
        var time = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(_minutes++).ToString("o");
        var file = _folder.Write(".git/message", System.Text.Encoding.UTF8.GetBytes(message));
        (await ChildProcess.RunAsync(
            "git",
            [
                "-C", Path, "-c", $"user.name={author}", "-c", "user.email=test@example.com", "commit", "--quiet", "--allow-empty",
                "--cleanup=verbatim", "--file", file,
            ],
            new Dictionary<string, string> { ["GIT_AUTHOR_DATE"] = time, ["GIT_COMMITTER_DATE"] = time })).EnsureSuccess();
        return await GitAsync("rev-parse", "HEAD");
    }

    public async Task<string> GitAsync(params string[] arguments)
    {
        var run = await ChildProcess.RunAsync("git", ["-C", Path, .. arguments]);
        run.EnsureSuccess();
        return run.Output.Trim();
    }

    public void Dispose() => _folder.Dispose();
}
