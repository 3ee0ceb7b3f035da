using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Gantry.Azure.SignIn;
using Gantry.Signing;

namespace Gantry.Azure.KeyVault;

/// <summary>
/// Signs with a key in Azure Key Vault or a managed HSM, which never leaves it: <c>EC</c> or <c>EC-HSM</c> with the curve P-256. The
/// version that is current at the first use signs until the end of the run.
/// </summary>
public sealed class KeyVaultSigner : ISigner
{
    private const string Algorithm = "ES256";
    private const string Curve = "P-256";
    private const string SignOperation = "sign";
    private const int CoordinateLength = 32;

    private readonly KeyVaultKeyReference _reference;
    private readonly KeyVaultClient _client;
    private readonly TimeProvider _time;
    private PinnedKey? _pinned;

    /// <summary>Creates a signer without a request yet.</summary>
    /// <param name="session">The connection to Azure, which signs in.</param>
    /// <param name="identity">The identity that may sign; null for the default sign-in.</param>
    /// <param name="key">The key, with or without its version.</param>
    /// <exception cref="ArgumentException">The key is a pattern for several environments.</exception>
    public KeyVaultSigner(AzureSession session, AzureIdentity? identity, KeyVaultKeyReference key)
    {
        if (key.IsPattern)
            throw new ArgumentException($"The key {key} has the placeholder {SigningKeyReference.EnvironmentPlaceholder}.", nameof(key));
        _reference = key;
        _time = session.Options.TimeProvider;
        _client = new KeyVaultClient(
            session.Credential(identity, AzureCloud.OfVault(key.Host)!), KeyVaultHost.FindDomain(key.Host)!, session.Options);
        Description = $"the key {key}";
    }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    /// <exception cref="GantryException"><c>GAN9001</c> to <c>GAN9008</c>: there is no sign-in to Azure; <c>GAN9080</c> to <c>GAN9088</c>:
    /// the key cannot be read, or not be used.</exception>
    public async Task<VerificationKey> GetPublicKeyAsync(CancellationToken cancellationToken) =>
        (await PinAsync(cancellationToken)).PublicKey;

    /// <summary>Gets the key with the version that signs; throws like <see cref="GetPublicKeyAsync"/>.</summary>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<KeyVaultKeyReference> GetVersionAsync(CancellationToken cancellationToken) =>
        (await PinAsync(cancellationToken)).Reference;

    /// <inheritdoc/>
    /// <exception cref="GantryException">Those of <see cref="GetPublicKeyAsync"/>; <c>GAN4227</c>: the signature is not of this digest by
    /// this key.</exception>
    public async Task<ReadOnlyMemory<byte>> SignAsync(ReadOnlyMemory<byte> digest, CancellationToken cancellationToken)
    {
        var (key, publicKey) = await PinAsync(cancellationToken);
        var what = $"signing with the key {key.Name}";
        var request = new SignRequest { Algorithm = Algorithm, Value = Base64Url.EncodeToString(digest.Span) };
        var result = await _client.SignAsync(key, request, what, cancellationToken);
        if (!IsVersionOf(KeyVaultKeyReference.Find(result.Id), key))
            throw KeyVaultErrors.OtherKey(key, what, result.Id);
        var numbers = Decode(result.Value) ?? throw KeyVaultErrors.UnexpectedAnswer(key, what, "the signature is not base64url");
        if (numbers.Length != EcdsaSignature.FixedLength)
            throw KeyVaultErrors.UnexpectedAnswer(
                key, what, $"the signature has {Format.Count(numbers.Length, "byte")} instead of {EcdsaSignature.FixedLength}");
        var signature = EcdsaSignature.ToDer(numbers);
        publicKey.EnsureVerifies(digest.Span, signature, Description);
        return signature;
    }

    private async Task<PinnedKey> PinAsync(CancellationToken cancellationToken)
    {
        if (_pinned is { } known)
            return known;
        var key = await ReadAsync(cancellationToken);

        // Of two callers at the same time, both get the key of the first one, although another version may have become current meanwhile.
        return Interlocked.CompareExchange(ref _pinned, key, null) ?? key;
    }

    private async Task<PinnedKey> ReadAsync(CancellationToken cancellationToken)
    {
        var what = $"reading the key {_reference.Name}";
        var bundle = await _client.GetAsync(_reference, what, cancellationToken);
        var key = KeyVaultKeyReference.Find(bundle.Key.Id);
        if (!IsVersionOf(key, _reference))
            throw KeyVaultErrors.OtherKey(_reference, what, bundle.Key.Id);
        EnsureUsable(key, bundle);
        return new PinnedKey(key, ToPublicKey(key, bundle.Key, what));
    }

    private void EnsureUsable(KeyVaultKeyReference key, KeyBundle bundle)
    {
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        if (bundle.Attributes?.Enabled == false)
            throw KeyVaultErrors.Unusable(key, "it is disabled");
        if (bundle.Attributes?.Expires <= now)
            throw KeyVaultErrors.Unusable(key, $"it expired at {Time(bundle.Attributes.Expires.Value)}");
        if (bundle.Attributes?.NotBefore > now)
            throw KeyVaultErrors.Unusable(key, $"it is not to be used before {Time(bundle.Attributes.NotBefore.Value)}");
        if (bundle.Key.Operations is { } operations && !operations.Contains(SignOperation))
            throw KeyVaultErrors.Unusable(key, $"its operations are {Format.List(operations)}");
    }

    private static VerificationKey ToPublicKey(KeyVaultKeyReference key, VaultKey jwk, string what)
    {
        if (jwk is not { Type: "EC" or "EC-HSM", Curve: Curve })
            throw KeyVaultErrors.OtherType(key, jwk.Curve is null ? jwk.Type : $"{jwk.Type} {jwk.Curve}");
        try
        {
            using var point = ECDsa.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = ReadCoordinate(jwk.X), Y = ReadCoordinate(jwk.Y) },
            });
            return VerificationKey.Of(point, $"the key {key}");
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            throw KeyVaultErrors.UnexpectedAnswer(key, what, "x and y are no point of the curve", exception);
        }
    }

    // Leading zeros can be missing.
    private static byte[] ReadCoordinate(string? text)
    {
        var number = Decode(text ?? "") is { Length: > 0 and <= CoordinateLength } bytes ? bytes : throw new FormatException();
        return [.. new byte[CoordinateLength - number.Length], .. number];
    }

    private static byte[]? Decode(string text) => Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;

    // Names in Key Vault do not depend on case.
    private static bool IsVersionOf([NotNullWhen(true)] KeyVaultKeyReference? answered, KeyVaultKeyReference key) =>
        answered?.Version is { } version
        && answered.Host == key.Host
        && answered.Name.Equals(key.Name, StringComparison.OrdinalIgnoreCase)
        && version.Equals(key.Version ?? version, StringComparison.OrdinalIgnoreCase);

    // A time can be beyond what a date has.
    private static string Time(long seconds) => Format.Time(DateTimeOffset.FromUnixTimeSeconds(
        Math.Clamp(seconds, DateTimeOffset.MinValue.ToUnixTimeSeconds(), DateTimeOffset.MaxValue.ToUnixTimeSeconds())));

    private sealed record PinnedKey(KeyVaultKeyReference Reference, VerificationKey PublicKey);
}
