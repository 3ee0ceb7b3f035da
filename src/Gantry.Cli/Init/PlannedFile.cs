using System.Text;

namespace Gantry.Cli.Init;

/// <summary>A file that is to be written into the repository.</summary>
/// <param name="Path">The file, relative to the root, with forward slashes.</param>
/// <param name="Content">The complete content.</param>
internal sealed record PlannedFile(string Path, string Content)
{
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>True for a script that a person starts.</summary>
    public bool IsExecutable { get; init; }

    /// <summary>The lines that are added to a file that exists; empty for a new file.</summary>
    public IReadOnlyList<string> Added { get; init; } = [];

    /// <summary>Returns true when the repository has the file with this content, so that there is nothing to write.</summary>
    public bool IsWritten(string root) => File.Exists(FullPath(root)) && Normalize(File.ReadAllText(FullPath(root))) == Normalize(Content);

    /// <summary>Writes the file beside its place and moves it there.</summary>
    public void Write(string root)
    {
        var file = FullPath(root);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        var partial = $"{file}.partial-{Guid.NewGuid():N}";
        File.WriteAllText(partial, Content, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        if (IsExecutable && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(partial, File.GetUnixFileMode(partial) | Executable);
        File.Move(partial, file, overwrite: true);
    }

    private string FullPath(string root) => System.IO.Path.Combine(root, Path);

    private static string Normalize(string text) => text.ReplaceLineEndings("\n");
}
