using Gantry.Attestations;
using Gantry.Attestations.Notation;
using Gantry.Environments;
using Gantry.Nuke.Environments;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Parameters;
using Gantry.Nuke.Registries;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Signing;

namespace Gantry.Nuke.Signing;

/// <summary>Finds the keys of the build and of its environments: those that sign, and those that are trusted.</summary>
/// <param name="settings">What the build declares.</param>
internal sealed class SigningKeys(SigningSettings settings)
{
    private readonly RegistrySettings _registries = settings.Registries;

    /// <summary>The name of the base registry among the environments, where no environment can have it.</summary>
    public const string Base = "base";

    /// <summary>True when promotions are also kept under cosign's earlier tag.</summary>
    public bool AttestationTags => settings.AttestationTags;

    /// <summary>True when promotions are also signed with certificates of the Notary Project.</summary>
    public bool SignsWithCertificates => settings.NotationCertificate is not null;

    /// <summary>Returns the keys of the build, which signs releases in the base registry.</summary>
    public Task<SigningAccess> OfBuildAsync(CancellationToken cancellationToken) =>
        FindAsync(new(Base, null, nameof(IHazSigningKeys.BaseSigningKey), [_registries.Base]), cancellationToken);

    /// <summary>Returns the keys of an environment.</summary>
    public Task<SigningAccess> OfAsync(PromotionEnvironment environment, CancellationToken cancellationToken) =>
        FindAsync(HolderOf(environment), cancellationToken);

    /// <summary>Returns the registries of an environment with the keys that are trusted there.</summary>
    public async Task<IReadOnlyList<PromotionTarget>> TargetsOfAsync(
        PromotionEnvironment environment, CancellationToken cancellationToken)
    {
        var trust = (await OfAsync(environment, cancellationToken)).Trust;
        return [.. PromotionTarget.Of(environment, _registries.Of(environment)).Select(target => target with { Trust = trust })];
    }

    /// <summary>
    /// Opens the signers that parameters or the declaration name, for the build and each environment: those of the real registries.
    /// </summary>
    public IReadOnlyList<(string Name, ISigner Signer)> FindAllNamed() =>
    [
        .. from holder in (EnvironmentDeclarations.Of(_registries.Build)?.ToList() ?? []).Select(HolderOf)
                .Prepend(new(Base, null, nameof(IHazSigningKeys.BaseSigningKey), []))
           let signer = FindNamed(holder, isLocal: false)
           where signer is not null
           select (holder.Name, signer),
    ];

    /// <summary>Returns the signatures besides the attestations that the build declares for an environment.</summary>
    public async Task<ExtraSignatures> ExtraSignaturesOfAsync(
        PromotionEnvironment environment, CancellationToken cancellationToken)
    {
        var extra = new ExtraSignatures { AttestationTags = settings.AttestationTags };

        // The development key has no certificate.
        if (settings.NotationCertificate is not { } pattern || _registries.Of(environment).All(IsOnThisMachine))
            return extra;
        var file = pattern.Replace(SigningKeyReference.EnvironmentPlaceholder, environment.Name, StringComparison.Ordinal);
        return extra with
        {
            Notation = await CertificateChain.ReadFilesAsync([_registries.Build.RootDirectory / file], cancellationToken),
        };
    }

    /// <summary>
    /// Opens the key of a person: the one that a parameter names, or the development key where the base registry is on this machine. Throws
    /// <c>GAN7072</c> when there is none.
    /// </summary>
    /// <param name="given">The key; null when the parameter is not given.</param>
    /// <param name="parameter">The name of the parameter.</param>
    public ISigner OpenPersonal(string? given, string parameter)
    {
        if (given is not null)
            return SignerFactory.Open(
                given, Base, FindPassword(parameter), identity: null, _registries.Build);
        return IsOnThisMachine(_registries.Base) ? OpenDevelopmentKey() : throw SigningKeyErrors.NoPersonalKey(parameter);
    }

    /// <summary>Opens the development key of the user.</summary>
    public static ISigner OpenDevelopmentKey() => DevelopmentKey.Open(DevelopmentKey.DefaultFolder);

    /// <summary>Returns the folder with the trusted keys of an environment, relative to the root.</summary>
    public string FolderOf(string name) => $"{settings.TrustedKeysFolder}/{name}";

    // The build or an environment, with the parameter of its key.
    private sealed record Holder(
        string Name, PromotionEnvironment? Environment, string Parameter, IReadOnlyList<RegistryAddress> Addresses);

    private Holder HolderOf(PromotionEnvironment environment) =>
        new(environment.Name, environment, environment.SigningKeyParameter, _registries.Of(environment));

    // What is in a pattern of the declaration is meant for the real registries.
    private ISigner? FindNamed(Holder holder, bool isLocal)
    {
        var own = holder.Environment is null ? settings.BaseSigningKey : _registries.Find(holder.Parameter);
        var given = own ?? _registries.Find(nameof(IHazSigningKeys.SigningKey)) ?? (isLocal ? null : settings.SigningKey);
        var signer = given is null
            ? null
            : SignerFactory.Open(
                given,
                holder.Name,
                FindPassword(holder.Parameter),
                AzureParameters.ReadIdentity(holder.Environment, _registries.Find),
                _registries.Build);
        return settings.Signer(holder.Name, signer);
    }

    private static string? FindPassword(string parameter)
    {
        var variable = SigningKeyVariables.PasswordOf(parameter);
        if (TextParameter.FindVariable(variable) is not { } password)
            return null;
        SecretVariable.RefuseMacro(variable, password);
        BuildOutput.Secrets.Add(password);
        return password;
    }

    private Task<SigningAccess> FindAsync(Holder holder, CancellationToken cancellationToken) =>
        _registries.Build.Once(() => ReadAsync(holder, cancellationToken), $"keys of {holder.Name}");

    private async Task<SigningAccess> ReadAsync(Holder holder, CancellationToken cancellationToken)
    {
        var name = holder.Name;
        var isLocal = holder.Addresses.All(IsOnThisMachine);
        var signer = FindNamed(holder, isLocal);
        var trusted = await new KeyFiles(_registries.Build.RootDirectory).ReadFolderAsync(FolderOf(name), cancellationToken);
        if (isLocal)
        {
            var development = OpenDevelopmentKey();
            signer ??= development;
            trusted = [.. trusted, new TrustedKey(await development.GetPublicKeyAsync(cancellationToken), "the development key")];
        }

        if (trusted.Count == 0 && signer is not null)
            throw SigningKeyErrors.NoTrustedKey(name, signer, FolderOf(name));
        return trusted.Count == 0
            ? new SigningAccess(Trust: null, Signer: null)
            : new SigningAccess(
                new TrustPolicy { Keys = trusted, VerifierId = settings.VerifierId, MaximumAge = holder.Environment?.PromotionsCountFor },
                signer);
    }

    private static bool IsOnThisMachine(RegistryAddress address) =>
        address is LayoutAddress or ArchiveAddress or HostAddress { IsLoopback: true };
}
