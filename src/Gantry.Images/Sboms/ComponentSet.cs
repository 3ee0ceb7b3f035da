using Gantry.Images.BaseImages;
using Gantry.Sboms;

namespace Gantry.Images.Sboms;

/// <summary>Collects the components of an image and their dependencies: each component once, wherever it was found.</summary>
/// <param name="failures">Creates the errors for what exceeds a limit.</param>
/// <param name="notes">Receives notes about components that contradict each other.</param>
/// <param name="cancellationToken">Cancels the operation.</param>
internal sealed class ComponentSet(LayerFailures failures, SbomNotes notes, CancellationToken cancellationToken)
{
    private const string FoundIn = "dev.gantry.sbom.found-in";

    private readonly SortedDictionary<string, SbomComponent> _components = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _places = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SortedSet<string>> _dependencies = new(StringComparer.Ordinal);
    private int _edges;
    private long _steps;

    /// <summary>The components, in the order of their references.</summary>
    public IReadOnlyList<SbomComponent> Components => [.. _components.Values.Select(WithPlaces)];

    /// <summary>The dependencies, in the order of their references.</summary>
    public IReadOnlyList<SbomDependency> Dependencies =>
        [.. _dependencies.Select(entry => new SbomDependency(entry.Key, [.. entry.Value]))];

    /// <summary>Adds a component that was found in a file; returns its reference.</summary>
    /// <param name="component">The component, with its reference.</param>
    /// <param name="file">The path of the file.</param>
    public string Add(SbomComponent component, string file)
    {
        TakeStep();
        var reference = component.BomRef!;
        if (!_components.TryGetValue(reference, out var known))
        {
            if (_components.Count == Limits.SbomComponents)
                throw failures.TooLarge($"it has more than {Limits.SbomComponents} components", nameof(Limits.SbomComponents));
            _components[reference] = component;
            _places[reference] = [file];
            return reference;
        }

        if (known.Hashes.Count > 0 && component.Hashes.Count > 0 && !known.Hashes.SequenceEqual(component.Hashes))
            notes.Add(file, $"{component.Name} {component.Version} has another hash here than elsewhere in the image");
        _components[reference] = known with
        {
            Hashes = known.Hashes.Count > 0 ? known.Hashes : component.Hashes,
            Licenses = known.Licenses.Count > 0 ? known.Licenses : component.Licenses,
        };

        // Files are read one after the other.
        if (_places[reference] is { Count: < Limits.SbomPlaces } places && places[^1] != file)
            places.Add(file);
        return reference;
    }

    /// <summary>Adds a dependency between two components.</summary>
    public void AddDependency(string from, string to)
    {
        if (from == to)
            return;
        if (!_dependencies.TryGetValue(from, out var targets))
            _dependencies[from] = targets = new SortedSet<string>(StringComparer.Ordinal);
        if (targets.Add(to) && ++_edges > Limits.SbomDependencies)
            throw failures.TooLarge($"it has more than {Limits.SbomDependencies} dependencies", nameof(Limits.SbomDependencies));
    }

    /// <summary>Counts steps on the way to dependencies, so that no graph is made to take for ever.</summary>
    public void TakeStep()
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (++_steps > Limits.BaseImagePaths)
            throw failures.TooLarge("its dependencies lead on and on", nameof(Limits.SbomDependencies));
    }

    private SbomComponent WithPlaces(SbomComponent component) => component with
    {
        Properties =
        [
            .. component.Properties,
            .. _places[component.BomRef!].Select(file => new SbomProperty(FoundIn, DisplayText.Neutralize(file))),
        ],
    };
}
