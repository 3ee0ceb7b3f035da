using System.Text.RegularExpressions;

namespace Gantry.Signing;

/// <summary>
/// The name of a signing key as a declaration has it. It does not open the key, and contains no secret.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item><c>keys/prod.pem</c>: a PEM file with a private key (<see cref="KeyFileReference"/>)</item>
/// <item><c>https://contoso.vault.azure.net/keys/prod</c>, with or without a version, or <c>azurekms://contoso.vault.azure.net/prod</c>:
/// a key in Azure Key Vault (<see cref="KeyVaultKeyReference"/>)</item>
/// <item><c>command:sign-with-hsm --slot 'prod 1'</c>: a program that signs (<see cref="CommandKeyReference"/>)</item>
/// </list>
/// In each of them, <c>{environment}</c> is the name of the environment (<see cref="ForEnvironment"/>).
/// </remarks>
public abstract partial record SigningKeyReference
{
    /// <summary>The part of a reference in the place of the name of an environment.</summary>
    public const string EnvironmentPlaceholder = "{environment}";

    private protected SigningKeyReference()
    {
    }

    /// <summary>The reference as a declaration has it.</summary>
    public abstract string Text { get; }

    /// <summary>True when the reference has a placeholder: then it names one key for each environment.</summary>
    public bool IsPattern => Text.Contains(EnvironmentPlaceholder, StringComparison.Ordinal);

    /// <summary>Parses a reference; throws <c>GAN4240</c> when it is none of the three kinds.</summary>
    /// <param name="text">The text of the declaration.</param>
    public static SigningKeyReference Parse(string text)
    {
        // A key itself in the place of its name is not shown, and neither is any other value with line breaks.
        if (string.IsNullOrWhiteSpace(text) || text.Length > Limits.PathLength || text.AsSpan().ContainsAnyInRange('\0', '\x1f'))
            throw SigningErrors.NotAReference(text, "it is empty, too long, or has several lines");
        return Scheme().Match(text).Value.ToUpperInvariant() switch
        {
            "" => KeyFileReference.Of(text),
            "HTTPS:" or "AZUREKMS:" => KeyVaultKeyReference.Parse(text),
            "COMMAND:" => CommandKeyReference.Parse(text),
            _ => throw SigningErrors.NotAReference(text, "this kind of key is not known"),
        };
    }

    /// <summary>
    /// Returns the reference with the name of an environment in the place of <see cref="EnvironmentPlaceholder"/>. Throws <c>GAN4241</c>
    /// when a reference with a placeholder cannot have this name in it.
    /// </summary>
    /// <param name="name">The name of the environment.</param>
    public SigningKeyReference ForEnvironment(string name)
    {
        if (!IsPattern)
            return this;

        // As a part of a path or an address, it may not lead elsewhere.
        return EnvironmentName().IsMatch(name)
            ? With(part => part.Replace(EnvironmentPlaceholder, name, StringComparison.Ordinal))
            : throw SigningErrors.NotForEnvironment(Text, name);
    }

    /// <inheritdoc/>
    public sealed override string ToString() => Text;

    /// <summary>Returns the reference with each of its parts changed.</summary>
    private protected abstract SigningKeyReference With(Func<string, string> change);

    /// <summary>Returns a part as it can be for some environment, to validate it before one is known.</summary>
    private protected static string Sample(string part) => part.Replace(EnvironmentPlaceholder, "environment", StringComparison.Ordinal);

    // One letter is a drive of Windows.
    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9+.-]+:", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Scheme();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]*\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EnvironmentName();
}

/// <summary>A private key in a PEM file.</summary>
public sealed record KeyFileReference : SigningKeyReference
{
    private KeyFileReference(string path) => Path = path;

    /// <summary>The path of the file, absolute or relative to the root of the repository.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public override string Text => Path;

    /// <summary>Returns the absolute path.</summary>
    /// <param name="rootFolder">The folder that relative paths start at.</param>
    public string GetFullPath(string rootFolder) => System.IO.Path.GetFullPath(Path, System.IO.Path.GetFullPath(rootFolder));

    internal static KeyFileReference Of(string path)
    {
        if (path.Contains("-----", StringComparison.Ordinal))
            throw SigningErrors.NotAReference(path, "it is a key, and not the name of one");
        return Sample(path).AsSpan().ContainsAny('{', '}')
            ? throw SigningErrors.NotAReference(path, $"it has another placeholder than {EnvironmentPlaceholder}")
            : new KeyFileReference(path);
    }

    private protected override SigningKeyReference With(Func<string, string> change) => new KeyFileReference(change(Path));
}
