using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Gantry.IO;

namespace Gantry.Nuke.Publishing;

/// <summary>A digest of a whole folder: its paths, the contents of its files, and which of them are executable.</summary>
internal static class FolderDigest
{
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>
    /// Computes the digest of a folder. A missing folder has the digest of an empty one. Throws <c>GAN7064</c> when a file cannot be read.
    /// </summary>
    public static async Task<string> ComputeAsync(string folder, CancellationToken cancellationToken)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, name) in Entries(folder))
        {
            Append(all, Encoding.UTF8.GetBytes(name));
            if (Directory.Exists(path))
                continue;
            try
            {
                await using var file = RegularFile.OpenRead(path);
                Append(all, await SHA256.HashDataAsync(file, cancellationToken));
                all.AppendData([IsExecutable(path) ? (byte)1 : (byte)0]);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw ResourceLimits.Find(exception, path) ?? PublishErrors.Unreadable(path, exception);
            }
        }

        return "sha256:" + Convert.ToHexStringLower(all.GetHashAndReset());
    }

    private static IEnumerable<(string Path, string Name)> Entries(string folder) => !Directory.Exists(folder) ? [] : Directory
        .EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories)
        .Select(path => (path, Path.GetRelativePath(folder, path).Replace('\\', '/')))
        .OrderBy(entry => entry.Item2, StringComparer.Ordinal);

    // With its length, so that different lists of names and contents never produce the same bytes.
    private static void Append(IncrementalHash hash, byte[] bytes)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }

    private static bool IsExecutable(string path) =>
        !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Executable) != UnixFileMode.None;
}
