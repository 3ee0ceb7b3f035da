using Gantry.Oci;
using Gantry.Registries.Layout;

namespace Gantry.Registries.Archives;

/// <summary>
/// An archive of <c>docker save</c>, as a read-only OCI image layout. Docker engines from version 25 on include a layout, whose manifests
/// are used; earlier ones do not keep manifests, so one is created from the archive: see <see cref="SavedImages"/>.
/// </summary>
internal sealed class DockerArchive(string path, string name) : ILayoutStore, IDisposable
{
    /// <summary>The list of images, which every archive of a Docker engine has.</summary>
    public const string Manifest = "manifest.json";

    private readonly SemaphoreSlim _turn = new(1, 1);
    private Content? _content;

    public string Path => name;

    public bool ShowsWritesImmediately => false;

    public async Task<LayoutIndex> ReadIndexAsync(CancellationToken cancellationToken) =>
        LayoutIndex.Parse((await OpenAsync(cancellationToken)).Index, name);

    public async Task<long?> FindSizeAsync(Digest digest, CancellationToken cancellationToken) =>
        (await OpenAsync(cancellationToken)).Open(digest)?.Length;

    public async Task<Stream?> TryOpenAsync(Digest digest, CancellationToken cancellationToken) =>
        (await OpenAsync(cancellationToken)).Open(digest);

    public Task ChangeIndexAsync(Func<LayoutIndex, bool> change, CancellationToken cancellationToken) => throw ArchiveErrors.ReadOnly(name);

    public Task WriteAsync(Descriptor blob, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) =>
        throw ArchiveErrors.ReadOnly(name);

    public Task CompleteAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _content?.Archive.Dispose();
        _turn.Dispose();
    }

    private async Task<Content> OpenAsync(CancellationToken cancellationToken)
    {
        if (_content is { } known)
            return known;
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return _content ??= await ReadAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<Content> ReadAsync(CancellationToken cancellationToken)
    {
        var archive = await ArchiveFile.TryOpenAsync(path, name, cancellationToken) ?? throw ArchiveErrors.Missing(name);
        try
        {
            if (await ArchivedLayout.IsLayoutAsync(archive, cancellationToken))
            {
                return new Content(
                    archive,
                    await ArchivedLayout.ReadIndexAsync(archive, cancellationToken),
                    digest => archive.Find(ArchivedLayout.BlobName(digest)) is { } entry ? archive.OpenRead(entry) : null);
            }

            var saved = await SavedImages.ReadAsync(archive, cancellationToken);
            return new Content(archive, saved.Index, saved.Open);
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    private sealed record Content(ArchiveFile Archive, byte[] Index, Func<Digest, Stream?> Open);
}
