using Gantry.Images.Sboms;
using Gantry.IO;

namespace Gantry.Images.Applications;

/// <summary>The files of a published application that its <c>*.deps.json</c> files list, with their layers.</summary>
internal sealed class ApplicationLibraries
{
    private const string Suffix = ".deps.json";
    private static readonly string[] s_companions = [".pdb", ".xml"];

    private readonly Dictionary<string, ApplicationLayer> _layers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _applications = new(StringComparer.Ordinal);

    /// <summary>
    /// Reads the files at the top of an application: its own one and those of programs that its project references. Returns the reason
    /// why there is only one layer when none of them can be read.
    /// </summary>
    public static async Task<(ApplicationLibraries Libraries, string? OneLayerReason)> ReadAsync(
        string folder, IReadOnlyList<PublishedEntry> entries, CancellationToken cancellationToken)
    {
        var libraries = new ApplicationLibraries();
        var reason = "it has no deps.json file, as with a single file or native AOT";
        foreach (var entry in entries.Where(entry => IsAtTop(entry.Path) && entry.Path.EndsWith(Suffix, StringComparison.Ordinal)))
        {
            try
            {
                libraries.Add(
                    entry.Path[..^Suffix.Length],
                    DepsFileReader.Read(await RegularFile.ReadAllBytesAsync(Path.Combine(folder, entry.Path), cancellationToken)));
            }
            catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                reason = $"{entry.Path} cannot be read: {exception.Message.TrimEnd('.')}";
            }
        }

        return (libraries, libraries._applications.Count == 0 ? reason : null);
    }

    /// <summary>Returns the layer of a file.</summary>
    /// <param name="path">The path in the application, with slashes.</param>
    public ApplicationLayer LayerOf(string path)
    {
        if (_applications.Count == 0 || IsPartOfApplication(path))
            return ApplicationLayer.Assemblies;
        if (_layers.TryGetValue(path, out var layer))
            return layer;
        if (IsHost(path))
            return ApplicationLayer.Frameworks;
        var companion = s_companions.FirstOrDefault(suffix => path.EndsWith(suffix, StringComparison.Ordinal));
        return companion is not null && _layers.TryGetValue(path[..^companion.Length] + ".dll", out layer)
            ? layer
            : ApplicationLayer.Content;
    }

    private void Add(string application, IReadOnlyList<DepsLibrary> libraries)
    {
        _applications.Add(application);
        foreach (var library in libraries)
        {
            var layer = library.Type switch
            {
                DepsLibrary.RuntimePack => ApplicationLayer.Frameworks,
                DepsLibrary.Project => ApplicationLayer.Assemblies,
                _ => ApplicationLayer.Packages,
            };

            // A file that several libraries list changes as often as that which changes most.
            foreach (var file in library.Files)
                _layers[file] = _layers.TryGetValue(file, out var other) && other > layer ? other : layer;
        }
    }

    // A copy of the host of the SDK with the name of the assembly in it: it changes with the SDK alone.
    private bool IsHost(string path) => _applications.Contains(path) || _applications.Any(name => path == $"{name}.exe");

    // The files with which .NET starts a program, and the one that ReadyToRun compiles of all assemblies together.
    private bool IsPartOfApplication(string path)
    {
        if (!IsAtTop(path))
            return false;
        return path.EndsWith(".r2r.dll", StringComparison.Ordinal)
            || _applications.Any(name => path == $"{name}{Suffix}" || path == $"{name}.runtimeconfig.json");
    }

    private static bool IsAtTop(string path) => !path.Contains('/', StringComparison.Ordinal);
}
