using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Gantry.Oci;

/// <summary>A content address: <c>sha256:…</c> or <c>sha512:…</c>, hexadecimal in lower case.</summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#digests">OCI image-spec 1.1.1, digests</seealso>
public readonly record struct Digest
{
    private readonly string? _value;

    private Digest(string value) => _value = value;

    /// <summary>The algorithm: <c>sha256</c> or <c>sha512</c>.</summary>
    public string Algorithm => Value[..Value.IndexOf(':', StringComparison.Ordinal)];

    /// <summary>The encoded hash, lower-case hexadecimal.</summary>
    public string Hex => Value[(Value.IndexOf(':', StringComparison.Ordinal) + 1)..];

    /// <summary>The first twelve characters of the hash: enough for a person to distinguish digests, never for a program.</summary>
    public string Short => Hex[..12];

    private string Value => _value ?? throw new InvalidOperationException("A default Digest has no value.");

    /// <summary>Parses a digest; throws <c>GAN1002</c> (malformed) or <c>GAN1003</c> (an algorithm that cannot be verified here).</summary>
    public static Digest Parse(string text)
    {
        if (TryParse(text, out var digest))
            return digest;

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        throw colon > 0 && text[..colon] is not ("sha256" or "sha512")
            ? OciErrors.UnknownDigestAlgorithm(text)
            : OciErrors.MalformedDigest(text);
    }

    /// <summary>Parses a digest; returns false when it is malformed or of an unknown algorithm.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Digest digest)
    {
        digest = default;
        var length = text switch
        {
            null => 0,
            _ when text.StartsWith("sha256:", StringComparison.Ordinal) => "sha256:".Length + 64,
            _ when text.StartsWith("sha512:", StringComparison.Ordinal) => "sha512:".Length + 128,
            _ => 0,
        };
        if (length == 0 || text!.Length != length || text.AsSpan(7).ContainsAnyExcept("0123456789abcdef"))
            return false;

        digest = new Digest(text);
        return true;
    }

    /// <summary>Computes the SHA-256 digest of these bytes.</summary>
    public static Digest Of(ReadOnlySpan<byte> content) => FromSha256(SHA256.HashData(content));

    /// <summary>Creates a digest from a SHA-256 hash.</summary>
    public static Digest FromSha256(ReadOnlySpan<byte> hash) => new("sha256:" + Convert.ToHexStringLower(hash));

    /// <summary>Computes the digest of these bytes with the algorithm of this digest, for comparison.</summary>
    public Digest OfSameAlgorithm(ReadOnlySpan<byte> content) =>
        Algorithm == "sha512" ? new("sha512:" + Convert.ToHexStringLower(SHA512.HashData(content))) : Of(content);

    /// <summary>Starts a hash with the algorithm of this digest.</summary>
    public IncrementalHash CreateHash() =>
        IncrementalHash.CreateHash(Algorithm == "sha512" ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256);

    /// <summary>Returns true when a hash, computed with the algorithm of this digest, is equal to it.</summary>
    public bool Matches(ReadOnlySpan<byte> hash) => Convert.ToHexStringLower(hash).AsSpan().SequenceEqual(Hex);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
