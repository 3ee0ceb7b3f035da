using System.Security.Cryptography;
using Azure.Core;
using Azure.Identity;
using Gantry.Attestations;
using Gantry.Azure.KeyVault;
using Gantry.Azure.SignIn;
using Gantry.Signing;
using Gantry.Testing;
using Gantry.Testing.Azure;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Azure.Tests.KeyVault;

public sealed class KeyVaultSignerTests : IAsyncLifetime
{
    private static readonly byte[] s_digest = SHA256.HashData("what is signed"u8);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero));
    private readonly List<string> _scopes = [];
    private readonly List<AzureIdentity> _identities = [];
    private FakeKeyVault _vault = null!;

    public async Task InitializeAsync() => _vault = await FakeKeyVault.StartAsync();

    public async Task DisposeAsync()
    {
        await _vault.DisposeAsync();
        Assert.Empty(_vault.Violations);
    }

    [Fact]
    public async Task A_digest_is_signed_by_the_current_version_of_the_key()
    {
        _vault.Add("prod");
        var key = _vault.Add("prod");
        var signer = Signer("https://contoso.vault.azure.net/keys/prod");

        var signature = await signer.SignAsync(s_digest, default);

        Assert.True(VerificationKey.Parse(key.PublicKeyPem, "the key").Verify(s_digest, signature.Span));
        Assert.Equal(key.PublicKeyPem.Trim(), (await signer.GetPublicKeyAsync(default)).ToPem().Trim());
        Assert.Equal(key.Id, (await signer.GetVersionAsync(default)).Text);
        Assert.Equal(["GET /keys/prod?api-version=7.4", $"POST {new Uri(key.Id).AbsolutePath}/sign?api-version=7.4"], _vault.Requests);
        Assert.Equal("https://vault.azure.net/.default", Assert.Single(_scopes));
    }

    [Fact]
    public async Task A_bundle_is_signed()
    {
        var key = _vault.Add("prod");
        var statement = Statement.Write(
            new StatementSubject("app", Gantry.Oci.Digest.Of("image"u8)), "https://example.com/predicate", "{}"u8);

        var bundle = await SigstoreBundle.SignAsync(statement, Signer("azurekms://contoso.vault.azure.net/prod"), default);

        Assert.True(bundle.IsSignedBy(VerificationKey.Parse(key.PublicKeyPem, "the key")));
        ProofSamples.WriteBundle("key-vault", bundle.Bytes, key.PublicKeyPem);
    }

    [Fact]
    public async Task The_version_stays_the_same_when_another_one_becomes_current()
    {
        var first = _vault.Add("prod");
        var signer = Signer("https://contoso.vault.azure.net/keys/prod");
        await signer.GetPublicKeyAsync(default);
        _vault.Add("prod");

        var signature = await signer.SignAsync(s_digest, default);

        Assert.True(VerificationKey.Parse(first.PublicKeyPem, "the key").Verify(s_digest, signature.Span));
    }

    [Fact]
    public async Task A_version_in_the_address_signs_although_it_is_not_the_current_one()
    {
        var first = _vault.Add("prod");
        _vault.Add("prod");

        var signature = await Signer(first.Id).SignAsync(s_digest, default);

        Assert.True(VerificationKey.Parse(first.PublicKeyPem, "the key").Verify(s_digest, signature.Span));
    }

    [Fact]
    public async Task Callers_at_the_same_time_get_one_key()
    {
        _vault.Add("prod");
        var signer = Signer("https://contoso.vault.azure.net/keys/prod");

        var keys = await Task.WhenAll(Enumerable.Range(0, 8).Select(async number =>
        {
            if (number == 4)
                _vault.Add("prod");
            await signer.SignAsync(s_digest, default);
            return await signer.GetPublicKeyAsync(default);
        }));

        Assert.Single(keys.Distinct());
    }

    // One in 128 signatures has a number with leading zeros, and other tools have made mistakes of them (cosign#3709).
    public static TheoryData<string> Zeros => ["r, then a digit", "r, then a bit", "s, then a digit", "s, then a bit"];

    [Theory]
    [MemberData(nameof(Zeros))]
    public async Task Numbers_with_leading_zeros_are_signatures(string where)
    {
        var key = _vault.Add("prod");
        var offset = where[0] == 'r' ? 0 : 32;
        var hasHighBit = where.EndsWith("bit", StringComparison.Ordinal);
        key.Accepts = signature => signature[offset] == 0 && (signature[offset + 1] & 0x80) != 0 == hasHighBit;

        var signature = await Signer("https://contoso.vault.azure.net/keys/prod").SignAsync(s_digest, default);

        Assert.True(VerificationKey.Parse(key.PublicKeyPem, "the key").Verify(s_digest, signature.Span));
    }

    [Fact]
    public async Task Coordinates_without_leading_zeros_are_the_same_key()
    {
        var key = _vault.Add("prod");
        key.TrimsCoordinates = true;
        while (!key.ToJson()["key"]!["x"]!.GetValue<string>().Length.Equals(42))
            (key = _vault.Add("prod")).TrimsCoordinates = true;

        var signature = await Signer("https://contoso.vault.azure.net/keys/prod").SignAsync(s_digest, default);

        Assert.True(VerificationKey.Parse(key.PublicKeyPem, "the key").Verify(s_digest, signature.Span));
    }

    [Theory]
    [InlineData("contoso.vault.azure.net", "https://vault.azure.net/.default", "AzureCloud")]
    [InlineData("contoso.vault.azure.cn", "https://vault.azure.cn/.default", "AzureChinaCloud")]
    [InlineData("contoso.vault.usgovcloudapi.net", "https://vault.usgovcloudapi.net/.default", "AzureUSGovernment")]
    [InlineData("contoso.managedhsm.azure.net", "https://managedhsm.azure.net/.default", "AzureCloud")]
    [InlineData("contoso.managedhsm.usgovcloudapi.net", "https://managedhsm.usgovcloudapi.net/.default", "AzureUSGovernment")]
    public async Task The_token_is_for_the_vaults_of_the_cloud(string host, string scope, string cloud)
    {
        await using var vault = await FakeKeyVault.StartAsync(host);
        vault.Add("prod");

        var identity = new AzureIdentity { ClientId = Guid.Empty.ToString() };
        await Signer($"https://{host}/keys/prod", vault, identity).SignAsync(s_digest, default);

        Assert.Equal(scope, Assert.Single(_scopes));
        Assert.Equal(cloud, AzureCloud.OfVault(host)!.Name);
        Assert.Equal(Guid.Empty.ToString(), Assert.Single(_identities).ClientId);
        Assert.Empty(vault.Violations);
    }

    [Fact]
    public async Task An_answer_of_another_key_is_refused()
    {
        var key = _vault.Add("prod");
        key.AnsweredId = _vault.Add("other").Id;

        var error = await FailsAsync();

        Assert.Equal("GAN9088", error.Code);
        Assert.Contains("keys/other", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_of_another_version_is_refused()
    {
        var key = _vault.Add("prod");
        var signer = Signer(key.Id);
        key.AnsweredId = _vault.Add("prod").Id;

        Assert.Equal("GAN9088", (await Assert.ThrowsAsync<GantryException>(() => signer.SignAsync(s_digest, default))).Code);
    }

    [Theory]
    [InlineData("https://contoso.vault.azure.net/keys/other/0123456789abcdef0123456789abcdef")]
    [InlineData("https://other.vault.azure.net/keys/prod/0123456789abcdef0123456789abcdef")]
    [InlineData("https://contoso.vault.azure.net/keys/prod")]
    [InlineData("https://contoso.example/keys/prod/0123456789abcdef0123456789abcdef")]
    [InlineData("")]
    public async Task A_description_of_another_key_is_refused(string id)
    {
        _vault.Add("prod").DescribedId = id;

        Assert.Equal("GAN9088", (await FailsAsync()).Code);
        Assert.Single(_vault.Requests);
    }

    [Fact]
    public async Task A_description_of_another_version_than_the_declared_one_is_refused()
    {
        var key = _vault.Add("prod");
        key.DescribedId = _vault.Add("prod").Id;

        Assert.Equal("GAN9088", (await FailsAsync(key.Id)).Code);
    }

    [Fact]
    public async Task A_signature_of_another_key_is_refused()
    {
        var key = _vault.Add("prod");
        key.SignsWith = _vault.Add("other");

        Assert.Equal("GAN4227", (await FailsAsync()).Code);
    }

    [Theory]
    [InlineData("", "0 bytes")]
    [InlineData("AAAA", "3 bytes")]
    [InlineData("not base64url!", "base64url")]
    [InlineData("MEUCIQDabc+/", "base64url")]
    public async Task A_signature_of_another_form_is_refused(string value, string reason)
    {
        _vault.Add("prod").AnsweredValue = value;

        var error = await FailsAsync();

        Assert.Equal("GAN9087", error.Code);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(63)]
    [InlineData(65)]
    [InlineData(70)]
    public async Task A_signature_of_another_length_is_refused(int length)
    {
        _vault.Add("prod").AnsweredValue = System.Buffers.Text.Base64Url.EncodeToString(new byte[length]);

        Assert.Equal("GAN9087", (await FailsAsync()).Code);
    }

    [Fact]
    public async Task A_signature_of_zeros_is_refused()
    {
        _vault.Add("prod").AnsweredValue = System.Buffers.Text.Base64Url.EncodeToString(new byte[64]);

        Assert.Equal("GAN4227", (await FailsAsync()).Code);
    }

    [Theory]
    [InlineData("RSA", "P-256")]
    [InlineData("EC-HSM", "P-384")]
    [InlineData("EC", "P-256K")]
    [InlineData("oct-HSM", "P-256")]
    public async Task A_key_of_another_type_is_refused_before_it_signs(string type, string curve)
    {
        var key = _vault.Add("prod");
        (key.Type, key.Curve) = (type, curve);

        var error = await FailsAsync();

        Assert.Equal("GAN9085", error.Code);
        Assert.Contains($"{type} {curve}", error.Message, StringComparison.Ordinal);
        Assert.Single(_vault.Requests);
    }

    public static TheoryData<string, string> UnusableKeys => new()
    {
        { "disabled", "is disabled" },
        { "expired", "expired at 2026-11-29 11:59 UTC" },
        { "not yet valid", "not to be used before 2026-11-29 12:01 UTC" },
        { "of another operation", "verify, wrapKey" },
    };

    [Theory]
    [MemberData(nameof(UnusableKeys))]
    public async Task A_key_that_cannot_sign_is_refused_before_it_does(string state, string reason)
    {
        var key = _vault.Add("prod");
        if (state == "disabled")
            key.IsEnabled = false;
        else if (state == "expired")
            key.Expires = _time.GetUtcNow().AddMinutes(-1);
        else if (state == "not yet valid")
            key.NotBefore = _time.GetUtcNow().AddMinutes(1);
        else
            key.Operations = ["verify", "wrapKey"];

        var error = await FailsAsync();

        Assert.Equal("GAN9084", error.Code);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Single(_vault.Requests);
    }

    [Fact]
    public async Task A_key_that_is_disabled_meanwhile_is_reported_as_such()
    {
        var key = _vault.Add("prod");
        var signer = Signer(key.Id);
        await signer.GetPublicKeyAsync(default);
        key.IsEnabled = false;

        var error = await Assert.ThrowsAsync<GantryException>(() => signer.SignAsync(s_digest, default));

        Assert.Equal("GAN9084", error.Code);
        Assert.Contains("not allowed on a disabled key", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<int, string, string, string?, string, string> Refusals => new()
    {
        { 401, "Unauthorized", "AKV10032: Invalid issuer. Expected one of https://sts.windows.net/…", null, "GAN9081", "AKV10032" },
        { 403, "Forbidden", "Caller is not authorized.\r\nIf …", "ForbiddenByRbac", "GAN9082", "Key Vault Crypto User" },
        { 403, "Forbidden", "The user does not have keys sign permission", "AccessDenied", "GAN9082", "get and sign" },
        { 403, "Forbidden", "Client address is not authorized", "ForbiddenByFirewall", "GAN9082", "firewall" },
        { 403, "Forbidden", "Public network access is disabled", "ForbiddenByConnection", "GAN9082", "firewall" },
        { 404, "KeyNotFound", "A key with (name/id) prod was not found in this key vault", null, "GAN9083", "KeyNotFound" },
        { 409, "Conflict", "The key is being deleted", null, "GAN9087", "HTTP 409" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_refusal_is_an_error_with_its_remedy(
        int status, string code, string message, string? inner, string expected, string text)
    {
        _vault.Add("prod");
        _vault.Refusals.Enqueue(new LoopbackResponse(status, FakeKeyVault.Error(code, message, inner)));

        var error = await FailsAsync();

        Assert.Equal(expected, error.Code);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(FakeKeyVault.Token, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_role_of_a_managed_HSM_has_another_name()
    {
        await using var vault = await FakeKeyVault.StartAsync("contoso.managedhsm.azure.net");
        vault.Refusals.Enqueue(new LoopbackResponse(403, FakeKeyVault.Error("Forbidden", "no")));

        var error = await Assert.ThrowsAsync<GantryException>(
            () => Signer("https://contoso.managedhsm.azure.net/keys/prod", vault).SignAsync(s_digest, default));

        Assert.Contains("'Managed HSM Crypto User'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_key_is_reported() => Assert.Equal("GAN9083", (await FailsAsync()).Code);

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_short_refusal_is_waited_for(int status)
    {
        var key = _vault.Add("prod");
        _vault.Refusals.Enqueue(new LoopbackResponse(status, FakeKeyVault.Error("Throttled", "…")));
        _vault.Refusals.Enqueue(new LoopbackResponse(status, FakeKeyVault.Error("Throttled", "…")));

        var signature = await Signer(key.Id).SignAsync(s_digest, default);

        Assert.True(VerificationKey.Parse(key.PublicKeyPem, "the key").Verify(s_digest, signature.Span));
        Assert.Equal(4, _vault.Requests.Count);
    }

    [Theory]
    [InlineData(429, "GAN9086")]
    [InlineData(500, "GAN9087")]
    public async Task A_long_refusal_is_an_error(int status, string code)
    {
        for (var i = 0; i < 4; i++)
            _vault.Refusals.Enqueue(new LoopbackResponse(status, FakeKeyVault.Error("Throttled", "Request was not processed")));

        Assert.Equal(code, (await FailsAsync()).Code);
    }

    [Fact]
    public async Task After_a_failure_the_key_is_read_again()
    {
        var key = _vault.Add("prod");
        var signer = Signer("https://contoso.vault.azure.net/keys/prod");
        _vault.Refusals.Enqueue(new LoopbackResponse(403, FakeKeyVault.Error("Forbidden", "no")));
        await Assert.ThrowsAsync<GantryException>(() => signer.SignAsync(s_digest, default));

        var signature = await signer.SignAsync(s_digest, default);

        Assert.True(VerificationKey.Parse(key.PublicKeyPem, "the key").Verify(s_digest, signature.Span));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"key":null}""")]
    public async Task An_answer_that_is_none_is_an_error(string body)
    {
        _vault.Refusals.Enqueue(new LoopbackResponse(200, body));

        Assert.Equal("GAN9087", (await FailsAsync()).Code);
    }

    [Fact]
    public async Task A_point_that_is_not_on_the_curve_is_an_error()
    {
        var json = _vault.Add("prod").ToJson();
        json["key"]!["x"] = json["key"]!["y"]!.GetValue<string>();
        _vault.Refusals.Enqueue(new LoopbackResponse(200, json.ToJsonString()));

        Assert.Equal("GAN9087", (await FailsAsync()).Code);
    }

    [Fact]
    public async Task An_endless_answer_is_an_error()
    {
        _vault.Refusals.Enqueue(new LoopbackResponse(200, new string(' ', Limits.AnswerBytes + 1)));

        Assert.Contains(nameof(Limits.AnswerBytes), (await FailsAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        _vault.Refusals.Enqueue(new LoopbackResponse(307)
        {
            Headers = new Dictionary<string, string> { ["Location"] = "https://other.vault.azure.net/keys/prod" },
        });

        Assert.Equal("GAN9087", (await FailsAsync()).Code);
        Assert.Single(_vault.Requests);
    }

    [Fact]
    public async Task A_vault_that_is_not_there_is_reported()
    {
        var error = await FailsAsync("https://other.vault.azure.net/keys/prod");

        Assert.Equal("GAN9080", error.Code);
        Assert.Contains("other.vault.azure.net", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_sign_in_is_reported()
    {
        var error = await FailsAsync(signIn: () => throw new CredentialUnavailableException("There is no sign-in"));

        Assert.Equal("GAN9001", error.Code);
        Assert.Empty(_vault.Requests);
    }

    [Fact]
    public async Task A_cancelled_request_is_cancelled() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Signer("https://contoso.vault.azure.net/keys/prod").SignAsync(s_digest, new CancellationToken(canceled: true)));

    [Fact]
    public void A_pattern_is_not_a_key() =>
        Assert.Throws<ArgumentException>(() => Signer("https://{environment}.vault.azure.net/keys/gantry"));

    private async Task<GantryException> FailsAsync(
        string address = "https://contoso.vault.azure.net/keys/prod", Func<AccessToken>? signIn = null) =>
        await Assert.ThrowsAsync<GantryException>(() => Signer(address, signIn: signIn).SignAsync(s_digest, default));

    private KeyVaultSigner Signer(
        string address, FakeKeyVault? vault = null, AzureIdentity? identity = null, Func<AccessToken>? signIn = null)
    {
        var session = new AzureSession(new AzureSessionOptions
        {
            Handler = (vault ?? _vault).CreateHandler(),
            TimeProvider = _time,
            RetryDelay = TimeSpan.FromMilliseconds(1),
            SignIn = (who, _) =>
            {
                _identities.Add(who);
                return DelegatedTokenCredential.Create(
                    (_, _) => throw new NotSupportedException(),
                    (context, _) =>
                    {
                        _scopes.Add(string.Join(' ', context.Scopes));
                        return new(signIn?.Invoke() ?? new AccessToken(FakeKeyVault.Token, DateTimeOffset.MaxValue));
                    });
            },
        });
        return new KeyVaultSigner(session, identity, KeyVaultKeyReference.Parse(address));
    }
}
