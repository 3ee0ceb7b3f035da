using System.Text;

namespace Gantry.Images.Sboms;

/// <summary>Reads the lists of dpkg: <c>var/lib/dpkg/status</c>, and the files of <c>var/lib/dpkg/status.d</c>.</summary>
/// <seealso href="https://manpages.debian.org/bookworm/dpkg-dev/deb-control.5.en.html">deb-control(5)</seealso>
internal static class DebianPackages
{
    private static readonly string[] s_fields = ["Package", "Version", "Architecture", "Source", "Status"];

    /// <summary>Reads the packages that are installed.</summary>
    /// <param name="content">The file.</param>
    /// <param name="report">Receives what is malformed, as the rest of a sentence.</param>
    public static IEnumerable<OsPackage> Read(ReadOnlyMemory<byte> content, Action<string> report)
    {
        var paragraph = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        using var lines = new StringReader(Encoding.UTF8.GetString(content.Span));
        for (var number = 1; ; number++)
        {
            var line = lines.ReadLine();
            if (string.IsNullOrWhiteSpace(line))
            {
                if (paragraph.Count > 0 && ToPackage(paragraph, number, report) is { } package)
                    yield return package;
                paragraph.Clear();
                if (line is null)
                    yield break;
            }
            else if (line[0] is not (' ' or '\t'))
            {
                AddField(paragraph, line, number, report);
            }
        }
    }

    private static void AddField(Dictionary<string, string> paragraph, string line, int number, Action<string> report)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0)
        {
            report($"line {number} is no field");
            return;
        }

        var name = line[..colon];
        if (s_fields.Contains(name, StringComparer.OrdinalIgnoreCase) && !paragraph.TryAdd(name, line[(colon + 1)..].Trim()))
            report($"line {number} has the field {name} of a package again");
    }

    private static OsPackage? ToPackage(Dictionary<string, string> paragraph, int number, Action<string> report)
    {
        // Packages that are removed keep their configuration and their paragraph.
        if (paragraph.TryGetValue("Status", out var status) && !status.EndsWith(" installed", StringComparison.Ordinal))
            return null;
        if (ForeignName.Clean(paragraph.GetValueOrDefault("Package")) is { } name
            && ForeignName.Clean(paragraph.GetValueOrDefault("Version")) is { } version)
            return new OsPackage(name, version)
            {
                Architecture = ForeignName.Clean(paragraph.GetValueOrDefault("Architecture")),
                Source = ForeignName.Clean(paragraph.GetValueOrDefault("Source")?.Split(' ')[0]),
            };
        report($"the package that ends before line {number} has no name or no version");
        return null;
    }
}
