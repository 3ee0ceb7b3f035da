using System.Security.Cryptography;
using System.Text;

namespace Gantry.Images.Sboms;

/// <summary>Creates UUIDs from names: the same name has the same UUID.</summary>
/// <seealso href="https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-5">RFC 9562, UUID version 5</seealso>
internal static class NameBasedUuid
{
    private static readonly Guid s_urls = new("6ba7b811-9dad-11d1-80b4-00c04fd430c8");

    /// <summary>Returns the UUID of a name in the name space of URLs.</summary>
    public static Guid OfUrl(string url)
    {
        var input = new byte[16 + Encoding.UTF8.GetByteCount(url)];
        s_urls.TryWriteBytes(input, bigEndian: true, out _);
        Encoding.UTF8.GetBytes(url, input.AsSpan(16));

        // RFC 9562 defines version 5 with SHA-1. Nothing depends on its strength: the name is a digest of its own.
#pragma warning disable CA5350
        var hash = SHA1.HashData(input).AsSpan(0, 16);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash, bigEndian: true);
    }
}
