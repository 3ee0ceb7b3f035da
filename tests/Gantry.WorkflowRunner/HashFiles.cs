using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.FileSystemGlobbing;

namespace Gantry.WorkflowRunner;

/// <summary>The function <c>hashFiles</c>.</summary>
internal static class HashFiles
{
    /// <summary>Returns one hash for all files that the patterns match; empty when there are none.</summary>
    public static string Of(string folder, IReadOnlyList<string> patterns)
    {
        var files = Find(folder, patterns);
        return files.Count == 0
            ? ""
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(files.Select(file =>
                Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))))))));
    }

    /// <summary>Returns the files that patterns match; one that begins with '!' excludes.</summary>
    public static IReadOnlyList<string> Find(string folder, IReadOnlyList<string> patterns)
    {
        var matcher = new Matcher(StringComparison.Ordinal);
        foreach (var pattern in patterns)
            _ = pattern.StartsWith('!') ? matcher.AddExclude(pattern[1..]) : matcher.AddInclude(pattern);
        return [.. matcher.GetResultsInFullPath(folder).Order(StringComparer.Ordinal)];
    }
}
