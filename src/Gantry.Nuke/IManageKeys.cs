using Gantry.Environments;
using Gantry.Nuke.Environments;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Parameters;
using Gantry.Nuke.Registries;
using Gantry.Nuke.Signing;
using Gantry.Promotion;

namespace Gantry.Nuke;

/// <summary>
/// Keeps the keys of a build: writes the public keys that are trusted into the repository, and moves what is signed from one key to the
/// next.
/// </summary>
public interface IManageKeys : IPromote
{
    /// <summary>Writes the public key of each named signing key into the folder of its environment. A second run writes nothing.</summary>
    Target FetchKeys => _ => _
        .Description("Writes the public keys of the signing keys into the repository, for review and commit")
        .Uses(new(nameof(DryRun)) { Registries = true })
        .ExecutesAsync(this, async cancellationToken =>
        {
            var written = await new PublicKeyFiles(Keys, RootDirectory).WriteAsync(
                isDryRun: Dry is not null, line => BuildOutput.Information(line), cancellationToken);
            Dry?.Report(nameof(FetchKeys), written > 0);
        });

    /// <summary>
    /// Signs again, with the present keys, what earlier keys have signed that are still trusted. Afterwards those can be revoked.
    /// </summary>
    Target RenewAttestations => _ => _
        .Description("Signs the statements of earlier keys again with the current keys, before the earlier keys are revoked")
        .Uses(new(nameof(DryRun)) { Registries = true })
        .ExecutesAsync(this, async cancellationToken =>
        {
            var count = await RenewReleasesAsync(cancellationToken);
            foreach (var environment in EnvironmentDeclarations.Of(this) ?? EnvironmentSet.Create([]))
                count += await RenewAsync(environment, cancellationToken);
            if (count == 0)
                BuildOutput.Information("Nothing to renew: all that counts is signed with the present keys");
            Dry?.Report(nameof(RenewAttestations), count > 0);
        });

    private async Task<int> RenewReleasesAsync(CancellationToken cancellationToken)
    {
        if (await Keys.OfBuildAsync(cancellationToken) is not { Trust: { } trust, Signer: { } signer })
            return 0;
        var renewer = new AttestationRenewer(Registries) { IsDryRun = Dry is not null };
        return Report("the base registry", await renewer.RenewReleasesAsync(
            BaseRegistryAddress, trust, DeclaredImages, signer, cancellationToken));
    }

    private async Task<int> RenewAsync(PromotionEnvironment environment, CancellationToken cancellationToken)
    {
        var keys = await Keys.OfAsync(environment, cancellationToken);
        if (keys is not { Trust: not null, Signer: { } signer })
            return 0;
        var renewer = new AttestationRenewer(RegistryAccess.Of(RegistrySettings, environment).Client) { IsDryRun = Dry is not null };
        var count = 0;
        foreach (var target in await Keys.TargetsOfAsync(environment, cancellationToken))
            count += Report(
                target.DisplayName, await renewer.RenewPromotionsAsync(target, DeclaredImages, signer, cancellationToken));
        return count;
    }

    private int Report(string place, IReadOnlyList<string> renewed)
    {
        foreach (var what in renewed)
            BuildOutput.Information(Dry is null ? $"{place}: renewed {what}" : $"{place}: would renew {what}");
        return renewed.Count;
    }

    private IReadOnlyList<string> DeclaredImages => [.. ContainerImage.Validate(Images).Select(image => image.Name)];
}
