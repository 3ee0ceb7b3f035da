using System.Text.Json;
using System.Text.RegularExpressions;
using Nuke.Common.IO;
using Nuke.Common.Utilities;

namespace Nuke.Common.Tooling;

/// <summary>Programs in the packages that the build project references or downloads.</summary>
internal static partial class NuGetPackages
{
    public static string GetExecutable(string[] packageIds, string executable)
    {
        var assetsFile = (BuildProjectDirectory() / "obj" / "project.assets.json")
            .ExistingFile()
            .NotNull($"Package {packageIds[0].SingleQuote()} cannot be looked up: the build project was not restored");
        using var assets = JsonDocument.Parse(assetsFile.ReadAllBytes());
        var folders = assets.RootElement.GetProperty("packageFolders").EnumerateObject().Select(x => x.Name).ToList();

        foreach (var id in packageIds)
        foreach (var version in GetVersions(assets.RootElement, id))
        foreach (var folder in folders)
        {
            var directory = Path.Combine(folder, id.ToLowerInvariant(), version.ToLowerInvariant());
            if (Directory.Exists(directory) && FindExecutable(directory, executable) is { } file)
                return file;
        }

        Assert.Fail(
            $"Missing package {packageIds.Select(x => x.SingleQuote()).Join(" or ")}: add a PackageDownload of it to the build project");
        return null;
    }

    private static AbsolutePath BuildProjectDirectory()
        => NukeBuild.BuildProjectDirectory.NotNull("There is no build project whose packages could be asked");

    private static IEnumerable<string> GetVersions(JsonElement assets, string id)
    {
        var downloads = assets.GetProperty("project").GetProperty("frameworks").EnumerateObject()
            .SelectMany(x => x.Value.TryGetProperty("downloadDependencies", out var downloads) ? downloads.EnumerateArray().ToArray() : [])
            .Where(x => id.EqualsOrdinalIgnoreCase(x.GetProperty("name").GetString()))
            // "[6.8.2, 6.8.2]": a download is always of one exact version.
            .Select(x => x.GetProperty("version").GetString()!.Trim('[', ']').Split(',')[0].Trim());
        var references = assets.GetProperty("libraries").EnumerateObject()
            .Select(x => x.Name.Split('/'))
            .Where(x => id.EqualsOrdinalIgnoreCase(x[0]))
            .Select(x => x[1]);
        return downloads.Concat(references);
    }

    // The newest framework that this process can run.
    private static string FindExecutable(string directory, string executable)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, MatchCasing = MatchCasing.CaseInsensitive };
        return Directory.EnumerateFiles(directory, executable, options)
            .Select(x => (File: x, Framework: FrameworkOf(Path.GetRelativePath(directory, x))))
            .Where(x => x.Framework <= Environment.Version.Major)
            .OrderByDescending(x => x.Framework)
            .Select(x => x.File)
            .FirstOrDefault();
    }

    // "net10.0" is 10, and everything that came before .NET 5 is old.
    private static int FrameworkOf(string path)
        => path.Split('/', '\\').Max(x => FrameworkPattern().Match(x) is { Success: true } match ? int.Parse(match.Groups[1].Value) : 0);

    [GeneratedRegex(@"^net(\d{1,2})\.\d+$")]
    private static partial Regex FrameworkPattern();
}
