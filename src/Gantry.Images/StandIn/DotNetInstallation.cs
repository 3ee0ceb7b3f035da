using System.Runtime.InteropServices;
using Semver;

namespace Gantry.Images.StandIn;

/// <summary>The .NET runtime of this machine.</summary>
/// <param name="Root">The folder with <c>dotnet</c>.</param>
/// <param name="RuntimeVersion">The version of Microsoft.NETCore.App.</param>
/// <param name="AspNetVersion">The version of Microsoft.AspNetCore.App; null when it is not installed.</param>
/// <param name="HostVersion">The version of the .NET host.</param>
internal sealed record DotNetInstallation(string Root, string RuntimeVersion, string? AspNetVersion, string HostVersion)
{
    private const string Runtime = "shared/Microsoft.NETCore.App";
    private const string AspNet = "shared/Microsoft.AspNetCore.App";
    private const string Host = "host/fxr";

    /// <summary>Finds the newest runtime of a major version in the installation that runs this program; null when there is none.</summary>
    public static DotNetInstallation? Find(int major)
    {
        // <root>/shared/Microsoft.NETCore.App/<version>/
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        return File.Exists(Path.Combine(root, "dotnet"))
            && Newest(Path.Combine(root, Runtime), major) is { } runtime
            && Newest(Path.Combine(root, Host), null) is { } host
                ? new DotNetInstallation(root, runtime, Newest(Path.Combine(root, AspNet), major), host)
                : null;
    }

    /// <summary>Lists the files of the runtime, relative to the root, in ordinal order.</summary>
    public IReadOnlyList<string> Files()
    {
        var folders = new List<string> { $"{Host}/{HostVersion}", $"{Runtime}/{RuntimeVersion}" };
        if (AspNetVersion is not null)
            folders.Add($"{AspNet}/{AspNetVersion}");

        return [.. folders
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Root, file))
            .Append("dotnet")
            .Order(StringComparer.Ordinal)];
    }

    private static string? Newest(string folder, int? major)
    {
        if (!Directory.Exists(folder))
            return null;
        return Directory.EnumerateDirectories(folder)
            .Select(path => Path.GetFileName(path))
            .Select(name => (Name: name, Version: SemVersion.TryParse(name, SemVersionStyles.Strict, out var version) ? version : null))
            .Where(candidate => candidate.Version is not null && (major is null || candidate.Version.Major == major))
            .OrderBy(candidate => candidate.Version!, SemVersion.SortOrderComparer)
            .Select(candidate => candidate.Name)
            .LastOrDefault();
    }
}
