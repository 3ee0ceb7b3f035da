using System.Security.Cryptography;

namespace Gantry.Images.Compression;

/// <summary>
/// Keeps compressed members by the hash of their content, so that content that was compressed before costs a hash. A member that is damaged
/// on the disk is compressed again. Without space or permission nothing is kept.
/// </summary>
/// <remarks>A file is a member behind the SHA-256 of it. Several builds may use the folder at the same time.</remarks>
internal sealed class MemberCache : IMemberCompressor
{
    private const string Extension = ".member";

    private readonly IMemberCompressor _compressor;
    private readonly string _folder;
    private readonly TimeProvider _time;

    /// <param name="compressor">Compresses what is not in the cache.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="time">The clock that says when a member was used.</param>
    public MemberCache(IMemberCompressor compressor, string folder, TimeProvider time)
    {
        _compressor = compressor;
        _folder = folder;
        _time = time;
    }

    public string MediaType => _compressor.MediaType;

    public string Format => _compressor.Format;

    /// <summary>Deletes the members that were not used for the longest time, until the others take at most this many bytes.</summary>
    public static void Trim(string folder, long maxBytes)
    {
        try
        {
            if (!Directory.Exists(folder))
                return;
            var kept = 0L;
            foreach (var file in new DirectoryInfo(folder).GetFiles().OrderByDescending(file => file.LastWriteTimeUtc))
            {
                kept += file.Length;
                if (kept > maxBytes)
                    TryDelete(file.FullName);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another build trims it at the same time, or the next one does.
        }
    }

    public byte[] Compress(ReadOnlySpan<byte> content)
    {
        var path = Path.Combine(_folder, $"{Convert.ToHexStringLower(SHA256.HashData(content))}.{Format}{Extension}");
        if (Read(path) is { } known)
            return known;
        var member = _compressor.Compress(content);
        Write(path, member);
        return member;
    }

    private byte[]? Read(string path)
    {
        try
        {
            if (!File.Exists(path))
                return null;
            var bytes = File.ReadAllBytes(path);
            if (bytes.Length < SHA256.HashSizeInBytes)
                return null;
            var member = bytes.AsSpan(SHA256.HashSizeInBytes);
            if (!SHA256.HashData(member).AsSpan().SequenceEqual(bytes.AsSpan(0, SHA256.HashSizeInBytes)))
                return null;
            MarkAsUsed(path);
            return member.ToArray();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // The order of times decides what is deleted first.
    private void MarkAsUsed(string path) => File.SetLastWriteTimeUtc(path, _time.GetUtcNow().UtcDateTime);

    private void Write(string path, byte[] member)
    {
        var unfinished = Path.Combine(_folder, Path.GetRandomFileName());
        try
        {
            Directory.CreateDirectory(_folder);
            using (var file = File.Create(unfinished))
            {
                file.Write(SHA256.HashData(member));
                file.Write(member);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Without the cache, the next build is only slower.
            TryDelete(unfinished);
        }
    }

    // What cannot be deleted now is deleted by a later build.
    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }
}
