using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gantry.Attestations;
using Gantry.Signing;
using Gantry.Testing;
using Gantry.Tests.Signing;

namespace Gantry.Tests.Attestations;

public sealed class SigstoreBundleTests : IAsyncLifetime, IDisposable
{
    private readonly PemSigner _signer = SampleKeys.CreateSigner();
    private VerificationKey _key = null!;
    private SigstoreBundle _bundle = null!;

    public async Task InitializeAsync()
    {
        _key = await _signer.GetPublicKeyAsync(default);
        _bundle = await SampleStatements.SignAsync(_signer);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _signer.Dispose();

    [Fact]
    public void A_bundle_is_what_cosign_reads()
    {
        var json = Json();

        Assert.Equal(["mediaType", "verificationMaterial", "dsseEnvelope"], json.Select(member => member.Key));
        Assert.Equal("application/vnd.dev.sigstore.bundle.v0.3+json", json["mediaType"]!.GetValue<string>());
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse($$$"""{"publicKey":{"hint":"{{{_key.Hint}}}"}}"""), json["verificationMaterial"]));
        Assert.Equal(["payload", "payloadType", "signatures"], json["dsseEnvelope"]!.AsObject().Select(member => member.Key));
        Assert.Equal(["sig"], json["dsseEnvelope"]!["signatures"]!.AsArray().Single()!.AsObject().Select(member => member.Key));
        Assert.DoesNotContain("\\u", Encoding.UTF8.GetString(_bundle.Bytes.Span), StringComparison.Ordinal);
        ProofSamples.WriteBundle("statement", _bundle.Bytes, _key.ToPem());
    }

    [Fact]
    public void A_written_bundle_is_read_again()
    {
        var read = SigstoreBundle.Read(_bundle.Bytes, "the origin");

        Assert.Equal(SampleStatements.Write(), read.Payload);
        Assert.Equal(Dsse.InTotoPayload, read.PayloadType);
        Assert.Equal(_key.Hint, read.Hint);
        Assert.True(read.IsSignedBy(_key));
        Assert.True(_bundle.IsSignedBy(_key));
    }

    [Fact]
    public async Task Another_key_has_not_signed_it()
    {
        using var other = SampleKeys.CreateSigner();

        Assert.False(_bundle.IsSignedBy(await other.GetPublicKeyAsync(default)));
    }

    [Fact]
    public async Task Several_statements_are_samples_for_other_verifiers()
    {
        foreach (var (name, result) in (IEnumerable<(string, string)>)
            [("long", new string('x', 100_000)), ("not-ascii", "é€ 🙂 +/="), ("empty", "")])
        {
            var bundle = await SampleStatements.SignAsync(_signer, result);
            Assert.True(SigstoreBundle.Read(bundle.Bytes, name).IsSignedBy(_key));
            ProofSamples.WriteBundle(name, bundle.Bytes, _key.ToPem());
        }
    }

    [OpenSslFact]
    public async Task Openssl_verifies_the_signature()
    {
        using var folder = new TempFolder();
        var signature = Convert.FromBase64String(Json()["dsseEnvelope"]!["signatures"]![0]!["sig"]!.GetValue<string>());

        var result = await ChildProcess.RunAsync(RequiredProgram.OpenSsl.RequirePath(),
        [
            "dgst", "-sha256",
            "-verify", folder.Write("key.pub", Encoding.ASCII.GetBytes(_key.ToPem())),
            "-signature", folder.Write("signature", signature),
            folder.Write("content", Dsse.Encode(Dsse.InTotoPayload, SampleStatements.Write())),
        ]);

        Assert.Contains("Verified OK", result.EnsureSuccess().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signer_that_does_not_sign_with_its_key_is_an_error()
    {
        using var other = SampleKeys.CreateSigner();

        await SampleKeys.FailsAsync("GAN4227", () => SampleStatements.SignAsync(new LyingSigner(_signer, other)));
    }

    public static TheoryData<string, Action<JsonObject>> Faults => new()
    {
        { "no signature", json => json["dsseEnvelope"]!["signatures"] = new JsonArray() },
        { "two signatures", json => Signatures(json).Add(Signatures(json)[0]!.DeepClone()) },
        { "signatures that are null", json => json["dsseEnvelope"]!["signatures"] = null },
        { "a signature that is null", json => Signatures(json)[0] = null },
        { "no signatures", json => json["dsseEnvelope"]!.AsObject().Remove("signatures") },
        { "no sig", json => Signatures(json)[0]!.AsObject().Remove("sig") },
        { "an unknown field", json => json["comment"] = "x" },
        { "an unknown field of the material", json => json["verificationMaterial"]!["comment"] = "x" },
        { "an unknown field of the key", json => json["verificationMaterial"]!["publicKey"]!["comment"] = "x" },
        { "an unknown field of the envelope", json => json["dsseEnvelope"]!["comment"] = "x" },
        { "an unknown field of the signature", json => Signatures(json)[0]!["comment"] = "x" },
        { "an unknown field that is null", json => json["messageSignature"] = null },
        { "version 0.1", json => json["mediaType"] = "application/vnd.dev.sigstore.bundle+json;version=0.1" },
        { "version 0.2", json => json["mediaType"] = "application/vnd.dev.sigstore.bundle+json;version=0.2" },
        { "version 0.4", json => json["mediaType"] = "application/vnd.dev.sigstore.bundle.v0.4+json" },
        { "version 0.3 in other letters", json => json["mediaType"] = "APPLICATION/vnd.dev.sigstore.bundle.v0.3+json" },
        { "no version", json => json.Remove("mediaType") },
        { "a certificate", json => json["verificationMaterial"] = JsonNode.Parse("""{"certificate":{"rawBytes":"AA=="}}""") },
        { "certificates", json => json["verificationMaterial"] = JsonNode.Parse("""{"x509CertificateChain":{"certificates":[]}}""") },
        { "a key and a certificate", json => json["verificationMaterial"]!["certificate"] = JsonNode.Parse("""{"rawBytes":"AA=="}""") },
        { "no key", json => json["verificationMaterial"] = new JsonObject() },
        { "a key that is null", json => json["verificationMaterial"]!["publicKey"] = null },
        { "no material", json => json.Remove("verificationMaterial") },
        { "no envelope", json => json.Remove("dsseEnvelope") },
        { "an envelope that is null", json => json["dsseEnvelope"] = null },
        { "a payload that is not base64", json => json["dsseEnvelope"]!["payload"] = "{}" },
        { "a payload that is null", json => json["dsseEnvelope"]!["payload"] = null },
        { "a payload of one character", json => json["dsseEnvelope"]!["payload"] = "A" },
        { "a payload that is a number", json => json["dsseEnvelope"]!["payload"] = 1 },
        { "a signature that is not base64", json => Signatures(json)[0]!["sig"] = "é" },
        { "no type of the payload", json => json["dsseEnvelope"]!.AsObject().Remove("payloadType") },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_bundle_that_other_verifiers_skip_is_an_error(string fault, Action<JsonObject> change)
    {
        var json = Json();
        change(json);

        var error = Assert.Throws<GantryException>(() => Read(json));

        Assert.True(error.Code == "GAN4209" && error.Problem.Contains("the origin", StringComparison.Ordinal), fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"bundle\"")]
    [InlineData("<html>")]
    public void A_document_that_is_not_a_bundle_is_an_error(string text) =>
        SampleKeys.Fails("GAN4209", () => SigstoreBundle.Read(Encoding.UTF8.GetBytes(text), "the origin"));

    [Fact]
    public void A_field_that_is_there_twice_is_an_error()
    {
        var text = Encoding.UTF8.GetString(_bundle.Bytes.Span);

        foreach (var name in (IEnumerable<string>)["mediaType", "payload", "sig", "hint"])
        {
            var twice = text.Replace($"\"{name}\":", $"\"{name}\":\"\",\"{name}\":", StringComparison.Ordinal);
            SampleKeys.Fails("GAN4209", () => SigstoreBundle.Read(Encoding.UTF8.GetBytes(twice), "the origin"));
        }
    }

    public static TheoryData<string, Action<JsonObject>> Accepted => new()
    {
        { "base64 for addresses", json => Change(json, text => text.Replace('+', '-').Replace('/', '_')) },
        { "base64 without padding", json => Change(json, text => text.TrimEnd('=')) },
        { "an empty name of the key", json => Signatures(json)[0]!["keyid"] = "" },
        { "the name of another key", json => Signatures(json)[0]!["keyid"] = "SHA256:AAAA" },
        { "the hint at another key", json => json["verificationMaterial"]!["publicKey"]!["hint"] = "AAAA" },
        { "no hint", json => json["verificationMaterial"]!["publicKey"]!.AsObject().Remove("hint") },
        { "no log entries", json => json["verificationMaterial"]!["tlogEntries"] = new JsonArray() },
        {
            "a time",
            json => json["verificationMaterial"]!["timestampVerificationData"] = new JsonObject { ["rfc3161Timestamps"] = new JsonArray() }
        },
    };

    [Theory]
    [MemberData(nameof(Accepted))]
    public void What_is_not_authenticated_decides_nothing(string what, Action<JsonObject> change)
    {
        var json = Json();
        change(json);

        Assert.True(Read(json).IsSignedBy(_key), what);
    }

    public static TheoryData<string, Action<JsonObject>> Changed => new()
    {
        { "a bit of the payload", json => json["dsseEnvelope"]!["payload"] = Flip(json["dsseEnvelope"]!["payload"]!.GetValue<string>()) },
        { "the end of the payload", json => json["dsseEnvelope"]!["payload"] = Convert.ToBase64String([.. SampleStatements.Write(), 32]) },
        { "the type of the payload", json => json["dsseEnvelope"]!["payloadType"] = "application/vnd.in-toto+jsom" },
        { "an empty type of the payload", json => json["dsseEnvelope"]!["payloadType"] = "" },
        { "a bit of the signature", json => Signatures(json)[0]!["sig"] = Flip(Signatures(json)[0]!["sig"]!.GetValue<string>()) },
        { "an empty signature", json => Signatures(json)[0]!["sig"] = "" },
        {
            "the signature in another format",
            json => Signatures(json)[0]!["sig"] = Convert.ToBase64String(
                EcdsaSignature.ToFixed(Convert.FromBase64String(Signatures(json)[0]!["sig"]!.GetValue<string>())))
        },
    };

    [Theory]
    [MemberData(nameof(Changed))]
    public void What_was_changed_is_not_signed(string what, Action<JsonObject> change)
    {
        var json = Json();
        change(json);

        Assert.False(Read(json).IsSignedBy(_key), what);
    }

    [Fact]
    public async Task A_large_statement_is_signed_and_read()
    {
        var bundle = await SampleStatements.SignAsync(_signer, new string('x', 10 * 1024 * 1024));

        Assert.True(SigstoreBundle.Read(bundle.Bytes, "the origin").IsSignedBy(_key));
    }

    [Fact]
    public void A_deep_document_is_an_error()
    {
        var json = Json();
        var depth = Limits.JsonDepth + 1;
        var deep = new string('[', depth) + new string(']', depth);
        json["verificationMaterial"]!["tlogEntries"] = JsonNode.Parse(deep, null, new() { MaxDepth = 100 });

        SampleKeys.Fails("GAN4209", () => Read(json));
    }

    private JsonObject Json() => JsonNode.Parse(_bundle.Bytes.Span)!.AsObject();

    private static SigstoreBundle Read(JsonObject json) => SigstoreBundle.Read(
        Encoding.UTF8.GetBytes(json.ToJsonString(new() { MaxDepth = 100 })), "the origin");

    private static JsonArray Signatures(JsonObject json) => json["dsseEnvelope"]!["signatures"]!.AsArray();

    private static void Change(JsonObject json, Func<string, string> change)
    {
        json["dsseEnvelope"]!["payload"] = change(json["dsseEnvelope"]!["payload"]!.GetValue<string>());
        Signatures(json)[0]!["sig"] = change(Signatures(json)[0]!["sig"]!.GetValue<string>());
    }

    private static string Flip(string text)
    {
        var bytes = Convert.FromBase64String(text);
        bytes[^1] ^= 1;
        return Convert.ToBase64String(bytes);
    }

    /// <summary>A signer that says that it has another key.</summary>
    private sealed class LyingSigner(ISigner named, ISigner real) : ISigner
    {
        public string Description => "the signer";

        public Task<VerificationKey> GetPublicKeyAsync(CancellationToken cancellationToken) => named.GetPublicKeyAsync(cancellationToken);

        public Task<ReadOnlyMemory<byte>> SignAsync(ReadOnlyMemory<byte> digest, CancellationToken cancellationToken) =>
            real.SignAsync(digest, cancellationToken);
    }
}
