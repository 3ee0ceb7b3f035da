using System.Text;

namespace Gantry.Images.Sboms;

/// <summary>
/// Reads <c>var/lib/rpmmanifest/container-manifest-2</c>, the list in images of Azure Linux that have no package manager: a line for each
/// package, with ten fields between tabs.
/// </summary>
internal static class RpmManifest
{
    private const int Fields = 10;
    private const string None = "(none)";

    /// <summary>Reads the packages that are installed.</summary>
    /// <param name="content">The file.</param>
    /// <param name="report">Receives what is malformed, as the rest of a sentence.</param>
    public static IEnumerable<OsPackage> Read(ReadOnlyMemory<byte> content, Action<string> report)
    {
        foreach (var (index, line) in Encoding.UTF8.GetString(content.Span).Split('\n').Index())
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            var fields = line.Split('\t');
            if (fields.Length == Fields && ForeignName.Clean(fields[0]) is { } name && ForeignName.Clean(fields[1]) is { } version)
                yield return new OsPackage(name, version)
                {
                    Architecture = ValueOf(fields[7]),
                    Epoch = ValueOf(fields[8]) is { } epoch and not "0" ? epoch : null,
                    Source = SourceOf(ValueOf(fields[9])),
                };
            else
                report($"line {index + 1} is no package with {Format.Count(Fields, "field")}");
        }
    }

    private static string? ValueOf(string field) => ForeignName.Clean(field) is { } value and not None ? value : null;

    // bash-5.2.15-3.azl3.src.rpm: the name, the version and the release.
    private static string? SourceOf(string? file) =>
        file?.Split('-') is [.. { Length: > 0 } name, _, _] ? string.Join('-', name) : null;
}
