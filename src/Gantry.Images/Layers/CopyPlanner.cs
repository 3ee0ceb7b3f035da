using Gantry.Images.Context;
using Gantry.Images.Dockerfiles;

namespace Gantry.Images.Layers;

/// <summary>Plans where COPY puts its files, as Docker does.</summary>
/// <seealso href="https://docs.docker.com/reference/dockerfile/#copy">Dockerfile reference, COPY</seealso>
internal sealed class CopyPlanner
{
    private readonly BuildContext _context;
    private readonly LayerPlan _plan;
    private readonly CopyStep _step;
    private readonly Ownership _owner;
    private readonly Func<string, long> _timeOf;
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);

    private CopyPlanner(BuildContext context, LayerPlan plan, CopyStep step, Ownership owner, Func<string, long> timeOf)
    {
        _context = context;
        _plan = plan;
        _step = step;
        _owner = owner;
        _timeOf = timeOf;
    }

    /// <summary>Adds the copied files of the step to the plan; throws <c>GAN3010</c> to <c>GAN3013</c>.</summary>
    /// <param name="context">The build context.</param>
    /// <param name="plan">The layer.</param>
    /// <param name="step">The instruction.</param>
    /// <param name="owner">The owner of the copied files.</param>
    /// <param name="timeOf">Returns the modification time of a path of the context, in seconds since 1970.</param>
    public static void Plan(BuildContext context, LayerPlan plan, CopyStep step, Ownership owner, Func<string, long> timeOf) =>
        new CopyPlanner(context, plan, step, owner, timeOf).Plan();

    private void Plan()
    {
        var items = _step.Sources.SelectMany(source => _context.Find(source, _step.Location)).ToArray();
        if (items.Length == 0)
            throw ContextErrors.SourceNotFound(_step.Location, string.Join(' ', _step.Sources), "the build context", "nothing matches");

        var destination = _plan.Resolve(_step.Destination, _step.Location);
        foreach (var (name, item) in items)
        {
            if (item.Kind == FileKind.Directory)
                CopyContents(item, destination);
            else
                CopyFile(name, item, destination);
        }
    }

    private void CopyContents(ContextItem directory, string destination)
    {
        _plan.EnsureDirectory(destination, _owner, _step.Location);
        foreach (var child in _context.Children(directory, _step.Location))
            CopyBelow(child, ImagePath.Child(destination, child.Name));
    }

    // Below the destination no links are followed: a non-directory is replaced, or conflicts with a directory.
    private void CopyBelow(ContextItem item, string path)
    {
        if (item.Kind != FileKind.Directory)
        {
            Write(item, path);
            return;
        }

        if (_plan.Find(path) is { } existing && existing.Kind != FileKind.Directory)
            throw LayerErrors.DestinationConflict(
                _step.Location, path, $"'{item.Path}' is a directory, but there is none in the image at this place");
        _plan.Put(
            new LayerEntry(path, FileKind.Directory)
            {
                Mode = _step.Mode ?? FileModes.Directory, Owner = _owner, ModifiedAt = _timeOf(item.Path),
            },
            _step.Location);
        foreach (var child in _context.Children(item, _step.Location))
            CopyBelow(child, ImagePath.Child(path, child.Name));
    }

    private void CopyFile(string name, ContextItem item, string destination)
    {
        var intoDirectory = _step.IntoDirectory || _plan.Find(destination)?.Kind == FileKind.Directory;
        var path = intoDirectory ? ImagePath.Child(destination, name) : destination;
        _plan.EnsureDirectory(ImagePath.Parent(path), _owner, _step.Location);
        if (!_written.Add(path) && !intoDirectory)
            throw LayerErrors.DestinationConflict(
                _step.Location, _step.Destination, "several files would go there; end it with '/' when it is a directory");
        Write(item, path);
    }

    private void Write(ContextItem item, string path)
    {
        if (_plan.Find(path)?.Kind == FileKind.Directory)
            throw LayerErrors.DestinationConflict(
                _step.Location, path, $"'{item.Path}' is a file, but there is a directory in the image at this place");

        _plan.Put(item.Kind == FileKind.SymbolicLink
            ? new LayerEntry(path, FileKind.SymbolicLink)
            {
                Mode = FileModes.Link,
                Owner = _owner,
                ModifiedAt = _timeOf(item.Path),
                LinkTarget = item.LinkTarget,
            }
            : new LayerEntry(path, FileKind.File)
            {
                Mode = _step.Mode ?? (item.IsExecutable ? FileModes.Executable : FileModes.Regular),
                Owner = _owner,
                ModifiedAt = _timeOf(item.Path),
                Size = item.Size,
                SourceFile = item.FullPath,
            }, _step.Location);
    }
}
