using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Gantry.Testing.Azure;

/// <summary>
/// An imitation of one vault of Azure Key Vault, as documented: it gives the public part of keys, and signs digests. A request that is not
/// documented is a violation, and is refused.
/// </summary>
/// <seealso href="https://learn.microsoft.com/rest/api/keyvault/keys/get-key/get-key">Azure Key Vault, get key</seealso>
/// <seealso href="https://learn.microsoft.com/rest/api/keyvault/keys/sign/sign">Azure Key Vault, sign</seealso>
public sealed class FakeKeyVault : IAsyncDisposable
{
    public const string Token = "the token for the vault";
    private readonly Dictionary<string, FakeVaultKey> _current = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, FakeVaultKey> _versions = new(StringComparer.OrdinalIgnoreCase);
    private LoopbackServer? _server;

    private FakeKeyVault(string host) => Host = host;

    /// <summary>Gets the host of the vault: <c>contoso.vault.azure.net</c>.</summary>
    public string Host { get; }

    /// <summary>Gets the address of its server on this machine, which answers for the host only.</summary>
    public Uri Address => _server!.Address;

    /// <summary>Gets the answers to the next requests, in place of those of the vault.</summary>
    public ConcurrentQueue<LoopbackResponse> Refusals { get; } = new();

    /// <summary>Gets the requests that a client must not send.</summary>
    public ConcurrentQueue<string> Violations { get; } = new();

    /// <summary>Gets the received requests: <c>GET /keys/prod?api-version=7.4</c>.</summary>
    public IReadOnlyList<string> Requests => [.. _server!.Requests.Select(request => $"{request.Method} {request.Path}")];

    public static async Task<FakeKeyVault> StartAsync(string host = "contoso.vault.azure.net")
    {
        var vault = new FakeKeyVault(host);
        vault._server = await LoopbackServer.StartAsync(vault.AnswerAsync);
        return vault;
    }

    /// <summary>Adds a version of a key, which becomes the current one.</summary>
    public FakeVaultKey Add(string name)
    {
        var key = new FakeVaultKey($"https://{Host}/keys/{name}/{Guid.NewGuid():N}");
        _current[name] = key;
        _versions[new Uri(key.Id).AbsolutePath] = key;
        return key;
    }

    /// <summary>Creates a handler that sends the requests for the vault to this server, and knows no other host.</summary>
    public HttpMessageHandler CreateHandler() =>
        new Redirection(this) { InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false } };

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        foreach (var key in _versions.Values)
            key.Dispose();
    }

    private Task AnswerAsync(HttpContext context, ReceivedRequest request)
    {
        if (FindViolation(context, request) is { } violation)
        {
            Violations.Enqueue(violation);
            return new LoopbackResponse(400, Error("BadParameter", violation)).WriteAsync(context);
        }

        if (Refusals.TryDequeue(out var refusal))
            return refusal.WriteAsync(context);
        var path = context.Request.Path.Value!;
        var isSigning = context.Request.Method == "POST";
        var address = isSigning ? path[..^"/sign".Length] : path;
        var key = _versions.GetValueOrDefault(address) ?? _current.GetValueOrDefault(address["/keys/".Length..]);
        var missing = new LoopbackResponse(404, Error("KeyNotFound", $"A key with (name/id) {address[6..]} was not found."));
        if (key is null)
            return missing.WriteAsync(context);
        return (isSigning ? Sign(key, request.Body) : new LoopbackResponse(200, key.ToJson().ToJsonString())).WriteAsync(context);
    }

    private string? FindViolation(HttpContext context, ReceivedRequest request)
    {
        var parts = context.Request.Path.Value!.Split('/');
        var isKey = parts is ["", "keys", { Length: > 0 }] or ["", "keys", { Length: > 0 }, { Length: 32 }];
        var isSigning = parts is ["", "keys", { Length: > 0 }, { Length: 32 }, "sign"];
        if (context.Request.Host.Host != Host)
            return $"the host {context.Request.Host}";
        if (context.Request.QueryString.Value != "?api-version=7.4")
            return $"the query {context.Request.QueryString}";
        if (request.Headers.GetValueOrDefault("Authorization") != $"Bearer {Token}")
            return "another token";
        return context.Request.Method switch
        {
            "GET" when isKey => request.Body.Length > 0 ? "a body" : null,
            "POST" when isSigning => FindViolation(request),
            _ => $"{context.Request.Method} {context.Request.Path}",
        };
    }

    private static string? FindViolation(ReceivedRequest request)
    {
        if (request.Headers.GetValueOrDefault("Content-Type") != "application/json")
            return "another content type";
        try
        {
            var body = JsonNode.Parse(request.Body)!.AsObject();
            var value = body["value"]!.GetValue<string>();
            if (body.Count != 2 || body["alg"]!.GetValue<string>() != "ES256")
                return "another algorithm, or more than it";
            if (value.Contains('=', StringComparison.Ordinal))
                return "padding";
            return Base64Url.DecodeFromChars(value).Length == 32 ? null : "a digest of another length";
        }
        catch (Exception exception)
            when (exception is JsonException or FormatException or NullReferenceException or InvalidOperationException)
        {
            return $"a body that is not documented: {request.Body}";
        }
    }

    private static LoopbackResponse Sign(FakeVaultKey key, string body)
    {
        if (!key.IsEnabled)
            return new LoopbackResponse(403, Error("Forbidden", "Operation sign is not allowed on a disabled key.", "KeyDisabled"));
        var digest = Base64Url.DecodeFromChars(JsonNode.Parse(body)!["value"]!.GetValue<string>());
        return new LoopbackResponse(200, new JsonObject
        {
            ["kid"] = key.AnsweredId ?? key.Id,
            ["value"] = key.AnsweredValue ?? Base64Url.EncodeToString(key.Sign(digest)),
        }.ToJsonString());
    }

    /// <summary>Creates the body of an error.</summary>
    public static string Error(string code, string message, string? inner = null)
    {
        var error = new JsonObject { ["code"] = code, ["message"] = message };
        if (inner is not null)
            error["innererror"] = new JsonObject { ["code"] = inner };
        return new JsonObject { ["error"] = error }.ToJsonString();
    }

    private sealed class Redirection(FakeKeyVault vault) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var address = request.RequestUri!;
            if (address.Scheme != "https" || address.Host != vault.Host)
                throw new HttpRequestException($"There is no host {address.Authority} here.");
            request.Headers.Host = address.Host;
            request.RequestUri = new Uri(vault._server!.Address, address.PathAndQuery);
            return base.SendAsync(request, cancellationToken);
        }
    }
}

/// <summary>A version of a key in <see cref="FakeKeyVault"/>.</summary>
public sealed class FakeVaultKey(string id) : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Gets the address with the version.</summary>
    public string Id => id;

    public string Type { get; set; } = "EC-HSM";

    public string Curve { get; set; } = "P-256";

    public string[] Operations { get; set; } = ["sign", "verify"];

    public bool IsEnabled { get; set; } = true;

    public DateTimeOffset? Expires { get; set; }

    public DateTimeOffset? NotBefore { get; set; }

    /// <summary>Gets or sets the address in the description of the key, when it is another one.</summary>
    public string? DescribedId { get; set; }

    /// <summary>Gets or sets the address in answers with signatures, when it is another one.</summary>
    public string? AnsweredId { get; set; }

    /// <summary>Gets or sets the signature in answers, when it is none.</summary>
    public string? AnsweredValue { get; set; }

    /// <summary>Gets or sets the key that signs in place of this one.</summary>
    public FakeVaultKey? SignsWith { get; set; }

    /// <summary>Gets or sets the condition for signatures: the vault signs again until it is met.</summary>
    public Predicate<byte[]> Accepts { get; set; } = _ => true;

    /// <summary>Gets or sets whether coordinates have no leading zeros.</summary>
    public bool TrimsCoordinates { get; set; }

    public string PublicKeyPem => _key.ExportSubjectPublicKeyInfoPem();

    public byte[] Sign(byte[] digest)
    {
        while (true)
        {
            var signature = (SignsWith ?? this)._key.SignHash(digest, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            if (Accepts(signature))
                return signature;
        }
    }

    public JsonObject ToJson()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        var attributes = new JsonObject { ["enabled"] = IsEnabled, ["created"] = 1767225600, ["recoveryLevel"] = "Recoverable+Purgeable" };
        if (Expires is { } expires)
            attributes["exp"] = expires.ToUnixTimeSeconds();
        if (NotBefore is { } notBefore)
            attributes["nbf"] = notBefore.ToUnixTimeSeconds();
        return new JsonObject
        {
            ["key"] = new JsonObject
            {
                ["kid"] = DescribedId ?? Id,
                ["kty"] = Type,
                ["key_ops"] = new JsonArray([.. Operations.Select(operation => (JsonNode)operation)]),
                ["crv"] = Curve,
                ["x"] = Encode(point.X!),
                ["y"] = Encode(point.Y!),
            },
            ["attributes"] = attributes,
            ["tags"] = new JsonObject(),
        };
    }

    public void Dispose() => _key.Dispose();

    private string Encode(byte[] number) =>
        Base64Url.EncodeToString(TrimsCoordinates ? number.AsSpan().TrimStart((byte)0) : number);
}
