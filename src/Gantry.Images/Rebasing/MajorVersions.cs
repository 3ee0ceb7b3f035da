using System.Text.RegularExpressions;
using Gantry.Images.BaseImages;
using Gantry.Images.Layers;
using Gantry.Images.Sboms;
using Gantry.Oci;

namespace Gantry.Images.Rebasing;

/// <summary>
/// Compares the major versions of two base images by all that names one: the tags, the label of the version, variables such as
/// <c>DOTNET_VERSION</c>, and the operating system.
/// </summary>
internal static partial class MajorVersions
{
    private const string VersionLabel = "org.opencontainers.image.version";

    private static readonly string[] s_releaseFiles = ["/etc/os-release", "/usr/lib/os-release"];

    /// <summary>Returns the first difference as the rest of a sentence; null when all that is named is the same.</summary>
    /// <param name="before">The old base image.</param>
    /// <param name="oldTree">Its files.</param>
    /// <param name="after">The new base image.</param>
    /// <param name="newTree">Its files.</param>
    /// <param name="isKnown">True when something names a version in both.</param>
    public static string? FindDifference(BaseImage before, ImageTree oldTree, BaseImage after, ImageTree newTree, out bool isKnown)
    {
        var (old, now) = (Read(before, oldTree), Read(after, newTree));
        isKnown = old.Keys.Any(name => now.ContainsKey(name));
        foreach (var (name, version) in old)
        {
            if (now.GetValueOrDefault(name) is { } other && other != version)
                return $"{name} is of {version} there, and of {other} in the new one, which is another major version";
        }

        return null;
    }

    private static SortedDictionary<string, string> Read(BaseImage image, ImageTree tree)
    {
        var versions = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Add("the tag", image.Reference?.Tag);
        Add($"the label {VersionLabel}", image.Config.Config?.Labels?.GetValueOrDefault(VersionLabel));
        foreach (var variable in image.Config.Config?.Env ?? [])
        {
            if (variable.Split('=', 2) is [var name, var value] && name.EndsWith("_VERSION", StringComparison.Ordinal))
                Add($"the variable {name}", value);
        }

        if (ReadRelease(tree) is { } release)
            versions["the operating system"] = $"{release.Id} {MajorOf(release.VersionId)}".TrimEnd();
        return versions;

        void Add(string name, string? text)
        {
            if (MajorOf(text) is { } major)
                versions[name] = major;
        }
    }

    private static string? MajorOf(string? text) =>
        text is not null && Leading().Match(text) is { Success: true } match ? match.Groups["major"].Value : null;

    private static OsRelease? ReadRelease(ImageTree tree) => s_releaseFiles
        .Select(path => tree.Resolve(path) is { } target ? tree.Find(target) : null)
        .OfType<LayerEntry>()
        .Where(file => file.Content.Length > 0)
        .Select(file => OsRelease.Parse(file.Content.Span))
        .FirstOrDefault();

    [GeneratedRegex(@"^v?(?<major>\d{1,9})(?:$|[.\-_+])", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Leading();
}
