using System.Collections.Concurrent;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries.Layout;

namespace Gantry.Registries.Archives;

/// <summary>
/// An OCI image layout in a tar archive. Writing creates a new archive with all existing and new content, which replaces the old one when
/// it is complete: until then nothing is visible.
/// </summary>
internal sealed class OciArchive(string path, string name, RegistrySessionOptions options) : ILayoutStore, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ConcurrentDictionary<Digest, Descriptor> _manifests = new();
    private State? _state;

    public string Path => name;

    public bool ShowsWritesImmediately => false;

    public async Task<LayoutIndex> ReadIndexAsync(CancellationToken cancellationToken) =>
        LayoutIndex.Parse((await OpenAsync(cancellationToken)).Index, name);

    public async Task ChangeIndexAsync(Func<LayoutIndex, bool> change, CancellationToken cancellationToken)
    {
        var state = await OpenAsync(cancellationToken);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var index = LayoutIndex.Parse(state.Index, name);
            if (!change(index))
                return;
            state.BeginWriting(path, name, options.TimeProvider);
            state.Index = index.ToBytes();
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task<long?> FindSizeAsync(Digest digest, CancellationToken cancellationToken) =>
        (await OpenAsync(cancellationToken)).Find(digest)?.Entry.Size;

    public async Task<Stream?> TryOpenAsync(Digest digest, CancellationToken cancellationToken) =>
        (await OpenAsync(cancellationToken)).Find(digest) is var (entry, open) ? open(entry) : null;

    public async Task WriteAsync(Descriptor blob, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        var state = await OpenAsync(cancellationToken);
        await _turn.WaitAsync(cancellationToken);
        ArchiveWriter writer;
        try
        {
            writer = state.BeginWriting(path, name, options.TimeProvider);
        }
        finally
        {
            _turn.Release();
        }

        await writer.WriteAsync(ArchivedLayout.BlobName(blob.Digest), blob.Size, write, cancellationToken);
        if (MediaTypes.IsIndex(blob.MediaType) || MediaTypes.IsManifest(blob.MediaType))
            _manifests[blob.Digest] = blob;
    }

    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        if (_state is not { Writer: { } writer } state)
            return;

        await ListUntaggedAsync(state, cancellationToken);
        await CopyExistingEntriesAsync(state, writer, cancellationToken);
        await writer.WriteAsync(
            ArchivedLayout.Version,
            LayoutVersion.Content.Length,
            (stream, token) => stream.WriteAsync(LayoutVersion.Content, token).AsTask(),
            cancellationToken);
        await writer.WriteAsync(
            ArchivedLayout.Index,
            state.Index!.Length,
            (stream, token) => stream.WriteAsync(state.Index, token).AsTask(),
            cancellationToken);

        // All of it is in the new one, and Windows does not replace a file that is open.
        state.Archive?.Dispose();
        await writer.CompleteAsync(cancellationToken);
        await ReplaceAsync(state, writer, cancellationToken);

        state.Dispose();
        _state = null;
        _manifests.Clear();
    }

    // Between the check and the replacement no other writer may replace the archive.
    private async Task ReplaceAsync(State state, ArchiveWriter writer, CancellationToken cancellationToken)
    {
        var lockFile = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, $".{System.IO.Path.GetFileName(path)}.lock");
        await using var held = await TemporaryLock.AcquireAsync(lockFile, $"the archive {name}", options, cancellationToken);
        if (FileStamp.Of(path) != state.Before)
            throw ArchiveErrors.Changed(name);
        await writer.ReplaceAsync(cancellationToken);
    }

    public void Dispose()
    {
        _state?.Dispose();
        _turn.Dispose();
    }

    private async Task<State> OpenAsync(CancellationToken cancellationToken)
    {
        if (_state is { } known)
            return known;
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return _state ??= await ReadAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<State> ReadAsync(CancellationToken cancellationToken)
    {
        var before = FileStamp.Of(path);
        var archive = await ArchiveFile.TryOpenAsync(path, name, cancellationToken);
        if (archive is null)
            return new State(null, null, before);
        try
        {
            if (!await ArchivedLayout.IsLayoutAsync(archive, cancellationToken))
                throw ArchiveErrors.Malformed(
                    name,
                    archive.Find(DockerArchive.Manifest) is null
                        ? "it holds no OCI image layout"
                        : "it is an archive of 'docker save': read it as docker-archive:");
            return new State(archive, await ArchivedLayout.ReadIndexAsync(archive, cancellationToken), before);
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Adds images to the index that were written without a tag and are not part of another image: only the index makes them findable.
    /// </summary>
    private async Task ListUntaggedAsync(State state, CancellationToken cancellationToken)
    {
        var parts = new HashSet<Digest>();
        foreach (var manifest in _manifests.Values.Where(manifest => MediaTypes.IsIndex(manifest.MediaType)))
        {
            await using var content = state.Find(manifest.Digest) is var (entry, open) ? open(entry) : Stream.Null;
            var bytes = await DocumentStream.ReadAllAsync(content, name, ManifestContent.MaximumSize, cancellationToken);
            parts.UnionWith(ManifestContent.FromVerified(manifest.MediaType, manifest.Digest, bytes)
                .ReadIndex()
                .Manifests.Select(child => child.Digest));
        }

        var index = LayoutIndex.Parse(state.Index, name);
        foreach (var manifest in _manifests.Values.Where(manifest => !parts.Contains(manifest.Digest)))
            index.AddUntagged(manifest);
        state.Index = index.ToBytes();
    }

    /// <summary>Copies the existing content of the archive.</summary>
    private static async Task CopyExistingEntriesAsync(State state, ArchiveWriter writer, CancellationToken cancellationToken)
    {
        foreach (var entry in state.Archive?.Entries.Where(entry =>
            entry is { Kind: ArchiveEntryKind.File, Name: not (ArchivedLayout.Index or ArchivedLayout.Version) })
            ?? [])
        {
            if (writer.Find(entry.Name) is not null)
                continue;
            await using var content = state.Archive!.OpenRead(entry);
            await writer.WriteAsync(
                entry.Name, entry.Size, (stream, token) => StreamCopier.CopyAsync(content, stream, token), cancellationToken);
        }
    }

    /// <summary>The content of the archive, and what has been written since.</summary>
    private sealed class State(ArchiveFile? archive, byte[]? index, FileStamp? before) : IDisposable
    {
        public ArchiveFile? Archive => archive;

        public FileStamp? Before => before;

        public byte[]? Index { get; set; } = index;

        public ArchiveWriter? Writer { get; private set; }

        public ArchiveWriter BeginWriting(string path, string name, TimeProvider time)
        {
            // The name would suggest a compressed file.
            if (path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".tgz", StringComparison.OrdinalIgnoreCase))
                throw ArchiveErrors.CompressedTarget(name);
            return Writer ??= ArchiveWriter.Begin(path, time);
        }

        public (ArchiveEntry Entry, Func<ArchiveEntry, Stream> Open)? Find(Digest digest)
        {
            var name = ArchivedLayout.BlobName(digest);
            if (Writer is { } writer && writer.Find(name) is { } written)
                return (written, writer.OpenRead);
            return archive?.Find(name) is { } entry ? (entry, archive.OpenRead) : null;
        }

        public void Dispose()
        {
            Writer?.Dispose();
            archive?.Dispose();
        }
    }

    /// <summary>The size and time of a file, to detect changes.</summary>
    private sealed record FileStamp(long Size, DateTime Changed)
    {
        public static FileStamp? Of(string path)
        {
            var file = new FileInfo(path);
            return file.Exists ? new FileStamp(file.Length, file.LastWriteTimeUtc) : null;
        }
    }
}
