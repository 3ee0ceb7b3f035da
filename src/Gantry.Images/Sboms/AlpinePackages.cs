using System.Text;

namespace Gantry.Images.Sboms;

/// <summary>Reads the list of apk, <c>lib/apk/db/installed</c>.</summary>
/// <seealso href="https://wiki.alpinelinux.org/wiki/Apk_spec">Alpine package format</seealso>
internal static class AlpinePackages
{
    /// <summary>Reads the packages that are installed.</summary>
    /// <param name="content">The file.</param>
    /// <param name="report">Receives what is malformed, as the rest of a sentence.</param>
    public static IEnumerable<OsPackage> Read(ReadOnlyMemory<byte> content, Action<string> report)
    {
        var package = new Dictionary<char, string>();
        using var lines = new StringReader(Encoding.UTF8.GetString(content.Span));
        for (var number = 1; ; number++)
        {
            var line = lines.ReadLine();
            if (string.IsNullOrWhiteSpace(line))
            {
                if (package.Count > 0 && ToPackage(package, number, report) is { } found)
                    yield return found;
                package.Clear();
                if (line is null)
                    yield break;
            }
            else if (line.Length < 2 || line[1] != ':')
            {
                report($"line {number} is no field");
            }
            else if (line[0] is 'P' or 'V' or 'A' or 'L' or 'o' && !package.TryAdd(line[0], line[2..]))
            {
                report($"line {number} has the field {line[0]} of a package again");
            }
        }
    }

    private static OsPackage? ToPackage(Dictionary<char, string> package, int number, Action<string> report)
    {
        if (ForeignName.Clean(package.GetValueOrDefault('P')) is { } name
            && ForeignName.Clean(package.GetValueOrDefault('V')) is { } version)
            return new OsPackage(name, version)
            {
                Architecture = ForeignName.Clean(package.GetValueOrDefault('A')),
                Source = ForeignName.Clean(package.GetValueOrDefault('o')),
                License = ForeignName.Clean(package.GetValueOrDefault('L')),
            };
        report($"the package that ends before line {number} has no name or no version");
        return null;
    }
}
