using System.Diagnostics;
using System.Runtime.Versioning;
using Gantry.Nuke.Versioning;

namespace Gantry.Nuke.Tests.Versioning;

/// <summary>A git repository in a temporary folder, without the settings of this machine.</summary>
internal sealed class ScratchRepository : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("gantry-git-");

    public ScratchRepository() => Folder = _parent.CreateSubdirectory("repository");

    public DirectoryInfo Folder { get; }

    public string PathOf(string file) => Path.Combine(Folder.FullName, file);

    public SourceRevision Read() => SourceRevision.Read(Folder.FullName);

    public void Write(string file, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(file))!);
        File.WriteAllText(PathOf(file), content);
    }

    [UnsupportedOSPlatform("windows")]
    public void MakeExecutable(string file) =>
        File.SetUnixFileMode(PathOf(file), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    /// <summary>Writes a file, and commits everything.</summary>
    public string Commit(string file, string content)
    {
        if (!Directory.Exists(PathOf(".git")))
            Git("init", "--quiet", "--initial-branch", "trunk");
        Write(file, content);
        Git("add", "--all");
        Git("commit", "--quiet", "--message", "change");
        return Git("rev-parse", "HEAD");
    }

    /// <summary>Commits a submodule with a file <c>a</c>.</summary>
    public void CommitSubmodule(string path)
    {
        using var other = new ScratchRepository();
        other.Commit("a", "1");
        Git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", other.Folder.FullName, path);
        Git("commit", "--quiet", "--message", "submodule");
    }

    public string Git(params string[] arguments) => GitIn("", arguments);

    /// <summary>Runs git in a folder of the repository.</summary>
    public string GitIn(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments) { WorkingDirectory = PathOf(folder), RedirectStandardOutput = true };
        foreach (var (name, value) in new[]
        {
            ("GIT_AUTHOR_NAME", "a"),
            ("GIT_AUTHOR_EMAIL", "a@example.com"),
            ("GIT_COMMITTER_NAME", "a"),
            ("GIT_COMMITTER_EMAIL", "a@example.com"),
            ("GIT_AUTHOR_DATE", "1700000000 +0200"),
            ("GIT_COMMITTER_DATE", "1700000000 +0200"),
            ("GIT_CONFIG_GLOBAL", PathOf(".none")),
        })
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }

    public void Dispose()
    {
        // Git's objects are read-only files, which Windows does not delete.
        foreach (var file in _parent.EnumerateFiles("*", SearchOption.AllDirectories))
            file.Attributes = FileAttributes.Normal;
        _parent.Delete(recursive: true);
    }
}
