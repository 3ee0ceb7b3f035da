using System.Runtime.CompilerServices;
using System.Text;

namespace Nuke.Common.IO;

public static partial class AbsolutePathExtensions
{
    private static readonly UTF8Encoding s_encoding = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether the file or directory is there; which of them is meant is taken from how the expression ends.</summary>
    public static bool Exists(this AbsolutePath path, [CallerArgumentExpression(nameof(path))] string expression = null)
    {
        if (EndsWithAny(expression, "file", "executable", "exe", "script", "archive"))
            return path.FileExists();
        if (EndsWithAny(expression, "directory", "dir", "folder"))
            return path.DirectoryExists();

        throw new ArgumentException($"Cannot infer from argument '{expression}' if either file or directory must exist");
    }

    public static bool FileExists(this AbsolutePath path) => File.Exists(path);
    public static bool DirectoryExists(this AbsolutePath path) => Directory.Exists(path);

    public static AbsolutePath ExistingFile(this AbsolutePath path) => path.FileExists() ? path : null;
    public static AbsolutePath ExistingDirectory(this AbsolutePath path) => path.DirectoryExists() ? path : null;

    public static IEnumerable<AbsolutePath> WhereFileExists(this IEnumerable<AbsolutePath> paths) => paths.Where(x => x.FileExists());

    public static AbsolutePath CreateDirectory(this AbsolutePath path)
    {
        Directory.CreateDirectory(path);
        return path;
    }

    public static AbsolutePath CreateOrCleanDirectory(this AbsolutePath path)
    {
        path.DeleteDirectory();
        return path.CreateDirectory();
    }

    public static void DeleteFile(this AbsolutePath path)
    {
        if (!path.FileExists())
            return;

        File.SetAttributes(path, FileAttributes.Normal);
        File.Delete(path);
    }

    public static void DeleteDirectory(this AbsolutePath path)
    {
        if (!path.DirectoryExists())
            return;

        // Git keeps its objects read-only, and Windows does not delete read-only files.
        if (OperatingSystem.IsWindows())
        {
            foreach (var file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories))
                File.SetAttributes(file, FileAttributes.Normal);
        }

        Directory.Delete(path, recursive: true);
    }

    public static bool HasExtension(this AbsolutePath path, string extension, params string[] alternativeExtensions)
        => EndsWithAny(path, [extension, .. alternativeExtensions]);

    public static AbsolutePath WithExtension(this AbsolutePath path, string extension)
        => Path.ChangeExtension(path, extension);

    public static string ReadAllText(this AbsolutePath path, Encoding encoding = null)
    {
        Assert.FileExists(path);
        return File.ReadAllText(path, encoding ?? s_encoding);
    }

    public static string[] ReadAllLines(this AbsolutePath path, Encoding encoding = null)
    {
        Assert.FileExists(path);
        return File.ReadAllLines(path, encoding ?? s_encoding);
    }

    public static byte[] ReadAllBytes(this AbsolutePath path)
    {
        Assert.FileExists(path);
        return File.ReadAllBytes(path);
    }

    /// <summary>Writes the text so that it ends with exactly one line break, unless told otherwise.</summary>
    public static AbsolutePath WriteAllText(this AbsolutePath path, string content, Encoding encoding = null, bool? eofLineBreak = null)
    {
        path.Parent.CreateDirectory();
        if (eofLineBreak ?? true)
            content = content.TrimEnd('\r', '\n') + (content.Contains("\r\n") ? "\r\n" : "\n");
        File.WriteAllText(path, content, encoding ?? s_encoding);
        return path;
    }

    public static AbsolutePath WriteAllBytes(this AbsolutePath path, byte[] bytes)
    {
        path.Parent.CreateDirectory();
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public static IEnumerable<AbsolutePath> GetFiles(
        this AbsolutePath path, string pattern = "*", int depth = 1, FileAttributes attributes = 0)
        => Enumerate(path, pattern, depth, attributes, Directory.EnumerateFiles);

    public static IEnumerable<AbsolutePath> GetDirectories(
        this AbsolutePath path, string pattern = "*", int depth = 1, FileAttributes attributes = 0)
        => Enumerate(path, pattern, depth, attributes, Directory.EnumerateDirectories);

    private static IEnumerable<AbsolutePath> Enumerate(
        string path,
        string pattern,
        int depth,
        FileAttributes attributes,
        Func<string, string, EnumerationOptions, IEnumerable<string>> enumerate)
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = depth > 1,
            MaxRecursionDepth = Math.Max(depth - 1, 0),
            AttributesToSkip = 0
        };
        return depth <= 0 || !Directory.Exists(path)
            ? []
            : enumerate(path, pattern, options)
                .Where(x => (File.GetAttributes(x) & attributes) == attributes)
                .Order(StringComparer.Ordinal)
                .Select(x => (AbsolutePath)x);
    }

    private static bool EndsWithAny(string text, params string[] ends)
        => ends.Any(x => text.EndsWith(x, StringComparison.OrdinalIgnoreCase));
}
