using Gantry.Attestations.Notation;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Signing;
using Gantry.Verification;

namespace Gantry.Cli.Promoting;

/// <summary>The declaration file of a build, with all that a promotion needs.</summary>
internal sealed class Declaration
{
    private readonly PolicyDocument _document;
    private readonly EnvironmentSet _environments;

    private Declaration(PolicyDocument document, VerificationPolicy policy)
    {
        _document = document;
        Policy = policy;
        _environments = EnvironmentSet.Create([.. policy.Targets.Select(target => target.Environment).Distinct()]);
        Keys = document.ToKeyFiles();
    }

    /// <summary>The registries and keys.</summary>
    public VerificationPolicy Policy { get; }

    /// <summary>The public keys that gates name.</summary>
    public KeyFiles Keys { get; }

    /// <summary>The sources that declare the environments; null when they are not known.</summary>
    public PolicySource? Source => _document.Source is { } source ? new PolicySource(source.Uri, source.Commit) : null;

    /// <summary>
    /// Reads the file. A declaration beside an image is not taken: anyone with write access to that registry could name other gates.
    /// Throws <c>GAN4215</c> when it cannot be read, <c>GAN4130</c> when it has no gates.
    /// </summary>
    public static async Task<Declaration> ReadAsync(string file, CancellationToken cancellationToken)
    {
        var document = await PolicyDocument.ReadFileAsync(file, cancellationToken);
        return document.AllowsPromotion ? new Declaration(document, document.ToPolicy(file)) : throw PromoteErrors.NoRules(file);
    }

    /// <summary>Finds an environment by its name.</summary>
    public PromotionEnvironment Find(string name) => _environments.Find(name);

    /// <summary>Returns the registries of an environment, with the keys that are trusted there.</summary>
    public IReadOnlyList<PromotionTarget> TargetsOf(PromotionEnvironment environment) =>
        [.. Policy.Targets.Where(target => target.Environment == environment)];

    /// <summary>
    /// Returns the signer of an environment: the one that is named, or the development key where its registries are on this machine and
    /// trust it; null for none.
    /// </summary>
    public static ISigner? SignerOf(IReadOnlyList<PromotionTarget> targets, Func<string, ISigner?> named)
    {
        if (named(targets[0].Environment.Name) is { } signer)
            return signer;
        return targets.All(target => IsOnThisMachine(target.Address)) && targets[0].Trust is not null
            ? DevelopmentKey.Open(DevelopmentKey.DefaultFolder)
            : null;
    }

    /// <summary>Returns the signatures besides the attestations. Throws <c>GAN4135</c> when the certificate is not named.</summary>
    public async Task<ExtraSignatures> ExtraSignaturesAsync(
        IReadOnlyList<PromotionTarget> targets, string? certificate, CancellationToken cancellationToken)
    {
        var extra = new ExtraSignatures { AttestationTags = _document.AttestationTags };
        if (!_document.Notation || targets.All(target => IsOnThisMachine(target.Address)))
            return extra;
        var name = targets[0].Environment.Name;
        var file = certificate?.Replace(SigningKeyReference.EnvironmentPlaceholder, name, StringComparison.Ordinal)
            ?? throw PromoteErrors.NoCertificate(targets[0].Environment.DisplayName);
        return extra with { Notation = await CertificateChain.ReadFilesAsync([file], cancellationToken) };
    }

    private static bool IsOnThisMachine(RegistryAddress address) =>
        address is LayoutAddress or ArchiveAddress or HostAddress { IsLoopback: true };
}
