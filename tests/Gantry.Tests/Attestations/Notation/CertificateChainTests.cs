using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gantry.Attestations.Notation;
using Gantry.Testing;
using Gantry.Tests.Signing;

namespace Gantry.Tests.Attestations.Notation;

public sealed class CertificateChainTests
{
    private const string Origin = "the certificate keys/prod.crt";

    [Fact]
    public async Task A_chain_has_the_key_and_the_time_of_its_certificates()
    {
        using var certificates = new SampleCertificates();
        using var signer = certificates.CreateSigner();
        var pem = certificates.Create();

        var chain = CertificateChain.Parse(string.Join('\n', pem), Origin);

        Assert.Equal(3, chain.Certificates.Count);
        Assert.Equal(await signer.GetPublicKeyAsync(default), chain.Key);
        Assert.Equal("CN=prod, O=contoso", chain.Subject);
        Assert.Equal((SampleCertificates.From, SampleCertificates.Until), (chain.NotBefore, chain.NotAfter));
        using var first = X509Certificate2.CreateFromPem(pem[0]);
        Assert.Equal(first.GetCertHashString(HashAlgorithmName.SHA256), chain.Thumbprints[0]);
    }

    [Fact]
    public void A_certificate_that_is_its_own_root_is_a_chain()
    {
        using var certificates = new SampleCertificates();

        Assert.Single(CertificateChain.Parse(certificates.CreateSelfSigned(), Origin).Certificates);
    }

    [Fact]
    public void The_purpose_need_not_be_there()
    {
        using var certificates = new SampleCertificates { Purposes = null };

        Assert.Equal(3, CertificateChain.Parse(string.Join('\n', certificates.Create()), Origin).Certificates.Count);
    }

    [Fact]
    public async Task Files_are_read_in_the_order_of_the_chain()
    {
        using var certificates = new SampleCertificates();
        using var folder = new TempFolder();
        var files = certificates.Create().Select((pem, number) => folder.Write($"{number}.crt", Encoding.ASCII.GetBytes(pem))).ToList();

        Assert.Equal(3, (await CertificateChain.ReadFilesAsync(files, default)).Certificates.Count);
        await SampleKeys.FailsAsync("GAN4243", () => CertificateChain.ReadFilesAsync([files[1], files[0], files[2]], default));
        await SampleKeys.FailsAsync("GAN4243", () => CertificateChain.ReadFilesAsync([folder.Combine("missing.crt")], default));
        await SampleKeys.FailsAsync(
            "GAN4243", () => CertificateChain.ReadFilesAsync([folder.Write("large.crt", new byte[Limits.KeyFileBytes + 1])], default));
        await SampleKeys.FailsAsync("GAN4243", () => CertificateChain.ReadFilesAsync([], default));
    }

    public static TheoryData<string, Func<IReadOnlyList<string>, IEnumerable<string>>> Orders => new()
    {
        { "root is missing", pem => pem.Take(2) },
        { "root is missing", pem => pem.Take(1) },
        { "is not followed by", pem => [pem[0], pem[2]] },
        { "is not followed by", pem => [pem[1], pem[0], pem[2]] },
        { "is not the last", pem => pem.Reverse() },
        { "is not the last", pem => [.. pem, pem[2]] },
        { "no PEM block", _ => [] },
        { "no PEM block", _ => ["some text"] },
        { "cannot be read", pem => [PemEncoding.WriteString("CERTIFICATE", [1, 2, 3]), .. pem] },
        { "PRIVATE KEY", pem => [PemEncoding.WriteString("PRIVATE KEY", [1, 2, 3]), .. pem] },
    };

    [Theory]
    [MemberData(nameof(Orders))]
    public void Certificates_that_are_no_chain_are_an_error(string reason, Func<IReadOnlyList<string>, IEnumerable<string>> order)
    {
        using var certificates = new SampleCertificates();

        AssertRefused(string.Join('\n', order(certificates.Create())), reason);
    }

    [Fact]
    public void A_signature_of_another_authority_of_the_same_name_is_an_error()
    {
        using var certificates = new SampleCertificates { IsSignedByAnother = true };

        AssertRefused(string.Join('\n', certificates.Create()), "no chain");
    }

    [Fact]
    public void A_root_that_allows_no_authority_below_it_is_an_error()
    {
        using var certificates = new SampleCertificates { RootPathLength = 0 };

        AssertRefused(string.Join('\n', certificates.Create()), "no chain");
    }

    public static TheoryData<string, SampleChanges> Rules => new()
    {
        { "no critical keyUsage", new() { Usage = null } },
        { "no critical keyUsage", new() { IsUsageCritical = false } },
        { "NonRepudiation", new() { Usage = X509KeyUsageFlags.NonRepudiation } },
        { "KeyCertSign", new() { Usage = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign } },
        { "KeyAgreement", new() { Usage = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyAgreement } },
        { "serverAuth", new() { Purposes = ["1.3.6.1.5.5.7.3.3", "1.3.6.1.5.5.7.3.1"] } },
        { "timeStamping", new() { Purposes = ["1.3.6.1.5.5.7.3.8"] } },
        { "anyExtendedKeyUsage", new() { Purposes = ["2.5.29.37.0"] } },
        { "no codeSigning", new() { Purposes = ["1.2.3.4"] } },
        { "that of an authority", new() { IsAuthority = true } },
        { "not the certificate of an authority", new() { AuthorityIsOne = false } },
        { "may not issue", new() { AuthorityUsage = X509KeyUsageFlags.DigitalSignature } },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_certificate_that_verifiers_refuse_is_an_error(string reason, SampleChanges changes)
    {
        using var certificates = changes.Create();

        AssertRefused(string.Join('\n', certificates.Create()), reason);
    }

    [Fact]
    public void Another_key_than_ECDSA_P_256_is_an_error()
    {
        using var rsa = RSA.Create(2048);
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var withRsa = new SampleCertificates { OtherKey = rsa };
        using var withP384 = new SampleCertificates { OtherKey = p384 };

        AssertRefused(string.Join('\n', withRsa.Create()), "not ECDSA");
        SampleKeys.Fails("GAN4221", () => CertificateChain.Parse(string.Join('\n', withP384.Create()), Origin));
    }

    private static void AssertRefused(string pem, string reason)
    {
        var error = SampleKeys.Fails("GAN4243", () => CertificateChain.Parse(pem, Origin));

        Assert.Contains(Origin, error.Problem, StringComparison.Ordinal);
        Assert.Contains(reason, error.Problem, StringComparison.Ordinal);
    }

    /// <summary>What a test changes in the certificates.</summary>
    public sealed record SampleChanges
    {
        public X509KeyUsageFlags? Usage { get; init; } = X509KeyUsageFlags.DigitalSignature;

        public bool IsUsageCritical { get; init; } = true;

        public string[]? Purposes { get; init; } = ["1.3.6.1.5.5.7.3.3"];

        public bool IsAuthority { get; init; }

        public bool AuthorityIsOne { get; init; } = true;

        public X509KeyUsageFlags AuthorityUsage { get; init; } = X509KeyUsageFlags.KeyCertSign;

        internal SampleCertificates Create() => new()
        {
            Usage = Usage,
            IsUsageCritical = IsUsageCritical,
            Purposes = Purposes,
            IsAuthority = IsAuthority,
            AuthorityIsOne = AuthorityIsOne,
            AuthorityUsage = AuthorityUsage,
        };
    }
}
