using System.Security.Cryptography;
using Gantry.IO;

namespace Gantry.Signing;

/// <summary>
/// Signs with a private key in a PEM file: <c>PRIVATE KEY</c> (PKCS#8), <c>EC PRIVATE KEY</c> or <c>ENCRYPTED PRIVATE KEY</c>.
/// </summary>
public sealed class PemSigner : ISigner, IDisposable
{
    private readonly Lock _lock = new();
    private readonly ECDsa _key;
    private readonly VerificationKey _publicKey;

    private PemSigner(ECDsa key, string description)
    {
        _key = key;
        _publicKey = VerificationKey.Of(key, description);
        Description = description;
    }

    /// <inheritdoc/>
    public string Description { get; }

    /// <summary>
    /// Reads a private key. Throws <c>GAN4223</c> when the text has none, or one of cosign's own format; <c>GAN4224</c> when it is
    /// encrypted and the password is missing or wrong; <c>GAN4221</c> for another curve than P-256.
    /// </summary>
    /// <param name="pem">The text.</param>
    /// <param name="password">The password of an encrypted key; null when there is none.</param>
    /// <param name="description">The name of the key for people: <c>the key file keys/prod.pem</c>.</param>
    public static PemSigner Parse(string pem, string? password, string description)
    {
        if (!PemEncoding.TryFind(pem, out var fields))
            throw SigningErrors.NotAPrivateKey(description, "it has no PEM block");
        var label = pem[fields.Label];
        if (label is "ENCRYPTED SIGSTORE PRIVATE KEY" or "ENCRYPTED COSIGN PRIVATE KEY")
            throw SigningErrors.CosignKey(description);

        var key = ECDsa.Create();
        try
        {
            if (label == "ENCRYPTED PRIVATE KEY")
                key.ImportFromEncryptedPem(pem, password ?? throw SigningErrors.PasswordMissing(description));
            else if (label is "PRIVATE KEY" or "EC PRIVATE KEY")
                key.ImportFromPem(pem);
            else
                throw SigningErrors.NotAPrivateKey(description, $"it has a block {Format.Refused(label)}");
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or PlatformNotSupportedException)
        {
            key.Dispose();
            throw label == "ENCRYPTED PRIVATE KEY"
                ? SigningErrors.WrongPassword(description, exception)
                : SigningErrors.NotAPrivateKey(description, "it is not the private key of an elliptic curve", exception);
        }
        catch (GantryException)
        {
            key.Dispose();
            throw;
        }

        return new PemSigner(key, description);
    }

    /// <summary>
    /// Reads a key file; throws like <see cref="Parse"/>, and <c>GAN4223</c> when the file does not exist or cannot be read.
    /// </summary>
    /// <param name="path">The path.</param>
    /// <param name="password">The password of an encrypted key; null when there is none.</param>
    /// <param name="description">The name of the key for people.</param>
    public static PemSigner ReadFile(string path, string? password, string description)
    {
        string pem;
        try
        {
            if (new FileInfo(path).Length > Limits.KeyFileBytes)
                throw SigningErrors.NotAPrivateKey(description, $"it is larger than {Format.Bytes(Limits.KeyFileBytes)}");
            pem = RegularFile.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SigningErrors.NotAPrivateKey(description, exception.Message.TrimEnd('.'), exception);
        }

        return Parse(pem, password, description);
    }

    /// <inheritdoc/>
    public Task<VerificationKey> GetPublicKeyAsync(CancellationToken cancellationToken) => Task.FromResult(_publicKey);

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>> SignAsync(ReadOnlyMemory<byte> digest, CancellationToken cancellationToken)
    {
        // Keys of the platform are not promised to be safe for concurrent use.
        lock (_lock)
            return Task.FromResult<ReadOnlyMemory<byte>>(_key.SignHash(digest.Span, DSASignatureFormat.Rfc3279DerSequence));
    }

    /// <summary>Removes the private key from memory.</summary>
    public void Dispose() => _key.Dispose();
}
