namespace Gantry.Images.BaseImages;

/// <summary>
/// The files whose content an index of a layer has: user databases, for the owners of what is copied; the lists of packages, for SBOMs. One
/// index serves both, so a layer is unpacked once.
/// </summary>
internal static class KeptFiles
{
    /// <summary>The end of the names of the files that list the libraries of a .NET application.</summary>
    public const string DependenciesSuffix = ".deps.json";

    /// <summary>The folder in which images without a package manager have a file for each Debian package.</summary>
    public const string DebianPackageFolder = "/var/lib/dpkg/status.d";

    private static readonly HashSet<string> s_packageFiles = new(StringComparer.Ordinal)
    {
        "/etc/os-release", "/usr/lib/os-release",
        "/var/lib/dpkg/status", "/var/lib/chisel/manifest.wall",
        "/lib/apk/db/installed", "/usr/lib/apk/db/installed",
        "/var/lib/rpmmanifest/container-manifest-2",
    };

    /// <summary>Returns the number of bytes that the content of a file may have to be kept; -1 when it is not kept at all.</summary>
    public static int MaximumSize(string path) => path switch
    {
        "/etc/passwd" or "/etc/group" => Limits.UserDatabaseBytes,
        _ when IsPackageFile(path) => Limits.PackageFileBytes,
        _ => -1,
    };

    private static bool IsPackageFile(string path) =>
        path.EndsWith(DependenciesSuffix, StringComparison.Ordinal)
        || s_packageFiles.Contains(path)
        || ImagePath.Parent(path) == DebianPackageFolder;
}
