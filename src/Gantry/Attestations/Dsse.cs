using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gantry.Attestations;

/// <summary>The bytes that a signature in a DSSE envelope is of.</summary>
/// <seealso href="https://github.com/secure-systems-lab/dsse/blob/v1.0.2/protocol.md">DSSE 1.0.2, protocol</seealso>
public static class Dsse
{
    /// <summary>The type of payloads that are in-toto statements.</summary>
    public const string InTotoPayload = "application/vnd.in-toto+json";

    /// <summary>Returns the pre-authentication encoding: the type and the body, each with its length in bytes before it.</summary>
    /// <param name="payloadType">The type of the payload.</param>
    /// <param name="payload">The payload.</param>
    public static byte[] Encode(string payloadType, ReadOnlySpan<byte> payload)
    {
        var type = Encoding.UTF8.GetByteCount(payloadType);
        var head = string.Create(CultureInfo.InvariantCulture, $"DSSEv1 {type} {payloadType} {payload.Length} ");
        return [.. Encoding.UTF8.GetBytes(head), .. payload];
    }

    /// <summary>Returns the SHA-256 digest of the pre-authentication encoding: what a signer signs.</summary>
    /// <param name="payloadType">The type of the payload.</param>
    /// <param name="payload">The payload.</param>
    public static byte[] Hash(string payloadType, ReadOnlySpan<byte> payload) => SHA256.HashData(Encode(payloadType, payload));
}
