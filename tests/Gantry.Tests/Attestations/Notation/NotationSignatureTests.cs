using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Gantry.Attestations.Notation;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Signing;
using Gantry.Testing;
using Gantry.Tests.Signing;

namespace Gantry.Tests.Attestations.Notation;

public sealed class NotationSignatureTests : IDisposable
{
    private static readonly DateTimeOffset s_time = new(2026, 11, 29, 12, 30, 5, 123, TimeSpan.Zero);
    private static readonly SampleImage s_image = SampleImage.Create(1, 10);
    private readonly SampleCertificates _certificates = new();
    private readonly PemSigner _signer;
    private readonly CertificateChain _chain;
    private readonly IImageRepository _repository = new MemoryRegistries().Open(RegistryAddress.Parse("contoso.azurecr.io"), "app");

    public NotationSignatureTests()
    {
        _signer = _certificates.CreateSigner();
        _chain = CertificateChain.Parse(string.Join('\n', _certificates.Create()), "the certificate keys/prod.crt");
    }

    public void Dispose()
    {
        _signer.Dispose();
        _certificates.Dispose();
    }

    [Fact]
    public async Task The_envelope_is_that_of_the_specification()
    {
        var signature = await SignAsync(new() { Time = s_time });

        var envelope = JsonNode.Parse(signature.Bytes.Span)!.AsObject();
        Assert.Equal(["payload", "protected", "header", "signature"], envelope.Select(member => member.Key));
        Assert.Equal(
            """
            {"alg":"ES256","crit":["io.cncf.notary.signingScheme"],"cty":"application/vnd.cncf.notary.payload.v1+json",
            "io.cncf.notary.signingScheme":"notary.x509","io.cncf.notary.signingTime":"2026-11-29T12:30:05Z"}
            """.ReplaceLineEndings(""),
            Decode(envelope["protected"]));
        Assert.Equal(
            $$$"""
            {"targetArtifact":{"mediaType":"{{{MediaTypes.OciManifest}}}","digest":"{{{s_image.Root.Descriptor.Digest}}}",
            "size":{{{s_image.Root.Descriptor.Size}}}}}
            """.ReplaceLineEndings(""),
            Decode(envelope["payload"]));
        Assert.Equal(
            _chain.Certificates.Select(certificate => Convert.ToBase64String(certificate.Span)),
            envelope["header"]!["x5c"]!.AsArray().Select(certificate => certificate!.GetValue<string>()));
        Assert.Equal("gantry", envelope["header"]!["io.cncf.notary.signingAgent"]!.GetValue<string>());
        Assert.Equal(["x5c", "io.cncf.notary.signingAgent"], envelope["header"]!.AsObject().Select(member => member.Key));

        using var certificate = X509CertificateLoader.LoadCertificate(_chain.Certificates[0].Span);
        using var key = certificate.GetECDsaPublicKey()!;
        Assert.True(key.VerifyData(
            Encoding.ASCII.GetBytes($"{envelope["protected"]}.{envelope["payload"]}"),
            Base64Url.DecodeFromChars(envelope["signature"]!.GetValue<string>()),
            HashAlgorithmName.SHA256,
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        ProofSamples.Write("notation.jws.json", signature.Bytes.Span);
        ProofSamples.Write("notation.crt", Encoding.ASCII.GetBytes(certificate.ExportCertificatePem()));
    }

    [OpenSslFact]
    public async Task Openssl_verifies_the_signature_and_the_certificates()
    {
        using var folder = new TempFolder();
        var envelope = JsonNode.Parse((await SignAsync(new() { Time = s_time })).Bytes.Span)!;
        var pem = envelope["header"]!["x5c"]!.AsArray()
            .Select((text, number) => folder.Write(
                $"{number}.crt",
                Encoding.ASCII.GetBytes(PemEncoding.WriteString("CERTIFICATE", Convert.FromBase64String(text!.GetValue<string>())) + "\n")))
            .ToList();
        var signature = EcdsaSignature.ToDer(Base64Url.DecodeFromChars(envelope["signature"]!.GetValue<string>()));

        var time = s_time.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        var chain = await OpenSslAsync("verify", "-attime", time, "-CAfile", pem[2], "-untrusted", pem[1], pem[0]);
        var key = await OpenSslAsync("x509", "-in", pem[0], "-noout", "-pubkey");
        var verified = await OpenSslAsync(
            "dgst", "-sha256",
            "-verify", folder.Write("key.pub", Encoding.ASCII.GetBytes(key)),
            "-signature", folder.Write("signature", signature),
            folder.Write("content", Encoding.ASCII.GetBytes($"{envelope["protected"]}.{envelope["payload"]}")));

        Assert.EndsWith("OK", chain.Trim(), StringComparison.Ordinal);
        Assert.Contains("Verified OK", verified, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expiry_and_annotations_are_signed()
    {
        var signature = await SignAsync(new()
        {
            Time = s_time,
            Expiry = s_time.AddDays(1),
            Annotations = new Dictionary<string, string> { ["b"] = "é", ["a"] = "1.4.2+5" },
            Agent = "gantry/1.0",
        });

        var envelope = JsonNode.Parse(signature.Bytes.Span)!;
        var header = JsonNode.Parse(Decode(envelope["protected"]))!;
        Assert.Equal(
            ["io.cncf.notary.signingScheme", "io.cncf.notary.expiry"], header["crit"]!.AsArray().Select(name => name!.GetValue<string>()));
        Assert.Equal("2026-11-30T12:30:05Z", header["io.cncf.notary.expiry"]!.GetValue<string>());
        Assert.EndsWith(""","annotations":{"a":"1.4.2+5","b":"é"}}}""", Decode(envelope["payload"]), StringComparison.Ordinal);
        ProofSamples.Write("notation-expiry.jws.json", signature.Bytes.Span);
    }

    [Fact]
    public async Task A_written_signature_is_read_again()
    {
        var signature = await SignAsync(new() { Time = s_time, Expiry = s_time.AddDays(1) });

        var read = NotationSignature.Read(signature.Bytes, "the origin");

        Assert.Equal(s_image.Root.Descriptor.Digest, read.Target.Digest);
        Assert.Equal(_chain.Thumbprints, read.Thumbprints);
        Assert.Equal(new DateTimeOffset(2026, 11, 29, 12, 30, 5, TimeSpan.Zero), read.SigningTime);
        Assert.Equal(new DateTimeOffset(2026, 11, 30, 12, 30, 5, TimeSpan.Zero), read.Expiry);
        Assert.True(read.IsSignedBy(_chain));
    }

    [Fact]
    public async Task Another_signer_than_that_of_the_certificate_is_an_error()
    {
        using var other = SampleKeys.CreateSigner("the other key");

        var error = await SampleKeys.FailsAsync("GAN4244", () => NotationSignature.SignAsync(
            s_image.Root.Descriptor, _chain, other, new() { Time = s_time }, default));

        Assert.Contains("the other key", error.Problem, StringComparison.Ordinal);
        Assert.Contains(_chain.Key.ShortId, error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_is_not_valid_at_the_time_is_an_error()
    {
        await SignAsync(new() { Time = SampleCertificates.From });
        await SignAsync(new() { Time = SampleCertificates.Until });

        await SampleKeys.FailsAsync("GAN4245", () => SignAsync(new() { Time = SampleCertificates.From.AddSeconds(-1) }));
        var error = await SampleKeys.FailsAsync("GAN4245", () => SignAsync(new() { Time = SampleCertificates.Until.AddSeconds(1) }));
        Assert.Contains("until 2027-01-01 00:00 UTC", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reserved_annotations_and_an_expiry_in_the_past_are_mistakes_of_the_caller()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => SignAsync(new()
        {
            Time = s_time,
            Annotations = new Dictionary<string, string> { ["io.cncf.notary.x"] = "" },
        }));
        await Assert.ThrowsAsync<ArgumentException>(() => SignAsync(new() { Time = s_time, Expiry = s_time }));
    }

    public static TheoryData<string, Action<JsonObject>> Faults => new()
    {
        { "no payload", json => json.Remove("payload") },
        { "a payload that is not base64", json => json["payload"] = "{}" },
        { "a payload that is not JSON", json => json["payload"] = "AAAA" },
        { "a payload of something else", json => json["payload"] = Base64Url.EncodeToString("{}"u8) },
        { "a header that is null", json => json["protected"] = Base64Url.EncodeToString("null"u8) },
        { "another algorithm", json => json["protected"] = Change(json["protected"]!, "ES256", "none") },
        { "another scheme", json => json["protected"] = Change(json["protected"]!, "notary.x509", "notary.x509.signingAuthority") },
        { "another content", json => json["protected"] = Change(json["protected"]!, "payload.v1", "payload.v2") },
        { "a time that is none", json => json["protected"] = Change(json["protected"]!, "2026-11", "2026-13") },
        { "a short signature", json => json["signature"] = "AAAA" },
        { "no certificates", json => json["header"]!.AsObject().Remove("x5c") },
        { "certificates that are null", json => json["header"]!["x5c"] = new JsonArray((JsonNode?)null) },
        { "certificates that are not base64", json => json["header"]!["x5c"] = new JsonArray("-") },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task An_envelope_that_is_none_is_an_error(string fault, Action<JsonObject> change)
    {
        var json = JsonNode.Parse((await SignAsync(new() { Time = s_time })).Bytes.Span)!.AsObject();
        change(json);

        var error = Assert.Throws<GantryException>(() => NotationSignature.Read(Encoding.UTF8.GetBytes(json.ToJsonString()), "the origin"));

        Assert.True(error.Code == "GAN4246", fault);
    }

    [Theory]
    [InlineData("payload")]
    [InlineData("protected")]
    [InlineData("signature")]
    public async Task What_was_changed_is_not_signed(string part)
    {
        var json = JsonNode.Parse((await SignAsync(new() { Time = s_time })).Bytes.Span)!.AsObject();
        json[part] = part switch
        {
            "payload" => Change(json[part]!, s_image.Root.Descriptor.Digest.Hex, Digest.Of("other"u8).Hex),
            "protected" => Change(json[part]!, "2026-11-29", "2026-11-28"),
            _ => Base64Url.EncodeToString(new byte[64]),
        };

        Assert.False(NotationSignature.Read(Encoding.UTF8.GetBytes(json.ToJsonString()), "the origin").IsSignedBy(_chain));
    }

    [Fact]
    public async Task The_manifest_is_that_of_the_specification()
    {
        var signature = await SignAsync(new() { Time = s_time });

        var manifest = NotationReferrer.Create(signature);

        Assert.Equal(
            $$$"""
            {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
            "artifactType":"application/vnd.cncf.notary.signature","config":{"mediaType":"application/vnd.oci.empty.v1+json",
            "digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2},
            "layers":[{"mediaType":"application/jose+json","digest":"{{{Digest.Of(signature.Bytes.Span)}}}",
            "size":{{{signature.Bytes.Length}}}}],
            "subject":{"mediaType":"{{{MediaTypes.OciManifest}}}","digest":"{{{s_image.Root.Descriptor.Digest}}}",
            "size":{{{s_image.Root.Descriptor.Size}}}},
            "annotations":{"io.cncf.notary.x509chain.thumbprint#S256":"[\"{{{string.Join("\\\",\\\"", _chain.Thumbprints)}}}\"]",
            "org.opencontainers.image.created":"2026-11-29T12:30:05Z"}}
            """.ReplaceLineEndings(""),
            Encoding.UTF8.GetString(manifest.Bytes.Span));
    }

    [Fact]
    public async Task A_stored_signature_is_found_again()
    {
        await s_image.PushAsync(_repository);
        Assert.Null(await FindAsync());

        var signature = await SignAsync(new() { Time = s_time, Expiry = s_time.AddDays(1) });
        var put = await NotationReferrer.PutAsync(_repository, signature, default);

        var found = await FindAsync();
        Assert.NotNull(found);
        Assert.Equal(put, NotationReferrer.Create(found).Descriptor);
        Assert.NotNull(await FindAsync(time: s_time.AddHours(23)));
        Assert.Null(await FindAsync(time: s_time.AddDays(1)));
        Assert.Null(await FindAsync(digest: Digest.Of("other"u8)));
    }

    [Fact]
    public async Task Signatures_of_other_certificates_and_what_is_no_signature_are_skipped()
    {
        await s_image.PushAsync(_repository);
        using var others = new SampleCertificates();
        using var otherSigner = others.CreateSigner();
        var otherChain = CertificateChain.Parse(string.Join('\n', others.Create()), "another certificate");
        await NotationReferrer.PutAsync(
            _repository,
            await NotationSignature.SignAsync(s_image.Root.Descriptor, otherChain, otherSigner, new() { Time = s_time }, default),
            default);
        await SampleImage.CreateReferrer(s_image.Root.Descriptor, "no envelope", NotationReferrer.ArtifactType).PushAsync(_repository);
        await SampleImage.CreateReferrer(s_image.Root.Descriptor, "something else").PushAsync(_repository);
        await PutWithoutEnvelopeAsync();

        Assert.Null(await FindAsync());
        await NotationReferrer.PutAsync(_repository, await SignAsync(new() { Time = s_time }), default);
        Assert.NotNull(await FindAsync());
    }

    // Whoever can write there can write the certificates of another into an envelope.
    [Fact]
    public async Task A_signature_of_another_image_or_key_with_these_certificates_is_skipped()
    {
        await s_image.PushAsync(_repository);
        var elsewhere = await NotationSignature.SignAsync(
            SampleImage.Create(2, 10).Root.Descriptor, _chain, _signer, new() { Time = s_time }, default);
        var json = JsonNode.Parse((await SignAsync(new() { Time = s_time })).Bytes.Span)!.AsObject();
        json["signature"] = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(64));
        await PutEnvelopeAsync(elsewhere.Bytes.ToArray());
        await PutEnvelopeAsync(Encoding.UTF8.GetBytes(json.ToJsonString()));

        Assert.Null(await FindAsync());
    }

    private Task<NotationSignature> SignAsync(NotationSignatureOptions options) =>
        NotationSignature.SignAsync(s_image.Root.Descriptor, _chain, _signer, options, default);

    private Task<NotationSignature?> FindAsync(Digest? digest = null, DateTimeOffset? time = null) =>
        NotationReferrer.FindAsync(_repository, digest ?? s_image.Root.Descriptor.Digest, _chain, time ?? s_time, default);

    private async Task PutEnvelopeAsync(byte[] envelope)
    {
        var manifest = NotationReferrer.Create(await SignAsync(new() { Time = s_time })).ReadManifest();
        var layer = manifest.Layers[0] with { Digest = Digest.Of(envelope), Size = envelope.Length };
        await _repository.PutBlobAsync(layer, _ => Task.FromResult<Stream>(new MemoryStream(envelope)), default);
        await _repository.PutManifestAsync(ManifestContent.Create(manifest with { Layers = [layer] }), default);
    }

    // As if the registry had lost it.
    private async Task PutWithoutEnvelopeAsync()
    {
        var manifest = NotationReferrer.Create(await SignAsync(new() { Time = s_time.AddSeconds(1) })).ReadManifest();
        await _repository.PutManifestAsync(ManifestContent.Create(manifest), default);
    }

    private static string Decode(JsonNode? text) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text!.GetValue<string>()));

    private static string Change(JsonNode text, string from, string to) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Decode(text).Replace(from, to, StringComparison.Ordinal)));

    private static async Task<string> OpenSslAsync(params string[] arguments) =>
        (await ChildProcess.RunAsync(RequiredProgram.OpenSsl.RequirePath(), arguments)).EnsureSuccess().Output;
}
