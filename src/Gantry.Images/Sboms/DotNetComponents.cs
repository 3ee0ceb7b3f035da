using Gantry.Images.BaseImages;
using Gantry.Sboms;

namespace Gantry.Images.Sboms;

/// <summary>Finds the applications, frameworks and NuGet packages of .NET in an image.</summary>
/// <param name="files">The files of the image.</param>
/// <param name="components">Receives the components.</param>
/// <param name="notes">Receives notes about files that cannot be read.</param>
internal sealed class DotNetComponents(PackageFiles files, ComponentSet components, SbomNotes notes)
{
    private const string RuntimePackPrefix = "runtimepack.";
    private const string HashPrefix = "sha512-";
    private const int HashSize = 64;

    /// <summary>Adds what all <c>*.deps.json</c> files list.</summary>
    /// <param name="image">The reference of the image, which depends on its applications and frameworks.</param>
    public void AddAll(string image)
    {
        foreach (var file in files.ListDependencyFiles())
        {
            if (files.TryRead(file) is not { } content)
                continue;
            try
            {
                Add(file, DepsFileReader.Read(content), image);
            }
            catch (InvalidDataException exception)
            {
                notes.Add(file, $"not read, because it is malformed: {exception.Message}");
            }
        }
    }

    private void Add(string file, IReadOnlyList<DepsLibrary> libraries, string image)
    {
        // What is only compiled against is not in the image, whatever its dependencies say.
        var references = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var library in libraries.Where(library => library.HasRuntimeAssets))
        {
            if (ToComponent(library, file) is { } component)
                references[library.Key] = components.Add(component, file);
        }

        AddDependencies(libraries, references);
        AddRoots(file, libraries, references, image);
    }

    // The image depends on a framework or on the application. A file without one of them lists libraries alone.
    private void AddRoots(string file, IReadOnlyList<DepsLibrary> libraries, Dictionary<string, string> references, string image)
    {
        var name = ImagePath.Name(file)[..^KeptFiles.DependenciesSuffix.Length];
        if (FindFramework(file, name) is { } framework)
        {
            var reference = components.Add(framework, file);
            components.AddDependency(image, reference);
            foreach (var library in references.Values)
                components.AddDependency(reference, library);
            return;
        }

        var projects = libraries.Where(library => library.Type == DepsLibrary.Project && references.ContainsKey(library.Key)).ToList();
        var application = projects.Find(project => project.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? projects.FirstOrDefault();
        foreach (var reference in application is null ? [.. references.Values] : (string[])[references[application.Key]])
            components.AddDependency(image, reference);
    }

    // shared/<name>/<version>/<name>.deps.json below any folder that .NET is in. A framework is no package of NuGet, and its libraries are.
    // Scanners take it for a library, and some fail at a library without a package URL.
    private static SbomComponent? FindFramework(string file, string name) =>
        file.Split('/') is [.., "shared", var folder, var version, _] && folder == name
            && ForeignName.Clean(name) is { } cleanName && ForeignName.Clean(version) is { } cleanVersion
            ? new SbomComponent
            {
                Type = "framework",
                BomRef = $"framework:{cleanName}@{cleanVersion}",
                Name = cleanName,
                Version = cleanVersion,
                Purl = PackageUrl.Create("generic", null, cleanName, cleanVersion),
            }
            : null;

    private SbomComponent? ToComponent(DepsLibrary library, string file)
    {
        var isRuntimePack = library.Type == DepsLibrary.RuntimePack
            && library.Name.StartsWith(RuntimePackPrefix, StringComparison.OrdinalIgnoreCase);
        var name = ForeignName.Clean(isRuntimePack ? library.Name[RuntimePackPrefix.Length..] : library.Name);
        if (name is null || ForeignName.Clean(library.Version) is not { } version)
        {
            notes.Add(file, $"the library {library.Key} is left out, because its name is too long or empty");
            return null;
        }

        var component = new SbomComponent { Type = "library", Name = name, Version = version };
        return library.Type switch
        {
            DepsLibrary.Package or DepsLibrary.RuntimePack =>
                WithPurl(component, PackageUrl.NuGet(name, version), ReadHashes(library, file)),

            // A project is no package. A package of the same name may exist, and advisories about it do not concern the project.
            DepsLibrary.Project => component with { Type = "application", BomRef = $"project:{name}@{version}" },

            // An assembly that was referenced as a file: nothing says where it comes from.
            _ => component with { Type = "file", BomRef = $"assembly:{name}@{version}" },
        };
    }

    private static SbomComponent WithPurl(SbomComponent component, string purl, IReadOnlyList<SbomHash> hashes) =>
        component with { BomRef = purl, Purl = purl, Hashes = hashes };

    private IReadOnlyList<SbomHash> ReadHashes(DepsLibrary library, string file)
    {
        if (library.Hash.Length == 0)
            return [];
        var hash = new byte[HashSize];
        if (library.Hash.StartsWith(HashPrefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(library.Hash[HashPrefix.Length..], hash, out var length) && length == HashSize)
            return [new SbomHash("SHA-512", Convert.ToHexStringLower(hash))];
        notes.Add(file, $"the hash of {library.Key} is left out, because it is not sha512");
        return [];
    }

    // Packages without files of their own depend on others: those count as dependencies of what leads to them.
    private void AddDependencies(IReadOnlyList<DepsLibrary> libraries, Dictionary<string, string> references)
    {
        var byKey = new Dictionary<string, DepsLibrary>(StringComparer.OrdinalIgnoreCase);
        foreach (var library in libraries)
            byKey.TryAdd(library.Key, library);

        foreach (var library in libraries.Where(library => references.ContainsKey(library.Key)))
        {
            var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { library.Key };
            var pending = new Stack<string>(library.Dependencies);
            while (pending.TryPop(out var key))
            {
                components.TakeStep();
                if (!seen.Add(key))
                    continue;
                if (references.TryGetValue(key, out var target))
                    components.AddDependency(references[library.Key], target);
                else if (byKey.TryGetValue(key, out var between))
                    PushAll(pending, between.Dependencies);
            }
        }
    }

    private void PushAll(Stack<string> pending, IReadOnlyList<string> keys)
    {
        foreach (var key in keys)
        {
            components.TakeStep();
            pending.Push(key);
        }
    }
}
