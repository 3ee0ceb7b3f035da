using System.Text;

namespace Gantry.Images.Sboms;

/// <summary>The name and the version of an operating system.</summary>
/// <param name="Id">The name: <c>debian</c>, <c>alpine</c>, <c>azurelinux</c>.</param>
/// <param name="VersionId">The version; null when it has none, as those that are never released.</param>
/// <seealso href="https://www.freedesktop.org/software/systemd/man/latest/os-release.html">os-release</seealso>
internal sealed record OsRelease(string Id, string? VersionId)
{
    /// <summary>The distribution in package URLs: <c>debian-12</c>.</summary>
    public string Distribution => VersionId is null ? Id : $"{Id}-{VersionId}";

    /// <summary>Parses <c>/etc/os-release</c>. A system without a name is <c>linux</c>, as the specification says.</summary>
    public static OsRelease Parse(ReadOnlySpan<byte> content)
    {
        var (id, version) = ("linux", (string?)null);
        foreach (var line in Encoding.UTF8.GetString(content).Split('\n'))
        {
            if (ValueOf(line, "ID=") is { } name)
                id = name;
            else if (ValueOf(line, "VERSION_ID=") is { } number)
                version = number;
        }

        return new OsRelease(id, version);
    }

    private static string? ValueOf(string line, string name)
    {
        if (!line.StartsWith(name, StringComparison.Ordinal))
            return null;
        var value = line[name.Length..].Trim();
        if (value is ['"', .., '"'] or ['\'', .., '\''])
            value = value[1..^1];
        return ForeignName.Clean(value.Replace("\\", "", StringComparison.Ordinal));
    }
}
