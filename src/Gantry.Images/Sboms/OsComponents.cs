using Gantry.Images.BaseImages;
using Gantry.Sboms;

namespace Gantry.Images.Sboms;

/// <summary>Finds the operating system of an image and its packages.</summary>
/// <param name="files">The files of the image.</param>
/// <param name="components">Receives the components.</param>
/// <param name="notes">Receives notes about lists that cannot be read.</param>
internal sealed class OsComponents(PackageFiles files, ComponentSet components, SbomNotes notes)
{
    // Trivy compares advisories by source package, and looks for its name here.
    private const string SourceName = "aquasecurity:trivy:SrcName";

    private static readonly string[] s_releaseFiles = ["/etc/os-release", "/usr/lib/os-release"];
    private static readonly string[] s_alpineFiles = ["/lib/apk/db/installed", "/usr/lib/apk/db/installed"];
    private static readonly string[] s_databases =
        [.. from folder in (string[])["/var/lib/rpm", "/usr/lib/sysimage/rpm"]
            from name in (string[])["rpmdb.sqlite", "Packages.db", "Packages"]
            select $"{folder}/{name}"];

    private bool _foundPackages;

    /// <summary>Adds the operating system and the packages of all lists.</summary>
    /// <param name="image">The reference of the image, which depends on the operating system.</param>
    public void AddAll(string image)
    {
        var release = ReadRelease(out var file);
        var system = image;
        if (release is not null)
        {
            system = components.Add(
                new SbomComponent { Type = "operating-system", BomRef = "os", Name = release.Id, Version = release.VersionId }, file);
            components.AddDependency(image, system);
        }

        AddDebian(release, system);
        foreach (var list in s_alpineFiles.DistinctBy(path => files.Find(path) ?? path))
            AddList(list, "apk", release?.Id ?? "alpine", release, system, AlpinePackages.Read);
        AddRpm(release, system);

        if (release is null && _foundPackages)
            notes.Add(s_releaseFiles[0], "the operating system is not known, because this file is missing or cannot be read");
        else if (release is not null && !_foundPackages)
            notes.Add($"no list of packages of the operating system {release.Distribution} was read");
    }

    private OsRelease? ReadRelease(out string file)
    {
        foreach (var path in s_releaseFiles)
        {
            file = path;
            if (files.TryRead(path) is { Length: > 0 } content)
                return OsRelease.Parse(content.Span);
        }

        file = "";
        return null;
    }

    private void AddDebian(OsRelease? release, string system)
    {
        string[] lists = ["/var/lib/dpkg/status", .. files.List(KeptFiles.DebianPackageFolder).Where(IsPackage)];
        foreach (var list in lists)
            AddList(list, "deb", release?.Id ?? "debian", release, system, DebianPackages.Read);

        const string Chisel = "/var/lib/chisel/manifest.wall";
        AddList(Chisel, "deb", release?.Id ?? "ubuntu", release, system, (content, _) => ChiselManifest.Read(content));

        static bool IsPackage(string path) => !path.EndsWith(".md5sums", StringComparison.Ordinal);
    }

    private void AddRpm(OsRelease? release, string system)
    {
        const string Manifest = "/var/lib/rpmmanifest/container-manifest-2";
        AddList(Manifest, "rpm", release?.Id, release, system, RpmManifest.Read);
        if (files.Find(Manifest) is not null)
            return;

        foreach (var database in s_databases.Where(path => files.Find(path) is not null).DistinctBy(files.Find))
            notes.Add(database, "not read, because databases of RPM are not read here: its packages are missing in this SBOM");
    }

    private void AddList(
        string file, string type, string? space, OsRelease? release, string system,
        Func<ReadOnlyMemory<byte>, Action<string>, IEnumerable<OsPackage>> read)
    {
        if (files.TryRead(file) is not { } content)
            return;
        try
        {
            foreach (var package in read(content, problem => notes.Add(file, $"malformed: {problem}")))
            {
                _foundPackages = true;
                components.AddDependency(system, components.Add(ToComponent(package, type, space, release), file));
            }
        }
        catch (InvalidDataException exception)
        {
            notes.Add(file, $"not read, because it is malformed: {exception.Message}");
        }
    }

    private static SbomComponent ToComponent(OsPackage package, string type, string? space, OsRelease? release)
    {
        var purl = PackageUrl.Create(
            type, space, package.Name, package.Version,
            ("arch", package.Architecture), ("distro", release?.Distribution), ("epoch", package.Epoch));
        return new SbomComponent
        {
            Type = "library",
            BomRef = purl,
            Name = package.Name,
            Version = package.Version,
            Licenses = package.License is { } license ? [LicenseText.Parse(license)] : [],
            Purl = purl,
            Properties = package.Source is { } source && source != package.Name ? [new SbomProperty(SourceName, source)] : [],
        };
    }
}
