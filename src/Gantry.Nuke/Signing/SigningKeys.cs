using Gantry.Attestations;
using Gantry.Environments;
using Gantry.Nuke.Environments;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Parameters;
using Gantry.Oci;
using Gantry.Signing;

namespace Gantry.Nuke.Signing;

/// <summary>Finds the keys of the build and of its environments: those that sign, and those that are trusted.</summary>
/// <param name="build">The build.</param>
internal sealed class SigningKeys(IHazSigningKeys build)
{
    /// <summary>The name of the base registry among the environments, where no environment can have it.</summary>
    public const string Base = "base";

    /// <summary>Returns the keys of the build, which signs releases in the base registry.</summary>
    public Task<SigningAccess> OfBuildAsync(CancellationToken cancellationToken) => OfAsync(
        Base, build.BaseSigningKey, nameof(IHazSigningKeys.BaseSigningKey), [build.BaseRegistryAddress], maximumAge: null,
        cancellationToken);

    /// <summary>Returns the keys of an environment.</summary>
    public Task<SigningAccess> OfAsync(PromotionEnvironment environment, CancellationToken cancellationToken) => OfAsync(
        environment.Name, TextParameter.Find(environment.SigningKeyParameter, build), environment.SigningKeyParameter,
        build.RegistriesOf(environment), environment.PromotionsCountFor, cancellationToken);

    /// <summary>Returns the registries of an environment with the keys that are trusted there.</summary>
    public async Task<IReadOnlyList<PromotionTarget>> TargetsOfAsync(
        PromotionEnvironment environment, CancellationToken cancellationToken)
    {
        var trust = (await OfAsync(environment, cancellationToken)).Trust;
        return [.. PromotionTarget.Of(environment, build.RegistriesOf(environment)).Select(target => target with { Trust = trust })];
    }

    /// <summary>Returns the names of all that has a key: the build, and each environment.</summary>
    public IReadOnlyList<string> Names => [Base, .. (EnvironmentDeclarations.Of(build)?.ToList() ?? []).Select(environment => environment.Name)];

    /// <summary>Returns the folder with the trusted keys of an environment, relative to the root.</summary>
    public string FolderOf(string name) => $"{build.TrustedKeysFolder}/{name}";

    /// <summary>
    /// Opens the signer that parameters or the declaration name for an environment; null when they name none. What is in a pattern of the
    /// declaration is meant for the real registries.
    /// </summary>
    public ISigner? FindNamed(string name, string? own, string parameter, bool isLocal)
    {
        var given = own ?? TextParameter.Find(nameof(IHazSigningKeys.SigningKey), build) ?? (isLocal ? null : build.SigningKey);
        var signer = given is null
            ? null
            : SignerFactory.Open(given, name, TextParameter.FindVariable(SigningKeyVariables.PasswordOf(parameter)), build);
        return build.SignerSettings(name, signer);
    }

    private Task<SigningAccess> OfAsync(
        string name, string? own, string parameter, IReadOnlyList<RegistryAddress> addresses, TimeSpan? maximumAge,
        CancellationToken cancellationToken) =>
        build.Once(() => ReadAsync(name, own, parameter, addresses, maximumAge, cancellationToken), $"keys of {name}");

    private async Task<SigningAccess> ReadAsync(
        string name, string? own, string parameter, IReadOnlyList<RegistryAddress> addresses, TimeSpan? maximumAge,
        CancellationToken cancellationToken)
    {
        var isLocal = addresses.All(IsOnThisMachine);
        var signer = FindNamed(name, own, parameter, isLocal);
        var trusted = await new KeyFiles(build.RootDirectory).ReadFolderAsync(FolderOf(name), cancellationToken);
        if (isLocal)
        {
            var development = DevelopmentKey.Open(DevelopmentKey.DefaultFolder);
            signer ??= development;
            trusted = [.. trusted, new TrustedKey(await development.GetPublicKeyAsync(cancellationToken), "the development key")];
        }

        if (trusted.Count == 0 && signer is not null)
            throw SigningKeyErrors.NoTrustedKey(name, signer, FolderOf(name));
        return trusted.Count == 0
            ? new SigningAccess(Trust: null, Signer: null)
            : new SigningAccess(new TrustPolicy { Keys = trusted, VerifierId = build.VerifierId, MaximumAge = maximumAge }, signer);
    }

    private static bool IsOnThisMachine(RegistryAddress address) =>
        address is LayoutAddress or ArchiveAddress or HostAddress { IsLoopback: true };
}
