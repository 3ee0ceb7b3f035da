using Gantry.Oci;

namespace Gantry.Registries.Layout;

/// <summary>Stores the parts of one OCI image layout: as files of a folder, or as entries of a tar archive.</summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md">OCI image-spec 1.1.1, image layout</seealso>
internal interface ILayoutStore
{
    /// <summary>The name in messages.</summary>
    string Path { get; }

    /// <summary>True when written content is visible immediately, not only when everything is complete.</summary>
    bool ShowsWritesImmediately { get; }

    /// <summary>Reads the index; returns an empty one when there is no layout yet. Throws when something else is in its place.</summary>
    Task<LayoutIndex> ReadIndexAsync(CancellationToken cancellationToken);

    /// <summary>Changes the index while no other writer does, unless the change reports that nothing has to change.</summary>
    Task ChangeIndexAsync(Func<LayoutIndex, bool> change, CancellationToken cancellationToken);

    /// <summary>Finds the stored size of a blob; null when it does not exist.</summary>
    Task<long?> FindSizeAsync(Digest digest, CancellationToken cancellationToken);

    /// <summary>
    /// Returns true when a blob that was there is missing: in a folder, a collection of unused blobs may have removed it. Never in
    /// archives.
    /// </summary>
    bool IsMissing(Digest digest) => false;

    /// <summary>Opens a blob for reading at any position; returns null when it does not exist. The content is not verified.</summary>
    Task<Stream?> TryOpenAsync(Digest digest, CancellationToken cancellationToken);

    /// <summary>Writes a blob, which appears only when it is complete.</summary>
    Task WriteAsync(Descriptor blob, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken);

    /// <summary>Makes the written content visible in stores that show nothing before it is complete.</summary>
    Task CompleteAsync(CancellationToken cancellationToken);
}
