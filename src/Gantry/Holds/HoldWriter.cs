using Gantry.Attestations;
using Gantry.Environments;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Signing;

namespace Gantry.Holds;

/// <summary>Sets and ends holds of environments, signed where the environment has a key.</summary>
/// <param name="registries">The client that opens registries.</param>
/// <param name="time">The clock; the system clock by default.</param>
public sealed class HoldWriter(IRegistryClient registries, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>
    /// Holds an environment in one registry. Writes nothing when it is held for the same version, cause and reason. Throws <c>GAN4605</c>
    /// when the decision is incomplete, <c>GAN4228</c> and <c>GAN4606</c> when it cannot be signed, and the errors of
    /// <see cref="HoldReader"/>.
    /// </summary>
    /// <param name="target">The registry.</param>
    /// <param name="images">The names of the images, beside each of which the hold is stored.</param>
    /// <param name="decision">The decision.</param>
    /// <param name="signer">The key of the environment; null when it has none.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The open hold.</returns>
    public async Task<HoldStatement> SetAsync(
        PromotionTarget target, IReadOnlyList<string> images, HoldDecision decision, ISigner? signer, CancellationToken cancellationToken)
    {
        decision.Check(target);
        await EnsureSignableAsync(target, signer, cancellationToken);
        var state = await new HoldReader(registries, _time).ReadAsync(target, images, cancellationToken);
        return state.Open is { } open && (open.Version, open.Cause, open.Reason) == (decision.Version, decision.Cause, decision.Reason)
            ? open
            : await PutAsync(state, images, decision, held: true, signer, cancellationToken);
    }

    /// <summary>
    /// Ends the hold of an environment in one registry. Writes nothing and returns null when it is not held. Throws <c>GAN4605</c> when
    /// the decision is incomplete, <c>GAN4228</c> and <c>GAN4606</c> when it cannot be signed, and the errors of
    /// <see cref="HoldReader"/>.
    /// </summary>
    /// <param name="target">The registry.</param>
    /// <param name="images">The names of the images.</param>
    /// <param name="decision">The decision.</param>
    /// <param name="signer">The key of the environment; null when it has none.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The statement that ends it.</returns>
    public async Task<HoldStatement?> ReleaseAsync(
        PromotionTarget target, IReadOnlyList<string> images, HoldDecision decision, ISigner? signer, CancellationToken cancellationToken)
    {
        decision.Check(target);
        await EnsureSignableAsync(target, signer, cancellationToken);
        var state = await new HoldReader(registries, _time).ReadAsync(target, images, cancellationToken);
        return state.Open is null ? null : await PutAsync(state, images, decision, held: false, signer, cancellationToken);
    }

    /// <summary>Ensures, before anything is written, that a hold can be signed where it must be.</summary>
    internal async Task EnsureSignableAsync(PromotionTarget target, ISigner? signer, CancellationToken cancellationToken)
    {
        if (target.Trust is not { } trust)
        {
            if (target.Environment.RequireSigned)
                throw HoldErrors.NoKey(target);
            return;
        }

        await trust.RequireTrustedAsync(
            target.DisplayName, signer ?? throw HoldErrors.NoSigner(target), _time.GetUtcNow(), cancellationToken);
    }

    private async Task<HoldStatement> PutAsync(
        HoldState state, IReadOnlyList<string> images, HoldDecision decision, bool held, ISigner? signer,
        CancellationToken cancellationToken)
    {
        var at = DocumentArtifact.After(state.Statements is [var latest, ..] ? latest.Time : null, DocumentArtifact.PreciseNow(_time));
        var statements = await Concurrently.SelectAsync(
            images,
            async (image, token) =>
            {
                var statement = decision.ToStatement(state.Target, image, held, at);
                await PutAsync(registries.Open(state.Target.Address, image), state.Target, statement, signer, token);
                return statement;
            },
            cancellationToken);
        return statements[0];
    }

    private static async Task PutAsync(
        IImageRepository repository, PromotionTarget target, HoldStatement statement, ISigner? signer, CancellationToken cancellationToken)
    {
        var anchor = await HoldAnchor.EnsureAsync(repository, target, cancellationToken);
        if (target.Trust is null)
        {
            await HoldArtifact.PutAsync(repository, statement, anchor, cancellationToken);
            return;
        }

        await AttestationReferrer.PutAsync(
            repository, anchor, statement.Place, PredicateTypes.Hold, statement.ToJson(), statement.Time, signer!, cancellationToken);
    }
}
