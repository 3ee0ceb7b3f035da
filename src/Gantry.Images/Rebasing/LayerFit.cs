using Gantry.Images.BaseImages;
using Gantry.Images.Dockerfiles;
using Gantry.Images.Layers;

namespace Gantry.Images.Rebasing;

/// <summary>
/// Verifies that a build on the new base image would have written the same layers. A layer depends on the files below it: it repeats the
/// directories above its files, follows their links, and has the numbers of users that were named.
/// </summary>
/// <param name="image">The name of the image, for errors.</param>
/// <param name="oldTree">The files of the old base image; the layers are added to it.</param>
/// <param name="newTree">The files of the new base image; the layers are added to it.</param>
/// <param name="failures">Creates the errors of layers.</param>
internal sealed class LayerFit(string image, ImageTree oldTree, ImageTree newTree, LayerFailures failures)
{
    private static readonly SourceLine s_nowhere = new("Dockerfile", 0);

    private readonly TreeBudget _budget = new(failures);
    private string _directory = "/";

    /// <summary>Verifies all instructions; throws <c>GAN4850</c> for the first one whose result would differ.</summary>
    /// <param name="steps">The instructions.</param>
    /// <param name="layers">The layers that they have created, in their order.</param>
    /// <param name="workingDirectory">The working directory of the base image.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task VerifyAsync(
        IReadOnlyList<RecordedStep> steps, IReadOnlyList<LayerIndex> layers, string? workingDirectory, CancellationToken cancellationToken)
    {
        _directory = workingDirectory is { Length: > 0 } ? workingDirectory : "/";
        var next = 0;
        foreach (var step in steps)
        {
            if (step.Owner is { } owner)
                await EnsureSameUserAsync(owner, cancellationToken);
            if (step.Keyword == "USER")
                await EnsureSameUserAsync(step.Arguments, cancellationToken);
            if (step.Keyword is "COPY" or "WORKDIR")
                EnsureSamePlace(step);
            if (!step.HasLayer)
                continue;
            var layer = layers[next++];
            foreach (var entry in layer.Entries)
                EnsureFits(entry);
            layer.ApplyTo(oldTree, _budget, cancellationToken);
            layer.ApplyTo(newTree, _budget, cancellationToken);
        }
    }

    private void EnsureSamePlace(RecordedStep step)
    {
        var path = ImagePath.Combine(_directory, step.Destination);
        if (oldTree.Resolve(path) is not { } before || before != newTree.Resolve(path))
            throw RebaseErrors.OtherFiles(image, path, "leads elsewhere in the new base image, by a link");
        if (step.Keyword != "WORKDIR")
            return;
        _directory = path;
        if (!step.HasLayer && newTree.Find(before)?.Kind != FileKind.Directory)
            throw RebaseErrors.OtherFiles(image, path, "is its working directory, which the new base image does not have");
    }

    private void EnsureFits(IndexedEntry entry)
    {
        var parent = ImagePath.Parent(entry.Path);
        if (entry.Kind is IndexedKind.Removed or IndexedKind.Emptied || newTree.Resolve(parent) != parent)
            throw RebaseErrors.OtherFiles(image, entry.Path, "is not written as the builder would write it on the new base image");

        var (old, now) = (oldTree.Find(entry.Path), newTree.Find(entry.Path));
        if (entry.Kind == IndexedKind.Directory)
            EnsureSameDirectory(entry, old, now);
        else if (now?.Kind == FileKind.Directory)
            throw RebaseErrors.OtherFiles(image, entry.Path, "is a file, and a directory in the new base image");
        else if (now?.Kind == FileKind.SymbolicLink && old?.LinkTarget != now.LinkTarget)
            throw RebaseErrors.OtherFiles(image, entry.Path, "is a file, and a link in the new base image");
    }

    private void EnsureSameDirectory(IndexedEntry entry, LayerEntry? old, LayerEntry? now)
    {
        if (now is null && old is not null)
            throw RebaseErrors.OtherFiles(image, entry.Path, "is a directory of its base image, which the new one does not have");
        if (now is not null && now.Kind != FileKind.Directory)
            throw RebaseErrors.OtherFiles(image, entry.Path, "is a directory, and none in the new base image");

        // A directory that the layer only repeats has the rights that it has in the base image; one that was copied has its own.
        var isRepeated = old is null || (old.Kind == FileKind.Directory && IsSame(entry, old));
        if (now is not null && isRepeated && !IsSame(entry, now))
            throw RebaseErrors.OtherFiles(image, entry.Path, "is a directory with other rights or another owner in the new base image");
    }

    private static bool IsSame(IndexedEntry entry, LayerEntry other) =>
        entry.Mode == other.Mode && new Ownership(entry.UserId, entry.GroupId) == other.Owner;

    // A user that the old base image does not know was never looked up: only COPY and WORKDIR need its number.
    private async Task EnsureSameUserAsync(string owner, CancellationToken cancellationToken)
    {
        if (owner.Length == 0 || await FindAsync(oldTree, owner, cancellationToken) is not { } before)
            return;
        if (await FindAsync(newTree, owner, cancellationToken) != before)
            throw RebaseErrors.OtherFiles(image, owner, "is a user or group that has another number in the new base image, or none");
    }

    private static async Task<Ownership?> FindAsync(ImageTree tree, string owner, CancellationToken cancellationToken)
    {
        try
        {
            return await OwnerLookup.In(tree).FindAsync(owner, "chown", s_nowhere, cancellationToken);
        }
        catch (GantryException)
        {
            return null;
        }
    }
}
