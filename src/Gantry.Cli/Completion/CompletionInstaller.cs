using System.Text;

namespace Gantry.Cli.Completion;

/// <summary>Writes the script of a shell, and the lines in the profile that load it. Again changes nothing.</summary>
/// <param name="target">The files.</param>
/// <param name="script">The script.</param>
internal sealed class CompletionInstaller(CompletionTarget target, string script)
{
    private const string Begin = "# >>> gantry completion >>>";
    private const string End = "# <<< gantry completion <<<";

    private static readonly UTF8Encoding s_encoding = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Returns what has to be written, file by file; empty when all is in place.</summary>
    public IReadOnlyList<PlannedFile> Plan()
    {
        try
        {
            var planned = new List<PlannedFile>();
            if (Read(target.Script) != script)
                planned.Add(new PlannedFile(target.Script, script, script));
            if (target is { Profile: { } profile, Line: { } line } && Read(profile) is var before && Change(before ?? "", line) is var after
                && after != before)
                planned.Add(new PlannedFile(profile, after, Block(line)));
            return planned;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CompletionErrors.NotWritten(target.Profile ?? target.Script, exception.Message.TrimEnd('.'));
        }
    }

    /// <summary>Writes a file as a whole; what it had before stays until then.</summary>
    public static void Write(PlannedFile file)
    {
        // A link is often how profiles are kept: what it points to is replaced.
        try
        {
            var link = File.Exists(file.Path) ? File.ResolveLinkTarget(file.Path, returnFinalTarget: true) : null;
            var path = link?.FullName ?? file.Path;
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var partial = $"{path}.partial-{Path.GetRandomFileName()}";
            try
            {
                File.WriteAllText(partial, file.Content, s_encoding);
                if (!OperatingSystem.IsWindows() && File.Exists(path))
                    File.SetUnixFileMode(partial, File.GetUnixFileMode(path));
                File.Move(partial, path, overwrite: true);
            }
            finally
            {
                File.Delete(partial);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CompletionErrors.NotWritten(file.Path, exception.Message.TrimEnd('.'));
        }
    }

    private static string? Read(string file) => File.Exists(file) ? File.ReadAllText(file) : null;

    private static string Block(string line) => $"{Begin}\n{line}\n{End}\n";

    // The lines between the marks are those of this program. The rest belongs to the user.
    private static string Change(string before, string line)
    {
        var begin = before.IndexOf(Begin, StringComparison.Ordinal);
        var end = begin < 0 ? -1 : before.IndexOf(End, begin, StringComparison.Ordinal);
        if (begin < 0 || end < 0)
            return before + (before.Length == 0 || before.EndsWith('\n') ? "" : "\n") + Block(line);
        var rest = before[(end + End.Length)..];
        return before[..begin] + Block(line) + (rest.StartsWith("\r\n", StringComparison.Ordinal) ? rest[2..]
            : rest.StartsWith('\n') ? rest[1..]
            : rest);
    }
}

/// <summary>A file that is to be written.</summary>
/// <param name="Path">The file.</param>
/// <param name="Content">Its whole content.</param>
/// <param name="Added">What is new in it.</param>
internal sealed record PlannedFile(string Path, string Content, string Added);
