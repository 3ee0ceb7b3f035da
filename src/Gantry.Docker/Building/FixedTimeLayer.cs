using System.Formats.Tar;
using Gantry.Images;
using Gantry.IO;

namespace Gantry.Docker.Building;

/// <summary>
/// A layer that an engine wrote of files with <see cref="ImageBuildRequest.FixedTime"/>. An engine sets the time of the build to the
/// directories that it copies to, so that the layer would be another one in each build. Here they get the fixed time as well.
/// </summary>
internal static class FixedTimeLayer
{
    private static readonly byte[] s_padding = new byte[TarHeader.BlockSize];

    /// <summary>
    /// Writes the layer with fixed times. Returns false when it is another kind of layer, which stays as it is: one with a file of another
    /// time, without files, or with entries that COPY does not make.
    /// </summary>
    /// <param name="open">Opens the layer, as a tar.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<bool> TryWriteAsync(Func<Stream> open, string path, CancellationToken cancellationToken)
    {
        await using (var tar = open())
        {
            try
            {
                if (!await IsFixedAsync(tar, cancellationToken))
                    return false;
            }
            catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or FormatException)
            {
                return false;
            }
        }

        await using var source = open();
        await using var reader = new TarReader(source);
        await using var target = File.Create(path);
        while (await reader.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            var size = entry.EntryType == TarEntryType.RegularFile ? entry.Length : 0;
            await target.WriteAsync(
                TarHeader.Write(
                    entry.Name.TrimEnd('/'), entry.EntryType, (int)entry.Mode, size, ImageBuildRequest.FixedTime.ToUnixTimeSeconds(),
                    entry.Uid, entry.Gid, entry.EntryType == TarEntryType.SymbolicLink ? entry.LinkName : null),
                cancellationToken);
            if (entry.DataStream is { } data)
                await data.CopyToAsync(target, cancellationToken);
            await target.WriteAsync(s_padding.AsMemory(0, (int)(TarHeader.Padded(size) - size)), cancellationToken);
        }

        await target.WriteAsync(s_padding, cancellationToken);
        await target.WriteAsync(s_padding, cancellationToken);
        return true;
    }

    private static async Task<bool> IsFixedAsync(Stream tar, CancellationToken cancellationToken)
    {
        var files = 0;
        await using var reader = new TarReader(tar);
        while (await reader.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            if (HasExtendedAttributes(entry))
                return false;
            switch (entry.EntryType)
            {
                case TarEntryType.Directory:
                    break;
                case TarEntryType.RegularFile or TarEntryType.SymbolicLink when entry.ModificationTime == ImageBuildRequest.FixedTime:
                    files++;
                    break;
                default:
                    return false;
            }
        }

        return files > 0;
    }

    private static bool HasExtendedAttributes(TarEntry entry) => entry is PaxTarEntry pax
        && pax.ExtendedAttributes.Keys.Any(name => name.StartsWith("SCHILY.", StringComparison.Ordinal));
}
