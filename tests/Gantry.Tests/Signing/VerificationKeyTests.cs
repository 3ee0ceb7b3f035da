using System.Security.Cryptography;
using Gantry.Signing;

namespace Gantry.Tests.Signing;

public sealed class VerificationKeyTests
{
    private const string Origin = "keys/prod.pub";

    [Fact]
    public void A_key_is_read_from_what_it_writes()
    {
        using var pair = SampleKeys.Create();
        var key = VerificationKey.Of(pair, Origin);

        Assert.Equal(key, VerificationKey.Parse(key.ToPem(), Origin));
        Assert.Equal(key, VerificationKey.Parse("From: 2026-01-01\n" + pair.ExportSubjectPublicKeyInfoPem(), Origin));
        Assert.Equal(key, VerificationKey.FromInfo(pair.ExportSubjectPublicKeyInfo(), Origin));
        Assert.Equal(key.GetHashCode(), VerificationKey.Parse(key.ToPem(), Origin).GetHashCode());
        Assert.EndsWith("-----END PUBLIC KEY-----\n", key.ToPem(), StringComparison.Ordinal);
    }

    [Fact]
    public void Its_identity_is_the_hash_of_its_bytes()
    {
        using var pair = SampleKeys.Create();
        var hash = SHA256.HashData(pair.ExportSubjectPublicKeyInfo());
        var key = VerificationKey.Of(pair, Origin);

        Assert.Equal(Convert.ToHexStringLower(hash), key.Id);
        Assert.Equal(Convert.ToBase64String(hash), key.Hint);
        Assert.Equal(key.Id[..12], key.ShortId);
        Assert.Equal(key.ShortId, key.ToString());
    }

    [Fact]
    public void A_compressed_point_is_the_same_key()
    {
        using var pair = SampleKeys.Create();
        var info = pair.ExportSubjectPublicKeyInfo();

        // RFC 5480, section 2.2: 0x02 or 0x03 by the parity of y, and x only. .NET reads none of these; it is an error, not another key.
        byte[] compressed = [.. info[..26], (byte)(2 + (info[^1] & 1)), .. info[27..59]];
        compressed[1] -= 32;
        compressed[24] -= 32;

        SampleKeys.Fails("GAN4221", () => VerificationKey.FromInfo(compressed, Origin));
    }

    [Fact]
    public void A_signature_of_another_digest_key_or_format_is_none()
    {
        using var pair = SampleKeys.Create();
        using var other = SampleKeys.Create();
        var key = VerificationKey.Of(pair, Origin);
        var signature = pair.SignHash(SampleKeys.Digest, DSASignatureFormat.Rfc3279DerSequence);

        Assert.True(key.Verify(SampleKeys.Digest, signature));
        Assert.False(key.Verify(SHA256.HashData("other"u8), signature));
        Assert.False(VerificationKey.Of(other, Origin).Verify(SampleKeys.Digest, signature));
        Assert.False(key.Verify(SampleKeys.Digest, pair.SignHash(SampleKeys.Digest, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)));
        Assert.False(key.Verify(SampleKeys.Digest, [.. signature, 0]));
        Assert.False(key.Verify(SampleKeys.Digest, signature.AsSpan(..^1)));
        Assert.False(key.Verify(SampleKeys.Digest, []));
        Assert.False(key.Verify(SampleKeys.Digest, [0x30, 0x06, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00]));
    }

    [Fact]
    public void A_signer_with_another_key_is_an_error()
    {
        using var pair = SampleKeys.Create();
        using var other = SampleKeys.Create();
        var key = VerificationKey.Of(pair, Origin);

        key.EnsureVerifies(SampleKeys.Digest, pair.SignHash(SampleKeys.Digest, DSASignatureFormat.Rfc3279DerSequence), "the signer");
        var error = SampleKeys.Fails("GAN4227", () => key.EnsureVerifies(
            SampleKeys.Digest, other.SignHash(SampleKeys.Digest, DSASignatureFormat.Rfc3279DerSequence), "the signer"));

        Assert.Contains("the signer", error.Problem, StringComparison.Ordinal);
        Assert.Contains(key.ShortId, error.Problem, StringComparison.Ordinal);
    }

    public static TheoryData<string> Others =>
        ["P-384", "brainpool", "RSA", "private", "certificate", "two keys", "garbage", "an unknown curve", "more bytes", "no PEM", "empty"];

    [Theory]
    [MemberData(nameof(Others))]
    public void Another_key_is_an_error(string kind)
    {
        using var pair = SampleKeys.Create();
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);
        var pem = pair.ExportSubjectPublicKeyInfoPem();
        var text = kind switch
        {
            "P-384" => p384.ExportSubjectPublicKeyInfoPem(),
            "brainpool" => Brainpool(),
            "RSA" => rsa.ExportSubjectPublicKeyInfoPem(),
            "private" => pair.ExportPkcs8PrivateKeyPem(),
            "certificate" => PemEncoding.WriteString("CERTIFICATE", [1, 2, 3]),
            "two keys" => pem + "\n" + pem,
            "garbage" => PemEncoding.WriteString("PUBLIC KEY", [1, 2, 3]),
            "an unknown curve" => PemEncoding.WriteString("PUBLIC KEY", WithUnknownCurve(pair.ExportSubjectPublicKeyInfo())),
            "more bytes" => PemEncoding.WriteString("PUBLIC KEY", [.. pair.ExportSubjectPublicKeyInfo(), 0]),
            "no PEM" => "ssh-ed25519 AAAA",
            _ => "",
        };

        var error = SampleKeys.Fails("GAN4221", () => VerificationKey.Parse(text, Origin));

        Assert.Contains(Origin, error.Problem, StringComparison.Ordinal);
    }

    // The last part of 1.2.840.10045.3.1.7.
    private static byte[] WithUnknownCurve(byte[] info)
    {
        Assert.Equal(7, info[22]);
        info[22] = 99;
        return info;
    }

    // A curve of the same size.
    private static string Brainpool()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.brainpoolP256r1);
        return key.ExportSubjectPublicKeyInfoPem();
    }
}
