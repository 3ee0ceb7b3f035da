using System.Security.Cryptography;
using Gantry.Signing;
using Gantry.Testing;

namespace Gantry.Tests.Signing;

public sealed class PemSignerTests
{
    private const string What = "the key file keys/prod.pem";
    private static readonly PbeParameters s_encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);

    public static TheoryData<string> Kinds => ["PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Each_kind_of_key_signs(string kind)
    {
        using var key = SampleKeys.Create();
        var pem = kind switch
        {
            "PRIVATE KEY" => key.ExportPkcs8PrivateKeyPem(),
            "EC PRIVATE KEY" => key.ExportECPrivateKeyPem(),
            _ => key.ExportEncryptedPkcs8PrivateKeyPem("secret", s_encryption),
        };

        using var signer = PemSigner.Parse("# a comment\n" + pem + "\n", "secret", What);
        var signature = await signer.SignAsync(SampleKeys.Digest, default);

        Assert.Contains($"-----BEGIN {kind}-----", pem, StringComparison.Ordinal);
        Assert.True(key.VerifyHash(SampleKeys.Digest, signature.Span, DSASignatureFormat.Rfc3279DerSequence));
        Assert.Equal(VerificationKey.Of(key, What), await signer.GetPublicKeyAsync(default));
        Assert.Equal(What, signer.Description);
    }

    [OpenSslFact]
    public async Task A_key_of_openssl_signs_and_openssl_verifies_it()
    {
        using var folder = new TempFolder();
        await OpenSslAsync("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", folder.Combine("key.pem"));
        using var signer = PemSigner.ReadFile(folder.Combine("key.pem"), password: null, What);

        var signature = await signer.SignAsync(SHA256.HashData("content"u8), default);
        var verified = await OpenSslAsync(
            "dgst", "-sha256",
            "-verify", folder.Write("key.pub", System.Text.Encoding.ASCII.GetBytes((await signer.GetPublicKeyAsync(default)).ToPem())),
            "-signature", folder.Write("signature", signature.Span),
            folder.Write("content", "content"u8));

        Assert.Contains("Verified OK", verified, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signatures_at_the_same_time_are_all_valid()
    {
        using var signer = SampleKeys.CreateSigner();
        var key = await signer.GetPublicKeyAsync(default);
        var digests = Enumerable.Range(0, 64).Select(number => SHA256.HashData([(byte)number])).ToList();

        var signatures = await Task.WhenAll(digests.Select(digest => Task.Run(() => signer.SignAsync(digest, default))));

        Assert.All(digests.Zip(signatures), pair => Assert.True(key.Verify(pair.First, pair.Second.Span)));
    }

    [Fact]
    public void An_encrypted_key_without_a_password_is_an_error()
    {
        using var key = SampleKeys.Create();
        var pem = key.ExportEncryptedPkcs8PrivateKeyPem("secret", s_encryption);

        var error = SampleKeys.Fails("GAN4224", () => PemSigner.Parse(pem, password: null, What));

        Assert.Contains("GANTRY_KEY_PASSWORD", error.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("other")]
    public void A_wrong_password_is_an_error_that_does_not_show_it(string password)
    {
        using var key = SampleKeys.Create();
        var pem = key.ExportEncryptedPkcs8PrivateKeyPem("secret", s_encryption);

        var error = SampleKeys.Fails("GAN4224", () => PemSigner.Parse(pem, password, What));

        Assert.Contains("cannot be decrypted", error.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("other", error.Message.Replace("another", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ENCRYPTED SIGSTORE PRIVATE KEY")]
    [InlineData("ENCRYPTED COSIGN PRIVATE KEY")]
    public void A_key_of_cosign_is_an_error_that_says_how_to_convert_it(string label)
    {
        var pem = PemEncoding.WriteString(label, """{"kdf":{"name":"scrypt"}}"""u8);

        var error = SampleKeys.Fails("GAN4223", () => PemSigner.Parse(pem, "secret", What));

        Assert.Contains("import-key-pair", error.Remedy, StringComparison.Ordinal);
    }

    public static TheoryData<string> Others =>
        ["RSA", "encrypted RSA", "P-384", "P-521", "public", "certificate", "no PEM", "broken", "empty"];

    [Theory]
    [MemberData(nameof(Others))]
    public void Another_key_is_an_error(string kind)
    {
        using var rsa = RSA.Create(2048);
        using var other = ECDsa.Create(kind == "P-521" ? ECCurve.NamedCurves.nistP521 : ECCurve.NamedCurves.nistP384);
        var (pem, code) = kind switch
        {
            "RSA" => (rsa.ExportPkcs8PrivateKeyPem(), "GAN4223"),

            // It cannot be told from a wrong password.
            "encrypted RSA" => (rsa.ExportEncryptedPkcs8PrivateKeyPem("secret", s_encryption), "GAN4224"),
            "P-384" or "P-521" => (other.ExportPkcs8PrivateKeyPem(), "GAN4221"),
            "public" => (other.ExportSubjectPublicKeyInfoPem(), "GAN4223"),
            "certificate" => (PemEncoding.WriteString("CERTIFICATE", [1, 2]), "GAN4223"),
            "broken" => (PemEncoding.WriteString("PRIVATE KEY", [1, 2]), "GAN4223"),
            "no PEM" => ("MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg", "GAN4223"),
            _ => ("", "GAN4223"),
        };

        var error = SampleKeys.Fails(code, () => PemSigner.Parse(pem, "secret", What));

        Assert.Contains(What, error.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("MIG", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_an_error()
    {
        using var folder = new TempFolder();

        SampleKeys.Fails("GAN4223", () => PemSigner.ReadFile(folder.Combine("missing.pem"), null, What));
        SampleKeys.Fails("GAN4223", () => PemSigner.ReadFile(folder.Write("large.pem", new byte[Limits.KeyFileBytes + 1]), null, What));
        SampleKeys.Fails("GAN4223", () => PemSigner.ReadFile(folder.Combine("no", "folder.pem"), null, What));
    }

    private static async Task<string> OpenSslAsync(params string[] arguments) =>
        (await ChildProcess.RunAsync(RequiredProgram.OpenSsl.RequirePath(), arguments)).EnsureSuccess().Output;
}
