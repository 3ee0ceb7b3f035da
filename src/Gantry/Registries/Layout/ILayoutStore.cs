using Gantry.Oci;

namespace Gantry.Registries.Layout;

/// <summary>Where the parts of one OCI image layout are kept: the files of a folder, or the entries of a tar archive.</summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md">OCI image-spec 1.1.1, image layout</seealso>
internal interface ILayoutStore
{
    /// <summary>How messages name it.</summary>
    string Path { get; }

    /// <summary>Whether what is written shows at once, and not only when the whole is there.</summary>
    bool ShowsWritesImmediately { get; }

    /// <summary>The index; an empty one when there is no layout yet. Something else in its place is an error.</summary>
    Task<LayoutIndex> ReadIndexAsync(CancellationToken cancellationToken);

    /// <summary>Changes the index while nobody else does, unless the change says that it is as wanted already.</summary>
    Task ChangeIndexAsync(Func<LayoutIndex, bool> change, CancellationToken cancellationToken);

    /// <summary>The size of a blob as it is kept, or null when it is not there.</summary>
    Task<long?> FindSizeAsync(Digest digest, CancellationToken cancellationToken);

    /// <summary>Opens a blob for reading at any position, or null when it is not there. It is not verified.</summary>
    Task<Stream?> TryOpenAsync(Digest digest, CancellationToken cancellationToken);

    /// <summary>Writes a blob, which is there whole or not at all.</summary>
    Task WriteAsync(Descriptor blob, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken);

    /// <summary>Makes visible what was written, where nothing shows before the whole is there.</summary>
    Task CompleteAsync(CancellationToken cancellationToken);
}
