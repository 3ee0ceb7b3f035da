using System.Security;
using System.Text;
using Gantry.IO;
using Gantry.Oci;

namespace Gantry.Registries;

/// <summary>
/// Keeps small contents that were read from registries in a folder, each under its digest. Nothing in it is believed: a file that does not
/// have its digest is ignored, and replaced. Several processes may use the same folder. What fails in it fails no read.
/// </summary>
/// <remarks>
/// A content has at most <see cref="Limits.CachedContentBytes"/>. With more than <see cref="Limits.CacheBytes"/> or
/// <see cref="Limits.CacheEntries"/>, those that were used least recently are deleted.
/// </remarks>
/// <param name="folder">The folder. It is created when it is needed, for this user alone.</param>
/// <param name="time">The clock for the times of use; the system clock by default.</param>
public sealed class ContentCache(string folder, TimeProvider? time = null)
{
    // Deleting a part at once makes the next deletion a while away.
    private const double PartThatStays = 0.75;

    // In the order of the kinds.
    private static readonly string[] s_prefixes = ["manifest-", "blob-"];

    private static readonly TimeSpan UsesAreNotedEach = TimeSpan.FromDays(1);

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Lock _counting = new();
    private (long Bytes, int Entries)? _kept;

    /// <summary>
    /// The folder for caches of this program in the user's profile: <c>$XDG_CACHE_HOME/gantry</c>, <c>~/.cache/gantry</c>,
    /// <c>%LOCALAPPDATA%\gantry\cache</c>. Null for a user without a profile.
    /// </summary>
    /// <seealso href="https://specifications.freedesktop.org/basedir-spec/0.8/">XDG Base Directory Specification 0.8</seealso>
    public static string? UserFolder => OperatingSystem.IsWindows()
        ? Below(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "gantry", "cache")
        : FindUnixFolder(
            Environment.GetEnvironmentVariable("XDG_CACHE_HOME"), Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

    /// <summary>The cache of contents in the folder of the user; null for a user without a profile.</summary>
    internal static ContentCache? OfUser { get; } = UserFolder is { } folder ? new(Path.Combine(folder, "contents")) : null;

    /// <summary>The folder.</summary>
    public string Folder => folder;

    /// <summary>Finds the folder by the variable and the home of a user. A relative path in the variable is to be ignored.</summary>
    internal static string? FindUnixFolder(string? variable, string home) =>
        Path.IsPathFullyQualified(variable ?? "") ? Below(variable!, "gantry") : Below(home, ".cache", "gantry");

    /// <summary>Finds a content; returns null when it is not there, or is another one than its name says.</summary>
    internal async Task<byte[]?> FindAsync(CachedKind kind, string location, Digest digest, CancellationToken cancellationToken)
    {
        try
        {
            var file = new FileInfo(FileOf(kind, location, digest));
            if (!file.Exists || file.Length > Limits.CachedContentBytes)
                return null;
            var content = new byte[file.Length];
            await using (var stream = RegularFile.OpenRead(file.FullName))
                await stream.ReadExactlyAsync(content, cancellationToken);
            if (digest.OfSameAlgorithm(content) != digest)
                return null;
            NoteUse(file);
            return content;
        }
        catch (Exception exception) when (IsOfTheCache(exception))
        {
            return null;
        }
    }

    /// <summary>Keeps a content that was verified against its digest. Does nothing when it is too large, or cannot be written.</summary>
    internal async Task PutAsync(
        CachedKind kind, string location, Digest digest, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (content.Length > Limits.CachedContentBytes)
            return;
        try
        {
            CreateFolder();
            await WriteAsync(FileOf(kind, location, digest), content, cancellationToken);
            Count(content.Length);
        }
        catch (Exception exception) when (IsOfTheCache(exception))
        {
            // It is read from the registry again.
        }
    }

    // What a crash of the machine leaves of a file does not have its digest, so it need not wait for the disk.
    private async Task WriteAsync(string file, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var partial = Path.Combine(folder, AtomicFile.PartialMark + Guid.NewGuid().ToString("N"));
        try
        {
            await File.WriteAllBytesAsync(partial, content, cancellationToken);
            await AtomicFile.ReplaceAsync(partial, file, _time, cancellationToken);
        }
        finally
        {
            AtomicFile.TryDelete(partial);
        }
    }

    // Of each repository: what one of them has says nothing about what another one has.
    private string FileOf(CachedKind kind, string location, Digest digest) => Path.Combine(
        folder,
        $"{s_prefixes[(int)kind]}{Digest.Of(Encoding.UTF8.GetBytes(location)).Hex[..32]}-"
            + $"{digest.Algorithm}-{digest.Hex}");

    private void CreateFolder()
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private void NoteUse(FileInfo file)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        if (now - file.LastWriteTimeUtc > UsesAreNotedEach)
            file.LastWriteTimeUtc = now;
    }

    // Other processes write, too. Each counts what was there when it began and what it has written since: a few of them may exceed the
    // limit for a moment by what they write.
    private void Count(int bytes)
    {
        lock (_counting)
        {
            if (_kept is { } kept)
            {
                _kept = (kept.Bytes + bytes, kept.Entries + 1);
            }
            else
            {
                AtomicFile.RemoveStalePartials(folder, AtomicFile.PartialMark, _time);
                var files = Entries();
                _kept = (files.Sum(file => file.Length), files.Count);
            }

            if (_kept.Value.Bytes > Limits.CacheBytes || _kept.Value.Entries > Limits.CacheEntries)
                _kept = Trim();
        }
    }

    private (long Bytes, int Entries) Trim()
    {
        var (bytes, entries) = (0L, 0);
        foreach (var file in Entries().OrderByDescending(file => file.LastWriteTimeUtc))
        {
            if (bytes + file.Length > Limits.CacheBytes * PartThatStays || entries + 1 > Limits.CacheEntries * PartThatStays)
                AtomicFile.TryDelete(file.FullName);
            else
                (bytes, entries) = (bytes + file.Length, entries + 1);
        }

        return (bytes, entries);
    }

    // Only what has such a name is deleted, whatever folder is named.
    private List<FileInfo> Entries() =>
        [.. new DirectoryInfo(folder).EnumerateFiles()
            .Where(file => s_prefixes.Any(prefix => file.Name.StartsWith(prefix, StringComparison.Ordinal)))];

    private static bool IsOfTheCache(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or SecurityException or ArgumentException or NotSupportedException
            or GantryException;

    private static string? Below(string folder, params string[] names) => folder.Length == 0 ? null : Path.Combine([folder, .. names]);
}

/// <summary>The kind of a cached content: the same bytes may be a blob of a repository and no manifest of it.</summary>
internal enum CachedKind
{
    /// <summary>A manifest.</summary>
    Manifest,

    /// <summary>A blob.</summary>
    Blob,
}
