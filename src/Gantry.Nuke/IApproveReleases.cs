using Gantry.Attestations.Approvals;
using Gantry.Environments;
using Gantry.Nuke.Environments;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Parameters;
using Gantry.Nuke.Signing;
using Gantry.Promotion;

namespace Gantry.Nuke;

/// <summary>
/// Signs approvals of releases with the key of the person who approves, for environments with
/// <see cref="Gate.SignedApprovals(int, IReadOnlyList{string})"/>: four eyes without any server.
/// </summary>
public interface IApproveReleases : IPromote
{
    /// <summary>The key of the person who approves.</summary>
    [Parameter("Key of the person who approves: a PEM file, a key of Azure Key Vault, or command:PROGRAM")]
    string? ApprovalKey => TryGetValue(() => ApprovalKey).NullIfWhiteSpace();

    /// <summary>True to withdraw an approval that the same key gave before.</summary>
    [Parameter("Withdraws the approval that the same key gave before")]
    bool Withdraw => TryGetValue<bool?>(() => Withdraw) ?? false;

    /// <summary>
    /// Approves the release for the environment, by a signed statement beside each of its images in the base registry. Approving the same
    /// again writes nothing.
    /// </summary>
    new Target Approve => _ => _
        .Description("Approves a release for an environment with your own key: --release, --to, --approval-key")
        .Uses(new(nameof(Release), nameof(ReleaseDigest), nameof(To), nameof(ApprovalKey), nameof(Reason), nameof(Withdraw))
        {
            Registries = true,
            WritesAlways = true,
        })
        .ExecutesAsync(this, async cancellationToken =>
        {
            var environments = EnvironmentDeclarations.Of(this) ?? EnvironmentSet.Create([]);
            var environment = environments.Find(To ?? throw SigningKeyErrors.NoEnvironment());
            var release = await FindReleaseAsync(cancellationToken);
            var signer = Keys.OpenPersonal(ApprovalKey, nameof(ApprovalKey));
            var decision = new ApprovalDecision
            {
                Environment = environment.Name,
                By = PromotionActor.LocalUser.Name,
                Reason = Reason ?? "no reason given",
                Withdraws = Withdraw,
            };
            foreach (var image in await new Approver(Registries, BaseRegistryAddress).ApproveAsync(
                release, decision, signer, cancellationToken))
            {
                var what = Withdraw ? "withdrawn" : "approved";
                BuildOutput.Information(image.IsWritten
                    ? $"{image.Image} {release.Version} {what} for {environment} with {signer.Description}: {image.Attestation}"
                    : $"{image.Image} {release.Version} was {what} for {environment} before: {image.Attestation}");
            }
        });
}
